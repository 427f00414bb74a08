using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Thimble.Memory;
using Thimble.Tests.X509;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>A client whose private key is kept elsewhere: what it is asked to sign, when, and what becomes of the answer.</summary>
public sealed class ScriptedSignerTests
{
    private static readonly Profile Elsewhere12 = ScriptedClient.Everything with { ClientKeyElsewhere = true, ClientEd25519 = true };
    private static readonly Profile Elsewhere = Scripted13.Both with { ClientKeyElsewhere = true, ClientEd25519 = true };

    [Theory]
    [InlineData(false, "P-256", 0x0403, 0)]
    [InlineData(false, "P-256", 0x0503, 0)]
    [InlineData(false, "P-384", 0x0403, 1)]
    [InlineData(false, "P-384", 0x0503, 1)]
    [InlineData(false, "RSA-2048", 0x0401, 1)]
    [InlineData(false, "RSA-2048", 0x0804, 1)]
    [InlineData(true, "P-256", 0x0403, 1)]
    [InlineData(true, "P-384", 0x0503, 0)]
    [InlineData(true, "RSA-2048", 0x0804, 1)]
    [InlineData(true, "RSA-2048", 0x0806, 0)]
    [InlineData(true, "Ed25519", 0x0807, 0)]
    [InlineData(true, "Ed25519", 0x0807, 1)]
    public void The_holder_of_the_key_signs_once_and_the_server_agrees(bool tls13, string kind, int scheme, int work)
    {
        int asked = 0;
        foreach (ushort poison in new ushort[] { 0x5A, 0xFF3C })
        {
            ScriptedClient client = Make(tls13, kind, (chosen, bytes) =>
            {
                asked++;
                Assert.Equal(scheme, (int)chosen);
                return Sign(kind, chosen, bytes);
            }, work, poison);
            bool saw = tls13 ? Connect(client, Server13(scheme)) : Connect(client, Server12(kind, scheme));
            Assert.True(saw && client.Lens().SentClientCertificate);
            client.Lens().SurveyMemory();
            MemoryPlan plan = client.Plan;
            for (int id = 1; id < PlanAudit.Length; id++)
            {
                Assert.InRange(client.Audit[id], 0, plan[(RegionId)id].Bytes);
            }
        }

        Assert.Equal(2, asked);
    }

    [Theory]
    [InlineData(0x0403, false, 32)]
    [InlineData(0x0503, false, 48)]
    [InlineData(0x0403, true, 32)]
    [InlineData(0x0807, true, 64 + 34 + 32)]
    public void The_request_names_the_scheme_and_gives_the_digest_or_the_message(int scheme, bool tls13, int bytes)
    {
        (ScriptedClient client, _) = Waiting(tls13, scheme == 0x0807 ? "Ed25519" : "P-256", scheme);
        Assert.Equal(scheme, (int)client.Lens().SignatureScheme);
        Assert.Equal(bytes, client.Lens().ToBeSigned.Length);
        if (scheme == 0x0807)
        {
            Assert.StartsWith(new string(' ', 64) + "TLS 1.3, client CertificateVerify\0", Encoding.Latin1.GetString(client.Lens().ToBeSigned), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void While_it_waits_nothing_is_taken_given_or_changed(bool tls13)
    {
        (ScriptedClient client, _) = Waiting(tls13, "P-256", 0x0403);
        byte[] before = client.Memory.ToArray();
        byte[] destination = new byte[4096];
        for (int round = 0; round < 5; round++)
        {
            Assert.Equal(TlsStatus.NeedsSignature, client.Lens().Handshake(Wire.Record(Wire.Alert, [2, 40]), destination, out int consumed, out int written));
            Assert.Equal((0, 0), (consumed, written));
            Assert.Equal(TlsStatus.Complete, client.Lens().Flush(destination, out written));
            Assert.Equal(0, written);
            Assert.Equal(TlsStatus.NeedMoreData, client.Lens().Write([1], destination, out _, out _));
            Assert.Equal(TlsStatus.NeedMoreData, client.Lens().Read([1], destination, out _, out _));
        }

        Assert.Equal(before, client.Memory.ToArray());
        Assert.Equal(tls13 ? Phase.ClientAuth13 : Phase.ClientAuth, client.Phase);
    }

    /// <summary>Whatever is wrong with it: a bit, the message, the key, the padding.</summary>
    [Theory]
    [InlineData(false, "P-256", 0x0403)]
    [InlineData(false, "RSA-2048", 0x0401)]
    [InlineData(true, "P-384", 0x0503)]
    [InlineData(true, "RSA-2048", 0x0804)]
    [InlineData(true, "Ed25519", 0x0807)]
    public void A_signature_that_does_not_verify_never_leaves(bool tls13, string kind, int scheme)
    {
        Func<SignatureScheme, byte[], byte[]>[] wrong =
        [
            (chosen, bytes) => Flipped(Sign(kind, chosen, bytes), 9),
            (chosen, bytes) => Flipped(Sign(kind, chosen, bytes), 60),
            (chosen, bytes) => Sign(kind, chosen, Flipped(bytes, 5)),
            (chosen, bytes) => Sign(kind, chosen, bytes, index: 93),
            (chosen, bytes) => kind == "RSA-2048" ? Sign(kind, chosen, bytes, otherPadding: true) : new byte[64],
            (chosen, bytes) => new byte[Sign(kind, chosen, bytes).Length],
        ];
        foreach (Func<SignatureScheme, byte[], byte[]> signer in wrong)
        {
            foreach (int work in new[] { 0, 1 })
            {
                Fails(tls13, kind, scheme, signer, FaultReason.ProvidedSignatureInvalid, 0, 0, work);
            }
        }
    }

    [Theory]
    [InlineData(false, "P-256", 0x0403, 73, 72)]
    [InlineData(false, "RSA-2048", 0x0401, 255, 256)]
    [InlineData(false, "RSA-2048", 0x0804, 257, 256)]
    [InlineData(true, "P-384", 0x0503, 105, 104)]
    [InlineData(true, "Ed25519", 0x0807, 63, 64)]
    [InlineData(true, "Ed25519", 0x0807, 65, 64)]
    [InlineData(true, "P-256", 0x0403, 100_000, 72)]
    public void A_signature_whose_length_cannot_be_right_is_refused_with_both_lengths(bool tls13, string kind, int scheme, int bytes, uint longest) =>
        Fails(tls13, kind, scheme, (_, _) => new byte[bytes], FaultReason.ProvidedSignatureInvalid, longest, (uint)bytes);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_empty_signature_gives_the_connection_up(bool tls13) =>
        Fails(tls13, "P-256", 0x0403, static (_, _) => [], FaultReason.NoSignatureProvided, 0, 0);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_signature_that_nobody_asked_for_changes_nothing(bool tls13)
    {
        byte[] unwanted = new byte[70];
        bool signed = false;
        ScriptedClient client = Make(tls13, "P-256", (scheme, bytes) =>
        {
            signed = true;
            return Sign("P-256", scheme, bytes);
        }, work: 1, observe: observed =>
        {
            if (!signed && observed.Lens().ToBeSigned.IsEmpty)
            {
                AssertRefused(observed, unwanted);
            }
        });
        Assert.False(default(TlsClient).ProvideSignature(unwanted));
        Assert.True(tls13 ? Connect(client, Server13(0x0403)) : Connect(client, Server12("P-256", 0x0403)));
        AssertRefused(client, unwanted);
        Assert.True(client.Lens().ToBeSigned.IsEmpty);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_second_signature_is_not_taken_while_the_first_is_verified(bool tls13)
    {
        (ScriptedClient client, IScriptedServer server) = Waiting(tls13, "P-256", 0x0403, work: 1);
        Assert.True(client.Lens().ProvideSignature(Sign("P-256", client.Lens().SignatureScheme, client.Lens().ToBeSigned.ToArray())));
        byte[] destination = new byte[4096];
        for (int round = 0; round < 20; round++)
        {
            AssertRefused(client, new byte[70]);
            Assert.Equal(TlsStatus.MoreWork, client.Lens().Handshake(default, destination, out _, out int written));
            Assert.Equal(0, written); // not a byte of it leaves before the whole was verified
        }

        int heard = client.Output.Count;
        TlsStatus status = client.Handshake(default);
        if (!tls13)
        {
            Assert.Equal(TlsStatus.NeedMoreData, status);
            status = client.Handshake(server.Answer([.. client.Output[heard..]]));
        }

        Assert.Equal(TlsStatus.Complete, status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Closing_while_it_waits_ends_the_connection_and_leaves_no_secret(bool tls13)
    {
        (ScriptedClient client, _) = Waiting(tls13, "P-256", 0x0403);
        client.Close();
        Assert.Equal(TlsStatus.Closed, client.Handshake(default));
        AssertRefused(client, new byte[70]);
        ScriptedFault.AssertWiped(client);
        (client, _) = Waiting(tls13, "P-256", 0x0403);
        Assert.Equal(TlsStatus.Faulted, client.SourceEnded());
        client.Flush();
        Assert.Equal(FaultReason.TruncatedByPeer, client.Fault.Reason);
        ScriptedFault.AssertWiped(client);
    }

    [Fact]
    public void A_plan_for_a_key_here_serves_none_elsewhere_nor_the_reverse()
    {
        byte[] here = ScriptedIdentity.Of("P-256").Image("P-256");
        byte[] elsewhere = ScriptedIdentity.Of("P-256").ImageElsewhere("P-256");
        ScriptedFault.Fails(
            new ScriptedServer(), FaultReason.ClientKeyNotInProfile, null, Phase.Hello, 0, 256, new ScriptedClient { Image = here, Profile = Elsewhere12 });
        ScriptedFault.Fails(
            new ScriptedServer(), FaultReason.ClientKeyNotInProfile, null, Phase.Hello, 0, 256, new ScriptedClient { Image = elsewhere });
        ScriptedFault.Fails(
            new ScriptedServer(), FaultReason.ClientKeyNotInProfile, null, Phase.Hello, 0, 256, new ScriptedClient { Image = ScriptedIdentity.Of("P-256").Image("Ed25519") });
    }

    /// <summary>A plan for one kind of key: what signing takes is written to nine tenths or more, and is far less than with the key here.</summary>
    [Theory]
    [InlineData(false, "P-256", 0x0403)]
    [InlineData(true, "P-384", 0x0503)]
    [InlineData(false, "RSA-2048", 0x0401)]
    [InlineData(true, "RSA-2048", 0x0804)]
    [InlineData(true, "Ed25519", 0x0807)]
    public void The_regions_for_signing_are_as_large_as_they_need_be(bool tls13, string kind, int scheme)
    {
        foreach (bool elsewhere in new[] { true, false })
        {
            ScriptedIdentity identity = ScriptedIdentity.Of("P-256");
            ScriptedClient client = new ScriptedClient
            {
                Profile = Only(kind, tls13, elsewhere),
                Image = elsewhere ? identity.ImageElsewhere(kind) : identity.Image(kind),
                Signer = (chosen, bytes) => Sign(kind, chosen, bytes),
                Poison = 0x3C,
            }.Prepare();
            Assert.True(tls13 ? Connect(client, Server13(scheme)) : Connect(client, Server12(kind, scheme)));
            MemoryPlan plan = client.Plan;
            foreach (RegionId id in new[] { RegionId.SignOperation, RegionId.ClientSignature, RegionId.SigningInput })
            {
                bool halfFull = id == RegionId.SigningInput && kind == "RSA-2048" && tls13; // SHA-512 is planned for, and SHA-256 chosen
                Assert.InRange(client.Audit[(int)id], (int)(plan[id].Bytes * (halfFull ? 0.4 : 0.88)), plan[id].Bytes);
            }

            MemoryPlan other = MemoryPlan.For(Only(kind, tls13, !elsewhere));
            Assert.Equal(elsewhere, plan[RegionId.SignOperation].Bytes < other[RegionId.SignOperation].Bytes);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_client_signs_with_its_own_Ed25519_key_in_TLS_1_3(int work)
    {
        var client = new ScriptedClient
        {
            Profile = Scripted13.Both with { ClientEd25519 = true }, Image = ScriptedIdentity.Of("P-256").Image("Ed25519"), Work = work, Poison = 0x11,
        };
        Assert.True(Connect(client.Prepare(), Server13(0x0807)));
        Assert.Equal(SignatureScheme.Ed25519, client.Lens().SignatureScheme);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_Ed25519_key_that_its_image_damages_signs_nothing(bool other)
    {
        byte[] image = [.. ScriptedIdentity.Of("P-256").Image("Ed25519")];
        int keyBytes = 8 + 64;
        image[^(other ? 1 : keyBytes - 8)] ^= 1; // of the public key, or of the seed
        image.AsSpan(Thimble.X509.RomImage.DigestOffset, 32).Clear();
        SHA256.HashData(image).CopyTo(image, Thimble.X509.RomImage.DigestOffset);
        byte[] aligned = GC.AllocateUninitializedArray<byte>(image.Length, pinned: true);
        image.CopyTo(aligned, 0);
        Scripted13.Fails(
            Server13(0x0807), FaultReason.SigningFailed, AlertDescription.InternalError, Phase.ClientAuth13,
            client: new ScriptedClient { Profile = Scripted13.Both with { ClientEd25519 = true }, Image = aligned });
    }

    [Fact]
    public void An_Ed25519_key_serves_no_server_of_TLS_1_2_and_none_that_does_not_name_it()
    {
        byte[] image = ScriptedIdentity.Of("P-256").Image("Ed25519");
        Profile profile = Scripted13.Both with { ClientEd25519 = true };
        ScriptedFault.Fails(
            Server12("P-256", 0x0403, 0x0807, 0x0804), FaultReason.NoCommonSignatureScheme, AlertDescription.HandshakeFailure, Phase.KeyExchange, 0, 3,
            new ScriptedClient { Profile = profile with { Versions = TlsVersions.Tls12 }, Image = image });
        Scripted13.Fails(
            Server13(0x0403, 0x0804), FaultReason.NoCommonSignatureScheme, AlertDescription.HandshakeFailure, Phase.Certificates13, 0, 2,
            new ScriptedClient { Profile = profile, Image = image });
    }

    [Theory]
    [InlineData("P-256", 0x0403)]
    [InlineData("RSA-2048", 0x0804)]
    [InlineData("Ed25519", 0x0807)]
    public void Waiting_and_verifying_allocate_nothing_on_the_heap(string kind, int scheme)
    {
        long least = long.MaxValue;
        byte[] destination = new byte[4096];
        byte[] name = Encoding.ASCII.GetBytes("broker.example.com");
        for (int round = 0; round < 5; round++)
        {
            (ScriptedClient client, _) = Waiting(true, kind, scheme);
            byte[] signature = Sign(kind, client.Lens().SignatureScheme, client.Lens().ToBeSigned.ToArray());
            Span<byte> memory = client.Memory;
            long before = GC.GetAllocatedBytesForCurrentThread();
            var config = new TlsConfig { Profile = ref client.ProfileReference, RomImage = client.Image, ServerName = name, NowUnixSeconds = client.Now, WorkPerCall = 20 };
            TlsStatus status = new TlsClient(memory, config).Handshake(default, destination, out _, out _);
            bool asked = status == TlsStatus.NeedsSignature && new TlsClient(memory, config).ToBeSigned.Length > 0 && new TlsClient(memory, config).ProvideSignature(signature);
            do
            {
                status = new TlsClient(memory, config).Handshake(default, destination, out _, out _);
            }
            while (status == TlsStatus.MoreWork);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.True(asked && status == TlsStatus.Complete);
        }

        Assert.Equal(0, least);
    }

    private static ScriptedClient Make(
        bool tls13, string kind, Func<SignatureScheme, byte[], byte[]>? signer, int work = 0, ushort? poison = null, Action<ScriptedClient>? observe = null) => new ScriptedClient
    {
        Profile = tls13 ? Elsewhere : Elsewhere12,
        Image = ScriptedIdentity.Of("P-256").ImageElsewhere(kind),
        Signer = signer,
        Work = work,
        Poison = poison,
        Observe = observe,
    }.Prepare();

    private static Profile Only(string kind, bool tls13, bool elsewhere) => (tls13 ? Scripted13.Only13 : ScriptedClient.Everything) with
    {
        Suites = tls13 ? CipherSuites.Aes128GcmSha256 : CipherSuites.EcdheEcdsaAes128GcmSha256,
        SecondTranscript = false,
        ClientRsaBits = kind == "RSA-2048" ? 2048 : 0,
        ClientEcdsaBits = kind == "P-256" ? 256 : kind == "P-384" ? 384 : 0,
        ClientEd25519 = kind == "Ed25519",
        ClientKeyElsewhere = elsewhere,
    };

    private static ScriptedServer Server12(string kind, params int[] schemes) =>
        new() { AsksForCertificate = true, RequestedSchemes = schemes, CertificateTypes = kind == "RSA-2048" ? [1] : [64] };

    private static ScriptedServer13 Server13(params int[] schemes) => new() { AsksForCertificate = true, RequestedSchemes = schemes };

    private static bool Connect(ScriptedClient client, ScriptedServer server)
    {
        using (server)
        {
            Assert.Equal(TlsStatus.Complete, client.Connect(server));
            return server.SawCertificateVerify && server.SawFinished;
        }
    }

    private static bool Connect(ScriptedClient client, ScriptedServer13 server)
    {
        using (server)
        {
            Assert.Equal(TlsStatus.Complete, client.Connect(server));
            return server.SawCertificateVerify && server.SawFinished;
        }
    }

    /// <summary>A client that was asked for a certificate and waits for its signature.</summary>
    private static (ScriptedClient Client, IScriptedServer Server) Waiting(bool tls13, string kind, int scheme, int work = 0)
    {
        IScriptedServer server = tls13 ? Server13(scheme) : Server12(kind, scheme);
        ScriptedClient client = Make(tls13, kind, null, work);
        Assert.Equal(TlsStatus.NeedsSignature, client.Connect(server));
        return (client, server);
    }

    private static void Fails(
        bool tls13, string kind, int scheme, Func<SignatureScheme, byte[], byte[]> signer, FaultReason reason, uint expected, uint actual, int work = 0)
    {
        if (tls13)
        {
            ScriptedServer13 server = Server13(scheme);
            Scripted13.Fails(server, reason, AlertDescription.InternalError, Phase.ClientAuth13, expected, actual, Make(true, kind, signer, work));
            Assert.False(server.SawCertificateVerify);
        }
        else
        {
            ScriptedServer server = Server12(kind, scheme);
            ScriptedFault.Fails(server, reason, AlertDescription.InternalError, Phase.ClientAuth, expected, actual, Make(false, kind, signer, work));
            Assert.False(server.SawCertificateVerify);
        }
    }

    private static void AssertRefused(ScriptedClient client, byte[] signature)
    {
        byte[] before = client.Memory.ToArray();
        Assert.False(client.Lens().ProvideSignature(signature));
        Assert.Equal(before, client.Memory.ToArray());
    }

    private static byte[] Flipped(byte[] bytes, int at) => [.. bytes[..at], (byte)(bytes[at] ^ 4), .. bytes[(at + 1)..]];

    private static byte[] Sign(string kind, SignatureScheme scheme, byte[] bytes, int index = 92, bool otherPadding = false)
    {
        var request = new SignatureRequest(scheme, bytes);
        return TestPki.Key(kind, index) switch
        {
            RSA rsa => rsa.SignHash(bytes, request.Hash, request.Padding == RSASignaturePadding.Pss ^ otherPadding ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1),
            ECDsa ec => ec.SignHash(bytes, DSASignatureFormat.Rfc3279DerSequence),
            AsymmetricAlgorithm key => TestEd25519.Sign((Ed25519PrivateKey)key, bytes),
        };
    }
}
