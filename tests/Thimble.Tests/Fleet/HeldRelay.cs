using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Thimble.Tests.Fleet;

/// <summary>Passes one TCP connection on to a server. What the server says can be held back in the middle.</summary>
internal sealed class HeldRelay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _serverPort;
    private volatile int _passes = int.MaxValue;
    private volatile int _held;

    public HeldRelay(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = RunAsync();
    }

    public int Port { get; }

    /// <summary>How many bytes are held back at the moment.</summary>
    public int Held => _held;

    /// <summary>From now on passes so many bytes of the server, and holds those behind them.</summary>
    public void HoldBehind(int bytes) => _passes = bytes;

    /// <summary>Passes everything.</summary>
    public void Release() => _release.TrySetResult();

    public void Dispose()
    {
        Release();
        _listener.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            using TcpClient client = await _listener.AcceptTcpClientAsync(), server = new();
            await server.ConnectAsync(IPAddress.Loopback, _serverPort);
            client.NoDelay = server.NoDelay = true;
            await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream()), HoldAsync(server.GetStream(), client.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task HoldAsync(NetworkStream from, NetworkStream to)
    {
        byte[] buffer = new byte[4096];
        int bytes;
        while ((bytes = await from.ReadAsync(buffer)) > 0)
        {
            int now = Math.Min(bytes, _passes);
            await to.WriteAsync(buffer.AsMemory(0, now));
            if (now < bytes)
            {
                _held = bytes - now;
                await _release.Task;
                _passes = int.MaxValue;
                await to.WriteAsync(buffer.AsMemory(now, bytes - now));
            }
        }
    }
}
