using System;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Memory;
using Thimble.Tests.X509;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Each way in which Certificate, ServerKeyExchange, CertificateRequest and Finished can be wrong.</summary>
public sealed class ScriptedKeyFaultTests
{
    [Theory]
    [InlineData(22)]
    [InlineData(25)]
    [InlineData(30)]
    [InlineData(0)]
    public void A_group_that_was_not_offered_is_refused(int group) => ScriptedFault.Fails(
        new ScriptedServer { GroupOnTheWire = (ushort)group }, FaultReason.GroupNotOffered, AlertDescription.IllegalParameter, Phase.ServerKeyExchange, 0, (uint)group);

    [Fact]
    public void A_group_outside_the_profile_is_refused() => ScriptedFault.Fails(
        new ScriptedServer { Group = ScriptedGroup.Curve25519 }, FaultReason.GroupNotOffered, AlertDescription.IllegalParameter, Phase.ServerKeyExchange, 0, 29,
        new ScriptedClient { Profile = ScriptedClient.Everything with { Groups = Groups.Secp256r1 } });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(0)]
    public void Explicit_curves_are_refused(byte type) => ScriptedFault.Fails(
        new ScriptedServer { CurveType = type }, FaultReason.GroupNotOffered, AlertDescription.IllegalParameter, Phase.ServerKeyExchange, 3, type);

    [Theory]
    [InlineData(0)]
    [InlineData(1)] // infinity
    [InlineData(33)] // compressed
    [InlineData(64)]
    [InlineData(66)]
    public void A_share_of_another_length_is_refused(int length) => ScriptedFault.Fails(
        new ScriptedServer { Share = _ => Enumerable.Repeat((byte)2, length).ToArray() },
        FaultReason.KeyShareInvalid, AlertDescription.IllegalParameter, Phase.ServerKeyExchange, 65, (uint)length);

    [Theory]
    [InlineData(0, 2)] // form
    [InlineData(0, 6)]
    [InlineData(64, 1)] // off the curve
    [InlineData(1, 255)]
    public void A_share_that_is_no_point_is_refused_though_it_is_signed(int at, byte flip) => ScriptedFault.Fails(
        new ScriptedServer { Share = share => Flipped(share, at, flip) }, FaultReason.KeyShareInvalid, AlertDescription.IllegalParameter, Phase.KeyExchange);

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    public void A_share_of_constant_bytes_is_refused(byte value) => ScriptedFault.Fails(
        new ScriptedServer { Share = _ => [4, .. Enumerable.Repeat(value, 64)] }, FaultReason.KeyShareInvalid, AlertDescription.IllegalParameter, Phase.KeyExchange);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_share_of_low_order_on_curve_25519_is_refused(byte value) => ScriptedFault.Fails(
        new ScriptedServer { Group = ScriptedGroup.Curve25519, Share = _ => [value, .. new byte[31]] },
        FaultReason.KeyShareInvalid, AlertDescription.IllegalParameter, Phase.KeyExchange);

    [Theory]
    [InlineData(0x0203)]
    [InlineData(0x0401)]
    [InlineData(0x0804)]
    [InlineData(0x0807)]
    [InlineData(0x0000)]
    [InlineData(0x0703)]
    public void A_scheme_that_was_not_offered_or_does_not_fit_the_key_is_refused(int scheme) => ScriptedFault.Fails(
        new ScriptedServer { SchemeOnTheWire = (ushort)scheme }, FaultReason.SignatureSchemeNotOffered, AlertDescription.IllegalParameter, Phase.ServerKeyExchange, 0, (uint)scheme);

    [Fact]
    public void A_scheme_whose_hash_the_profile_excludes_is_refused() => ScriptedFault.Fails(
        new ScriptedServer { Scheme = 0x0603 }, FaultReason.SignatureSchemeNotOffered, AlertDescription.IllegalParameter, Phase.ServerKeyExchange, 0, 0x0603,
        new ScriptedClient { Profile = ScriptedClient.Everything with { MaxSignatureHashBits = 384 } });

    [Theory]
    [InlineData("P-256", ScriptedSuite.RsaAes128)]
    [InlineData("RSA-2048", ScriptedSuite.EcdsaAes128)]
    public void A_key_that_does_not_fit_the_suite_is_refused(string kind, ushort suite) => ScriptedFault.Fails(
        new ScriptedServer { Suite = suite, Identity = ScriptedIdentity.Of(kind) }, FaultReason.KeyDoesNotFitSuite, AlertDescription.IllegalParameter,
        Phase.ServerKeyExchange, 0, suite, new ScriptedClient { Image = ScriptedIdentity.Of(kind).Image(null) });

    [Theory]
    [InlineData(0)] // client random
    [InlineData(32)] // server random
    [InlineData(66)] // group
    [InlineData(70)] // share
    public void A_signature_over_anything_else_is_refused(int at) => SignatureFails(new ScriptedServer { SignedBytes = bytes => Flipped(bytes, at, 1) });

    [Fact]
    public void A_signature_by_another_key_is_refused() =>
        SignatureFails(new ScriptedServer { Signature = static _ => ((ECDsa)TestPki.Key("P-256", 17)).SignData([1, 2], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence) });

    [Fact]
    public void A_signature_under_another_hash_than_the_one_named_is_refused() => SignatureFails(new ScriptedServer { Scheme = 0x0503, SchemeOnTheWire = 0x0403 });

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    [InlineData(16000)]
    public void A_signature_of_no_possible_length_is_refused(int length) => SignatureFails(new ScriptedServer { Signature = _ => new byte[length] }, 256, (uint)length);

    [Theory]
    [InlineData(255)]
    [InlineData(128)]
    public void An_RSA_signature_shorter_than_the_key_is_refused(int length)
    {
        ScriptedIdentity identity = ScriptedIdentity.Of("RSA-2048");
        SignatureFails(
            new ScriptedServer { Suite = ScriptedSuite.RsaAes128, Identity = identity, Signature = signature => signature[..length] },
            client: new ScriptedClient { Image = identity.Image(null) });
    }

    [Fact]
    public void An_empty_chain_is_refused() => ScriptedFault.Fails(
        new ScriptedServer { Chain = [] }, FaultReason.CertificateMissing, AlertDescription.DecodeError, Phase.Certificates);

    [Fact]
    public void A_fault_of_the_chain_names_the_certificate_and_keeps_the_text()
    {
        TestCertificate elsewhere = TestPki.Root("P-256", "CN=Elsewhere", 95);
        using var server = new ScriptedServer { Chain = [TestPki.Make(new CertificateRecipe(), elsewhere).Der] };
        ScriptedClient client = new ScriptedClient().Prepare();
        Assert.Equal(TlsStatus.Faulted, client.Connect(server));
        Assert.Equal((FaultReason.IssuerUnknown, Phase.Certificates, (byte)AlertDescription.UnknownCa), (client.Fault.Reason, client.Fault.Phase, client.Fault.Alert));
        Assert.Equal([Wire.Alert, 2, 48], ScriptedFault.LastRecord(server));
        Assert.Contains("Elsewhere", System.Text.Encoding.UTF8.GetString(client.Lens().FaultText), StringComparison.Ordinal);
        ScriptedFault.StaysFaulted(client);
        ScriptedFault.AssertWiped(client);
    }

    [Theory]
    [InlineData(new[] { 0x0603 }, new byte[] { 64 }, 1)] // a hash that no transcript is kept under
    [InlineData(new[] { 0x0804, 0x0401 }, new byte[] { 1, 64 }, 2)]
    [InlineData(new[] { 0x0403, 0x0503, 0x0203 }, new byte[] { 1 }, 3)]
    [InlineData(new[] { 0x0503 }, new byte[] { 64 }, 1)]
    public void A_server_that_takes_nothing_the_client_can_sign_with_is_refused(int[] schemes, byte[] types, uint count) => ScriptedFault.Fails(
        new ScriptedServer { AsksForCertificate = true, RequestedSchemes = schemes, CertificateTypes = types },
        FaultReason.NoCommonSignatureScheme, AlertDescription.HandshakeFailure, Phase.KeyExchange, 0, count,
        new ScriptedClient { Image = ScriptedIdentity.Of("P-256").Image("P-256"), Profile = ScriptedClient.Everything with { SecondTranscript = false } });

    [Fact]
    public void A_finished_that_differs_in_any_byte_is_refused()
    {
        for (int i = 0; i < 12; i++)
        {
            int at = i;
            ScriptedFault.Fails(
                new ScriptedServer { VerifyData = data => Flipped(data, at, 0x80) }, FaultReason.FinishedMismatch, AlertDescription.DecryptError, Phase.Finished);
        }
    }

    [Fact]
    public void A_private_key_that_does_not_match_its_public_key_signs_nothing()
    {
        byte[] original = ScriptedIdentity.Of("P-256").Image("P-256");
        byte[] image = GC.AllocateArray<byte>(original.Length, pinned: true);
        original.CopyTo(image, 0);
        int keyAt = BitConverter.ToInt32(image, 24);
        byte[] other = ((ECDsa)TestPki.Key("P-256", 17)).ExportParameters(false).Q.X!;
        byte[] otherY = ((ECDsa)TestPki.Key("P-256", 17)).ExportParameters(false).Q.Y!;
        other.CopyTo(image, keyAt + 8 + 32);
        otherY.CopyTo(image, keyAt + 8 + 64);
        image.AsSpan(40, 32).Clear();
        SHA256.HashData(image).CopyTo(image, 40);

        ScriptedFault.Fails(
            new ScriptedServer { AsksForCertificate = true }, FaultReason.SigningFailed, AlertDescription.InternalError, Phase.ClientAuth, client: new ScriptedClient { Image = image });
    }

    private static void SignatureFails(ScriptedServer server, uint expected = 0, uint actual = 0, ScriptedClient? client = null) => ScriptedFault.Fails(
        server, FaultReason.ServerKeyExchangeSignatureInvalid, AlertDescription.DecryptError, Phase.ServerKeyExchange, expected, actual, client);

    private static byte[] Flipped(byte[] bytes, int at, byte mask)
    {
        byte[] copy = [.. bytes];
        copy[at] ^= mask;
        return copy;
    }
}
