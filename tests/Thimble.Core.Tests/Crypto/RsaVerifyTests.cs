using System;
using System.Linq;
using System.Numerics;
using System.Security.Cryptography;
using Thimble.Crypto;
using Xunit;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble.Core.Tests.Crypto;

public class RsaVerifyTests
{
    private static readonly RSA Key = RsaTesting.Key(2048);
    private static readonly byte[] Modulus = Key.ExportParameters(false).Modulus!;
    private static readonly byte[] SomeDigest = SHA256.HashData([1, 2, 3]);

    [Theory]
    [InlineData(2048, 4)]
    [InlineData(2048, 8)]
    [InlineData(3072, 4)]
    [InlineData(3072, 8)]
    [InlineData(4096, 4)]
    [InlineData(4096, 8)]
    [InlineData(1024, 8)]
    [InlineData(2056, 4)]
    [InlineData(2056, 8)]
    [InlineData(2072, 4)]
    [InlineData(2104, 8)]
    public void AcceptsWhatThePlatformSignsAndNothingElse(int bits, int limbBytes)
    {
        RSA key = RsaTesting.Key(bits);
        byte[] modulus = key.ExportParameters(false).Modulus!;
        foreach (HashAlgorithm algorithm in new[] { HashAlgorithm.Sha256, HashAlgorithm.Sha384, HashAlgorithm.Sha512 })
        {
            byte[] digest = RsaTesting.Digest(algorithm, [(byte)bits]);
            foreach (bool pss in new[] { false, true })
            {
                if (pss && !PssEncoding.Fits(algorithm, digest.Length, bits))
                {
                    continue;
                }

                byte[] signature = key.SignHash(digest, RsaTesting.Name(algorithm), pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
                Assert.Equal(StepStatus.Done, RsaTesting.Verify(pss, limbBytes, modulus, 65537, signature, algorithm, digest));
                Assert.Equal(StepStatus.Failed, RsaTesting.Verify(!pss, limbBytes, modulus, 65537, signature, algorithm, digest));
                signature[bits / 16] ^= 4;
                Assert.Equal(StepStatus.Failed, RsaTesting.Verify(pss, limbBytes, modulus, 65537, signature, algorithm, digest));
                signature[bits / 16] ^= 4;
                digest[^1] ^= 1;
                Assert.Equal(StepStatus.Failed, RsaTesting.Verify(pss, limbBytes, modulus, 65537, signature, algorithm, digest));
                digest[^1] ^= 1;
            }
        }
    }

    [Theory]
    [InlineData(false, 4)]
    [InlineData(false, 8)]
    [InlineData(true, 4)]
    [InlineData(true, 8)]
    public void ComesToTheSameInSmallSteps(bool pss, int limbBytes)
    {
        byte[] signature = Key.SignHash(SomeDigest, HashAlgorithmName.SHA256, pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
        foreach (int work in new[] { 0, 1, 100 })
        {
            Assert.Equal(StepStatus.Done, RsaTesting.Verify(pss, limbBytes, Modulus, 65537, signature, HashAlgorithm.Sha256, SomeDigest, work));
        }

        signature[200] ^= 1;
        Assert.Equal(StepStatus.Failed, RsaTesting.Verify(pss, limbBytes, Modulus, 65537, signature, HashAlgorithm.Sha256, SomeDigest, 1));
    }

    [Fact]
    public void AStepOfOneUnitIsOneRow()
    {
        byte[] n = RsaTesting.LittleEndian(Modulus, 2048);
        byte[] operation = RsaTesting.Painted(RsaVerify.OperationBytes(2048));
        byte[] signature = new byte[256];
        int calls = 0;
        StepStatus status;
        do
        {
            int work = 1;
            status = RsaVerify.Pkcs1<BigMontgomery32<PublicProduct>>(operation, n, 2048, 65537, signature, HashAlgorithm.Sha256, SomeDigest, ref work);
            calls++;
        }
        while (status == StepStatus.More);
        Assert.Equal(StepStatus.Failed, status);
        Assert.InRange(calls, 18 * 64, (18 * 64) + 10);
    }

    [Theory]
    [InlineData(3u)]
    [InlineData(5u)]
    [InlineData(7u)]
    [InlineData(17u)]
    [InlineData(35u)]
    [InlineData(65537u)]
    [InlineData(65539u)]
    [InlineData(0x7FFFFFFFu)]
    [InlineData(0x80000001u)]
    [InlineData(0xFFFFFFFFu)]
    public void RaisesToAnyOddExponent(uint exponent)
    {
        var random = new Random((int)(exponent % 1000));
        foreach (int bits in new[] { 1024, 1025, 1031, 1057, 1087, 1088, 1089 })
        {
            byte[] modulus = new byte[(bits + 7) / 8];
            random.NextBytes(modulus);
            modulus[0] = (byte)((modulus[0] & ((1 << (((bits - 1) & 7) + 1)) - 1)) | (1 << ((bits - 1) & 7)));
            modulus[^1] |= 1;
            byte[] s = new byte[modulus.Length];
            random.NextBytes(s);
            s[0] = 0;
            byte[] expected = BigInteger.ModPow(Number(s), exponent, Number(modulus)).ToByteArray(isUnsigned: true);
            Assert.Equal(expected, Raise<BigMontgomery64>(modulus, bits, exponent, s).AsSpan()[..expected.Length].ToArray());
            Assert.Equal(expected, Raise<BigMontgomery32<PublicProduct>>(modulus, bits, exponent, s).AsSpan()[..expected.Length].ToArray());
            Assert.Equal(expected, Raise<BigMontgomery32<SecretProduct>>(modulus, bits, exponent, s).AsSpan()[..expected.Length].ToArray());
        }
    }

    [Fact]
    public void RaisesTheLargestSignatureModuloTheExtremeModuli()
    {
        foreach (byte fill in new byte[] { 0, 0xFF })
        {
            byte[] modulus = Enumerable.Repeat(fill, 128).ToArray();
            modulus[0] |= 0x80;
            modulus[^1] |= 1;
            byte[] s = (Number(modulus) - 1).ToByteArray(isUnsigned: true, isBigEndian: true);
            byte[] expected = [.. s.Reverse()];
            Assert.Equal(expected, Raise<BigMontgomery64>(modulus, 1024, 65537, s));
            Assert.Equal(expected, Raise<BigMontgomery32<PublicProduct>>(modulus, 1024, 65537, s));
        }
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(2u)]
    [InlineData(65536u)]
    public void RefusesExponentsThatAreEvenOrBelowThree(uint exponent)
    {
        byte[] n = RsaTesting.LittleEndian(Modulus, 2048);
        Assert.False(RsaVerify.IsPublicKey(n, 2048, exponent));
        byte[] signature = Key.SignHash(SomeDigest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        Assert.Equal(StepStatus.Failed, RsaTesting.Verify(false, 0, Modulus, exponent, signature, HashAlgorithm.Sha256, SomeDigest));
    }

    [Fact]
    public void RefusesModuliThatAreEvenOrNotOfExactLength()
    {
        byte[] n = RsaTesting.LittleEndian(Modulus, 2048);
        Assert.True(RsaVerify.IsPublicKey(n, 2048, 65537));
        Assert.False(RsaVerify.IsPublicKey(n, 2047, 65537));
        Assert.False(RsaVerify.IsPublicKey(n, 2049, 65537));
        Assert.False(RsaVerify.IsPublicKey([.. n, 0, 0, 0, 0, 0, 0, 0, 0], 2048, 65537));
        Assert.False(RsaVerify.IsPublicKey([.. n, 1, 0, 0, 0, 0, 0, 0, 0], 2049 + 7, 65537));
        Assert.True(RsaVerify.IsPublicKey([.. n, 1, 0, 0, 0, 0, 0, 0, 0], 2049, 65537));
        Assert.False(RsaVerify.IsPublicKey([.. n, 1, 0, 0, 0, 0, 0, 0, 1], 2049, 65537));
        Assert.False(RsaVerify.IsPublicKey([.. n, 3, 0, 0, 0, 0, 0, 0, 0], 2049, 65537));
        Assert.False(RsaVerify.IsPublicKey(n.AsSpan(0, 120), 960, 65537));
        Assert.False(RsaVerify.IsPublicKey(new byte[520], 4160, 65537));
        n[0] ^= 1;
        Assert.False(RsaVerify.IsPublicKey(n, 2048, 65537));
    }

    [Fact]
    public void RefusesSignaturesOfAnotherLength()
    {
        byte[] signature = Key.SignHash(SomeDigest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        Assert.Equal(StepStatus.Failed, RsaTesting.Verify(false, 0, Modulus, 65537, [0, .. signature], HashAlgorithm.Sha256, SomeDigest));
        Assert.Equal(StepStatus.Failed, RsaTesting.Verify(false, 0, Modulus, 65537, signature[1..], HashAlgorithm.Sha256, SomeDigest));
        Assert.Equal(StepStatus.Failed, RsaTesting.Verify(false, 0, Modulus, 65537, [], HashAlgorithm.Sha256, SomeDigest));
        Assert.Equal(StepStatus.Failed, RsaTesting.Verify(true, 0, Modulus, 65537, [], HashAlgorithm.Sha256, SomeDigest));
    }

    [Fact]
    public void RefusesTheSignaturePlusTheModulus()
    {
        BigInteger n = Number(Modulus);
        byte[] digest = SomeDigest;
        byte[] signature;
        BigInteger sum;
        do
        {
            digest = SHA256.HashData(digest);
            signature = Key.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            sum = Number(signature) + n;
        }
        while (sum.GetByteCount(isUnsigned: true) > 256);
        Assert.Equal(StepStatus.Done, RsaTesting.Verify(false, 0, Modulus, 65537, signature, HashAlgorithm.Sha256, digest));
        byte[] malleable = sum.ToByteArray(isUnsigned: true, isBigEndian: true);
        Assert.Equal(StepStatus.Failed, RsaTesting.Verify(false, 0, Modulus, 65537, malleable, HashAlgorithm.Sha256, digest));
        Assert.Equal(StepStatus.Failed, RsaTesting.Verify(false, 0, Modulus, 65537, Modulus, HashAlgorithm.Sha256, digest));
    }

    [Fact]
    public void RefusesDigestsThatAreNotTheAlgorithms()
    {
        byte[] signature = Key.SignHash(SomeDigest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        foreach (bool pss in new[] { false, true })
        {
            Assert.Equal(StepStatus.Failed, RsaTesting.Verify(pss, 0, Modulus, 65537, signature, HashAlgorithm.None, SomeDigest));
            Assert.Equal(StepStatus.Failed, RsaTesting.Verify(pss, 0, Modulus, 65537, signature, HashAlgorithm.None, []));
            Assert.Equal(StepStatus.Failed, RsaTesting.Verify(pss, 0, Modulus, 65537, signature, HashAlgorithm.Sha256, SomeDigest[1..]));
            Assert.Equal(StepStatus.Failed, RsaTesting.Verify(pss, 0, Modulus, 65537, signature, HashAlgorithm.Sha384, SomeDigest));
        }
    }

    [Fact]
    public void EveryByteOfThePkcs1EncodingCounts()
    {
        // The private key signs each deviation from the right encoding, as a forger without padding checks would like.
        RSAParameters key = Key.ExportParameters(true);
        byte[] encoded = new byte[256];
        for (int i = 0; i < 256; i++)
        {
            encoded[i] = Pkcs1Encoding.FromEnd(HashAlgorithm.Sha256, SomeDigest, 256, 255 - i);
        }

        BigInteger d = Number(key.D!), n = Number(key.Modulus!);
        for (int i = -1; i < 256; i++)
        {
            byte[] deviating = (byte[])encoded.Clone();
            if (i >= 0)
            {
                deviating[i] ^= (byte)(i == 0 ? 0x40 : 1);
            }

            if (Number(deviating) < n && (i < 0 || i % 5 == 0 || i < 4 || i > 200))
            {
                byte[] s = BigInteger.ModPow(Number(deviating), d, n).ToByteArray(isUnsigned: true, isBigEndian: true);
                byte[] signature = new byte[256];
                s.CopyTo(signature.AsSpan(256 - s.Length));
                StepStatus expected = i < 0 ? StepStatus.Done : StepStatus.Failed;
                Assert.Equal(expected, RsaTesting.Verify(false, 0, Modulus, 65537, signature, HashAlgorithm.Sha256, SomeDigest));
            }
        }
    }

    [Theory]
    [InlineData(2048, 520)]
    [InlineData(3072, 776)]
    [InlineData(4096, 1032)]
    public void NeedsTwoRegistersAndAHeader(int bits, int bytes) => Assert.Equal(bytes, RsaVerify.OperationBytes(bits));

    private static BigInteger Number(byte[] bigEndian) => new(bigEndian, isUnsigned: true, isBigEndian: true);

    private static byte[] Raise<TLimbs>(byte[] modulus, int bits, uint exponent, byte[] s)
        where TLimbs : struct, IBigMontgomeryLimbs
    {
        byte[] n = RsaTesting.LittleEndian(modulus, bits);
        byte[] operation = RsaTesting.Painted(8 + (2 * n.Length));
        int work = RsaTesting.Whole;
        Assert.Equal(StepStatus.Done, RsaPublicPower.Raise<TLimbs>(operation, n, bits, exponent, s, ref work));
        return RsaPublicPower.Power(operation, n.Length).ToArray();
    }
}
