using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Thimble.Memory;
using Thimble.Tests.X509;
using Thimble.X509;
using Xunit;

namespace Thimble.Tests.Rom;

public sealed class RomImageTests
{
    private static readonly TestCertificate Root = TestPki.Root("P-256", "CN=Räksmörgås CA, O=Thimble");

    /// <summary>Copies to memory whose base is a multiple of 8 and asks whether the image opens.</summary>
    private static bool Opens(ReadOnlySpan<byte> image, int misalignment = 0)
    {
        byte[] memory = GC.AllocateUninitializedArray<byte>(image.Length + 8, pinned: true);
        Span<byte> copy = memory.AsSpan(misalignment, image.Length);
        image.CopyTo(copy);
        Fault fault = default;
        bool opened = RomImage.TryOpen(copy, new byte[RomImage.OpenScratchBytes], out RomImage rom, ref fault);
        Assert.Equal(opened ? FaultReason.None : FaultReason.RomImageInvalid, fault.Reason);
        Assert.Equal(opened, rom.AnchorCount != 0);
        return opened;
    }

    private static byte[] Full()
    {
        var builder = new RomImageBuilder();
        builder.AddTrustAnchor(Root.Certificate);
        builder.AddTrustAnchor(TestPki.Root("RSA-2048").Der);
        builder.AddTrustAnchor(TestPki.Make(new CertificateRecipe()).Certificate);
        TestCertificate client = TestPki.Make(new CertificateRecipe { Key = TestPki.Key("P-256", 7) }, Root);
        builder.SetClientCertificate([client.Der, Root.Der], client.Key);
        return builder.Build(TestPki.Now);
    }

    [Fact]
    public void What_the_builder_writes_opens_and_says_the_same()
    {
        byte[] image = Full();
        Assert.True(Opens(image));
        RomImage rom = RomImage.FromChecked(image);
        Assert.Equal(3, rom.AnchorCount);
        Assert.Equal(TestPki.Now.ToUnixTimeSeconds(), rom.BakedAtUnixSeconds);
        TrustAnchor anchor = rom.FirstAnchor;
        Assert.Equal("Räksmörgås CA", Encoding.UTF8.GetString(anchor.DisplayName));
        Assert.Equal(Convert.ToHexString(SHA256.HashData(Root.Certificate.SubjectName.RawData)), Convert.ToHexString(anchor.SubjectHash));
        Assert.Equal((KeyKind.P256, 256), (anchor.Key.Kind, anchor.Key.Bits));
        ECParameters key = ((ECDsa)Root.Key).ExportParameters(false);
        Assert.Equal(Convert.ToHexString([.. key.Q.X!, .. key.Q.Y!]), Convert.ToHexString(anchor.Key.Material));
    }

    [Fact]
    public void The_client_chain_is_the_body_of_a_certificate_message()
    {
        TestCertificate client = TestPki.Make(new CertificateRecipe { Key = TestPki.Key("P-256", 7) }, Root);
        var builder = new RomImageBuilder();
        builder.AddTrustAnchor(Root.Certificate);
        builder.SetClientCertificate([client.Der, Root.Der], client.Key);
        ReadOnlySpan<byte> chain = RomImage.FromChecked(builder.Build(TestPki.Now)).ClientChain;
        Assert.Equal(chain.Length - 3, (chain[0] << 16) | (chain[1] << 8) | chain[2]);
        Assert.Equal(client.Der.Length, (chain[3] << 16) | (chain[4] << 8) | chain[5]);
        Assert.True(chain.Slice(6, client.Der.Length).SequenceEqual(client.Der));
        Assert.True(chain[^Root.Der.Length..].SequenceEqual(Root.Der));
    }

    [Theory]
    [InlineData("P-256")]
    [InlineData("P-384")]
    public void An_ec_key_is_its_scalar_and_its_point(string kind)
    {
        ReadOnlySpan<byte> key = ClientKey(kind);
        ECParameters numbers = ((ECDsa)TestPki.Key(kind, 7)).ExportParameters(true);
        Assert.Equal(Convert.ToHexString([.. numbers.D!, .. numbers.Q.X!, .. numbers.Q.Y!]), Convert.ToHexString(key[8..]));
        Assert.Equal((kind == "P-256" ? KeyKind.P256 : KeyKind.P384, numbers.D!.Length * 8), (new SubjectPublicKey(key).Kind, new SubjectPublicKey(key).Bits));
    }

    [Fact]
    public void An_Ed25519_key_is_its_seed_and_its_public_key()
    {
        ReadOnlySpan<byte> key = ClientKey("Ed25519");
        var own = (Ed25519PrivateKey)TestPki.Key("Ed25519", 7);
        Assert.Equal(Convert.ToHexString([.. own.Seed, .. own.PublicKey]), Convert.ToHexString(key[8..]));
        var view = new PrivateKey(key);
        Assert.Equal((KeyKind.Ed25519, 256, false), (view.Kind, view.Bits, view.IsElsewhere));
        Assert.True(view.Scalar.SequenceEqual(own.Seed) && view.Public.SequenceEqual(own.PublicKey));
    }

    [Theory]
    [InlineData("P-256", KeyKind.P256, 64)]
    [InlineData("P-384", KeyKind.P384, 96)]
    [InlineData("RSA-2048", KeyKind.Rsa, 256)]
    [InlineData("Ed25519", KeyKind.Ed25519, 32)]
    public void Of_a_key_that_is_elsewhere_only_the_public_part_is_here(string kind, KeyKind expected, int bytes)
    {
        byte[] key = ClientKey(kind, elsewhere: true);
        Assert.Equal(8 + bytes, key.Length);
        var view = new PrivateKey(key);
        Assert.Equal((expected, true), (view.Kind, view.IsElsewhere));
        Assert.True(view.Public.SequenceEqual(new PrivateKey(ClientKey(kind)).Public));
        Assert.True(view.Public.SequenceEqual(key.AsSpan(8)));
    }

    [Fact]
    public void An_rsa_key_is_its_modulus_and_its_five_crt_numbers()
    {
        ReadOnlySpan<byte> key = ClientKey("RSA-2048");
        RSAParameters numbers = ((RSA)TestPki.Key("RSA-2048", 7)).ExportParameters(true);
        Assert.Equal(65537u, BinaryPrimitives.ReadUInt32LittleEndian(key[4..]));
        List<byte> wanted = [];
        foreach (byte[] part in (byte[][])[numbers.Modulus!, numbers.P!, numbers.Q!, numbers.DP!, numbers.DQ!, numbers.InverseQ!])
        {
            byte[] reversed = (byte[])part.Clone();
            Array.Reverse(reversed);
            wanted.AddRange(reversed);
        }

        Assert.Equal(Convert.ToHexString([.. wanted]), Convert.ToHexString(key[8..]));
    }

    private static byte[] ClientKey(string kind, bool elsewhere = false)
    {
        TestCertificate client = TestPki.Make(new CertificateRecipe { Key = TestPki.Key(kind, 7) }, Root);
        var builder = new RomImageBuilder();
        builder.AddTrustAnchor(Root.Certificate);
        if (elsewhere)
        {
            builder.SetClientCertificate([client.Der]);
        }
        else
        {
            builder.SetClientCertificate([client.Der], client.Key);
        }

        byte[] image = builder.Build(TestPki.Now);
        Assert.True(Opens(image));
        return RomImage.FromChecked(image).ClientKey.ToArray();
    }

    [Fact]
    public void An_image_with_any_bit_flipped_does_not_open()
    {
        byte[] image = Full();
        for (int at = 0; at < image.Length; at++)
        {
            image[at] ^= (byte)(1 << (at & 7));
            Assert.False(Opens(image), $"byte {at}");
            image[at] ^= (byte)(1 << (at & 7));
        }
    }

    [Fact]
    public void An_image_of_any_other_length_does_not_open()
    {
        byte[] image = Full();
        for (int length = 0; length < image.Length; length++)
        {
            Assert.False(Opens(image.AsSpan(0, length)));
        }

        Assert.False(Opens([.. image, 0]));
    }

    [Fact]
    public void A_misaligned_image_does_not_open()
    {
        byte[] image = Full();
        for (int misalignment = 1; misalignment < 8; misalignment++)
        {
            Assert.False(Opens(image, misalignment));
        }
    }

    /// <summary>Damage below a digest that is right again: every bound is checked by itself.</summary>
    [Fact]
    public void Hostile_offsets_and_lengths_never_reach_outside()
    {
        byte[] good = Full();
        ReadOnlySpan<uint> values = [0, 1, 4, 7, 8, 71, 72, 80, (uint)good.Length - 8, (uint)good.Length, (uint)good.Length + 8, 0x7FFF_FFF8, 0x8000_0000, 0xFFFF_FFF8, 0xFFFF_FFFF];
        for (int at = 4; at < good.Length - 4; at += at < 200 ? 1 : 4)
        {
            if (at is >= RomImage.DigestOffset and < RomImage.HeaderBytes)
            {
                continue;
            }

            foreach (uint value in values)
            {
                byte[] image = (byte[])good.Clone();
                BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at), value);
                image.AsSpan(RomImage.DigestOffset, 32).Clear();
                SHA256.HashData(image).CopyTo(image, RomImage.DigestOffset);
                Fault fault = default;
                byte[] aligned = GC.AllocateUninitializedArray<byte>(image.Length, pinned: true);
                image.CopyTo(aligned, 0);
                if (RomImage.TryOpen(aligned, new byte[RomImage.OpenScratchBytes], out RomImage rom, ref fault))
                {
                    ReadEverything(rom);
                }
            }
        }
    }

    private static void ReadEverything(RomImage rom)
    {
        int bytes = rom.ClientChain.Length + rom.ClientKey.Length;
        RomImage.Anchors anchors = rom.GetAnchors();
        while (anchors.MoveNext())
        {
            TrustAnchor anchor = anchors.Current;
            bytes += anchor.DisplayName.Length + anchor.Key.Material.Length + anchor.NameConstraints.Length + anchor.TbsDigest.Length + anchor.SubjectHash.Length;
        }

        Assert.True(bytes >= 0);
    }

    [Fact]
    public void The_builder_says_why_it_refuses()
    {
        var builder = new RomImageBuilder();
        Assert.Contains("at least one trust anchor", Assert.Throws<InvalidOperationException>(() => builder.Build(TestPki.Now)).Message, StringComparison.Ordinal);
        Assert.Contains("no X.509 certificate", Assert.Throws<ArgumentException>(() => builder.AddTrustAnchor([1, 2, 3])).Message, StringComparison.Ordinal);
        Assert.Contains("1024 bits", Refusal(TestPki.Root("RSA-1024")), StringComparison.Ordinal);
        Assert.Contains("not supported", Refusal(TestPki.Make(new CertificateRecipe { IsCa = true, Key = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1) })), StringComparison.Ordinal);
        Assert.Contains("does not allow it to sign", Refusal(TestPki.Make(new CertificateRecipe { IsCa = true, KeyUsage = X509KeyUsageFlags.CrlSign })), StringComparison.Ordinal);
        Assert.Contains("leaves TLS servers out", Refusal(TestPki.Make(new CertificateRecipe { IsCa = true, Purposes = ["1.3.6.1.5.5.7.3.4"] })), StringComparison.Ordinal);
        Assert.Contains("critical extension 1.3.6.1.4.1.55555.9", Refusal(TestPki.Make(new CertificateRecipe { IsCa = true, Extensions = [new X509Extension("1.3.6.1.4.1.55555.9", [5, 0], true)] })), StringComparison.Ordinal);

        builder.AddTrustAnchor(TestPki.Make(new CertificateRecipe { IsCa = true, NotAfter = TestPki.Now.AddDays(-1) }).Certificate);
        Assert.Contains("expired on", Assert.Throws<InvalidOperationException>(() => builder.Build(TestPki.Now)).Message, StringComparison.Ordinal);

        TestCertificate client = TestPki.Make(new CertificateRecipe { Key = TestPki.Key("P-256", 7) }, Root);
        Assert.Contains("not the one of this certificate", Assert.Throws<ArgumentException>(() => builder.SetClientCertificate([client.Der], TestPki.Key("P-256", 8))).Message, StringComparison.Ordinal);
        TestCertificate large = TestPki.Make(new CertificateRecipe { Key = TestPki.Key("P-521", 7) }, Root);
        Assert.Contains("P-521 is not supported", Assert.Throws<ArgumentException>(() => builder.SetClientCertificate([large.Der], large.Key)).Message, StringComparison.Ordinal);
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => builder.SetClientCertificate([], client.Key)).Message, StringComparison.Ordinal);
        using var dsa = DSA.Create();
        Assert.Contains("not supported", Assert.Throws<ArgumentException>(() => builder.SetClientCertificate([client.Der], dsa)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_anchor_may_have_a_key_of_Ed25519_or_on_P521()
    {
        TestCertificate edwards = TestPki.Root("Ed25519", "CN=Edwards"), large = TestPki.Root("P-521", "CN=Large");
        byte[] image = TestPki.Image(edwards, large);
        Fault fault = default;
        byte[] aligned = GC.AllocateArray<byte>(image.Length, pinned: true);
        image.CopyTo(aligned, 0);
        Assert.True(RomImage.TryOpen(aligned, new byte[RomImage.OpenScratchBytes], out RomImage rom, ref fault));
        RomImage.Anchors anchors = rom.GetAnchors();
        Assert.True(anchors.MoveNext());
        Assert.Equal((KeyKind.Ed25519, 256), (anchors.Current.Key.Kind, anchors.Current.Key.Bits));
        Assert.Equal(((Ed25519PrivateKey)edwards.Key).PublicKey, anchors.Current.Key.Material);
        Assert.True(anchors.MoveNext());
        ECPoint point = ((ECDsa)large.Key).ExportParameters(false).Q;
        Assert.Equal((KeyKind.P521, 521), (anchors.Current.Key.Kind, anchors.Current.Key.Bits));
        Assert.Equal([.. point.X!, .. point.Y!], anchors.Current.Key.Material.ToArray());
        Assert.Equal("Large"u8.ToArray(), anchors.Current.DisplayName.ToArray());
    }

    private static string Refusal(TestCertificate certificate) =>
        Assert.Throws<ArgumentException>(() => new RomImageBuilder().AddTrustAnchor(certificate.Certificate)).Message;

    [Fact]
    public void An_anchor_that_is_added_twice_is_kept_once()
    {
        byte[] image = TestPki.Image(Root, Root);
        Assert.Equal(1, RomImage.FromChecked(image).AnchorCount);
    }
}
