using System;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Thimble.Cli.Device;

/// <summary>A server on the loopback that answers each datagram with at most one.</summary>
internal sealed class UdpResponder : IDisposable
{
    private readonly UdpClient _socket;
    private readonly Func<byte[], byte[]?> _answer;
    private readonly Task _serving;

    private UdpResponder(int port, Func<byte[], byte[]?> answer)
    {
        _socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, port));
        _answer = answer;
        _serving = ServeAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

    /// <summary>Starts to answer; port 0 takes any free one.</summary>
    public static UdpResponder Start(Func<byte[], byte[]?> answer, int port = 0) => new(port, answer);

    /// <inheritdoc />
    public void Dispose()
    {
        _socket.Dispose();
        _serving.GetAwaiter().GetResult();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                UdpReceiveResult request = await _socket.ReceiveAsync().ConfigureAwait(false);
                if (_answer(request.Buffer) is { } answer)
                {
                    await _socket.SendAsync(answer, request.RemoteEndPoint).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // Disposed of: that is how it ends.
        }
    }
}
