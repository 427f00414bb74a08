using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.Tests.X509;
using Thimble.Tls;

namespace Thimble.Tests.Tls;

/// <summary>A client in exactly the planned memory, between guards; each call gets a new lens, as in real use.</summary>
internal sealed class ScriptedClient
{
    private const int GuardBytes = 64;
    private const byte Guard = 0xC5;
    private static readonly ConcurrentDictionary<uint, MemoryPlan> Plans = new();
    private readonly Profile _profile = Everything;
    private byte[] _memory = [];
    private byte[] _destination = [];
    private byte[] _seed = [];

    /// <summary>All that can be offered without a shared key, with windows of 1,024 bytes.</summary>
    public static readonly Profile Everything = new()
    {
        Suites = (CipherSuites)0x7FFF,
        Groups = Groups.Secp256r1 | Groups.Secp384r1 | Groups.X25519,
        MaxRsaBits = 2048,
        MinRsaBits = 2048,
        MaxEcdsaBits = 384,
        MaxSignatureHashBits = 512,
        ClientEcdsaBits = 384,
        ClientRsaBits = 2048,
        InWindowBytes = 1024,
        OutWindowBytes = 1024,
        MaxServerNameBytes = 64,
        MaxAlpnBytes = 16,
        SecondTranscript = true,
    };

    public Profile Profile
    {
        get => _profile;
        init => _profile = value;
    }

    /// <summary>The same, where it stays.</summary>
    public ref readonly Profile ProfileReference => ref _profile;

    public byte[] Image { get; init; } = ScriptedIdentity.Of("P-256").Image(null);

    public string ServerName { get; init; } = "broker.example.com";

    public string Alpn { get; init; } = string.Empty;

    public int Work { get; init; }

    public int DestinationBytes { get; init; } = 4096;

    public byte[]? SeedBytes { get; init; }

    /// <summary>Whether application data is given out before its tag was verified.</summary>
    public bool Provisional { get; init; }

    /// <summary>As in <see cref="TlsConfig"/>.</summary>
    public byte[] Session { get; init; } = [];

    public byte[] SharedKey { get; init; } = [];

    public string SharedKeyIdentity { get; init; } = string.Empty;

    public HashAlgorithm SharedKeyHash { get; init; }

    /// <summary>What the engine is given to log keys in.</summary>
    public byte[] KeyLog { get; init; } = [];

    public long Now { get; set; } = TestPki.Now.ToUnixTimeSeconds();

    /// <summary>The poison of an audit, or null for none.</summary>
    public ushort? Poison { get; init; }

    public ushort[] Audit { get; private set; } = [];

    public MemoryPlan Plan { get; private set; }

    /// <summary>Signs for a client whose key is elsewhere; without one, <see cref="TlsStatus.NeedsSignature"/> ends <see cref="Handshake(ReadOnlySpan{byte})"/>.</summary>
    public Func<SignatureScheme, byte[], byte[]>? Signer { get; init; }

    /// <summary>Whether the handshake goes from state to state, as one does that is watched.</summary>
    public bool Watched { get; init; }

    /// <summary>Called after each step of the handshake.</summary>
    public Action<ScriptedClient>? Observe { get; init; }

    /// <summary>All that the client wrote, and all that it gave to its user.</summary>
    public List<byte> Output { get; } = [];

    public List<byte> Data { get; } = [];

    public Fault Fault => Lens().Fault;

    public Phase Phase => Lens().Phase;

    public Span<byte> Memory => _memory.AsSpan(GuardBytes, Plan.TotalBytes);

    /// <summary>Begins in fresh memory full of rubbish.</summary>
    public ScriptedClient Prepare()
    {
        Plan = Plans.GetOrAdd(Profile.Digest, _ => MemoryPlan.For(Profile)); // packing costs more than a short handshake
        _memory = GC.AllocateUninitializedArray<byte>(Plan.TotalBytes + (2 * GuardBytes), pinned: true);
        _memory.AsSpan().Fill(Guard);
        _destination = new byte[DestinationBytes];
        _seed = SeedBytes ?? Convert.FromHexString("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F");
        Audit = Poison is null ? [] : new ushort[PlanAudit.Length];
        if (Poison is ushort poison)
        {
            Audit[0] = poison;
        }

        Fault fault = default;
        return Plan.TryPrepare(Memory, ref fault) ? this : throw new InvalidDataException(fault.Reason.ToString());
    }

    /// <summary>The bytes of a region by the plan, whether alive or not.</summary>
    public Span<byte> Region(RegionId id)
    {
        MemoryPlan plan = Plan;
        return Memory.Slice(plan[id].Offset, plan[id].Bytes);
    }

    public TlsStatus Handshake(ReadOnlySpan<byte> source) => Handshake(source, out _);

    /// <summary>Handshakes until the source is used up or the handshake is over.</summary>
    public TlsStatus Handshake(ReadOnlySpan<byte> source, out int consumed)
    {
        consumed = 0;
        for (int calls = 0; calls < 3_000_000; calls++)
        {
            TlsStatus status = Step(source[consumed..], out int took, out int written);
            consumed += took;
            Output.AddRange(_destination.AsSpan(0, written));
            Observe?.Invoke(this);
            if (status == TlsStatus.NeedsSignature && Signer is not null)
            {
                TlsClient asking = Lens();
                byte[] signature = Signer(asking.SignatureScheme, asking.ToBeSigned.ToArray());
                Lens().ProvideSignature(signature);
                continue;
            }

            if (status is not (TlsStatus.MoreWork or TlsStatus.DestinationTooSmall))
            {
                CheckGuards();
                Require(status != TlsStatus.NeedMoreData || consumed == source.Length, "NeedMoreData means that all was consumed.");
                return status;
            }
        }

        throw new InvalidDataException("The handshake does not come to an end.");
    }

    private TlsStatus Step(ReadOnlySpan<byte> source, out int took, out int written) => Watched
        ? Lens().HandshakeToNextState(source, _destination, out took, out written, out _)
        : Lens().Handshake(source, _destination, out took, out written);

    /// <summary>Reads until the source is used up and all data was given out.</summary>
    public TlsStatus Read(ReadOnlySpan<byte> source)
    {
        for (int calls = 0; calls < 1_000_000; calls++)
        {
            TlsStatus status = Lens().Read(source, _destination, out int took, out int written);
            source = source[took..];
            Data.AddRange(_destination.AsSpan(0, written));
            if (status is not TlsStatus.Complete)
            {
                CheckGuards();
                Require(status != TlsStatus.NeedMoreData || source.IsEmpty, "NeedMoreData means that all was consumed.");
                return status;
            }
        }

        throw new InvalidDataException("Reading does not come to an end.");
    }

    /// <summary>Writes all of it.</summary>
    public TlsStatus Write(ReadOnlySpan<byte> plaintext)
    {
        TlsStatus status;
        do
        {
            status = Lens().Write(plaintext, _destination, out int took, out int written);
            plaintext = plaintext[took..];
            Output.AddRange(_destination.AsSpan(0, written));
            CheckGuards();
        }
        while (status == TlsStatus.DestinationTooSmall);
        return status;
    }

    public TlsStatus Close()
    {
        TlsStatus status = Lens().Close(_destination, out int written);
        Output.AddRange(_destination.AsSpan(0, written));
        return status == TlsStatus.DestinationTooSmall ? Flush() : status;
    }

    public TlsStatus Flush()
    {
        TlsStatus status;
        do
        {
            status = Lens().Flush(_destination, out int written);
            Output.AddRange(_destination.AsSpan(0, written));
            CheckGuards();
        }
        while (status == TlsStatus.DestinationTooSmall);
        return status;
    }

    /// <summary>The session that waits, or nothing.</summary>
    public byte[] TakeSession()
    {
        byte[] room = new byte[Thimble.Tls.Session.MaxBytes(Profile)];
        return Lens().TryTakeSession(room, out int written) ? room[..written] : [];
    }

    public TlsStatus SourceEnded() => Lens().SourceEnded();

    /// <summary>Handshakes with a server until it is over.</summary>
    public TlsStatus Connect(IScriptedServer server)
    {
        TlsStatus status = Handshake(default);
        int heard = 0;
        while (status == TlsStatus.NeedMoreData && heard < Output.Count)
        {
            byte[] answer = server.Answer(Output.GetRange(heard, Output.Count - heard).ToArray());
            heard = Output.Count;
            status = Handshake(answer, out int consumed);
            status = status == TlsStatus.Complete && consumed < answer.Length ? ReadRest(answer.AsSpan(consumed)) : status;
        }

        byte[] last = server.Answer(Output.GetRange(heard, Output.Count - heard).ToArray());
        return status == TlsStatus.Complete && last.Length != 0 ? ReadRest(last) : status;
    }

    public void CheckGuards() => Require(
        !_memory.AsSpan(0, GuardBytes).ContainsAnyExcept(Guard) && !_memory.AsSpan(_memory.Length - GuardBytes).ContainsAnyExcept(Guard), "Nothing is written outside the buffer.");

    public TlsClient Lens() => new(Memory, new TlsConfig
    {
        Profile = ref _profile,
        RomImage = Image,
        ServerName = Encoding.ASCII.GetBytes(ServerName),
        Alpn = Encoding.ASCII.GetBytes(Alpn),
        Seed = _seed,
        NowUnixSeconds = Now,
        WorkPerCall = Work,
        Session = Session,
        PreSharedKey = SharedKeys.Bytes(SharedKeyIdentity, SharedKey, SharedKeyHash),
        ProvisionalDelivery = Provisional,
        Audit = Audit,
        KeyLog = KeyLog,
    });

    private TlsStatus ReadRest(ReadOnlySpan<byte> rest)
    {
        TlsStatus status = Read(rest);
        return status == TlsStatus.NeedMoreData ? TlsStatus.Complete : status;
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidDataException("The engine broke this: " + what);
        }
    }
}
