using System;
using System.Security.Cryptography;
using Thimble.Memory;
using Thimble.Tests.X509;
using Thimble.X509;
using Xunit;

namespace Thimble.Tests.Rom;

/// <summary>Images whose digest is right and whose contents are not: what opens must be safe to verify chains with.</summary>
public sealed class AttackRomImageTests
{
    [Theory]
    [InlineData("P-256")]
    [InlineData("RSA-2048")]
    public void An_image_of_any_contents_that_opens_is_safe_to_verify_with(string kind)
    {
        TestCertificate root = TestPki.Root(kind);
        TestCertificate constrained = TestPki.Make(new CertificateRecipe
        {
            Subject = root.Certificate.Subject, Key = TestPki.Key(kind, 101), IsCa = true, PathLength = 1, DnsNames = [],
            Extensions = [TestPki.NameConstraints(true, writer => writer.Dns("example.com"))],
        });
        TestCertificate pinned = TestPki.Make(new CertificateRecipe { Subject = "CN=pinned" });
        TestCertificate client = TestPki.Make(new CertificateRecipe { Key = TestPki.Key(kind, 7) }, root);
        byte[][] chains = [TestPki.Make(new CertificateRecipe(), root).Der, TestPki.Make(new CertificateRecipe(), constrained).Der, pinned.Der];
        using var builder = new RomImageBuilder();
        builder.AddTrustAnchor(constrained.Certificate);
        builder.AddTrustAnchor(root.Certificate);
        builder.AddTrustAnchor(pinned.Certificate);
        builder.SetClientCertificate([client.Der], client.Key);
        byte[] good = builder.Build(TestPki.Now.AddDays(-1));

        var random = new Random(5);
        int opened = 0;
        for (int round = 0; round < 800; round++)
        {
            byte[] image = GC.AllocateUninitializedArray<byte>(good.Length, pinned: true);
            good.CopyTo(image, 0);
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                // Mostly the first anchor, whose lengths and flags decide about everything.
                int at = random.Next(3) == 0 ? random.Next(6, image.Length) : random.Next(RomImage.HeaderBytes, RomImage.HeaderBytes + 64);
                image[at] = random.Next(3) switch { 0 => (byte)(image[at] ^ (1 << random.Next(8))), 1 => (byte)random.Next(9), _ => (byte)random.Next(256) };
            }

            image.AsSpan(RomImage.DigestOffset, 32).Clear();
            SHA256.HashData(image).CopyTo(image, RomImage.DigestOffset);
            Fault fault = default;
            if (RomImage.TryOpen(image, new byte[RomImage.OpenScratchBytes], out RomImage rom, ref fault))
            {
                opened++;
                Read(rom);
                foreach (byte[] leaf in chains)
                {
                    new ChainHarness { Image = image }.Run(leaf);
                }
            }
        }

        Assert.InRange(opened, 50, 800);
    }

    private static void Read(RomImage rom)
    {
        var key = new PrivateKey(rom.ClientKey);
        int bytes = key.Kind switch
        {
            KeyKind.None => 0,
            KeyKind.Rsa => key.Rsa.Modulus.Length + key.Rsa.P.Length + key.Rsa.Q.Length + key.Rsa.Dp.Length + key.Rsa.Dq.Length + key.Rsa.QInv.Length,
            _ => key.Scalar.Length + key.Public.Length,
        };
        Assert.True(bytes + rom.ClientChain.Length >= 0);
    }
}
