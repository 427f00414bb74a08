using System;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Memory;

namespace Thimble.Cli.Probe;

/// <summary>
/// Connections by the engine itself. They verify what every connection does; where nobody here knows the root of a chain, the key of its last
/// certificate is pinned as it was shown before, so that all below it is verified.
/// </summary>
internal sealed class EngineTrials(Prober prober, ProbeRequest request)
{
    /// <summary>How long a server of TLS 1.3 may take to refuse a client without a certificate: its alert comes behind the handshake.</summary>
    private static readonly TimeSpan s_afterthought = TimeSpan.FromSeconds(1);

    /// <summary>The most that is read of what an application says.</summary>
    private const int MaxApplicationBytes = 1 << 18;

    /// <summary>One connection with a profile. Whatever keeps it from being made stands in <see cref="Trial.Failure"/>.</summary>
    public async Task<Trial> ConnectAsync(Profile profile, ServerChain chain, bool asksForCertificate, Speech speech, SessionCache? sessions = null)
    {
        try
        {
            return await TryAsync(profile, chain, asksForCertificate, speech, sessions).ConfigureAwait(false);
        }
        catch (ThimbleException e)
        {
            return new Trial { Failure = e, Memory = MemoryMap.Of(profile) };
        }
    }

    /// <summary>Now, or while all of an expired chain was valid: what is to be seen is whether the profile is large enough.</summary>
    public static DateTimeOffset? At(ServerChain chain)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        DateTimeOffset begin = chain.Read.Max(certificate => (DateTimeOffset)certificate.Certificate.NotBefore);
        DateTimeOffset end = chain.Read.Min(certificate => (DateTimeOffset)certificate.Certificate.NotAfter);
        return now >= begin && now <= end ? null : begin + ((end - begin) / 2);
    }

    /// <exception cref="ThimbleException">There was no connection to try it on.</exception>
    private async Task<Trial> TryAsync(Profile profile, ServerChain chain, bool asksForCertificate, Speech speech, SessionCache? sessions)
    {
        using Credentials credentials = Credentials.From(
            chain.Root is null ? Trust.OfPins(KeyPin.Of(chain.Last.Certificate).Text) : Trust.Of([chain.Root]), request.Identity());
        var options = new TlsConnectionOptions
        {
            Credentials = credentials,
            Profile = profile,
            ServerName = prober.ServerName,
            Alpn = request.Alpn,
            Sessions = sessions,
            Now = At(chain),
            Timeout = prober.Timeout,
            AcceptLargeRecords = true,
            Audit = true,
        };
        NetworkStream transport = await prober.ConnectAsync().ConfigureAwait(false);
        using var tap = new RecordTap(transport);
        using var connection = new TlsConnection(options, tap);
        ThimbleException? failure = null;
        int application = 0;
        try
        {
            await connection.HandshakeAsync(prober.Stop).ConfigureAwait(false);
            bool mayBeRefused = asksForCertificate && !connection.SentClientCertificate;
            application = await ListenAsync(connection, speech, mayBeRefused).ConfigureAwait(false);
        }
        catch (ThimbleException e)
        {
            failure = e;
        }

        if (failure is null)
        {
            await connection.CloseAsync(prober.Stop).ConfigureAwait(false);
        }

        prober.LargestRecordBytes = Math.Max(prober.LargestRecordBytes, tap.LargestRecordBytes);
        return new Trial
        {
            Failure = failure,
            Memory = connection.MemoryMap,
            Suite = connection.Suite,
            Group = (ushort)connection.Group,
            SentClientCertificate = connection.SentClientCertificate,
            Resumed = connection.Resumed,
            SessionBytes = connection.KeptSessionBytes,
            LargestRecordBytes = tap.LargestRecordBytes,
            ApplicationBytes = application,
        };
    }

    private async Task<int> ListenAsync(TlsConnection connection, Speech speech, bool mayBeRefused)
    {
        ReadOnlyMemory<byte> words = speech.Bytes(prober.ServerName);
        if (!words.IsEmpty)
        {
            await connection.WriteAsync(words, prober.Stop).ConfigureAwait(false);
        }
        else if (!mayBeRefused)
        {
            return 0;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(prober.Stop);
        patience.CancelAfter(words.IsEmpty ? s_afterthought : prober.Timeout);
        byte[] room = new byte[TlsNumbers.MaxPlaintextBytes];
        int received = 0;
        try
        {
            int count;
            do
            {
                count = await connection.ReadAsync(room, patience.Token).ConfigureAwait(false);
                received += count;
            }
            while (count > 0 && received < MaxApplicationBytes && !speech.IsAnswered(received));
        }
        catch (OperationCanceledException)
        {
            prober.Stop.ThrowIfCancellationRequested(); // otherwise it has nothing to say, which is no refusal
        }

        return received;
    }
}
