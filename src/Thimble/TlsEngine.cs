using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using Thimble.Memory;
using Thimble.Tls;

namespace Thimble;

/// <summary>
/// The engine of one connection with all that it needs, and without I/O: each step says what is to be done before the next. Steps
/// take turns under a short lock, and nobody waits for a peer while holding it, so that one reader, one sender and any
/// number of lookers-on may call at the same time. <see cref="Outgoing"/> belongs to whoever sends, <see cref="Room"/> to
/// whoever reads.
/// </summary>
internal sealed partial class TlsEngine : IDisposable
{
    /// <summary>The entropy that one connection consumes.</summary>
    private const int SeedBytes = 48;

    private const int TransportBufferBytes = 4096;

    /// <summary>Room for what is read behind our close or can no longer be sent, to be forgotten.</summary>
    private const int DrainBytes = 256;

    /// <summary>A server may send a chain of any length; this much of it is kept until the handshake is complete.</summary>
    private const int MaxChainBytes = 1 << 15;

    private readonly Lock _gate = new();
    private readonly TlsConnectionOptions _options;
    private readonly Profile _profile;
    private readonly PlanBuffer _memory;
    private readonly CredentialLease _credentials;
    private readonly PlanBuffer _seed = new(SeedBytes);
    private readonly byte[] _serverName;
    private readonly byte[] _alpn;
    private readonly ushort[] _audit;
    private readonly PlanBuffer? _session;
    private readonly PeerHelloRecorder _recorder = new();
    private readonly GatheredRecord _large = new();
    private readonly long _nowUnixSeconds;
    private readonly KeyLogFile? _keyLogFile;
    private readonly PlanBuffer? _keyLog;
    private byte[] _peerChain = new byte[MaxChainBytes];
    private IReadOnlyList<PeerCertificate>? _chain;
    private byte[]? _received; // ciphertext only, and borrowed while there is some
    private int _receivedStart;
    private int _receivedEnd;
    private byte[]? _outgoing; // the same
    private int _outgoingBytes;
    private PlanBuffer? _kept;
    private Exception? _signerFailure;
    private FaultExplanation? _abandonment;
    private bool _provisional;
    private volatile bool _owesOutput;
    private bool _sourceEnded;
    private bool _disposed;

    /// <summary>Plans and prepares the memory. A connection that is resumed needs no session of the cache, which gives each of them out once.</summary>
    /// <exception cref="TlsFaultException">The plan could not be prepared.</exception>
    /// <exception cref="KeyLogException">The key log that was asked for cannot be written.</exception>
    public TlsEngine(TlsConnectionOptions options, bool offersSession)
    {
        TypeCheckTable.Fill();
        _options = options;
        _profile = options.Profile;
        _serverName = Encoding.UTF8.GetBytes(options.ServerName);
        _alpn = Encoding.UTF8.GetBytes(options.Alpn);
        DateTimeOffset now = options.Now ?? options.TimeProvider.GetUtcNow();
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
            Dispose();
            throw new TlsFaultException(fault, FaultExplanation.Of(fault, new FaultContext { Profile = options.Profile }));
        }
    }

    /// <summary>What the garbage-collected heap gave to the calling threads during calls of the engine; the design says none.</summary>
    public long GcAllocatedBytes { get; private set; }

    /// <summary>How many bytes the last session has that this connection gave to the cache, or 0.</summary>
    public int KeptSessionBytes { get; private set; }

    /// <summary>Whether the engine has something to say that no writer asked for: an alert, or the answer to a KeyUpdate.</summary>
    public bool OwesOutput => _owesOutput;

    /// <summary>What the last step gave to be sent, for whoever sends.</summary>
    public ReadOnlyMemory<byte> Outgoing => _outgoing.AsMemory(0, _outgoingBytes);

    /// <summary>What the connection knows of itself.</summary>
    public ConnectionFacts Facts
    {
        get
        {
            lock (_gate)
            {
                TlsClient tls = Lens();
                return new ConnectionFacts(
                    tls.Suite, tls.Version, tls.Group, tls.SentClientCertificate, tls.SessionOffered, tls.Resumed, tls.UsedPreSharedKey, tls.AlpnNegotiated, tls.CertificateStatus);
            }
        }
    }

    /// <summary>The same, or nothing once the engine is disposed of.</summary>
    public ConnectionFacts LastFacts
    {
        get
        {
            lock (_gate)
            {
                return _disposed ? default : Facts;
            }
        }
    }

    /// <summary>What the server said.</summary>
    public PeerTranscript PeerTranscript
    {
        get
        {
            lock (_gate)
            {
                return _recorder.Read() with { Chain = _chain ?? PeerChainReader.Read(_peerChain) };
            }
        }
    }

    /// <summary>The plan, and with an audit also what was used of it so far.</summary>
    public MemoryMap MemoryMap
    {
        get
        {
            lock (_gate)
            {
                TlsClient tls = Lens();
                tls.SurveyMemory();
                MemoryMap map = MemoryMap.Of(_profile);
                map = tls.Version == TlsVersions.None ? map : map.In(tls.Version);
                return _options.Audit ? map.With(_audit) : map;
            }
        }
    }

    /// <summary>What makes a fault of this connection into a sentence.</summary>
    public FaultContext FaultContext
    {
        get
        {
            lock (_gate)
            {
                return new FaultContext
                {
                    Text = Encoding.UTF8.GetString(Lens().FaultText),
                    Profile = _profile,
                    ServerName = _options.ServerName,
                    AnchorNames = [.. _credentials.Credentials.AnchorNames],
                    PeerChain = PeerTranscript.Chain,
                    HasClientCertificate = _credentials.Credentials.HasClientCertificate,
                    Pins = [.. _credentials.Credentials.Trust.Pins],
                    Refusal = _refusal ?? "",
                };
            }
        }
    }

    /// <summary>A region of the buffer, for a protocol above TLS that was planned with it.</summary>
    public Span<byte> Region(RegionId region) => new PlannedBuffer(_memory.Span, _audit)[region];

    /// <summary>Goes on with the handshake.</summary>
    public EngineStep Handshake()
    {
        lock (_gate)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Span<byte> outgoing = BorrowOutgoing();
            long borrowed = GC.GetAllocatedBytesForCurrentThread() - before;
            TlsClient tls = Lens();
            TlsStatus status = _options.Observer is null
                ? tls.Handshake(Received, outgoing, out int consumed, out _outgoingBytes)
                : ObservedHandshake(ref tls, outgoing, out consumed);
            GcAllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - before - borrowed;

            _options.Observer?.Saw(_lastStep);
            Consume(consumed);
            LogKeys();
            status = Ended(status);
            if (status == TlsStatus.Complete && AwaitsVerdict)
            {
                return EngineStep.NeedsVerdict;
            }

            if (status == TlsStatus.Complete && _chain is null)
            {
                _chain = PeerChainReader.Read(_peerChain);
                _peerChain = [];
                KeepSession();
            }

            return status switch
            {
                TlsStatus.Complete => EngineStep.Done,
                TlsStatus.NeedMoreData => EngineStep.NeedsInput,
                TlsStatus.NeedsSignature => EngineStep.NeedsSignature,
                TlsStatus.MoreWork or TlsStatus.DestinationTooSmall => EngineStep.Continue,
                _ => EngineStep.Failed,
            };
        }
    }

    /// <summary>What the client's signer is to sign.</summary>
    public SignatureRequest AskedSignature()
    {
        lock (_gate)
        {
            TlsClient tls = Lens();
            return new SignatureRequest(tls.SignatureScheme, tls.ToBeSigned.ToArray());
        }
    }

    /// <summary>Goes on with a signature, or with none, and then with what the signer threw as the cause of the fault that its silence is.</summary>
    public void ProvideSignature(ReadOnlySpan<byte> signature, Exception? failure)
    {
        lock (_gate)
        {
            _signerFailure = failure;
            TlsClient tls = Lens();
            _ = tls.ProvideSignature(signature);
        }
    }

    /// <summary>Reads application data whose tag verified. Done with 0 is the server's orderly close, or with an empty destination that data waits.</summary>
    /// <exception cref="InvalidOperationException">Provisional bytes were given out, and the end of their record was not.</exception>
    public EngineStep Read(Span<byte> destination, out int bytes)
    {
        lock (_gate)
        {
            bytes = 0;
            if (_provisional)
            {
                throw new InvalidOperationException("Provisional bytes of a record were given out, and its end was not: read on with Read(destination, out bytes) or ReadPieceAsync.");
            }

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
                    bytes = written;
                    return EngineStep.Done;
                }

                if (status is TlsStatus.NeedMoreData or TlsStatus.Faulted)
                {
                    return status == TlsStatus.NeedMoreData ? EngineStep.NeedsInput : EngineStep.Failed;
                }
            }

            bytes = _large.Take(destination);
            return EngineStep.Done;
        }
    }

    /// <summary>Reads application data as it comes, even before its tag.</summary>
    /// <exception cref="InvalidOperationException">A record is being gathered.</exception>
    public EngineStep ReadPiece(Span<byte> destination, out TlsStatus status, out int bytes)
    {
        lock (_gate)
        {
            if (_large.IsGathering)
            {
                throw new InvalidOperationException("A record is being gathered: read on with Read(destination) or ReadAsync.");
            }

            if (_large.IsVerified)
            {
                bytes = _large.Take(destination);
                status = TlsStatus.Complete;
                return EngineStep.Done;
            }

            status = ReadOnce(destination, out bytes);
            if (status is TlsStatus.NeedMoreData or TlsStatus.Faulted)
            {
                return status == TlsStatus.NeedMoreData ? EngineStep.NeedsInput : EngineStep.Failed;
            }

            _provisional = status == TlsStatus.Provisional || (_provisional && status is not (TlsStatus.Committed or TlsStatus.Withdrawn));
            return status == TlsStatus.DestinationTooSmall && !destination.IsEmpty ? EngineStep.Continue : EngineStep.Done;
        }
    }

    /// <summary>Who waits no longer for the end of a record that was given out in part ends the connection: nobody will ever vouch for it (RULES 1).</summary>
    public void GiveUpProvisional()
    {
        lock (_gate)
        {
            if (_provisional)
            {
                TlsClient tls = Lens();
                _ = tls.SourceEnded();
                _provisional = false;
            }
        }
    }

    /// <summary>Where bytes of the server are put.</summary>
    public Memory<byte> Room()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(TlsConnection));
            _received ??= ArrayPool<byte>.Shared.Rent(TransportBufferBytes);
            return _received;
        }
    }

    /// <summary>So many bytes came; 0 is the end of the transport, orderly or not.</summary>
    public void Receive(int bytes)
    {
        lock (_gate)
        {
            _receivedStart = 0;
            _receivedEnd = bytes;
            _sourceEnded = bytes == 0;
            _recorder.Record(Received);
            Consume(0);
        }
    }

    /// <summary>Seals data. Done: all of it is in <see cref="Outgoing"/> or was before; otherwise continue with what was not consumed.</summary>
    public EngineStep Write(ReadOnlySpan<byte> data, out int consumed)
    {
        lock (_gate)
        {
            if (_abandonment is not null)
            {
                consumed = 0;
                return EngineStep.Failed;
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            Span<byte> outgoing = BorrowOutgoing();
            long borrowed = GC.GetAllocatedBytesForCurrentThread() - before;
            TlsClient tls = Lens();
            TlsStatus status = tls.Write(data, outgoing, out consumed, out _outgoingBytes);
            GcAllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - before - borrowed;
            _owesOutput = tls.HasPendingOutput;
            return status switch
            {
                TlsStatus.Complete => EngineStep.Done,
                TlsStatus.DestinationTooSmall or TlsStatus.MoreWork => EngineStep.Continue,
                _ => EngineStep.Failed,
            };
        }
    }

    /// <summary>Gives what the engine owes, and before it what a writer left.</summary>
    public EngineStep Flush()
    {
        lock (_gate)
        {
            TlsClient tls = Lens();
            TlsStatus status = tls.Flush(BorrowOutgoing(), out _outgoingBytes);
            _owesOutput = tls.HasPendingOutput;
            return status == TlsStatus.DestinationTooSmall ? EngineStep.Continue : EngineStep.Done;
        }
    }

    /// <summary>Gives close_notify.</summary>
    public EngineStep Close()
    {
        lock (_gate)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Span<byte> outgoing = BorrowOutgoing();
            long borrowed = GC.GetAllocatedBytesForCurrentThread() - before;
            TlsClient tls = Lens();
            TlsStatus status = tls.Close(outgoing, out _outgoingBytes);
            GcAllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - before - borrowed;
            _owesOutput = tls.HasPendingOutput;
            return status == TlsStatus.DestinationTooSmall ? EngineStep.Continue : EngineStep.Done;
        }
    }

    /// <summary>
    /// Reads what the server still says, to forget it. By the byte: a close_notify behind a ticket ends the connection, and the
    /// session with it, unless it is taken in between.
    /// </summary>
    public EngineStep Drain()
    {
        using var forgotten = new PlanBuffer(DrainBytes);
        lock (_gate)
        {
            TlsStatus status;
            do
            {
                TlsClient tls = Lens();
                status = tls.Read(Received[..int.Min(1, Received.Length)], forgotten.Span, out int consumed, out _);
                Consume(consumed);
                KeepSession();
            }
            while (status is TlsStatus.Complete or TlsStatus.MoreWork or TlsStatus.Provisional or TlsStatus.Committed or TlsStatus.Withdrawn
                || (status == TlsStatus.NeedMoreData && _receivedStart < _receivedEnd));
            if (status == TlsStatus.Faulted)
            {
                DropSession();
            }

            return status == TlsStatus.NeedMoreData && !_sourceEnded ? EngineStep.NeedsInput : EngineStep.Done;
        }
    }

    /// <summary>The outgoing bytes were sent, or never will be.</summary>
    public void Sent()
    {
        lock (_gate)
        {
            _outgoingBytes = 0;
            if (_outgoing is not null)
            {
                ArrayPool<byte>.Shared.Return(_outgoing);
                _outgoing = null;
            }
        }
    }

    /// <summary>
    /// Ends the connection because one of our own operations was given up in the middle, and wipes its secrets: nothing can be
    /// sent any more that the server would understand.
    /// </summary>
    public void Abandon(FaultExplanation why)
    {
        using var unsent = new PlanBuffer(DrainBytes);
        lock (_gate)
        {
            if (_disposed || _abandonment is not null)
            {
                return;
            }

            _abandonment = why;
            _outgoingBytes = 0;
            _large.Forget();
            _provisional = false;
            TlsClient tls = Lens();
            if (tls.Fault.Reason == FaultReason.None)
            {
                _ = tls.Close(unsent.Span, out _);
                _ = tls.SourceEnded();
            }

            while (tls.Flush(unsent.Span, out _) == TlsStatus.DestinationTooSmall)
            {
                // What nobody hears; the secrets are wiped behind it.
            }

            _owesOutput = false;
        }
    }

    /// <summary>Why the connection is over, or not open.</summary>
    public TlsFaultException Failed(Exception? cause = null)
    {
        lock (_gate)
        {
            _large.Forget();
            _provisional = false;
            if (_abandonment is not null)
            {
                return new TlsFaultException(default, _abandonment, cause);
            }

            DropSession();
            Fault fault = Lens().Fault;
            FaultExplanation explanation = fault.Reason == FaultReason.None
                ? new FaultExplanation("The connection is not open: its handshake is not complete, or one side has closed it.", "Complete the handshake first, or make a new connection.")
                : FaultExplanation.Of(fault, FaultContext);
            return new TlsFaultException(fault, explanation, _signerFailure ?? cause);
        }
    }

    /// <summary>Wipes the memory, the private key and the seed.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _large.Forget();
            _memory.Dispose();
            _credentials.Dispose();
            _seed.Dispose();
            _session?.Dispose();
            _keyLog?.Dispose();
        }
    }

    private ReadOnlySpan<byte> Received => _received.AsSpan(_receivedStart, _receivedEnd - _receivedStart);

    private bool KeepsSessions => _options.Sessions is not null && _profile.MaxTicketBytes > 0;

    private Span<byte> BorrowOutgoing() => _outgoing ??= ArrayPool<byte>.Shared.Rent(TransportBufferBytes);

    private void Consume(int bytes)
    {
        _receivedStart += bytes;
        if (_receivedStart == _receivedEnd)
        {
            ReturnReceived();
        }
    }

    private void ReturnReceived()
    {
        _receivedStart = 0;
        _receivedEnd = 0;
        if (_received is not null)
        {
            ArrayPool<byte>.Shared.Return(_received);
            _received = null;
        }
    }

    private TlsStatus ReadOnce(Span<byte> destination, out int written)
    {
        if (_abandonment is not null)
        {
            written = 0;
            return TlsStatus.Faulted;
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        TlsClient tls = Lens();
        TlsStatus status = tls.Read(Received, destination, out int consumed, out written);
        GcAllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - before;

        Consume(consumed);
        KeepSession();
        status = Ended(status);
        _owesOutput = tls.HasPendingOutput;
        return status;
    }

    /// <summary>Who needs more of a transport that has ended learns what that means.</summary>
    private TlsStatus Ended(TlsStatus status)
    {
        if (status != TlsStatus.NeedMoreData || !_sourceEnded)
        {
            return status;
        }

        TlsClient tls = Lens();
        return tls.SourceEnded();
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
            _kept = session;
            _options.Sessions!.Keep(BinaryPrimitives.ReadUInt128LittleEndian(made.Binding), session, _options.JudgeServer); // of a resumed connection another one than ours
        }
    }

    /// <summary>A session of a connection that ended in a fatal alert, either way, is not resumed (RFC 5246 §7.2.2, RFC 8446 §6.2).</summary>
    private void DropSession()
    {
        Fault fault = Lens().Fault;
        if (_kept is not null && (fault.Alert != 0 || fault.Reason == FaultReason.AlertReceived))
        {
            _options.Sessions!.Drop(_kept);
            _kept = null;
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
        WorkPerCall = WorkPerCall,
        ProvisionalDelivery = _options.AcceptLargeRecords,
        PeerChain = _peerChain,
        Audit = _audit,
        KeyLog = _keyLog is null ? default : _keyLog.Span,
    };
}
