using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Crypto;

namespace Thimble.Cli.Probe;

/// <summary>What came of one ClientHello.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Facts">What the server told until then.</param>
/// <param name="Problem">What was wrong with it, or null.</param>
internal sealed record Answer(FlightEnd End, ServerFacts Facts, string? Problem)
{
    /// <summary>Whether the server accepted what was offered.</summary>
    public bool Accepted => End is FlightEnd.Complete or FlightEnd.Retry;
}

/// <summary>Makes the connections, one after another with a short pause between, and counts them: there is a bound to what one server is asked.</summary>
internal sealed class Prober(HostAndPort server, string serverName, TimeSpan timeout, Action<string> tell, CancellationToken stop)
{
    /// <summary>The most connections that one probe makes.</summary>
    public const int MaxConnections = 58;

    private const int PauseMilliseconds = 20;
    private const int MostFailuresInARow = 3;
    private const int ShownBytes = 24;

    private int _failuresInARow;

    public HostAndPort Server => server;

    public string ServerName => serverName;

    public TimeSpan Timeout => timeout;

    public CancellationToken Stop => stop;

    /// <summary>How many connections were made so far.</summary>
    public int Connections { get; private set; }

    /// <summary>How many more may be made.</summary>
    public int Left => MaxConnections - Connections;

    /// <summary>How many questions got no answer, or one that is none: what they were about is not known.</summary>
    public int Unanswered { get; private set; }

    /// <summary>The longest content of a record in all of them, as its header has it.</summary>
    public int LargestRecordBytes { get; set; }

    /// <summary>Says what is asked next.</summary>
    public void Tell(string what) => tell(what);

    /// <summary>Opens a connection for whatever is to be asked over it.</summary>
    /// <exception cref="TransportException">There is none.</exception>
    /// <exception cref="ProbeException">The bound is reached.</exception>
    public async Task<NetworkStream> ConnectAsync()
    {
        if (Left <= 0)
        {
            throw new ProbeException("TooManyConnections", $"This server would take more than {MaxConnections} connections to ask, and no more are made.");
        }

        if (Connections++ > 0)
        {
            await Task.Delay(PauseMilliseconds, stop).ConfigureAwait(false);
        }

        return await TcpTransport.ConnectAsync(server.Host, server.Port, new TcpOptions { ConnectTimeout = timeout }, stop).ConfigureAwait(false);
    }

    /// <summary>Sends one ClientHello and reads the answer to its end, but no longer than the time-out says in all.</summary>
    /// <exception cref="TransportException">No connection can be made.</exception>
    /// <exception cref="ProbeException">The server has stopped answering.</exception>
    public async Task<Answer> AskAsync(HelloRecipe recipe)
    {
        recipe = recipe with { ServerName = serverName };
        NetworkStream stream = await ConnectAsync().ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(timeout);
            KeyShare? share = recipe.KeyShare == NamedGroup.None ? null : new KeyShare(recipe.KeyShare);
            byte[] hello = HelloWriter.Write(recipe, RandomNumberGenerator.GetBytes(TlsNumbers.RandomBytes), share?.PublicKey ?? []);
            using var flight = new ServerFlight(recipe, hello, share);
            byte[] first = await ExchangeAsync(stream, HelloWriter.Record(hello), flight, patience.Token).ConfigureAwait(false);
            return Judge(flight, first);
        }
    }

    private async Task<byte[]> ExchangeAsync(NetworkStream stream, byte[] hello, ServerFlight flight, CancellationToken patience)
    {
        byte[] room = new byte[4096];
        byte[] first = [];
        try
        {
            await stream.WriteAsync(hello, patience).ConfigureAwait(false);
            while (flight.End == FlightEnd.None)
            {
                int count = await stream.ReadAsync(room, patience).ConfigureAwait(false);
                if (count == 0)
                {
                    flight.Cut(FlightEnd.Closed);
                }

                first = first.Length == 0 ? room[..Math.Min(count, ShownBytes)] : first;
                flight.Take(room.AsSpan(0, count));
            }

            await LeaveAsync(stream, flight, patience).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            stop.ThrowIfCancellationRequested();
            flight.Cut(FlightEnd.Silent);
        }
        catch (IOException)
        {
            flight.Cut(FlightEnd.Closed);
        }

        return first;
    }

    /// <summary>Takes leave where both sides still speak in the clear: user_canceled and close_notify (RFC 8446 §6.1).</summary>
    private static async Task LeaveAsync(NetworkStream stream, ServerFlight flight, CancellationToken patience)
    {
        if (flight.End == FlightEnd.Complete && flight.Facts.Version != TlsNumbers.Tls13)
        {
            await stream.WriteAsync(new byte[] { TlsNumbers.Alert, 3, 3, 0, 2, 1, 90, TlsNumbers.Alert, 3, 3, 0, 2, 1, 0 }, patience).ConfigureAwait(false);
        }
    }

    private Answer Judge(ServerFlight flight, byte[] first)
    {
        LargestRecordBytes = Math.Max(LargestRecordBytes, flight.Facts.LargestRecordBytes);
        bool told = flight.End is FlightEnd.Complete or FlightEnd.Retry or FlightEnd.Alert or FlightEnd.Closed;
        _failuresInARow = told ? 0 : _failuresInARow + 1;
        Unanswered += told ? 0 : 1;
        if (Connections == 1 && !told)
        {
            throw Explain(flight, first);
        }

        if (_failuresInARow >= MostFailuresInARow)
        {
            throw new ProbeException("StoppedAnswering", $"{server} answered at first, and after {Connections} connections no more. It may limit how often one address connects: wait some minutes and try again, or give --timeout more seconds.");
        }

        return new Answer(flight.End, flight.Facts, flight.Problem);
    }

    private ProbeException Explain(ServerFlight flight, byte[] first) => flight.End switch
    {
        FlightEnd.NotTls when IsHttp(first) => new ProbeException("NotTls", $"{server} answers in HTTP without TLS ('{Show(first)}'). Give the port of HTTPS, usually 443, or that of MQTT over TLS, usually 8883."),
        FlightEnd.NotTls => new ProbeException("NotTls", $"{server} answers, but not in TLS: it sends '{Show(first)}'. Check the port: MQTT over TLS usually has 8883, and 1883 is MQTT without TLS."),
        FlightEnd.Silent when flight.IsAmidst => new ProbeException("Stalled", $"{server} begins to answer in TLS and then says nothing for the rest of {Seconds} s. Try again, or give --timeout more seconds."),
        FlightEnd.Silent => new ProbeException("TimedOut", $"{server} accepts the connection and then says nothing for {Seconds} s. Is it a TLS server? Check the port, or give --timeout more seconds."),
        _ => new ProbeException("Malformed", $"{server} does not keep to TLS: it sends {flight.Problem}. Check that nothing stands between this machine and the server, and the server's own log."),
    };

    private string Seconds => timeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);

    private static bool IsHttp(byte[] first) => first.AsSpan().StartsWith("HTTP/"u8);

    private static string Show(byte[] first) =>
        first.All(value => value is >= 32 and < 127 or 10 or 13) ? PrintableText.Of(Encoding.ASCII.GetString(first).Split('\r', '\n')[0]) : Convert.ToHexString(first);
}
