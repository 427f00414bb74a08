using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Thimble.Tests.Peers;

/// <summary>A port of this machine's loopback that leads to a port inside a <see cref="NetworkNamespace"/>, for clients that connect by themselves.</summary>
internal sealed class NamespaceRelay : IDisposable
{
    private readonly NetworkNamespace _network;
    private readonly int _port;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();

    public NamespaceRelay(NetworkNamespace network, int port)
    {
        _network = network;
        _port = port;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose()
    {
        _end.Cancel();
        _listener.Stop();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        CancellationToken end = _end.Token;
        try
        {
            while (true)
            {
                _ = RelayAsync(await _listener.AcceptSocketAsync(end).ConfigureAwait(false), end);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task RelayAsync(Socket outer, CancellationToken end)
    {
        using var near = new NetworkStream(outer, ownsSocket: true);
        try
        {
            using var far = new NetworkStream(_network.Connect(_port), ownsSocket: true);
            await Task.WhenAny(near.CopyToAsync(far, end), far.CopyToAsync(near, end)).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // One side has gone, and closing both tells the other.
        }
    }
}
