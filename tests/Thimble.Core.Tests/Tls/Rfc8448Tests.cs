using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.Testing;
using Thimble.Tls;
using Xunit;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble.Core.Tests.Tls;

/// <summary>
/// The traces of RFC 8448, of §4 all but 0-RTT, byte for byte: every secret, key and nonce, every protected record both
/// ways, Finished and what CertificateVerify signs. The hellos are given (RULES 21): they offer what we do not, and the
/// certificates carry no names that a client could match.
/// </summary>
public sealed class Rfc8448Tests
{
    private const int HeaderBytes = 4;
    private static readonly Profile s_profile = new()
    {
        Versions = TlsVersions.Tls13,
        Suites = CipherSuites.Aes128GcmSha256,
        Groups = Groups.X25519 | Groups.Secp256r1,
        MaxRsaBits = 2048,
        MinRsaBits = 1024,
        MaxEcdsaBits = 256,
        MaxSignatureHashBits = 256,
        ClientRsaBits = 2048,
        InWindowBytes = 2048,
        OutWindowBytes = 2048,
        MaxServerNameBytes = 64,
        MaxTicketBytes = 256,
        ExportsKeys = true,
    };

    private readonly byte[] _memory = GC.AllocateArray<byte>(MemoryPlan.For(s_profile).TotalBytes, pinned: true);

    [VectorTheory]
    [InlineData("3")]
    [InlineData("5")]
    [InlineData("6")]
    [InlineData("7")]
    public void The_trace_comes_out_byte_for_byte(string section)
    {
        Trace trace = Trace.Of(section);
        Fault fault = default;
        Assert.True(MemoryPlan.For(s_profile).TryPrepare(_memory, ref fault));
        var buffer = new PlannedBuffer(_memory, default);
        buffer.Enter(Phase.Hello);
        buffer[RegionId.Control].Clear();
        buffer.Enter(Phase.KeyShare13);
        Connection.Open(buffer, new TlsConfig { Profile = ref s_profile, NowUnixSeconds = 1_700_000_000 }, out Connection connection);
        connection.State.SendLimitBytes = 2048;

        Hellos(connection, trace);
        buffer.Enter(Phase.KeyAgreement13);
        HandshakeKeys(connection, trace);
        buffer.Enter(Phase.Certificates13);
        byte[] flight = Open(connection, trace.Record("server", "send handshake record:", 657, 645, 517), 22);
        buffer.Enter(Phase.ServerVerify13);
        Flight(connection, trace, flight);
        ApplicationKeys(connection, trace);
        buffer.Enter(Phase.Finished13);
        OurFlight(connection, trace);
        buffer.Enter(Phase.Connected);
        Records(connection, trace);
    }

    /// <summary>The server's hello of the compatibility mode, the only one whose session id is like ours, passes through the reader in single bytes.</summary>
    [VectorFact]
    public void The_server_s_hello_in_compatibility_mode_is_read_and_leads_to_the_same_keys()
    {
        Trace trace = Trace.Of("7");
        Fault fault = default;
        Assert.True(MemoryPlan.For(s_profile).TryPrepare(_memory, ref fault));
        var buffer = new PlannedBuffer(_memory, default);
        buffer.Enter(Phase.Hello);
        buffer[RegionId.Control].Clear();
        buffer.Enter(Phase.KeyShare13);
        Connection.Open(buffer, new TlsConfig { Profile = ref s_profile }, out Connection connection);
        byte[] hello = trace.Message("client", "ClientHello", 0);
        hello.CopyTo(buffer[RegionId.OutWindow][5..]);
        hello.AsSpan(HeaderBytes + 2, 32).CopyTo(buffer[RegionId.Randoms]);
        hello.AsSpan(HeaderBytes + 35, 32).CopyTo(SessionId.Sent(connection));
        connection.State.HeldBytes = (ushort)hello.Length;
        connection.State.Group = (ushort)NamedGroup.X25519;
        connection.State.State = ClientState.WaitServerHello;
        trace.Value("client", "create an ephemeral", "private key", 0).CopyTo(buffer[RegionId.EphemeralKey]);
        byte[] record = trace.Value("server", "send handshake record:", "complete record", 0);
        foreach (byte next in record)
        {
            ReadOnlySpan<byte> source = [next];
            while (!source.IsEmpty)
            {
                Assert.True(IncomingRecords.Step(connection, ref source));
            }
        }

        Assert.Equal((ClientState.AgreeOnSecret13, FaultReason.None), (connection.State.State, connection.State.Fault.Reason));
        Assert.Equal(trace.Value("server", "create an ephemeral", "public key", 0), buffer[RegionId.PeerPublicKey][..32]);
        HandshakeKeys(connection, trace);
    }

    /// <summary>§4: the key of §3's ticket leads to the binder of the second ClientHello, and with the key agreement to the same handshake secrets.</summary>
    [VectorFact]
    public void The_resumed_handshake_has_the_binder_and_the_secrets_of_the_trace()
    {
        Trace trace = Trace.Of("4");
        byte[] key = Trace.Of("3").Value("server", "generate resumption secret", "expanded", 0);
        Assert.Equal(trace.Value("client", "extract secret \"early\"", "IKM", 0), key);
        Fault fault = default;
        Assert.True(MemoryPlan.For(s_profile).TryPrepare(_memory, ref fault));
        var buffer = new PlannedBuffer(_memory, default);
        buffer.Enter(Phase.Hello);
        buffer[RegionId.Control].Clear();
        buffer.Enter(Phase.KeyShare13);
        Connection.Open(buffer, new TlsConfig { Profile = ref s_profile, Session = SessionOf(key) }, out Connection connection);
        connection.Set(ConnectionFlags.SessionOffered);
        byte[] hello = [.. trace.Value("client", "send handshake record:", "payload", 0)];
        byte[] binder = trace.Value("client", "calculate PSK binder", "finished", 0);
        Assert.Equal(binder, hello[^32..]);
        hello.AsSpan(hello.Length - 32).Clear();
        PreSharedKey13.Bind(connection, hello);
        Assert.Equal(binder, hello[^32..]);
        Assert.False(buffer[RegionId.MasterSecret].ContainsAnyExcept((byte)0));
        Assert.False(buffer[RegionId.HashScratch].ContainsAnyExcept((byte)0));

        hello.CopyTo(buffer[RegionId.OutWindow][5..]);
        connection.State.HeldBytes = (ushort)hello.Length;
        connection.State.Suite = 0x1301;
        connection.State.Group = (ushort)NamedGroup.X25519;
        connection.Set(ConnectionFlags.PskSelected);
        Transcript.Begin(connection);
        Transcript.Update(connection, trace.Message("server", "ServerHello", 0));
        trace.Value("client", "create an ephemeral", "private key", 0).CopyTo(buffer[RegionId.EphemeralKey]);
        trace.Value("server", "create an ephemeral", "public key", 0).CopyTo(buffer[RegionId.PeerPublicKey]);
        buffer.Enter(Phase.KeyAgreement13);
        int work = int.MaxValue;
        Assert.True(ClientFlight.Agree(connection, ref work));
        KeySchedule13.EnterHandshake(connection);
        AssertSecrets(connection, trace, "hs");
        Assert.Equal(trace.Value("server", "extract secret \"master\"", "secret", 0), buffer[RegionId.MasterSecret][..32]);
    }

    /// <summary>As much of a session as the key schedule looks at.</summary>
    private static byte[] SessionOf(byte[] key)
    {
        byte[] session = new byte[Session.HeaderBytes + 1];
        (session[0], session[1], session[2], session[3], session[20]) = (1, (byte)TlsVersions.Tls13, 0x01, 0x13, 1);
        key.CopyTo(session, 60);
        return session;
    }

    private static void Hellos(scoped in Connection connection, Trace trace)
    {
        bool retried = trace.Section == "5";
        byte[] first = trace.Message("client", "ClientHello", 0);
        first.CopyTo(connection.Buffer[RegionId.OutWindow][5..]);
        connection.State.HeldBytes = (ushort)first.Length;
        connection.State.Suite = 0x1301;
        connection.State.Group = (ushort)(retried ? NamedGroup.Secp256r1 : NamedGroup.X25519);
        if (retried)
        {
            Transcript.BeginAgain(connection);
            Transcript.Update(connection, trace.Message("server", "ServerHello", 0));
            Transcript.Update(connection, trace.Message("client", "ClientHello", 1));
        }
        else
        {
            Transcript.Begin(connection);
        }

        Transcript.Update(connection, trace.Message("server", "ServerHello", retried ? 1 : 0));
        trace.Value("client", "create an ephemeral", "private key", retried ? 1 : 0).CopyTo(connection.Buffer[RegionId.EphemeralKey]);
        trace.Value("server", "create an ephemeral", "public key", 0).CopyTo(connection.Buffer[RegionId.PeerPublicKey]);
    }

    private static void HandshakeKeys(scoped in Connection connection, Trace trace)
    {
        int work = int.MaxValue;
        Assert.True(ClientFlight.Agree(connection, ref work));
        KeySchedule13.EnterHandshake(connection);
        connection.Set(ConnectionFlags.ReadProtected | ConnectionFlags.WriteProtected);
        AssertSecrets(connection, trace, "hs");
        Assert.Equal(trace.Value("server", "extract secret \"master\"", "secret", 0), connection.Buffer[RegionId.MasterSecret][..32]);
        AssertKeys(connection, own: false, trace, "server", "derive write traffic keys for handshake data");
        AssertKeys(connection, own: true, trace, "server", "derive read traffic keys for handshake data");
    }

    private static void Flight(scoped in Connection connection, Trace trace, byte[] flight)
    {
        Assert.Equal(trace.Value("server", "send handshake record:", "payload", trace.Section == "5" ? 2 : 1), flight);
        byte[]? certificate = null;
        foreach (byte[] message in Messages(flight))
        {
            switch ((HandshakeType)message[0])
            {
                case HandshakeType.Certificate:
                    certificate = message[11..(11 + (message[8] << 16) + (message[9] << 8) + message[10])];
                    break;
                case HandshakeType.CertificateVerify:
                    ServerCertificateVerify.Begin(connection);
                    Span<byte> digest = connection.Buffer[RegionId.SignedDigest][..32];
                    SignedContent.Digest(
                        HashAlgorithm.Sha256, SignedContent.BeforeServers, connection.Buffer[RegionId.VerifyData][..32], digest, connection.Buffer[RegionId.SignedHash]);
                    Assert.True(Verifies(certificate!, message, digest));
                    break;
                case HandshakeType.Finished:
                    connection.State.MessageLeft = 32;
                    Assert.True(ServerFinished13.Begin(connection));
                    Assert.Equal(trace.Value("server", "calculate finished", "finished", 0), connection.Buffer[RegionId.VerifyData][..32]);
                    Assert.Equal(message.AsSpan(HeaderBytes), connection.Buffer[RegionId.VerifyData][..32]);
                    break;
            }

            Transcript.Update(connection, message);
        }
    }

    private static void ApplicationKeys(scoped in Connection connection, Trace trace)
    {
        KeySchedule13.EnterApplication(connection);
        Assert.Equal(trace.Value("server", "derive secret \"tls13 c ap traffic\"", "expanded", 0), connection.Buffer[RegionId.MasterSecret][..32]);
        Assert.Equal(trace.Value("server", "derive secret \"tls13 s ap traffic\"", "expanded", 0), connection.Buffer[RegionId.TrafficSecrets][32..64]);
        Assert.Equal(trace.Value("server", "derive secret \"tls13 exp master\"", "expanded", 0), connection.Buffer[RegionId.ExporterSecret]);
        AssertKeys(connection, own: false, trace, "server", "derive write traffic keys for application data");
        connection.Buffer.Enter(Phase.ClientAuth13);
    }

    private static void OurFlight(scoped in Connection connection, Trace trace)
    {
        byte[] payload = trace.Values("client", "send handshake record:", "payload")[^1];
        byte[]? certificate = null;
        foreach (byte[] message in Messages(payload))
        {
            if ((HandshakeType)message[0] == HandshakeType.Certificate)
            {
                certificate = message[11..(11 + (message[8] << 16) + (message[9] << 8) + message[10])];
            }
            else if ((HandshakeType)message[0] == HandshakeType.CertificateVerify)
            {
                byte[] digest = new byte[32];
                ClientCertificateVerify.DigestSignedContent(connection, HashAlgorithm.Sha256, digest);
                Assert.True(Verifies(certificate!, message, digest));
            }
            else
            {
                byte[] verifyData = new byte[32];
                KeySchedule13.ComputeVerifyData(connection, own: true, verifyData);
                Assert.Equal(trace.Value("client", "calculate finished \"tls13 finished\":", "finished", 0), verifyData);
                Assert.Equal(message.AsSpan(HeaderBytes), verifyData.AsSpan());
            }

            if ((HandshakeType)message[0] == HandshakeType.Finished)
            {
                KeySchedule13.KeepForSessions(connection, message);
                continue;
            }

            Transcript.Update(connection, message);
        }

        if (trace.Section == "3")
        {
            Assert.Equal(trace.Value("client", "derive secret \"tls13 res master\"", "expanded", 0), connection.Buffer[RegionId.SessionSecret][..32]);
        }

        AssertSeals(connection, ContentType.Handshake, payload, trace.Values("client", "send handshake record:", "complete record")[^1]);
        KeySchedule13.ProtectApplicationData(connection);
        AssertSecrets(connection, trace, "ap");
        AssertKeys(connection, own: true, trace, "client", "derive write traffic keys for application data");
    }

    private static void Records(scoped in Connection connection, Trace trace)
    {
        if (trace.Section == "3")
        {
            byte[] ticket = Open(connection, trace.Record("server", "send handshake record:", 205), 22);
            Assert.Equal(trace.Message("server", "NewSessionTicket", 0), ticket);
            connection.State.MessageCursor = default;
            connection.State.Seen = 0;
            NewSessionTicket.Begin(connection);
            Assert.Equal(ticket.Length - HeaderBytes, NewSessionTicket.Read(connection, ticket.AsSpan(HeaderBytes)));
            Assert.True(NewSessionTicket.Finish(connection));
            Assert.True(Session.TryOpen(connection.Buffer[RegionId.Session][..(Session.HeaderBytes + 178)], new byte[Session.ScratchBytes], out Session session));
            Assert.Equal(trace.Value("server", "generate resumption secret", "expanded", 0), session.Secret);
            Assert.Equal(ticket.AsSpan(17, 178), session.Ticket);
            AssertSeals(connection, ContentType.ApplicationData, trace.Value("client", "send application_data", "payload", 0), trace.Value("client", "send application_data", "complete record", 0));
            Assert.Equal(trace.Value("server", "send application_data", "payload", 0), Open(connection, trace.Value("server", "send application_data", "complete record", 0), 23));
        }

        AssertSeals(connection, ContentType.Alert, trace.Value("client", "send alert", "payload", 0), trace.Value("client", "send alert", "complete record", 0));
        Assert.Equal([1, 0], Open(connection, trace.Value("server", "send alert", "complete record", 0), 21));
    }

    private static byte[] Open(scoped in Connection connection, byte[] record, byte type)
    {
        byte[] inner = record[5..];
        Assert.True(RecordProtection.Open(connection, ContentType.ApplicationData, inner, inner), connection.State.Fault.Reason.ToString());
        Assert.Equal(type, inner[record.Length - 5 - 16 - 1]);
        return inner[..(record.Length - 5 - 16 - 1)];
    }

    private static void AssertSeals(scoped in Connection connection, ContentType type, byte[] content, byte[] expected)
    {
        byte[] record = new byte[content.Length + RecordProtection.Overhead(connection)];
        Assert.Equal(record.Length, RecordProtection.Seal(connection, type, content, record));
        Assert.Equal(expected, record);
    }

    private static void AssertSecrets(scoped in Connection connection, Trace trace, string stage)
    {
        Assert.Equal(trace.Value("server", $"derive secret \"tls13 c {stage} traffic\"", "expanded", 0), connection.Buffer[RegionId.TrafficSecrets][..32]);
        Assert.Equal(trace.Value("server", $"derive secret \"tls13 s {stage} traffic\"", "expanded", 0), connection.Buffer[RegionId.TrafficSecrets][32..64]);
    }

    private static void AssertKeys(scoped in Connection connection, bool own, Trace trace, string actor, string action)
    {
        Assert.Equal(trace.Value(actor, action, "key expanded", 0), RecordProtection.Key(connection, own));
        Assert.Equal(trace.Value(actor, action, "iv expanded", 0), RecordProtection.FixedNonce(connection, own));
    }

    private static IEnumerable<byte[]> Messages(byte[] flight)
    {
        for (int at = 0; at < flight.Length;)
        {
            int length = HeaderBytes + (flight[at + 1] << 16) + (flight[at + 2] << 8) + flight[at + 3];
            yield return flight[at..(at + length)];
            at += length;
        }
    }

    /// <summary>The platform's answer, for keys of 1,024 bits are none of ours.</summary>
    private static bool Verifies(byte[] certificate, byte[] message, ReadOnlySpan<byte> digest)
    {
        using X509Certificate2 parsed = X509CertificateLoader.LoadCertificate(certificate);
        using RSA? rsa = parsed.GetRSAPublicKey();
        using ECDsa? ecdsa = parsed.GetECDsaPublicKey();
        ReadOnlySpan<byte> signature = message.AsSpan(HeaderBytes + 4);
        return rsa?.VerifyHash(digest, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)
            ?? ecdsa!.VerifyHash(digest, signature, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <summary>One section's steps, found by who does what.</summary>
    private sealed record Trace(string Section, IReadOnlyList<(string Actor, string Action, Dictionary<string, byte[]> Values)> Steps)
    {
        public static Trace Of(string section)
        {
            using JsonDocument file = Vectors.Read("rfc8448/rfc8448.json");
            JsonElement found = file.RootElement.GetProperty("sections").EnumerateArray().Single(s => s.GetProperty("section").GetString() == section);
            return new Trace(section, [.. found.GetProperty("steps").EnumerateArray().Select(static step => (
                step.GetProperty("actor").GetString()!,
                step.GetProperty("action").GetString()!,
                step.GetProperty("values").EnumerateArray().ToDictionary(static v => v.GetProperty("name").GetString()!, static v => Convert.FromHexString(v.GetProperty("hex").GetString()!))))]);
        }

        public List<byte[]> Values(string actor, string action, string name) => [.. Steps
            .Where(step => step.Actor == actor && step.Action.StartsWith(action, StringComparison.Ordinal) && step.Values.ContainsKey(name))
            .Select(step => step.Values[name])];

        public byte[] Value(string actor, string action, string name, int at) => Values(actor, action, name)[at];

        public byte[] Message(string actor, string name, int at) => Values(actor, "construct a " + name, name)[at];

        /// <summary>The record whose payload has one of these lengths.</summary>
        public byte[] Record(string actor, string action, params int[] payloadBytes) => Steps
            .Single(step => step.Actor == actor && step.Action == action && payloadBytes.Contains(step.Values["payload"].Length)).Values["complete record"];
    }
}
