using System;
using System.IO;
using System.Net.Security;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.Tls;

namespace Thimble;

/// <summary>
/// A TLS connection over a stream, with synchronous and asynchronous I/O. All that the engine needs lies in one
/// <see cref="PlanBuffer"/>; on the garbage-collected heap there is ciphertext only, in buffers that are borrowed while bytes pass.
/// </summary>
/// <remarks>
/// <para>
/// Thread safety: one read and one write may run at the same time, each synchronous or asynchronous, and the properties may be read
/// meanwhile. A second read beside a read, or a second write beside a write, is an <see cref="InvalidOperationException"/> and
/// changes nothing. <see cref="Handshake"/> and <see cref="ParkAsync"/> need the connection for themselves.
/// <see cref="CloseAsync"/> waits for a write in progress, and leaves a read in progress to see the server's answer.
/// <see cref="Dispose"/> may be called at any time. What <see cref="Region"/> gives is the caller's to guard.
/// </para>
/// <para>
/// Cancellation: of a handshake ends the connection. A read that is cancelled has taken nothing from its caller, and the
/// connection goes on; only <see cref="ReadPieceAsync"/> behind provisional bytes ends it (RULES 1). A write that is
/// cancelled before its first record was sealed changes nothing; later the server may have a record in part,
/// and the connection has ended. The same holds for time-outs.
/// </para>
/// <para>
/// Time: <see cref="TlsConnectionOptions.Timeout"/> limits handshakes, and synchronous reads and writes. Asynchronous reads and
/// writes wait as long as their token allows, as those of .NET's own streams do.
/// </para>
/// </remarks>
public sealed partial class TlsConnection : IDisposable, IAsyncDisposable
{
    /// <summary>How long the farewell may take: an alert, close_notify and the server's answer.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    private readonly TlsConnectionOptions _options;
    private readonly Stream _transport;
    private readonly bool _leaveTransportOpen;
    private readonly TlsEngine _engine;
    private readonly Turn _reader = new("A read");
    private readonly Turn _writer = new("A write");
    private readonly SemaphoreSlim _sending = new(1, 1); // whoever holds it may send; what others leave is sent before it is free for good
    private readonly ConnectionTelemetry _telemetry;
    private Exception? _sendFailure;
    private Exception? _receiveFailure;
    private int _disposed;

    /// <summary>
    /// Plans and prepares the memory. <paramref name="transport"/> stays the caller's, who closes it, unless
    /// <paramref name="leaveTransportOpen"/> is false: then it is disposed of with the connection.
    /// </summary>
    /// <exception cref="TlsFaultException">The plan could not be prepared.</exception>
    /// <exception cref="KeyLogException">The key log that was asked for cannot be written.</exception>
    public TlsConnection(TlsConnectionOptions options, Stream transport, bool leaveTransportOpen = true)
        : this(options, transport, leaveTransportOpen, offersSession: true)
    {
    }

    private TlsConnection(TlsConnectionOptions options, Stream transport, bool leaveTransportOpen, bool offersSession)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(transport);
        _options = options;
        _transport = transport;
        _leaveTransportOpen = leaveTransportOpen;
        ReadLimit = options.Timeout;
        WriteLimit = options.Timeout;
        _telemetry = new ConnectionTelemetry(options);
        _engine = new TlsEngine(options, offersSession);
    }

    /// <summary>What the connection was told before it began.</summary>
    public TlsConnectionOptions Options => _options;

    /// <summary>What the garbage-collected heap gave to the calling threads during calls of the engine; the design says none.</summary>
    public long GcAllocatedBytes => _engine.GcAllocatedBytes;

    /// <summary>The number of the negotiated suite, or 0.</summary>
    public ushort Suite => _engine.Facts.Suite;

    /// <summary>The version that was negotiated, or none.</summary>
    public TlsVersions Version => _engine.Facts.Version;

    /// <summary>The group of the key agreement.</summary>
    public NamedGroup Group => _engine.Facts.Group;

    /// <summary>Whether the server asked for a client certificate and got one.</summary>
    public bool SentClientCertificate => _engine.Facts.SentClientCertificate;

    /// <summary>Whether a session was found in the cache and offered.</summary>
    public bool SessionOffered => _engine.Facts.SessionOffered;

    /// <summary>Whether the server resumed it: it showed no certificate this time.</summary>
    public bool Resumed => _engine.Facts.Resumed;

    /// <summary>Whether the two sides know one another by the shared key, and no certificate was shown.</summary>
    public bool UsedPreSharedKey => _engine.Facts.UsedPreSharedKey;

    /// <summary>How many bytes the last session has that this connection gave to the cache, or 0.</summary>
    public int KeptSessionBytes => _engine.KeptSessionBytes;

    /// <summary>Whether the server chose the application protocol that was offered.</summary>
    public bool AlpnNegotiated => _engine.Facts.AlpnNegotiated;

    /// <summary>The application protocol that both sides agreed on, or default.</summary>
    public SslApplicationProtocol NegotiatedApplicationProtocol => AlpnNegotiated ? new SslApplicationProtocol(_options.Alpn) : default;

    /// <summary>What a stapled response said of the server's certificate, when the handshake is complete; asked for by <see cref="Profile.StapledStatus"/>.</summary>
    public CertificateStatus CertificateStatus => _engine.Facts.CertificateStatus;

    /// <summary>What the server said: what it chose, as far as it said so in the clear, and its certificates.</summary>
    public PeerTranscript PeerTranscript => _engine.PeerTranscript;

    /// <summary>The plan, and with <see cref="TlsConnectionOptions.Audit"/> also what was used of it so far.</summary>
    public MemoryMap MemoryMap => _engine.MemoryMap;

    /// <summary>What makes a fault of this connection into a sentence.</summary>
    public FaultContext FaultContext => _engine.FaultContext;

    /// <summary>
    /// A region of the connection's own buffer, for a protocol above TLS that was planned with it. The span must not be used after
    /// <see cref="Dispose"/>, nor by two threads at once.
    /// </summary>
    public Span<byte> Region(RegionId region) => _engine.Region(region);

    /// <summary>Wipes the memory, the private key and the seed, and says nothing to the server: <see cref="Close"/> does that.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _engine.Dispose();
            _telemetry.Disposed();
            if (!_leaveTransportOpen)
            {
                _transport.Dispose();
            }
        }
    }

    /// <summary>The same.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _engine.Dispose();
            _telemetry.Disposed();
            if (!_leaveTransportOpen)
            {
                await _transport.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>The longest that a synchronous read may take.</summary>
    internal TimeSpan ReadLimit { get; set; }

    /// <summary>The longest that a synchronous write may take.</summary>
    internal TimeSpan WriteLimit { get; set; }

    /// <summary>Whether those limits hold.</summary>
    internal bool CanTimeout => _transport.CanTimeout;

    private void TakeBothTurns()
    {
        _reader.Take();
        if (!_writer.TryTake())
        {
            _reader.Leave();
            _writer.Take();
        }
    }

    private void LeaveBothTurns()
    {
        _writer.Leave();
        _reader.Leave();
    }

    private void BeginHandshake()
    {
        TakeBothTurns();
        _telemetry.HandshakeBegins();
    }

    /// <summary>Tells how a handshake ended. A connection whose handshake took too long is over.</summary>
    private void EndHandshake(Exception? failure)
    {
        if (failure is null)
        {
            _telemetry.HandshakeComplete(_engine.LastFacts);
        }
        else
        {
            if (failure is TransportException)
            {
                _engine.Abandon(HandshakeGivenUp);
            }

            _telemetry.HandshakeFailed(_engine.LastFacts, failure);
        }

        LeaveBothTurns();
    }

    private void ThrowUnlessSent(EngineStep step)
    {
        if (step == EngineStep.Failed)
        {
            throw Failed();
        }

        if (_sendFailure is not null)
        {
            throw SendingFailed();
        }
    }

    private bool NoteSendFailure(Exception e)
    {
        _sendFailure = e;
        return e is IOException;
    }

    private TlsFaultException Failed()
    {
        TlsFaultException failure = _engine.Failed(_sendFailure ?? _receiveFailure);
        _telemetry.Failed(failure);
        return failure;
    }

    private TransportException SendingFailed() => new(
        TransportProblem.ConnectionLost,
        $"What was written did not reach {_options.ServerName}: {_sendFailure!.Message} What the server said last can still be read; then make a new connection.",
        _sendFailure);

    private static TransportException TimedOut(TimeSpan limit, Exception? cause = null) => TcpTransport.TimedOut("The server", limit, cause);

    private static FaultExplanation GivenUp(string what) => new(
        $"The connection has ended because {what}.",
        "Make a new connection.");

    private static FaultExplanation HandshakeGivenUp => GivenUp("its handshake was cancelled, or took too long");

    private static FaultExplanation WriteGivenUp => GivenUp("a write was cancelled, or took too long, when the server may have had a record of it in part");
}
