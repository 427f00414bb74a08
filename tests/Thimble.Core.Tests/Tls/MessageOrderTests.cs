using System;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Core.Tests.Tls;

/// <summary>
/// Every state that hears the server, and every message: none accepts what RFC 5246 §7.3, RFC 5077 §3.1, RFC 4279 §2 and RFC 8446 §A.1 do not
/// allow there, written down a second time.
/// </summary>
public sealed class MessageOrderTests
{
    private const ushort Certified = 0xC02B;
    private const ushort KeyAlone = 0x00A8;
    private const ushort KeyAndShare = 0xD001;
    private const ushort Suite13 = 0x1301;

    private static readonly Profile s_profile = new()
    {
        Versions = TlsVersions.Tls12 | TlsVersions.Tls13,
        Suites = CipherSuites.EcdheEcdsaAes128GcmSha256 | CipherSuites.PskAes128GcmSha256 | CipherSuites.EcdhePskAes128GcmSha256 | CipherSuites.Aes128GcmSha256,
        Groups = Groups.X25519,
        MaxEcdsaBits = 256,
        MaxSignatureHashBits = 256,
        InWindowBytes = 1024,
        OutWindowBytes = 1024,
        MaxServerNameBytes = 64,
        MaxTicketBytes = 64,
        PskModes = PskModes.Psk | PskModes.PskWithDhe,
        MaxPskIdentityBytes = 32,
        StapledStatus = true,
    };

    private readonly MemoryPlan _plan = MemoryPlan.For(s_profile);
    private readonly byte[] _memory;

    public MessageOrderTests() => _memory = GC.AllocateUninitializedArray<byte>(_plan.TotalBytes, pinned: true);

    public static TheoryData<byte, ushort> Hearing()
    {
        var data = new TheoryData<byte, ushort> { { (byte)ClientState.WaitServerHello, 0 } };
        foreach (ClientState state in Enum.GetValues<ClientState>().Where(static state => state == ClientState.Connected || ClientStates.Waits(state)))
        {
            if (state is ClientState.WaitServerHello or ClientState.Connected || ClientStates13.Own(state))
            {
                data.Add((byte)state, Suite13); // ServerHello behind a HelloRetryRequest
            }

            foreach (ushort suite in ClientStates13.Own(state) || state == ClientState.WaitServerHello ? [] : new[] { Certified, KeyAlone, KeyAndShare })
            {
                data.Add((byte)state, suite);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Hearing))]
    public void No_state_accepts_a_message_that_is_not_in_the_figure(byte number, ushort suite)
    {
        var state = (ClientState)number;
        for (int type = 0; type <= byte.MaxValue; type++)
        {
            bool allowed = Allowed(state, suite).Contains((HandshakeType)type);
            Connection connection = In(state, suite);
            HandshakeMessages.Consume(connection, [(byte)type, 0, 0, LengthOf((HandshakeType)type, suite)]);
            Assert.Equal((type, allowed ? FaultReason.None : FaultReason.UnexpectedMessage), (type, connection.State.Fault.Reason));
            Assert.Equal((type, !allowed), (type, connection.State.State == ClientState.Faulted));
        }
    }

    /// <summary>In TLS 1.2 it changes keys, once; in TLS 1.3 it means nothing, and only comes before the server's Finished (RFC 8446 §5).</summary>
    [Theory]
    [MemberData(nameof(Hearing))]
    public void The_key_change_has_one_place(byte number, ushort suite)
    {
        var state = (ClientState)number;
        Connection connection = In(state, suite);
        ReadOnlySpan<byte> record = [20, 3, 3, 0, 1, 1];
        while (!record.IsEmpty && connection.State.State != ClientState.Faulted && IncomingRecords.Step(connection, ref record))
        {
        }

        bool inPlace = suite == Suite13 ? state != ClientState.Connected : state == ClientState.WaitChangeCipherSpec;
        Assert.Equal(inPlace ? FaultReason.None : FaultReason.ChangeCipherSpecInvalid, connection.State.Fault.Reason);
        Assert.Equal(inPlace && suite != Suite13, connection.Is(ConnectionFlags.ReadProtected));
    }

    private static HandshakeType[] Allowed(ClientState state, ushort suite)
    {
        if (suite == Suite13)
        {
            return state switch
            {
                ClientState.WaitServerHello => [HandshakeType.ServerHello],
                ClientState.WaitEncryptedExtensions => [HandshakeType.EncryptedExtensions],
                ClientState.WaitCertificateRequest13 => [HandshakeType.CertificateRequest, HandshakeType.Certificate],
                ClientState.WaitCertificate13 => [HandshakeType.Certificate],
                ClientState.WaitCertificateVerify => [HandshakeType.CertificateVerify],
                ClientState.WaitFinished13 => [HandshakeType.Finished],
                ClientState.Connected => [HandshakeType.NewSessionTicket, HandshakeType.KeyUpdate],
                _ => [],
            };
        }

        return
        [
            HandshakeType.HelloRequest, // ignored anywhere (RFC 5246 §7.4.1.1)
            .. state switch
            {
                ClientState.WaitServerHello => [HandshakeType.ServerHello],
                ClientState.WaitCertificate => [HandshakeType.Certificate],
                ClientState.WaitCertificateStatus => [HandshakeType.CertificateStatus, HandshakeType.ServerKeyExchange],
                ClientState.WaitServerKeyExchange when suite == KeyAlone => [HandshakeType.ServerKeyExchange, HandshakeType.ServerHelloDone],
                ClientState.WaitServerKeyExchange => [HandshakeType.ServerKeyExchange],
                ClientState.WaitCertificateRequest => [HandshakeType.CertificateRequest, HandshakeType.ServerHelloDone],
                ClientState.WaitServerHelloDone => [HandshakeType.ServerHelloDone],
                ClientState.WaitNewSessionTicket => [HandshakeType.NewSessionTicket],
                ClientState.WaitFinished => [HandshakeType.Finished],
                _ => Array.Empty<HandshakeType>(), // WaitChangeCipherSpec, and Connected
            },
        ];
    }

    private static byte LengthOf(HandshakeType type, ushort suite) => type switch
    {
        HandshakeType.HelloRequest or HandshakeType.ServerHelloDone => 0,
        HandshakeType.KeyUpdate => 1,
        HandshakeType.Finished => (byte)(suite == Suite13 ? 32 : 12),
        _ => 40,
    };

    private Connection In(ClientState state, ushort suite)
    {
        Fault fault = default;
        Assert.True(_plan.TryPrepare(_memory, ref fault));
        var buffer = new PlannedBuffer(_memory, default);
        buffer.Enter(Phase.Hello);
        buffer[RegionId.Control].Clear();
        buffer.Enter(state == ClientState.WaitServerHello ? Phase.KeyShare13 : Handshaking.PhaseOf(state));
        Connection.Open(buffer, new TlsConfig { Profile = ref s_profile }, out Connection connection);
        connection.State.State = state;
        connection.State.Suite = suite;
        connection.State.Retry = suite == Suite13 ? RetryState.Answered : RetryState.None;
        return connection;
    }
}
