using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Thimble.Tool.Tests.Probe;

/// <summary>A server that does with each connection, numbered from 0, what the test says.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<int, NetworkStream, CancellationToken, Task> _script;

    public ScriptedServer(Func<int, NetworkStream, CancellationToken, Task> script)
    {
        _script = script;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections came.</summary>
    public int Connections { get; private set; }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        CancellationToken end = _end.Token;
        try
        {
            while (true)
            {
                Socket accepted = await _listener.AcceptSocketAsync(end);
                _ = ServeAsync(Connections++, accepted, end);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(int number, Socket socket, CancellationToken end)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            await _script(number, stream, end);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has gone, or the test.
        }
    }
}
