using System;
using System.Net.Sockets;
using System.Threading;

namespace Thimble;

/// <summary>Opens TCP connections, and explains why one could not be opened.</summary>
public static class TcpTransport
{
    /// <summary>Connects to <paramref name="host"/>, a name or an address. The stream owns its socket.</summary>
    /// <exception cref="TransportException">There is no connection; the message says why.</exception>
    public static NetworkStream Connect(string host, int port, TimeSpan timeout)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var patience = new CancellationTokenSource(timeout);
            socket.ConnectAsync(host, port, patience.Token).AsTask().GetAwaiter().GetResult();
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException e)
        {
            socket.Dispose();
            throw TimedOut($"{host}:{port}", timeout, e);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw Explain(host, port, timeout, e);
        }
    }

    /// <summary>No answer came.</summary>
    internal static TransportException TimedOut(string who, TimeSpan timeout, Exception? cause = null) => new(
        TransportProblem.TimedOut, $"{who} gave no answer within {timeout.TotalSeconds:0.#} s. Is it behind a firewall, or not a TLS server?", cause);

    private static TransportException Explain(string host, int port, TimeSpan timeout, SocketException e) => e.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
            new(TransportProblem.HostNotFound, $"There is no machine with the name '{host}'. Check the spelling, and the DNS of this network.", e),
        SocketError.ConnectionRefused =>
            new(TransportProblem.ConnectionRefused, $"Nobody listens on port {port} of {host}. Start the server, or check the port: MQTT over TLS usually has 8883.", e),
        SocketError.NetworkUnreachable or SocketError.HostUnreachable =>
            new(TransportProblem.HostUnreachable, $"No way leads from here to {host}. Check this machine's network.", e),
        SocketError.TimedOut => TimedOut($"{host}:{port}", timeout, e),
        _ => new(TransportProblem.ConnectionFailed, $"There is no connection to {host}:{port}: {e.Message}.", e),
    };
}
