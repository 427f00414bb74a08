using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Thimble.Bench.Many;

/// <summary>TCP connections that wait for bytes and never speak: what the platform's socket takes by itself.</summary>
internal sealed class SocketClients(int port, int devices) : IClients
{
    private readonly Socket?[] _sockets = new Socket?[devices];

    public async Task ConnectAsync(int device)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, Blocking = false };
        var waiting = new SocketAsyncEventArgs(true) { RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, port) };
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.UserToken = connected;
        waiting.Completed += static (_, e) => ((TaskCompletionSource?)e.UserToken)?.TrySetResult();
        if (socket.ConnectAsync(waiting))
        {
            await connected.Task;
        }

        waiting.UserToken = null;
        waiting.RemoteEndPoint = null;
        _ = socket.ReceiveAsync(waiting);
        _sockets[device] = socket;
    }

    public Task<bool> EchoAsync(int device) => Task.FromResult(false);

    public ValueTask CloseAsync(int device)
    {
        _sockets[device]!.Dispose();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
