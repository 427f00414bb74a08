using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.Tests.Tls;
using Thimble.Tests.X509;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>
/// Moves bytes between the engine and a socket, and after each call of the engine judges its memory: the bytes around the
/// buffer are untouched, those of no living region are zero, and the garbage-collected heap was not used. What was written
/// of each region is counted under a paint that differs from one connection to the next.
/// </summary>
internal sealed unsafe class AuditedClient : IDisposable
{
    private const int GuardBytes = 64;
    private const byte GuardByte = 0xC5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Where the compiler does not optimize, reading a constant table makes an object that is not in the source.</summary>
    private static readonly bool s_isOptimized =
        typeof(TlsClient).Assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled != true;

    private static readonly HashSet<(Call Call, Phase Phase, long Bytes)> s_allocatedOnce = [];

    private static readonly byte[] s_parkingKey = RandomNumberGenerator.GetBytes(TlsClient.ParkingKeyBytes);

    private static ushort s_poison;

    private readonly ClientSetup _setup;
    private readonly Profile _profile;

    /// <summary>The limits of the connection.</summary>
    public Profile Profile => _profile;

    private readonly Socket _socket;
    private readonly byte* _memory;
    private readonly PlanBuffer _romImage;
    private readonly MemoryPlan _plan;
    private readonly List<Range>[] _dead;
    private readonly ushort[] _audit = new ushort[PlanAudit.Length];
    private readonly byte[] _seed = RandomNumberGenerator.GetBytes(48);
    private readonly byte[] _serverName;
    private readonly byte[] _alpn;
    private readonly byte[] _sharedKey;
    private readonly byte[] _received = new byte[32_768];
    private readonly byte[] _room;
    private readonly List<byte> _toSend = [];
    private readonly List<byte> _provisional = [];
    private readonly long _now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _receivedStart;
    private int _receivedEnd;
    private bool _closing;

    private enum Call
    {
        Handshake,
        Read,
        Write,
        Close,
        Flush,
        SourceEnded,
        ProvideSignature,
    }

    public AuditedClient(ClientSetup setup, Socket socket)
    {
        _setup = setup;
        _profile = setup.Profile;
        _socket = socket;
        _socket.NoDelay = true;
        _socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        _socket.SendTimeout = (int)Patience.TotalMilliseconds;
        _serverName = Encoding.ASCII.GetBytes(setup.ServerName);
        _alpn = Encoding.ASCII.GetBytes(setup.Alpn);
        _sharedKey = SharedKeys.Bytes(setup.SharedKeyIdentity, setup.SharedKey, setup.SharedKeyHash);
        _room = new byte[setup.PieceBytes];
        _audit[0] = s_poison += 0x35;
        _romImage = Bake(setup);
        _plan = MemoryPlan.For(setup.Profile);
        _dead = [.. Enum.GetValues<Phase>().Select(DeadRanges)];
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)(_plan.TotalBytes + (2 * GuardBytes)), GuardBytes);
        Around.Fill(GuardByte);
        Fault fault = default;
        Assert.True(_plan.TryPrepare(Memory, ref fault), fault.Reason.ToString());
    }

    /// <summary>Why the connection ended.</summary>
    public Fault Fault => Lens().Fault;

    public Phase Phase => Lens().Phase;

    public ushort Suite => Lens().Suite;

    public NamedGroup Group => Lens().Group;

    public bool SentClientCertificate => Lens().SentClientCertificate;

    public bool Resumed => Lens().Resumed;

    public bool UsedPreSharedKey => Lens().UsedPreSharedKey;

    public bool HasSession => Lens().HasSession;

    public bool AlpnNegotiated => Lens().AlpnNegotiated;

    public CertificateStatus CertificateStatus => Lens().CertificateStatus;

    /// <summary>The fault as people are told of it.</summary>
    public string Explanation => FaultExplanation.Of(Fault, new FaultContext
    {
        Text = Encoding.UTF8.GetString(Lens().FaultText),
        Profile = _setup.Profile,
        ServerName = _setup.ServerName,
        AnchorNames = [.. _setup.Anchors.Select(anchor => anchor.Certificate.Subject)],
        HasClientCertificate = _setup.Client is not null,
    }).ToString();

    /// <summary>The buffer between its guards.</summary>
    private Span<byte> Around => new(_memory, _plan.TotalBytes + (2 * GuardBytes));

    private Span<byte> Memory => Around.Slice(GuardBytes, _plan.TotalBytes);

    /// <summary>What was received and not consumed, as much as one call may have.</summary>
    private ReadOnlySpan<byte> Source => _received.AsSpan(_receivedStart, Math.Min(_receivedEnd - _receivedStart, _setup.PieceBytes));

    /// <summary>Connects to a server of this machine.</summary>
    public static AuditedClient To(int port, ClientSetup setup)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return new AuditedClient(setup, socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A region for a protocol above TLS.</summary>
    public Span<byte> Region(RegionId region) => new PlannedBuffer(Memory, _audit)[region];

    /// <summary>Performs the handshake, which must succeed.</summary>
    public void Connect()
    {
        Assert.True(Handshake() == FaultReason.None, $"{Fault.Reason} in {Fault.Phase} ({Fault.Expected}, {Fault.Actual}): {Explanation}");
        Assert.Equal(Phase.Connected, Phase);
    }

    /// <summary>Performs the handshake, and returns why it failed, or that it did not.</summary>
    public FaultReason Handshake()
    {
        while (true)
        {
            ReadOnlySpan<byte> source = Source;
            TlsStatus status = Invoke(Call.Handshake, source, _room, out int consumed, out int written);
            Took(consumed);
            _toSend.AddRange(_room.AsSpan(0, written));
            switch (status)
            {
                case TlsStatus.Complete:
                    Send();
                    Survey();
                    return FaultReason.None;
                case TlsStatus.Faulted or TlsStatus.Closed:
                    return End();
                case TlsStatus.NeedsSignature:
                    Assert.Equal(0, consumed);
                    ProvideSignature();
                    break;
                case TlsStatus.NeedMoreData:
                    Assert.Equal(source.Length, consumed);
                    if (!Receive())
                    {
                        return SourceEnded();
                    }

                    break;
            }
        }
    }

    /// <summary>How often a key that is elsewhere was asked to sign, and with which scheme last.</summary>
    public int Signatures { get; private set; }

    public SignatureScheme SignatureScheme { get; private set; }

    /// <summary>The provisional data that was committed.</summary>
    public List<byte> Committed { get; } = [];

    /// <summary>How often provisional data turned out to be none.</summary>
    public int Withdrawals { get; private set; }

    /// <summary>Reads application data that was verified; 0 is the orderly end, and -1 a fault.</summary>
    public int Read(Span<byte> destination)
    {
        while (true)
        {
            ReadOnlySpan<byte> source = Source;
            TlsStatus status = Invoke(Call.Read, source, destination, out int consumed, out int written);
            Took(consumed);
            switch (status)
            {
                case TlsStatus.Complete:
                    return written;
                case TlsStatus.Provisional:
                    _provisional.AddRange(destination[..written]);
                    break;
                case TlsStatus.Committed:
                    _provisional.AddRange(destination[..written]);
                    Committed.AddRange(_provisional);
                    _provisional.Clear();
                    break;
                case TlsStatus.Withdrawn:
                    Withdrawals++;
                    _provisional.Clear();
                    break;
                case TlsStatus.Faulted:
                    End();
                    return -1;
                case TlsStatus.Closed when Suite >> 8 == 0x13 && !_closing:
                    return 0; // RFC 8446 §6.1: the server's side ended, and ours may go on
                case TlsStatus.Closed:
                    End();
                    return 0;
                case TlsStatus.NeedMoreData:
                    Assert.Equal(source.Length, consumed);
                    if (!Receive())
                    {
                        SourceEnded();
                        return -1;
                    }

                    break;
            }
        }
    }

    /// <summary>Reads until the destination is full.</summary>
    public void ReadExactly(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int read = Read(destination);
            Assert.True(read > 0, $"{Fault.Reason} ({Fault.Expected}, {Fault.Actual}): {Explanation}");
            destination = destination[read..];
        }
    }

    /// <summary>Reads until a session waits, and takes it.</summary>
    public byte[] TakeSession()
    {
        while (!Lens().HasSession)
        {
            TlsStatus status = Invoke(Call.Read, Source, default, out int consumed, out _);
            Took(consumed);
            Assert.True(status != TlsStatus.NeedMoreData || Receive(), "The server gave no session.");
            Assert.True(status is TlsStatus.NeedMoreData, status.ToString());
        }

        Survey();
        byte[] session = new byte[Session.MaxBytes(_profile)];
        Assert.True(Lens().TryTakeSession(session, out int bytes));
        return session[..bytes];
    }

    /// <summary>How many bytes of a region were written.</summary>
    public int Written(RegionId region) => _audit[(int)region];

    /// <summary>The planned bytes of a region.</summary>
    public int Planned(RegionId region) => _plan[region].Bytes;

    /// <summary>Seals and sends all of <paramref name="data"/>.</summary>
    public void Write(ReadOnlySpan<byte> data)
    {
        TlsStatus status;
        do
        {
            status = Invoke(Call.Write, data, _room, out int consumed, out int written);
            Assert.True(status is TlsStatus.Complete or TlsStatus.DestinationTooSmall, status.ToString());
            data = data[consumed..];
            _toSend.AddRange(_room.AsSpan(0, written));
        }
        while (status != TlsStatus.Complete);
        Send();
    }

    /// <summary>Parks the connection, finds nothing left of it, and resumes it in the same memory, prepared anew. Returns its size while parked.</summary>
    public int ParkAndResume(ulong generation)
    {
        byte[] parked = new byte[_plan.ParkedBytes];
        Assert.Equal(ParkStatus.Parked, Lens().Park(s_parkingKey, generation, parked, out int bytes));
        Assert.False(Memory[_plan[RegionId.Plan].Bytes..].ContainsAnyExcept((byte)0));
        Fault fault = default;
        Assert.True(_plan.TryPrepare(Memory, ref fault));
        Assert.Equal(TlsStatus.Complete, Lens().Resume(s_parkingKey, generation, parked.AsSpan(0, bytes)));
        CheckMemory(Phase);
        Survey();
        return bytes;
    }

    /// <summary>Ends our side, and waits for the peer to end its own. Whether it said close_notify.</summary>
    public bool Close()
    {
        _closing = true;
        while (Invoke(Call.Close, default, _room, out _, out int written) is TlsStatus.DestinationTooSmall || written > 0)
        {
            _toSend.AddRange(_room.AsSpan(0, written));
        }

        Send();
        Span<byte> ignored = new byte[1024];
        int read;
        do
        {
            read = Read(ignored);
        }
        while (read > 0);
        return read == 0;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _romImage.Dispose();
        NativeMemory.AlignedFree(_memory);
    }

    private static PlanBuffer Bake(ClientSetup setup)
    {
        var builder = new RomImageBuilder { WithoutAnchors = setup.Anchors.Count == 0 };
        foreach (TestCertificate anchor in setup.Anchors)
        {
            builder.AddTrustAnchor(anchor.Certificate);
        }

        if (setup.Client is { } client)
        {
            byte[][] chain = [.. client.Chain.Select(certificate => certificate.Der)];
            if (setup.KeyElsewhere)
            {
                builder.SetClientCertificate(chain);
            }
            else
            {
                builder.SetClientCertificate(chain, client.Leaf.Key);
            }
        }

        byte[] image = builder.Build(DateTimeOffset.UtcNow.AddMinutes(-1));
        var buffer = new PlanBuffer(image.Length);
        image.CopyTo(buffer.Span);
        return buffer;
    }

    private TlsClient Lens(ushort[]? audit = null) => new(Memory, new TlsConfig
    {
        Profile = ref _profile,
        RomImage = _romImage.Span,
        ServerName = _serverName,
        Alpn = _alpn,
        Seed = _seed,
        NowUnixSeconds = _now,
        ProvisionalDelivery = _setup.ProvisionalDelivery,
        WorkPerCall = _setup.WorkPerCall,
        Session = _setup.Session,
        PreSharedKey = _sharedKey,
        Audit = audit ?? _audit,
    });

    private TlsStatus Invoke(Call call, ReadOnlySpan<byte> source, Span<byte> destination, out int consumed, out int written)
    {
        if (Stopwatch.GetElapsedTime(_start) > Patience)
        {
            Assert.Fail($"The connection takes too long, in {Phase}.");
        }

        consumed = 0;
        written = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        TlsClient tls = Lens();
        TlsStatus status = call switch
        {
            Call.Handshake => tls.Handshake(source, destination, out consumed, out written),
            Call.Read => tls.Read(source, destination, out consumed, out written),
            Call.Write => tls.Write(source, destination, out consumed, out written),
            Call.Close => tls.Close(destination, out written),
            Call.Flush => tls.Flush(destination, out written),
            Call.ProvideSignature => tls.ProvideSignature(source) ? TlsStatus.MoreWork : TlsStatus.Faulted,
            _ => tls.SourceEnded(),
        };
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        CheckHeap(call, tls.Phase, allocated);
        Assert.InRange(consumed, 0, source.Length);
        Assert.InRange(written, 0, destination.Length);
        CheckMemory(tls.Phase);
        return status;
    }

    private void ProvideSignature()
    {
        Send();
        TlsClient asking = Lens();
        SignatureScheme = asking.SignatureScheme;
        var request = new SignatureRequest(SignatureScheme, asking.ToBeSigned.ToArray());
        byte[] signature = _setup.Client!.Leaf.Key switch
        {
            RSA rsa => rsa.SignHash(request.ToBeSigned.Span, request.Hash, request.Padding!),
            ECDsa ec => ec.SignHash(request.ToBeSigned.Span, DSASignatureFormat.Rfc3279DerSequence),
            AsymmetricAlgorithm key => TestEd25519.Sign((Ed25519PrivateKey)key, request.ToBeSigned.ToArray()),
        };
        Signatures++;
        Assert.Equal(TlsStatus.MoreWork, Invoke(Call.ProvideSignature, signature, default, out _, out _));
    }

    private void Took(int consumed) => _receivedStart += consumed;

    /// <summary>Waits for bytes where none are left. False is the end of the transport, orderly or not.</summary>
    private bool Receive()
    {
        Send();
        if (_receivedStart < _receivedEnd)
        {
            return true;
        }

        try
        {
            _receivedStart = 0;
            _receivedEnd = _socket.Receive(_received);
        }
        catch (SocketException e) when (e.SocketErrorCode is not (SocketError.TimedOut or SocketError.WouldBlock))
        {
            _receivedEnd = 0;
        }

        return _receivedEnd > 0;
    }

    /// <summary>A peer that has gone may have said why: a failure here shows itself when its last bytes are read.</summary>
    private void Send()
    {
        try
        {
            if (_toSend.Count > 0)
            {
                _socket.Send(CollectionsMarshal.AsSpan(_toSend));
            }
        }
        catch (SocketException e) when (e.SocketErrorCode is not (SocketError.TimedOut or SocketError.WouldBlock))
        {
            // What is not sent is not needed any more.
        }

        _toSend.Clear();
    }

    private FaultReason SourceEnded()
    {
        Invoke(Call.SourceEnded, default, default, out _, out _);
        return End();
    }

    /// <summary>The connection is over: our last words go out, and no secret is left.</summary>
    private FaultReason End()
    {
        while (Invoke(Call.Flush, default, _room, out _, out int written) is TlsStatus.DestinationTooSmall || written > 0)
        {
            _toSend.AddRange(_room.AsSpan(0, written));
        }

        Send();
        Survey();
        CheckSecretsAreGone();
        return Fault.Reason;
    }

    private void Survey()
    {
        Lens().SurveyMemory();
        for (int i = 1; i < PlanAudit.Length; i++)
        {
            int planned = _plan[(RegionId)i].Bytes;
            Assert.True(_audit[i] <= planned, $"{(RegionId)i}: {_audit[i]} bytes were written, {planned} are planned.");
        }
    }

    /// <summary>
    /// What the engine allocates, it allocates each time. What appears once is the runtime's own: code that is prepared, or
    /// the rest of the thread's allocation buffer, which is booked now and then and in any amount.
    /// </summary>
    private static void CheckHeap(Call call, Phase phase, long allocated)
    {
        if (s_isOptimized && allocated != 0 && !s_allocatedOnce.Add((call, phase, allocated)))
        {
            Assert.Fail($"{call} in {phase} took {allocated} bytes from the garbage-collected heap, and not for the first time.");
        }
    }

    /// <summary>Between calls nothing is written outside the buffer, and what no living region covers is zero.</summary>
    private void CheckMemory(Phase phase)
    {
        if (Around[..GuardBytes].ContainsAnyExcept(GuardByte) || Around[^GuardBytes..].ContainsAnyExcept(GuardByte))
        {
            Assert.Fail("The engine wrote outside its buffer.");
        }

        foreach (Range dead in _dead[(int)phase])
        {
            if (Memory[dead].ContainsAnyExcept((byte)0))
            {
                Assert.Fail($"Bytes {dead} belong to no region that lives in {phase}, and are not zero.");
            }
        }
    }

    /// <summary>Under the same paint, a second audit finds nothing written in any region that may hold a secret.</summary>
    private void CheckSecretsAreGone()
    {
        ushort[] audit = new ushort[PlanAudit.Length];
        audit[0] = _audit[0];
        Lens(audit).SurveyMemory();
        for (RegionId id = RegionId.InWindow; (int)id < PlanAudit.Length; id++)
        {
            Assert.True(audit[(int)id] == 0, $"{audit[(int)id]} bytes of {id} are left when the connection is over.");
        }
    }

    private List<Range> DeadRanges(Phase phase)
    {
        bool[] alive = new bool[_plan.TotalBytes];
        foreach (RegionId id in Enum.GetValues<RegionId>())
        {
            Region region = _plan[id];
            if (id == RegionId.Plan || _plan.Lifetime(id).Contains(phase))
            {
                alive.AsSpan(region.Offset, region.Bytes).Fill(true);
            }
        }

        var ranges = new List<Range>();
        for (int start = 0; start < alive.Length;)
        {
            int end = start;
            while (end < alive.Length && alive[end] == alive[start])
            {
                end++;
            }

            if (!alive[start])
            {
                ranges.Add(start..end);
            }

            start = end;
        }

        return ranges;
    }
}
