using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.Tls;

namespace Thimble;

/// <summary>
/// Moves bytes between the engine and a stream, synchronously. All that the engine needs lies in one
/// <see cref="PlanBuffer"/>; the two transport buffers here are the host's own and are allocated once. Not safe for
/// concurrent use.
/// </summary>
public sealed partial class TlsConnection : IDisposable
{
    /// <summary>The entropy that one connection consumes.</summary>
    private const int SeedBytes = 48;

    private const int TransportBufferBytes = 4096;

    /// <summary>A server may send a chain of any length; this much of it is kept until the handshake is complete.</summary>
    private const int MaxChainBytes = 1 << 15;

    private readonly TlsConnectionOptions _options;
    private readonly Profile _profile;
    private readonly Stream _transport;
    private readonly PlanBuffer _memory;
    private readonly CredentialLease _credentials;
    private readonly PlanBuffer _seed = new(SeedBytes);
    private readonly byte[] _serverName;
    private readonly byte[] _alpn;
    private readonly ushort[] _audit;
    private readonly PlanBuffer? _session;
    private readonly byte[] _received = new byte[TransportBufferBytes];
    private readonly byte[] _toSend = new byte[TransportBufferBytes];
    private readonly PeerHelloRecorder _recorder = new();
    private readonly GatheredRecord _large = new();
    private readonly long _nowUnixSeconds;
    private readonly KeyLogFile? _keyLogFile;
    private readonly PlanBuffer? _keyLog;
    private byte[] _peerChain = new byte[MaxChainBytes];
    private IReadOnlyList<PeerCertificate>? _chain;
    private int _receivedStart;
    private int _receivedEnd;
    private long _deadline;
    private bool _sendingFailed;
    private Exception? _signerFailure;
    private bool _provisional;

    /// <summary>Plans and prepares the memory. <paramref name="transport"/> stays the caller's, who closes it.</summary>
    /// <exception cref="TlsFaultException">The plan could not be prepared.</exception>
    /// <exception cref="ThimbleException">The key log that was asked for cannot be written.</exception>
    public TlsConnection(TlsConnectionOptions options, Stream transport)
        : this(options, transport, offersSession: true)
    {
    }

    /// <summary>A connection that is resumed needs no session of the cache, which gives each of them out once.</summary>
    private TlsConnection(TlsConnectionOptions options, Stream transport, bool offersSession)
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
        _keyLogFile = options.KeyLogFile is { } file ? new KeyLogFile(file) : null;
        _keyLog = _keyLogFile is null ? null : new PlanBuffer(KeyLog.BytesPerCall);
        _audit = options.Audit ? new ushort[PlanAudit.Length] : [];
        _credentials = options.Borrow(now);
        RandomNumberGenerator.Fill(_seed.Span);
        _session = offersSession ? FindSession() : null;

        MemoryPlan plan = PlanCache.Of(options.Profile);
        _memory = new PlanBuffer(plan.TotalBytes);
        Fault fault = default;
        if (!plan.TryPrepare(_memory.Span, ref fault))
        {
            _credentials.Dispose();
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

    /// <summary>What a stapled response said of the server's certificate, when the handshake is complete; asked for by <see cref="Profile.StapledStatus"/>.</summary>
    public CertificateStatus CertificateStatus => Lens().CertificateStatus;

    /// <summary>What the server said: what it chose, as far as it said so in the clear, and its certificates.</summary>
    public PeerTranscript PeerTranscript => _recorder.Read() with { Chain = _chain ?? PeerChainReader.Read(_peerChain) };

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
        AnchorNames = [.. _credentials.Credentials.AnchorNames],
        PeerChain = PeerTranscript.Chain,
        HasClientCertificate = _credentials.Credentials.ClientChain.Count > 0,
        Pins = [.. _credentials.Credentials.Trust.Pins],
        Refusal = _refusal ?? "",
    };

    /// <summary>A region of the connection's own buffer, for a protocol above TLS that was planned with it.</summary>
    public Span<byte> Region(RegionId region) => new PlannedBuffer(_memory.Span, _audit)[region];

    /// <summary>Performs the handshake. Where the client's key is kept elsewhere, its <see cref="ClientSigner"/> is asked in between.</summary>
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
            LogKeys();
            Send(written);
            if (status == TlsStatus.Complete && IsServerRefused())
            {
                status = TlsStatus.Faulted;
            }

            if (status == TlsStatus.Complete)
            {
                _chain = PeerChainReader.Read(_peerChain);
                _peerChain = [];
                KeepSession();
                return;
            }

            if (status == TlsStatus.NeedsSignature)
            {
                ProvideSignature();
            }

            Proceed(status);
        }
    }

    /// <summary>Reads application data whose tag verified. 0 is the peer's orderly close.</summary>
    /// <exception cref="TlsFaultException">The connection failed; the message says why.</exception>
    /// <exception cref="TransportException">The peer gave no answer in time.</exception>
    /// <exception cref="InvalidOperationException">The other overload is in the middle of a record.</exception>
    public int Read(Span<byte> destination)
    {
        if (_provisional)
        {
            throw new InvalidOperationException("Provisional bytes of a record were given out, and its end was not: read on with Read(destination, out bytes).");
        }

        BeginTimeout();
        while (!_large.IsVerified)
        {
            bool gathers = _large.IsGathering;
            TlsStatus status = ReadOnce(gathers ? _large.Room : destination, out int written);
            if (gathers || status == TlsStatus.Provisional)
            {
                Gather(status, gathers, destination, written);
            }
            else if (written > 0 || status == TlsStatus.Closed || (status == TlsStatus.DestinationTooSmall && destination.IsEmpty))
            {
                return written;
            }
        }

        return _large.Take(destination);
    }

    /// <summary>
    /// Reads application data as it comes, even before its tag, where <see cref="TlsConnectionOptions.AcceptLargeRecords"/> allows
    /// it. <see cref="TlsStatus.Complete"/>: <paramref name="bytes"/> verified ones were read;
    /// <see cref="TlsStatus.Provisional"/>: so many that nobody vouches for yet, and must be possible to forget;
    /// <see cref="TlsStatus.Committed"/>: so many more, and with them all since the first provisional ones are verified;
    /// <see cref="TlsStatus.Withdrawn"/>: those are to be forgotten, and the connection goes on; <see cref="TlsStatus.Closed"/>:
    /// the peer's orderly close. An exception means that they are to be forgotten, too.
    /// </summary>
    /// <exception cref="TlsFaultException">The connection failed; the message says why.</exception>
    /// <exception cref="TransportException">The peer gave no answer in time. Behind provisional bytes the connection is over then.</exception>
    /// <exception cref="InvalidOperationException">The other overload is in the middle of a record; nothing has changed.</exception>
    public TlsStatus Read(Span<byte> destination, out int bytes)
    {
        if (_large.IsGathering)
        {
            throw new InvalidOperationException("A record is being gathered: read on with Read(destination).");
        }

        if (_large.IsVerified)
        {
            bytes = _large.Take(destination);
            return TlsStatus.Complete;
        }

        BeginTimeout();
        TlsStatus status;
        do
        {
            status = ReadProvisionally(destination, out bytes);
        }
        while (status == TlsStatus.NeedMoreData || (status == TlsStatus.DestinationTooSmall && !destination.IsEmpty));
        _provisional = status == TlsStatus.Provisional || (_provisional && status is not (TlsStatus.Committed or TlsStatus.Withdrawn));
        return status;
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
        _large.Forget();
        _memory.Dispose();
        _credentials.Dispose();
        _seed.Dispose();
        _session?.Dispose();
        _keyLog?.Dispose();
    }

    private bool KeepsSessions => _options.Sessions is not null && _profile.MaxTicketBytes > 0;

    private PlanBuffer? FindSession() => KeepsSessions ? _options.Sessions!.Take(SessionBinding(), _options.JudgeServer) : null;

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
        if (tls.TryTakeSession(taken.Span, out int bytes) && Session.TryOpen(taken.Span[..bytes], stackalloc byte[Session.ScratchBytes], out Session made))
        {
            var session = new PlanBuffer(bytes);
            taken.Span[..bytes].CopyTo(session.Span);
            KeptSessionBytes = bytes;
            _options.Sessions!.Keep(BinaryPrimitives.ReadUInt128LittleEndian(made.Binding), session, _options.JudgeServer); // of a resumed connection another one than ours
        }
    }

    private TlsClient Lens() => new(_memory.Span, Config(_session is null ? default : _session.Span));

    private TlsConfig Config(ReadOnlySpan<byte> session) => new()
    {
        Profile = ref _profile,
        RomImage = _credentials.RomImage,
        ServerName = _serverName,
        Alpn = _alpn,
        Seed = _seed.Span,
        Session = session,
        PreSharedKey = _options.PreSharedKey is null ? default : _options.PreSharedKey.Bytes,
        NowUnixSeconds = _nowUnixSeconds,
        ProvisionalDelivery = _options.AcceptLargeRecords,
        PeerChain = _peerChain,
        Audit = _audit,
        KeyLog = _keyLog is null ? default : _keyLog.Span,
    };

    /// <summary>Reads once, and waits for bytes where there are none.</summary>
    private TlsStatus ReadOnce(Span<byte> destination, out int written)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        TlsClient tls = Lens();
        TlsStatus status = tls.Read(_received.AsSpan(_receivedStart, _receivedEnd - _receivedStart), destination, out int consumed, out written);
        GcAllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - before;

        _receivedStart += consumed;
        KeepSession();
        if (tls.HasPendingOutput)
        {
            Flush(); // the answer to a KeyUpdate does not wait for data of ours
        }

        if (status is TlsStatus.NeedMoreData or TlsStatus.Faulted)
        {
            Proceed(status);
        }

        return status;
    }

    /// <summary>A time-out gives the connection up where bytes were handed out that nobody may ever vouch for now (RULES 1).</summary>
    private TlsStatus ReadProvisionally(Span<byte> destination, out int written)
    {
        try
        {
            return ReadOnce(destination, out written);
        }
        catch (TransportException) when (_provisional)
        {
            TlsClient tls = Lens();
            _ = tls.SourceEnded();
            _provisional = false;
            throw;
        }
    }

    /// <summary>Takes what a read gave of a record that is larger than the window, or its end.</summary>
    private void Gather(TlsStatus status, bool gathers, Span<byte> destination, int written)
    {
        if (gathers)
        {
            _large.Grow(written);
        }
        else
        {
            _large.Begin(destination[..written]);
        }

        if (status == TlsStatus.Committed)
        {
            _large.Commit();
        }
        else if (status == TlsStatus.Withdrawn)
        {
            _large.Forget();
        }
    }

    /// <summary>Somebody who reads along needs the keys before the records that they protect.</summary>
    private void LogKeys()
    {
        if (_keyLog is not null)
        {
            _keyLogFile!.Append(new KeyLog(_keyLog.Span));
            KeyLog.Clear(_keyLog.Span);
        }
    }

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

    /// <summary>Asks the signer, while the engine rests. What it throws becomes the cause of the fault that its silence is.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A signer is the user's code and may throw anything; all of it ends the handshake in a fault that carries it.")]
    private void ProvideSignature()
    {
        TlsClient asking = Lens();
        var request = new SignatureRequest(asking.SignatureScheme, asking.ToBeSigned.ToArray());
        byte[] signature = [];
        try
        {
            signature = _credentials.Credentials.ClientSigner!.Sign(request, TimeSpan.FromSeconds((_deadline - Stopwatch.GetTimestamp()) / (double)Stopwatch.Frequency));
        }
        catch (Exception e)
        {
            _signerFailure = e;
            BeginTimeout(TimeSpan.FromSeconds(2)); // so that the server hears of it even when the time is over
        }

        TlsClient tls = Lens();
        _ = tls.ProvideSignature(signature);
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
            while (status is TlsStatus.Complete or TlsStatus.MoreWork or TlsStatus.Provisional or TlsStatus.Committed or TlsStatus.Withdrawn
                || (status == TlsStatus.NeedMoreData && (_receivedStart < _receivedEnd || Receive())));
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
        _large.Forget();
        _provisional = false;
        Fault fault = Lens().Fault;
        FaultExplanation explanation = fault.Reason == FaultReason.None
            ? new FaultExplanation("The connection is not open: its handshake is not complete, or one side has closed it.", "Complete the handshake first, or make a new connection.")
            : FaultExplanation.Of(fault, FaultContext);
        return new TlsFaultException(fault, explanation, _signerFailure);
    }

    private TlsFaultException Refused(Fault fault) =>
        new(fault, FaultExplanation.Of(fault, new FaultContext { Profile = _options.Profile }));
}
