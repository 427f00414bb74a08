using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Thimble.Cli;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.Testing;
using Thimble.Tests.Cli;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>Sessions and shared keys of TLS 1.3 with OpenSSL.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class OpenSslResumption13Tests(PeerPki pki)
{
    private static readonly byte[] SharedKey = [.. Enumerable.Range(16, 32).Select(static i => (byte)i)];

    /// <summary>With a client's certificate the tickets hold it, and come in records larger than the window.</summary>
    [PeerTheory("openssl")]
    [InlineData("rsa-4", "p256", CipherSuites.Aes128GcmSha256, "P-256", 511)]
    [InlineData("p256", "none", CipherSuites.Aes256GcmSha384, "X25519", 16_384)]
    [InlineData("p384", "rsa", CipherSuites.ChaCha20Poly1305Sha256, "P-384", 512)]
    public void A_session_is_resumed_again_and_again(string chain, string client, CipherSuites suite, string group, int window)
    {
        PeerIdentity? device = pki.Client(client);
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server(chain), ["-tls1_3", "-rev", "-groups", group, .. OpenSslServer.DemandClient(pki, device)]);
        ClientSetup setup = Setup(ClientSetup.For(pki.Server(chain), device), suite);
        setup = setup with { Profile = setup.Profile with { InWindowBytes = window, MaxTicketBytes = 3072 } };
        byte[] session = [];
        for (int round = 0; round < 4; round++)
        {
            using AuditedClient tls = AuditedClient.To(peer.Port, setup with { Session = session, PieceBytes = round == 2 ? 1 : 16_384, WorkPerCall = round == 3 ? 7 : 0 });
            tls.Connect();
            Assert.Equal((round != 0, round == 0 && device is not null), (tls.Resumed, tls.SentClientCertificate));
            tls.AssertEchoes(500, reversed: true); // OpenSSL sends its tickets with the first data
            session = tls.TakeSession();
            Assert.True(tls.Close());
        }

        Assert.True(session.Length > Session.HeaderBytes + (device?.Leaf.Der.Length ?? 0)); // the ticket holds our certificate
        using OpenSslServer other = OpenSslServer.Launch(pki.Server(chain), ["-tls1_3", "-rev", "-groups", group, .. OpenSslServer.DemandClient(pki, device)]);
        using AuditedClient declined = AuditedClient.To(other.Port, setup with { Session = session });
        declined.Connect(); // that server has another key for its tickets
        Assert.Equal((false, device is not null), (declined.Resumed, declined.SentClientCertificate));
        declined.AssertEchoes(100, reversed: true);
        Assert.True(declined.Close());
    }

    [PeerTheory("openssl")]
    [InlineData("-no_ticket")]
    [InlineData("-num_tickets 5")]
    public void Stateful_sessions_and_many_tickets_are_taken_too(string options)
    {
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), ["-tls1_3", "-rev", .. options.Split(' ')]);
        ClientSetup setup = Setup(ClientSetup.For(pki.Server("p256")), CipherSuites.Aes128GcmSha256);
        using AuditedClient first = AuditedClient.To(peer.Port, setup);
        first.Connect();
        first.AssertEchoes(100, reversed: true);
        byte[] session = first.TakeSession();
        Assert.True(first.Close());
        using AuditedClient second = AuditedClient.To(peer.Port, setup with { Session = session });
        second.Connect();
        Assert.True(second.Resumed);
        second.AssertEchoes(100, reversed: true);
        Assert.True(second.Close());
    }

    [PeerFact("openssl")]
    public void A_resumed_hello_is_bound_again_after_a_retry()
    {
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), ["-tls1_3", "-rev", "-groups", "P-384"]);
        ClientSetup setup = Setup(ClientSetup.For(pki.Server("p256")), CipherSuites.Aes256GcmSha384);
        setup = setup with { Profile = setup.Profile with { Groups = Groups.X25519 | Groups.Secp384r1 } };
        using AuditedClient first = AuditedClient.To(peer.Port, setup);
        first.Connect();
        first.AssertEchoes(100, reversed: true);
        byte[] session = first.TakeSession();
        Assert.True(first.Close());
        using AuditedClient second = AuditedClient.To(peer.Port, setup with { Session = session });
        second.Connect();
        Assert.Equal((true, NamedGroup.Secp384r1), (second.Resumed, second.Group));
        second.AssertEchoes(100, reversed: true);
        Assert.True(second.Close());
    }

    [PeerTheory("openssl")]
    [InlineData(PskModes.PskWithDhe, "", NamedGroup.X25519)]
    [InlineData(PskModes.Psk | PskModes.PskWithDhe, "", NamedGroup.X25519)]
    [InlineData(PskModes.Psk, "-allow_no_dhe_kex", NamedGroup.None)]
    public void A_shared_key_needs_no_certificate(PskModes modes, string option, NamedGroup group)
    {
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), ["-tls1_3", "-rev", "-psk", Convert.ToHexString(SharedKey), .. option.Length == 0 ? Array.Empty<string>() : [option]]);
        ClientSetup setup = Sharing(modes, "Client_identity", SharedKey);
        byte[] session = [];
        for (int round = 0; round < 2; round++)
        {
            using AuditedClient tls = AuditedClient.To(peer.Port, setup with { Session = session });
            tls.Connect();
            Assert.Equal((true, false), (tls.UsedPreSharedKey, tls.Resumed)); // the only way: the session stays behind
            Assert.Equal(group, tls.Group);
            tls.AssertEchoes(500, reversed: true); // OpenSSL sends its tickets with the first data
            session = tls.TakeSession();
            Assert.True(tls.Close());
        }
    }

    /// <summary>No group, no signature, no chain: the smallest plan there is.</summary>
    [PeerFact("openssl")]
    public void A_shared_key_alone_is_enough_for_a_client_without_public_keys()
    {
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), ["-tls1_3", "-rev", "-psk", Convert.ToHexString(SharedKey), "-allow_no_dhe_kex"]);
        ClientSetup setup = Sharing(PskModes.Psk, "Client_identity", SharedKey);
        setup = setup with { Profile = setup.Profile with { Groups = Groups.None, MaxTicketBytes = 0, InWindowBytes = 512, MaxMqttTopicBytes = 0 } };
        using AuditedClient tls = AuditedClient.To(peer.Port, setup);
        tls.Connect();
        Assert.True(tls.UsedPreSharedKey);
        tls.AssertEchoes(300, reversed: true);
        Assert.True(tls.Close());
    }

    [PeerFact("openssl")]
    public void Another_key_is_refused_by_the_server_and_an_unknown_identity_by_us()
    {
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), ["-tls1_3", "-rev", "-psk", Convert.ToHexString(SharedKey)]);
        using AuditedClient wrong = AuditedClient.To(peer.Port, Sharing(PskModes.PskWithDhe, "Client_identity", new byte[32]));
        Assert.Equal(FaultReason.AlertReceived, wrong.Handshake());
        ClientSetup somebody = Sharing(PskModes.PskWithDhe, "somebody", SharedKey);
        using AuditedClient unknown = AuditedClient.To(peer.Port, somebody with { Profile = somebody.Profile with { MaxEcdsaBits = 256, MaxSignatureHashBits = 256 } });
        Assert.Equal(FaultReason.PreSharedKeyRefused, unknown.Handshake());
        Assert.Contains("did not accept the shared key", unknown.Explanation, StringComparison.Ordinal);
    }

    [PeerFact("openssl")]
    public void The_tool_reconnects_with_the_session_of_its_first_connection()
    {
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), ["-tls1_3"]);
        CliRun run = CliRun.Of("connect", $"127.0.0.1:{peer.Port}", "--cafile", pki.Server("p256").RootFile, "--servername", PeerPki.ServerName, "--tls", "1.3", "--reconnect", "--json");
        Assert.True(run.ExitCode == ExitCode.Good, run.Output + run.Error);
        JsonElement tls = run.Json.GetProperty("tls");
        Assert.Equal((true, true, false), (tls.GetProperty("sessionOffered").GetBoolean(), tls.GetProperty("resumed").GetBoolean(), tls.GetProperty("sharedKey").GetBoolean()));
        Assert.InRange(tls.GetProperty("keptSessionBytes").GetInt32(), Session.HeaderBytes + 1, 2048);
        Assert.Equal(0, tls.GetProperty("peerChain").GetArrayLength());
    }

    [PeerFact("openssl")]
    public void The_tool_connects_with_a_shared_key_in_the_place_of_certificates()
    {
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), ["-tls1_3", "-rev", "-psk", Convert.ToHexString(SharedKey)]);
        string[] arguments = ["connect", $"127.0.0.1:{peer.Port}", "--servername", PeerPki.ServerName, "--tls", "1.3", "--psk-identity", "Client_identity"];
        CliRun run = CliRun.Of([.. arguments, "--psk", Convert.ToHexString(SharedKey)]);
        Assert.True(run.ExitCode == ExitCode.Good, run.Output + run.Error);
        Assert.Contains("The server knew the shared key", run.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, CliRun.Of(arguments).ExitCode);
        Assert.Equal(ExitCode.Usage, CliRun.Of([.. arguments, "--psk", "0011"]).ExitCode);
    }

    private static ClientSetup Setup(ClientSetup setup, CipherSuites suite) =>
        setup with { Profile = setup.Profile with { Versions = TlsVersions.Tls13, Suites = suite, Groups = Groups.X25519 | Groups.Secp256r1 | Groups.Secp384r1, MaxTicketBytes = 512, InWindowBytes = 16_384 } };

    private static ClientSetup Sharing(PskModes modes, string identity, byte[] key) => new()
    {
        Anchors = [],
        SharedKey = key,
        SharedKeyIdentity = identity,
        Profile = new Profile
        {
            Versions = TlsVersions.Tls13,
            Suites = CipherSuites.Aes128GcmSha256,
            Groups = Groups.X25519,
            PskModes = modes,
            MaxPskIdentityBytes = 32,
            MaxTicketBytes = 512,
            InWindowBytes = 1024,
            OutWindowBytes = 512,
            MaxServerNameBytes = 64,
        },
    };
}
