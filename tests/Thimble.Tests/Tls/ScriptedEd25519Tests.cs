using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Tests.X509;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Ed25519 under ServerKeyExchange (RFC 8422 §5.10) and CertificateVerify (RFC 8446 §4.4.3), and P-521 beside it.</summary>
public sealed class ScriptedEd25519Tests
{
    private static readonly ScriptedIdentity Edwards = ScriptedIdentity.Of("Ed25519");
    private static readonly ScriptedIdentity Large = ScriptedIdentity.Of("P-521");

    private static readonly Profile Takes12 = ScriptedClient.Everything with { MaxEcdsaBits = 521, MaxEd25519TbsBytes = TestPki.TbsBytes(Edwards.Chain[0]) };
    private static readonly Profile Takes13 = Scripted13.Both with { MaxEcdsaBits = 521, MaxEd25519TbsBytes = Takes12.MaxEd25519TbsBytes };

    /// <summary>Nothing but Ed25519: no hash, key or signature of another kind makes a region larger than it needs.</summary>
    private static readonly Profile Alone = Takes13 with { MaxRsaBits = 0, MaxEcdsaBits = 0, MaxSignatureHashBits = 256, ClientRsaBits = 0, ClientEcdsaBits = 0, SecondTranscript = false };

    private static ScriptedClient Client(ScriptedIdentity identity, Profile profile) => new() { Image = identity.Image(null), Profile = profile };

    [Theory]
    [InlineData(ScriptedSuite.EcdsaAes128, ScriptedGroup.P256)]
    [InlineData(ScriptedSuite.EcdsaAes256, ScriptedGroup.P384)]
    [InlineData(ScriptedSuite.EcdsaChaCha, ScriptedGroup.Curve25519)]
    public void Tls12_connects_with_the_suites_of_ECDSA(ushort suite, ushort group)
    {
        foreach (Profile profile in (Profile[])[Takes12, Alone with { Versions = TlsVersions.Tls12 }])
        {
            using var server = new ScriptedServer { Suite = suite, Group = group, Identity = Edwards };
            ScriptedClient client = Client(Edwards, profile).Prepare();
            Assert.Equal((TlsStatus.Complete, FaultReason.None), (client.Connect(server), client.Fault.Reason));
        }
    }

    [Theory]
    [InlineData(ScriptedKeys13.Aes128)]
    [InlineData(ScriptedKeys13.Aes256)]
    [InlineData(ScriptedKeys13.ChaCha)]
    public void Tls13_connects(int suite)
    {
        foreach (Profile profile in (Profile[])[Takes13, Alone with { Versions = TlsVersions.Tls13 }])
        {
            (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected(new ScriptedServer13 { Suite = (ushort)suite, Identity = Edwards }, Client(Edwards, profile));
            Scripted13.AssertDataBothWays(client, server);
            server.Dispose();
        }
    }

    [Fact]
    public void A_key_on_P521_serves_both_versions()
    {
        using var old = new ScriptedServer { Identity = Large };
        ScriptedClient client = Client(Large, Takes12).Prepare();
        Assert.Equal((TlsStatus.Complete, FaultReason.None), (client.Connect(old), client.Fault.Reason));
        (client, ScriptedServer13 server) = Scripted13.Connected(new ScriptedServer13 { Identity = Large }, Client(Large, Takes13));
        Scripted13.AssertDataBothWays(client, server);
        server.Dispose();
    }

    [Theory]
    [InlineData("P-256")]
    [InlineData("P-384")]
    public void In_Tls13_SHA512_is_for_P521_only(string kind) => Scripted13.Fails(
        new ScriptedServer13 { Identity = ScriptedIdentity.Of(kind), Scheme = 0x0603 }, FaultReason.SignatureSchemeNotOffered, AlertDescription.IllegalParameter, Phase.ServerVerify13,
        actual: 0x0603, client: Client(ScriptedIdentity.Of(kind), Takes13));

    [Theory]
    [InlineData(false, 0, 256, false, false)]
    [InlineData(true, 0, 256, true, false)]
    [InlineData(false, 400, 256, true, false)]
    [InlineData(false, 0, 521, false, true)]
    public void ClientHello_offers_what_the_profile_takes(bool ed25519, int maxTbsBytes, int maxEcdsaBits, bool offersEdwards, bool offersP521)
    {
        ScriptedClient client = new ScriptedClient
        {
            Profile = Scripted13.Only13 with { Ed25519 = ed25519, MaxEd25519TbsBytes = maxTbsBytes, MaxEcdsaBits = maxEcdsaBits },
        }.Prepare();
        client.Handshake(default);
        int[] schemes = [.. Offered([.. client.Output], 13)];
        Assert.Equal((offersEdwards, offersP521), (schemes.Contains(0x0807), schemes.Contains(0x0603)));
        Assert.DoesNotContain(25, Offered([.. client.Output], 10));
    }

    [Fact]
    public void The_key_of_the_certificate_decides_which_schemes_may_sign()
    {
        ScriptedFault.Fails(
            new ScriptedServer { Identity = Edwards, SchemeOnTheWire = 0x0403 }, FaultReason.SignatureSchemeNotOffered, AlertDescription.IllegalParameter, Phase.ServerKeyExchange,
            actual: 0x0403, client: Client(Edwards, Takes12));
        ScriptedFault.Fails(
            new ScriptedServer { SchemeOnTheWire = 0x0807 }, FaultReason.SignatureSchemeNotOffered, AlertDescription.IllegalParameter, Phase.ServerKeyExchange,
            actual: 0x0807, client: new ScriptedClient { Profile = Takes12 });
        ScriptedFault.Fails(
            new ScriptedServer { Identity = Edwards, Suite = ScriptedSuite.RsaAes128 }, FaultReason.KeyDoesNotFitSuite, AlertDescription.IllegalParameter, Phase.ServerKeyExchange,
            actual: ScriptedSuite.RsaAes128, client: Client(Edwards, Takes12));
        Scripted13.Fails(
            new ScriptedServer13 { Identity = Edwards, SchemeOnTheWire = 0x0403 }, FaultReason.SignatureSchemeNotOffered, AlertDescription.IllegalParameter, Phase.ServerVerify13,
            actual: 0x0403, client: Client(Edwards, Takes13));
        Scripted13.Fails(
            new ScriptedServer13 { SchemeOnTheWire = 0x0807 }, FaultReason.SignatureSchemeNotOffered, AlertDescription.IllegalParameter, Phase.ServerVerify13,
            actual: 0x0807, client: new ScriptedClient { Profile = Takes13 });
    }

    /// <summary>In both randoms, in the head of the parameters and in the share; in spaces, context, zero and transcript.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(66)]
    [InlineData(67)]
    [InlineData(68)]
    [InlineData(97)]
    [InlineData(98)]
    [InlineData(129)]
    public void A_signature_over_something_else_fails(int at)
    {
        ScriptedFault.Fails(
            new ScriptedServer { Identity = Edwards, SignedBytes = bytes => Flipped(bytes, at, 0) }, FaultReason.ServerKeyExchangeSignatureInvalid, AlertDescription.DecryptError,
            Phase.ServerKeyExchange, client: Client(Edwards, Takes12));
        Scripted13.Fails(
            new ScriptedServer13 { Identity = Edwards, SignedBytes = bytes => Flipped(bytes, at, 0) }, FaultReason.CertificateVerifyInvalid, AlertDescription.DecryptError,
            Phase.ServerVerify13, client: Client(Edwards, Takes13));
    }

    [Fact]
    public void Each_byte_of_the_signature_counts()
    {
        for (int at = 0; at < 64; at++)
        {
            int bit = at % 8;
            ScriptedFault.Fails(
                new ScriptedServer { Identity = Edwards, Signature = bytes => Flipped(bytes, at, bit) }, FaultReason.ServerKeyExchangeSignatureInvalid, AlertDescription.DecryptError,
                Phase.ServerKeyExchange, client: Client(Edwards, Takes12));
            Scripted13.Fails(
                new ScriptedServer13 { Identity = Edwards, Signature = bytes => Flipped(bytes, at, bit) }, FaultReason.CertificateVerifyInvalid, AlertDescription.DecryptError,
                Phase.ServerVerify13, client: Client(Edwards, Takes13));
        }
    }

    [Theory]
    [InlineData(63)]
    [InlineData(1)]
    public void A_signature_of_another_length_fails(int bytes)
    {
        ScriptedFault.Fails(
            new ScriptedServer { Identity = Edwards, Signature = signature => signature[..bytes] }, FaultReason.ServerKeyExchangeSignatureInvalid, AlertDescription.DecryptError,
            Phase.ServerKeyExchange, client: Client(Edwards, Takes12));
        Scripted13.Fails(
            new ScriptedServer13 { Identity = Edwards, Signature = signature => signature[..bytes] }, FaultReason.CertificateVerifyInvalid, AlertDescription.DecryptError,
            Phase.ServerVerify13, client: Client(Edwards, Takes13));
    }

    [Fact]
    public void Any_split_and_any_grant_of_work_give_the_same_connection()
    {
        ScriptedReplay old = ScriptedReplay.Record(new ScriptedServer { Identity = Edwards, Group = ScriptedGroup.P384 }, () => Client(Edwards, Takes12));
        Scripted13Replay now = Scripted13Replay.Record(new ScriptedServer13 { Identity = Edwards }, () => Client(Edwards, Takes13));
        Assert.Contains(" True None ", old.Outcome, StringComparison.Ordinal);
        Assert.Contains(" True None ", now.Outcome, StringComparison.Ordinal);
        for (int at = 1; at < old.Whole.Length; at++)
        {
            Assert.Equal(old.Outcome, old.Play(ScriptedReplay.Cut(old.Whole, at)).Outcome);
        }

        for (int at = 1; at < now.Whole.Length; at++)
        {
            Assert.Equal(now.Outcome, now.Play(ScriptedReplay.Cut(now.Whole, at)));
        }

        foreach (int work in (int[])[0, 1, 50])
        {
            ScriptedClient Narrow(Profile profile) => new() { Image = Edwards.Image(null), Profile = profile, Work = work, DestinationBytes = 7 };
            Assert.Equal(old.Outcome, ScriptedReplay.Play(Narrow(Takes12), old.Whole.Select(static b => (byte[])[b])).Outcome);
            Assert.Equal(now.Outcome, ScriptedReplay.Play(Narrow(Takes13), now.Whole.Select(static b => (byte[])[b])).Outcome);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_regions_are_filled_by_what_they_were_planned_for(bool alone)
    {
        TestCertificate root = Edwards.Root;
        TestCertificate ca = TestPki.Make(new CertificateRecipe { Subject = "CN=Middle", Key = TestPki.Key("Ed25519", 95), IsCa = true, DnsNames = [] }, root);
        byte[] leaf = TestPki.Make(new CertificateRecipe { Key = Edwards.Key }, ca).Der;
        Profile profile = (alone ? Alone : Takes12) with { Versions = TlsVersions.Tls12, MaxEd25519TbsBytes = Math.Max(TestPki.TbsBytes(leaf), TestPki.TbsBytes(ca.Der)) };
        foreach (ushort poison in new ushort[] { 0, 0x5A, 0xFF3C })
        {
            using var server = new ScriptedServer { Identity = Edwards, Chain = [leaf, ca.Der] };
            ScriptedClient client = new ScriptedClient { Image = Edwards.Image(null), Profile = profile, Poison = poison }.Prepare();
            Assert.Equal((TlsStatus.Complete, FaultReason.None), (client.Connect(server), client.Fault.Reason));
            AssertFilled(client, RegionId.SignedMessage);
            if (alone)
            {
                // The signature's room is the registers' own length; what else there is is larger than what Ed25519 needs of it.
                Assert.All((RegionId[])[RegionId.LeafKey, RegionId.IssuerKey, RegionId.Signature, RegionId.VerifyOperation], id => AssertFilled(client, id));
            }
        }
    }

    private static void AssertFilled(ScriptedClient client, RegionId id)
    {
        MemoryPlan plan = client.Plan;
        Assert.True(client.Audit[(int)id] * 10 >= plan[id].Bytes * 9, $"{id}: {client.Audit[(int)id]} of {plan[id].Bytes}");
        Assert.InRange(client.Audit[(int)id], 1, plan[id].Bytes);
    }

    /// <summary>The numbers of 16 bits in the list that is an extension of the ClientHello.</summary>
    private static IEnumerable<int> Offered(byte[] record, int type)
    {
        int at = 5 + 4 + 2 + 32;
        at += 1 + record[at];
        at += 2 + U16(record, at);
        at += 1 + record[at] + 2;
        while (U16(record, at) != type)
        {
            at += 4 + U16(record, at + 2);
        }

        int end = at + 4 + U16(record, at + 2);
        for (at += 6; at < end; at += 2)
        {
            yield return U16(record, at);
        }
    }

    private static int U16(byte[] bytes, int at) => (bytes[at] << 8) + bytes[at + 1];

    private static byte[] Flipped(byte[] bytes, int at, int bit)
    {
        byte[] changed = [.. bytes];
        changed[at] ^= (byte)(1 << bit);
        return changed;
    }
}
