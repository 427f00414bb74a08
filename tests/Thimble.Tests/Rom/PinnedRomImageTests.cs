using System;
using System.Buffers.Binary;
using System.Linq;
using System.Security.Cryptography;
using Thimble.Memory;
using Thimble.Tests.X509;
using Thimble.X509;
using Xunit;

namespace Thimble.Tests.Rom;

/// <summary>Images with pins: whole ones open and say the same, all others are refused or safe.</summary>
public sealed class PinnedRomImageTests
{
    private static readonly TestCertificate s_root = TestPki.Root("P-256"), s_other = TestPki.Root("P-256", "CN=Other", 130);

    [Fact]
    public void Pins_stand_in_their_order_and_anchors_know_whether_they_are_pinned()
    {
        byte[] image = Image(anchors: true, pins: 2);
        Assert.True(Opens(image, out RomImage rom));
        Assert.Equal((2, 2, true), (rom.PinCount, rom.AnchorCount, rom.HasTrust));
        Assert.Equal([.. Hash(s_root), .. Hash(s_other)], rom.Pins.ToArray());
        RomImage.Anchors anchors = rom.GetAnchors();
        Assert.True(anchors.MoveNext());
        Assert.Equal(TrustAnchor.IsPinned, anchors.Current.Flags);

        Assert.True(Opens(Image(anchors: true, pins: 1), out rom));
        anchors = rom.GetAnchors();
        Assert.True(anchors.MoveNext() && anchors.Current.Flags == TrustAnchor.IsPinned);
        Assert.True(anchors.MoveNext() && anchors.Current.Flags == 0);

        Assert.True(Opens(Image(anchors: false, pins: 1), out rom));
        Assert.Equal((1, 0, true), (rom.PinCount, rom.AnchorCount, rom.HasTrust));
    }

    /// <summary>Whoever had images without pins finds them unchanged, byte for byte.</summary>
    [Fact]
    public void An_image_without_pins_is_laid_out_as_before()
    {
        byte[] image = TestPki.Image(s_root);
        Assert.Equal((1, RomImage.HeaderBytes), (BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(4)), BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(12))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_image_with_any_bit_flipped_or_of_another_length_does_not_open(bool anchors)
    {
        byte[] image = Image(anchors, pins: 2);
        for (int bit = 0; bit < image.Length * 8; bit++)
        {
            image[bit >> 3] ^= (byte)(1 << (bit & 7));
            Assert.False(Opens(image, out _), $"bit {bit}");
            image[bit >> 3] ^= (byte)(1 << (bit & 7));
        }

        for (int length = 0; length < image.Length; length++)
        {
            Assert.False(Opens(image[..length], out _), $"{length} bytes");
        }

        Assert.False(Opens([.. image, .. new byte[8]], out _));
    }

    /// <summary>Damage below a digest that is right again: more pins than there is room for, above all.</summary>
    [Fact]
    public void Any_number_of_pins_that_opens_lies_inside()
    {
        foreach (bool anchors in new[] { true, false })
        {
            byte[] good = Image(anchors, pins: 2);
            for (int count = 0; count < 256; count++)
            {
                byte[] image = [.. good];
                image[RomImage.PinCountOffset] = (byte)count;
                Mend(image);
                bool opened = Opens(image, out RomImage rom);
                Assert.Equal(count * RomImage.PinBytes <= image.Length - RomImage.HeaderBytes, opened);
                Assert.Equal(opened ? count * RomImage.PinBytes : 0, rom.Pins.Length);
            }
        }
    }

    [Fact]
    public void Random_damage_that_opens_is_safe_to_verify_with()
    {
        byte[] good = Image(anchors: true, pins: 2);
        byte[] leaf = TestPki.Make(new CertificateRecipe(), s_root).Der;
        var random = new Random(11);
        int opened = 0;
        for (int round = 0; round < 600; round++)
        {
            byte[] image = [.. good];
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                image[random.Next(2) == 0 ? random.Next(5, 24) : random.Next(RomImage.HeaderBytes, image.Length)] = (byte)random.Next(256);
            }

            Mend(image);
            if (Opens(image, out _))
            {
                opened++;
                Assert.NotEqual(ChainStatus.NeedMoreData, new ChainHarness { Image = image }.Run(leaf, s_root.Der).Status);
            }
        }

        Assert.InRange(opened, 30, 600);
    }

    private static void Mend(byte[] image)
    {
        image.AsSpan(RomImage.DigestOffset, 32).Clear();
        SHA256.HashData(image).CopyTo(image, RomImage.DigestOffset);
    }

    private static byte[] Hash(TestCertificate certificate) => SHA256.HashData(certificate.Certificate.PublicKey.ExportSubjectPublicKeyInfo());

    private static byte[] Image(bool anchors, int pins)
    {
        using var builder = new RomImageBuilder();
        foreach (TestCertificate certificate in anchors ? new[] { s_root, s_other } : [])
        {
            builder.AddTrustAnchor(certificate.Certificate);
        }

        foreach (TestCertificate certificate in new[] { s_root, s_other }.Take(pins))
        {
            builder.AddPin(KeyPin.Of(certificate.Certificate));
        }

        return builder.Build(TestPki.Now.AddDays(-1));
    }

    private static bool Opens(byte[] image, out RomImage rom)
    {
        byte[] aligned = GC.AllocateUninitializedArray<byte>(Math.Max(1, image.Length), pinned: true);
        image.CopyTo(aligned, 0);
        Fault fault = default;
        bool opened = RomImage.TryOpen(aligned.AsSpan(0, image.Length), new byte[RomImage.OpenScratchBytes], out _, ref fault);
        rom = opened ? RomImage.FromChecked(aligned.AsSpan(0, image.Length)) : default;
        Assert.Equal(opened ? FaultReason.None : FaultReason.RomImageInvalid, fault.Reason);
        return opened;
    }
}
