using System;
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
    private readonly PeerHelloRecorder _recorder = new();
    private readonly long _nowUnixSeconds;
    private readonly KeyLogFile? _keyLogFile;
    private readonly PlanBuffer? _keyLog;
    private byte[] _peerChain = new byte[MaxChainBytes];
    private IReadOnlyList<PeerCertificate>? _chain;
    private Exception? _signerFailure;
    private FaultExplanation? _abandonment;
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

    /// <summary>Somebody who reads along needs the keys before the records that they protect.</summary>
    private void LogKeys()
    {
        if (_keyLog is not null)
        {
            _keyLogFile!.Append(new KeyLog(_keyLog.Span));
            KeyLog.Clear(_keyLog.Span);
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
