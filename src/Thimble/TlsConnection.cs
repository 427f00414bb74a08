using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.IO;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.Tls;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble;

/// <summary>
/// Moves bytes between the engine and a stream, synchronously. All that the engine needs lies in one
/// <see cref="PlanBuffer"/>; the two transport buffers here are the host's own and are allocated once. Not safe for
/// concurrent use.
/// </summary>
public sealed class TlsConnection : IDisposable
{
    /// <summary>The entropy that one connection consumes.</summary>
    private const int SeedBytes = 48;

    private const int TransportBufferBytes = 4096;

    private readonly TlsConnectionOptions _options;
    private readonly Profile _profile;
    private readonly Stream _transport;
    private readonly PlanBuffer _memory;
    private readonly PlanBuffer _romImage;
    private readonly PlanBuffer _seed = new(SeedBytes);
    private readonly byte[] _serverName;
    private readonly byte[] _alpn;
    private readonly ushort[] _audit;
    private readonly PlanBuffer? _session;
    private readonly byte[] _received = new byte[TransportBufferBytes];
    private readonly byte[] _toSend = new byte[TransportBufferBytes];
    private readonly PeerChainRecorder _recorder = new();
    private readonly long _nowUnixSeconds;
    private int _receivedStart;
    private int _receivedEnd;
    private long _deadline;
    private bool _sendingFailed;

    /// <summary>Plans and prepares the memory. <paramref name="transport"/> stays the caller's, who closes it.</summary>
    /// <exception cref="TlsFaultException">The plan could not be prepared.</exception>
    public TlsConnection(TlsConnectionOptions options, Stream transport)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(transport);
        TypeCheckTable.Fill();
        _options = options;
        _profile = options.Profile;
        _transport = transport;
        _serverName = Encoding.UTF8.GetBytes(options.ServerName);
        _alpn = Encoding.UTF8.GetBytes(options.Alpn);
        DateTimeOffset now = options.Now ?? DateTimeOffset.UtcNow;
        _nowUnixSeconds = now.ToUnixTimeSeconds();
        _audit = options.Audit ? new ushort[PlanAudit.Length] : [];
        _romImage = Bake(options.Credentials, now);
        RandomNumberGenerator.Fill(_seed.Span);
        _session = FindSession();

        MemoryPlan plan = MemoryPlan.For(options.Profile);
        _memory = new PlanBuffer(plan.TotalBytes);
        Fault fault = default;
        if (!plan.TryPrepare(_memory.Span, ref fault))
        {
            throw Refused(fault);
        }
    }

    /// <summary>What the garbage-collected heap gave to this thread during calls of the engine; the design says none.</summary>
    public long GcAllocatedBytes { get; private set; }

    /// <summary>The number of the negotiated suite, or 0.</summary>
    public ushort Suite => Lens().Suite;

    /// <summary>The version that was negotiated, or none.</summary>
    public TlsVersions Version => Lens().Version;

    /// <summary>The group of the key agreement.</summary>
    public NamedGroup Group => Lens().Group;

    /// <summary>Whether the server asked for a client certificate and got one.</summary>
    public bool SentClientCertificate => Lens().SentClientCertificate;

    /// <summary>Whether a session was found in the cache and offered.</summary>
    public bool SessionOffered => Lens().SessionOffered;

    /// <summary>Whether the server resumed it: it showed no certificate this time.</summary>
    public bool Resumed => Lens().Resumed;

    /// <summary>Whether the two sides know one another by the shared key, and no certificate was shown.</summary>
    public bool UsedPreSharedKey => Lens().UsedPreSharedKey;

    /// <summary>How many bytes the last session has that this connection gave to the cache, or 0.</summary>
    public int KeptSessionBytes { get; private set; }

    /// <summary>Whether the server chose the application protocol that was offered.</summary>
    public bool AlpnNegotiated => Lens().AlpnNegotiated;

    /// <summary>What the server said in the clear.</summary>
    public PeerTranscript PeerTranscript => _recorder.Read();

    /// <summary>The plan, and with <see cref="TlsConnectionOptions.Audit"/> also what was used of it so far.</summary>
    public MemoryMap MemoryMap
    {
        get
        {
            Lens().SurveyMemory();
            MemoryMap map = MemoryMap.Of(_options.Profile);
            map = Version == TlsVersions.None ? map : map.In(Version);
            return _options.Audit ? map.With(_audit) : map;
        }
    }

    /// <summary>What makes a fault of this connection into a sentence.</summary>
    public FaultContext FaultContext => new()
    {
        Text = Encoding.UTF8.GetString(Lens().FaultText),
        Profile = _options.Profile,
        ServerName = _options.ServerName,
        AnchorNames = [.. _options.Credentials.AnchorNames],
        PeerChain = PeerTranscript.Chain,
        HasClientCertificate = _options.Credentials.ClientKey is not null,
    };

    /// <summary>A region of the connection's own buffer, for a protocol above TLS that was planned with it.</summary>
    public Span<byte> Region(RegionId region) => new PlannedBuffer(_memory.Span, _audit)[region];

    /// <summary>Performs the handshake.</summary>
    /// <exception cref="TlsFaultException">The handshake failed; the message says why.</exception>
    /// <exception cref="TransportException">The peer gave no answer in time.</exception>
    public void Handshake()
    {
        BeginTimeout();
        while (true)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            TlsClient tls = Lens();
            TlsStatus status = tls.Handshake(_received.AsSpan(_receivedStart, _receivedEnd - _receivedStart), _toSend, out int consumed, out int written);
            GcAllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - before;

            _receivedStart += consumed;
            Send(written);
            if (status == TlsStatus.Complete)
            {
                KeepSession();
                return;
            }

            Proceed(status);
        }
    }

    /// <summary>Reads application data. 0 is the peer's orderly close.</summary>
    /// <exception cref="TlsFaultException">The connection failed; the message says why.</exception>
    /// <exception cref="TransportException">The peer gave no answer in time.</exception>
    public int Read(Span<byte> destination)
    {
        BeginTimeout();
        while (true)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            TlsClient tls = Lens();
            TlsStatus status = tls.Read(_received.AsSpan(_receivedStart, _receivedEnd - _receivedStart), destination, out int consumed, out int written);
            GcAllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - before;

            _receivedStart += consumed;
            KeepSession();
            if (tls.HasPendingOutput)
            {
                Flush(); // the answer to a KeyUpdate does not wait for data of ours
            }

            if (status is TlsStatus.Complete or TlsStatus.Closed || (status == TlsStatus.DestinationTooSmall && destination.IsEmpty))
            {
                return written;
            }

            Flush();
            Proceed(status);
        }
    }

    /// <summary>Seals and sends <paramref name="data"/>.</summary>
    /// <exception cref="TlsFaultException">The connection failed or is closed; the message says why.</exception>
    public void Write(ReadOnlySpan<byte> data)
    {
        BeginTimeout();
        TlsStatus status;
        do
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            TlsClient tls = Lens();
            status = tls.Write(data, _toSend, out int consumed, out int written);
            GcAllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - before;

            data = data[consumed..];
            Send(written);
            if (status is not (TlsStatus.Complete or TlsStatus.DestinationTooSmall or TlsStatus.MoreWork))
            {
                Flush();
                throw Failed();
            }
        }
        while (status != TlsStatus.Complete);
    }

    /// <summary>Sends close_notify and waits, no longer than two seconds, for the peer's.</summary>
    public void Close()
    {
        BeginTimeout(TimeSpan.FromSeconds(2));
        TlsStatus status;
        do
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            TlsClient tls = Lens();
            status = tls.Close(_toSend, out int written);
            GcAllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - before;
            Send(written);
        }
        while (status == TlsStatus.DestinationTooSmall);
        Drain();
    }

    /// <summary>Wipes the memory, the private key and the seed.</summary>
    public void Dispose()
    {
        _memory.Dispose();
        _romImage.Dispose();
        _seed.Dispose();
        _session?.Dispose();
    }

    private bool KeepsSessions => _options.Sessions is not null && _profile.MaxTicketBytes > 0;

    private PlanBuffer? FindSession() => KeepsSessions ? _options.Sessions!.Take(SessionBinding()) : null;

    private UInt128 SessionBinding()
    {
        Span<byte> binding = stackalloc byte[Session.MarkBytes];
        Session.WriteBinding(Config(default), binding, stackalloc byte[Session.ScratchBytes]);
        return BinaryPrimitives.ReadUInt128LittleEndian(binding);
    }

    /// <summary>Gives a session that waits to the cache, in a buffer of its own size.</summary>
    private void KeepSession()
    {
        TlsClient tls = Lens();
        if (!KeepsSessions || !tls.HasSession)
        {
            return;
        }

        using var taken = new PlanBuffer(Session.MaxBytes(_profile));
        if (tls.TryTakeSession(taken.Span, out int bytes))
        {
            var session = new PlanBuffer(bytes);
            taken.Span[..bytes].CopyTo(session.Span);
            KeptSessionBytes = bytes;
            _options.Sessions!.Keep(SessionBinding(), session);
        }
    }

    private static PlanBuffer Bake(Credentials credentials, DateTimeOffset now)
    {
        byte[] image = credentials.BuildRomImage(now);
        try
        {
            var buffer = new PlanBuffer(image.Length);
            image.CopyTo(buffer.Span);
            return buffer;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(image);
        }
    }

    private TlsClient Lens() => new(_memory.Span, Config(_session is null ? default : _session.Span));

    private TlsConfig Config(ReadOnlySpan<byte> session) => new()
    {
        Profile = ref _profile,
        RomImage = _romImage.Span,
        ServerName = _serverName,
        Alpn = _alpn,
        Seed = _seed.Span,
        Session = session,
        PreSharedKey = _options.PreSharedKey is null ? default : _options.PreSharedKey.Key,
        PreSharedKeyIdentity = _options.PreSharedKey is null ? default : _options.PreSharedKey.Identity,
        PreSharedKeyHash = _options.PreSharedKey is null ? HashAlgorithm.None : _options.PreSharedKey.Hash,
        NowUnixSeconds = _nowUnixSeconds,
        Audit = _audit,
    };

    private void Proceed(TlsStatus status)
    {
        if (status is TlsStatus.Faulted or TlsStatus.Closed)
        {
            Flush();
            throw Failed();
        }

        if (status == TlsStatus.NeedMoreData && !Receive())
        {
            TlsClient tls = Lens();
            _ = tls.SourceEnded();
            throw Failed();
        }
    }

    /// <summary>
    /// Reads what the peer still says, so that its close_notify is seen and the TCP connection ends without a reset. By the byte: a
    /// close_notify behind a ticket ends the connection, and the session with it, unless it is taken in between.
    /// </summary>
    private void Drain()
    {
        try
        {
            TlsStatus status;
            do
            {
                TlsClient tls = Lens();
                status = tls.Read(_received.AsSpan(_receivedStart, int.Min(1, _receivedEnd - _receivedStart)), _toSend, out int consumed, out _);
                _receivedStart += consumed;
                KeepSession();
            }
            while (status is TlsStatus.Complete or TlsStatus.MoreWork || (status == TlsStatus.NeedMoreData && (_receivedStart < _receivedEnd || Receive())));
        }
        catch (TransportException)
        {
            // The peer says nothing more. Our side is closed in good order, and that is all there is to do.
        }
    }

    private void Flush()
    {
        TlsStatus status;
        do
        {
            TlsClient tls = Lens();
            status = tls.Flush(_toSend, out int written);
            Send(written);
        }
        while (status == TlsStatus.DestinationTooSmall);
    }

    /// <summary>
    /// Sends the first <paramref name="bytes"/>. A peer that has gone may have said why: a failure here shows itself
    /// when the next read finds its alert, or the end.
    /// </summary>
    private void Send(int bytes)
    {
        if (bytes == 0 || _sendingFailed)
        {
            return;
        }

        try
        {
            LimitTransport(sending: true);
            _transport.Write(_toSend.AsSpan(0, bytes));
        }
        catch (IOException)
        {
            _sendingFailed = true;
        }
    }

    /// <summary>Waits for bytes. False is the end of the transport, orderly or not.</summary>
    private bool Receive()
    {
        try
        {
            LimitTransport(sending: false);
            _receivedStart = 0;
            _receivedEnd = _transport.Read(_received);
        }
        catch (IOException e)
        {
            _receivedEnd = 0;
            if (e.InnerException is SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock })
            {
                throw TcpTransport.TimedOut("The server", _options.Timeout, e);
            }
        }

        _recorder.Record(_received.AsSpan(0, _receivedEnd));
        return _receivedEnd > 0;
    }

    private void BeginTimeout(TimeSpan? limit = null) =>
        _deadline = Stopwatch.GetTimestamp() + (long)((limit ?? _options.Timeout).TotalSeconds * Stopwatch.Frequency);

    /// <summary>Gives the transport what is left of the time: a peer that sends one byte now and then does not extend it.</summary>
    private void LimitTransport(bool sending)
    {
        if (!_transport.CanTimeout)
        {
            return;
        }

        long left = (_deadline - Stopwatch.GetTimestamp()) * 1000 / Stopwatch.Frequency;
        if (left <= 0)
        {
            throw TcpTransport.TimedOut("The server", _options.Timeout);
        }

        int milliseconds = (int)Math.Min(left, int.MaxValue);
        if (sending)
        {
            _transport.WriteTimeout = milliseconds;
        }
        else
        {
            _transport.ReadTimeout = milliseconds;
        }
    }

    private TlsFaultException Failed()
    {
        Fault fault = Lens().Fault;
        return new TlsFaultException(fault, FaultExplanation.Of(fault, FaultContext));
    }

    private TlsFaultException Refused(Fault fault) =>
        new(fault, FaultExplanation.Of(fault, new FaultContext { Profile = _options.Profile }));
}
