using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Thimble;

/// <summary>Opens TCP connections, and explains why one could not be opened.</summary>
public static class TcpTransport
{
    /// <summary>The most addresses of one host that are tried.</summary>
    private const int MostAddresses = 16;

    /// <summary>Connects to <paramref name="host"/>, a name or an address. The stream owns its socket.</summary>
    /// <exception cref="TransportException">There is no connection; the message says why.</exception>
    public static NetworkStream Connect(string host, int port, TimeSpan timeout) =>
        Task.Run(() => ConnectAsync(host, port, new TcpOptions { ConnectTimeout = timeout })).GetAwaiter().GetResult();

    /// <summary>
    /// Connects to <paramref name="host"/>, a name or an address. A name may have several addresses of both families: they are tried
    /// in turn, the families alternating, the next one when one fails or is slow, and the first that answers wins (RFC 8305). No more than 16 are
    /// tried. The stream owns its socket.
    /// </summary>
    /// <exception cref="TransportException">There is no connection; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The token ended it.</exception>
    public static async Task<NetworkStream> ConnectAsync(string host, int port, TcpOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        options ??= new TcpOptions();
        using var patience = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            IPAddress[] addresses = IPAddress.TryParse(host, out IPAddress? address) ? [address] : Alternate(await Dns.GetHostAddressesAsync(host, linked.Token).ConfigureAwait(false));
            return new NetworkStream(await RaceAsync(addresses, port, options, linked.Token).ConfigureAwait(false), ownsSocket: true);
        }
        catch (OperationCanceledException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw TimedOut($"{host}:{port}", options.ConnectTimeout, e);
        }
        catch (SocketException e)
        {
            throw Explain(host, port, options.ConnectTimeout, e);
        }
    }

    /// <summary>The families in turn, beginning with that of the first address, which the system prefers (RFC 8305 §4).</summary>
    internal static IPAddress[] Alternate(IPAddress[] addresses)
    {
        IPAddress[] first = [.. addresses.Where(address => address.AddressFamily == addresses[0].AddressFamily)];
        IPAddress[] second = [.. addresses.Where(address => address.AddressFamily != addresses[0].AddressFamily)];
        return [.. Enumerable.Range(0, Math.Max(first.Length, second.Length))
            .SelectMany(i => first.Skip(i).Take(1).Concat(second.Skip(i).Take(1)))
            .Take(MostAddresses)];
    }

    /// <summary>The first of the addresses to answer; the others' attempts end with it. Where none does, the first failure is told.</summary>
    internal static async Task<Socket> RaceAsync(IPAddress[] addresses, int port, TcpOptions options, CancellationToken cancellationToken)
    {
        if (addresses.Length == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var attempts = new List<Task<Socket>>();
        Socket? winner = null;
        SocketException? failure = null;
        int next = 0;
        try
        {
            while (winner is null && (next < addresses.Length || attempts.Count > 0))
            {
                if (next < addresses.Length)
                {
                    attempts.Add(DialAsync(addresses[next++], port, options, over.Token));
                }

                Task<Socket>? ended = await NextAsync(attempts, next < addresses.Length ? options : null, cancellationToken).ConfigureAwait(false);
                if (ended is null)
                {
                    continue; // slow: the next address is tried beside it
                }

                attempts.Remove(ended);
                try
                {
                    winner = await ended.ConfigureAwait(false);
                }
                catch (SocketException e)
                {
                    failure ??= e;
                }
            }
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            foreach (Task<Socket> attempt in attempts)
            {
                await DisposeLateAsync(attempt).ConfigureAwait(false);
            }
        }

        return winner ?? throw failure!;
    }

    /// <summary>The attempt that ends next, or null when it is time for another one beside them.</summary>
    private static async Task<Task<Socket>?> NextAsync(List<Task<Socket>> attempts, TcpOptions? delayed, CancellationToken cancellationToken)
    {
        Task<Task<Socket>> any = Task.WhenAny(attempts);
        try
        {
            return await (delayed is null ? any : any.WaitAsync(delayed.AttemptDelay, delayed.TimeProvider, cancellationToken)).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static async Task<Socket> DialAsync(IPAddress address, int port, TcpOptions options, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (options.KeepAlive is { } silence)
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)Math.Min(silence.TotalSeconds, short.MaxValue));
            }

            await socket.ConnectAsync(address, port, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>An attempt that lost may have been made all the same.</summary>
    private static async Task DisposeLateAsync(Task<Socket> attempt)
    {
        try
        {
            (await attempt.ConfigureAwait(false)).Dispose();
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // It was not made.
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
