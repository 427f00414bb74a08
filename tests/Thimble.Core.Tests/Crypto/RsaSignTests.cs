using System;
using System.Linq;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;
using Thimble.Crypto;
using Thimble.Testing;
using Xunit;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble.Core.Tests.Crypto;

public class RsaSignTests
{
    private static readonly RSA Key = RsaTesting.Key(2048);
    private static readonly RSAParameters Parameters = Key.ExportParameters(true);
    private static readonly byte[] SomeDigest = SHA256.HashData([1, 2, 3]);

    [Theory]
    [InlineData(2048, 4)]
    [InlineData(2048, 8)]
    [InlineData(3072, 4)]
    [InlineData(3072, 8)]
    [InlineData(4096, 8)]
    [InlineData(2176, 4)]
    [InlineData(2176, 8)]
    public void ThePlatformAcceptsWhatIsSigned(int bits, int limbBytes)
    {
        RSA key = RsaTesting.Key(bits);
        RSAParameters parameters = key.ExportParameters(true);
        foreach (HashAlgorithm algorithm in new[] { HashAlgorithm.Sha256, HashAlgorithm.Sha384, HashAlgorithm.Sha512 })
        {
            byte[] digest = RsaTesting.Digest(algorithm, [(byte)limbBytes]);
            HashAlgorithmName name = RsaTesting.Name(algorithm);
            Assert.Equal(key.SignHash(digest, name, RSASignaturePadding.Pkcs1), Sign(false, limbBytes, parameters, algorithm, digest, out StepStatus status));
            Assert.Equal(StepStatus.Done, status);
            byte[] signature = Sign(true, limbBytes, parameters, algorithm, digest, out status);
            Assert.Equal(StepStatus.Done, status);
            Assert.True(key.VerifyHash(digest, signature, name, RSASignaturePadding.Pss));
        }
    }

    [Fact]
    public void SignsForManyKeysAndSeeds()
    {
        // Unequal primes in both orders (p < q and p > q) occur among these keys.
        for (int i = 0; i < 2; i++)
        {
            using RSA key = RSA.Create(2048);
            RSAParameters parameters = key.ExportParameters(true);
            for (int j = 0; j < 4; j++)
            {
                byte[] digest = SHA256.HashData([(byte)i, (byte)j]);
                byte[] random = RandomNumberGenerator.GetBytes(48);
                byte[] expected = key.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                Assert.Equal(expected, Sign(false, 8, (j & 1) == 0 ? parameters : Exchanged(parameters), HashAlgorithm.Sha256, digest, out _, random: random));
                Assert.Equal(expected, Sign(false, 4, (j & 1) == 0 ? parameters : Exchanged(parameters), HashAlgorithm.Sha256, digest, out _, random: random));
            }
        }
    }

    [Theory]
    [InlineData(false, 4)]
    [InlineData(true, 8)]
    public void ComesToTheSameInSmallSteps(bool pss, int limbBytes)
    {
        byte[] whole = Sign(pss, limbBytes, Parameters, HashAlgorithm.Sha256, SomeDigest, out _);
        Assert.Equal(whole, Sign(pss, limbBytes, Parameters, HashAlgorithm.Sha256, SomeDigest, out StepStatus status, 1));
        Assert.Equal(StepStatus.Done, status);
        Assert.Equal(whole, Sign(pss, limbBytes, Parameters, HashAlgorithm.Sha256, SomeDigest, out _, 0));
        Assert.Equal(whole, Sign(pss, limbBytes, Parameters, HashAlgorithm.Sha256, SomeDigest, out _, 1000));
    }

    [Fact]
    public void BothSizesOfLimbAndTheDispatcherGiveTheSamePssSignature()
    {
        byte[] expected = Sign(true, 8, Parameters, HashAlgorithm.Sha384, SHA384.HashData([7]), out _);
        Assert.Equal(expected, Sign(true, 4, Parameters, HashAlgorithm.Sha384, SHA384.HashData([7]), out _));
        Assert.Equal(expected, Sign(true, 0, Parameters, HashAlgorithm.Sha384, SHA384.HashData([7]), out _));
        Assert.NotEqual(expected, Sign(true, 0, Parameters, HashAlgorithm.Sha384, SHA384.HashData([7]), out _, random: RandomNumberGenerator.GetBytes(48)));
    }

    [VectorTheory]
    [InlineData(2048)]
    [InlineData(3072)]
    [InlineData(4096)]
    public void WycheproofPkcs1Generation(int bits)
    {
        // 1,024 and 1,536 bits are too short to sign with; SHA-1 and SHA-224 are not ours; and the keys with e = 3
        // have primes of very unequal length, which IsConsistent refuses and the platform cannot export.
        int count = 0;
        using JsonDocument file = Vectors.Read($"wycheproof/rsa_pkcs1_{bits}_sig_gen_test.json.gz");
        foreach (JsonElement group in file.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            HashAlgorithm algorithm = RsaTesting.Algorithm(group.GetProperty("sha").GetString()!);
            if (algorithm == HashAlgorithm.None || group.GetProperty("privateKey").GetProperty("publicExponent").GetString() == "03")
            {
                continue;
            }

            using RSA key = RSA.Create();
            key.ImportFromPem(group.GetProperty("privateKeyPem").GetString());
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                byte[] digest = RsaTesting.Digest(algorithm, Convert.FromHexString(test.GetProperty("msg").GetString()!));
                byte[] signature = Sign(false, 8, key.ExportParameters(true), algorithm, digest, out StepStatus status);
                Assert.Equal(StepStatus.Done, status);
                Assert.Equal(test.GetProperty("sig").GetString(), Convert.ToHexStringLower(signature));
                count++;
            }
        }

        Assert.Equal(24, count);
    }

    [Fact]
    public void AFaultInAnyPartOfTheKeyGivesNoSignature()
    {
        // As a glitch in the powers would be: the numbers that IsConsistent does not see are wrong by one bit.
        foreach (Action<RSAParameters> damage in new Action<RSAParameters>[] { key => key.DP![20] ^= 4, key => key.DQ![20] ^= 4, key => key.InverseQ![20] ^= 4 })
        {
            foreach (bool pss in new[] { false, true })
            {
                RSAParameters key = Key.ExportParameters(true);
                damage(key);
                byte[] signature = Sign(pss, 0, key, HashAlgorithm.Sha256, SomeDigest, out StepStatus status);
                Assert.Equal(StepStatus.Failed, status);
                Assert.All(signature, b => Assert.Equal(0x5A, b));
            }
        }
    }

    [Fact]
    public void AFaultInMemoryDuringThePowersGivesNoSignature()
    {
        for (int at = 40; at < 1600; at += 97)
        {
            byte[] operation = RsaTesting.Painted(RsaSign.OperationBytes(2048));
            byte[] signature = new byte[256];
            int calls = 0;
            StepStatus status;
            do
            {
                int work = 2000;
                status = Run(false, 0, operation, Parameters, HashAlgorithm.Sha256, SomeDigest, new byte[48], signature, ref work);
                if (++calls == 7)
                {
                    operation[at] ^= 0x10;
                }
            }
            while (status == StepStatus.More);
            Assert.True(calls > 8);
            Assert.True(status == StepStatus.Done ? Key.VerifyHash(SomeDigest, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) : signature.All(b => b == 0));
        }
    }

    [Fact]
    public void InconsistentKeysAreRefused()
    {
        Assert.True(IsConsistent(Parameters));
        foreach (Action<RSAParameters> damage in new Action<RSAParameters>[]
        {
            key => key.Modulus![100] ^= 1,
            key => key.Modulus![0] ^= 0x80,
            key => key.P![50] ^= 1,
            key => key.P![0] &= 0x7F,
            key => key.Q![127] ^= 1,
            key => key.Q![1] ^= 0x20,
            key => key.Exponent![2] ^= 1,
        })
        {
            RSAParameters key = Key.ExportParameters(true);
            damage(key);
            Assert.False(IsConsistent(key));
            Sign(false, 0, key, HashAlgorithm.Sha256, SomeDigest, out StepStatus status);
            Assert.Equal(StepStatus.Failed, status);
        }
    }

    [Fact]
    public void WrongLengthsAreRefused()
    {
        byte[] operation = RsaTesting.Painted(RsaSign.OperationBytes(2048));
        int work = RsaTesting.Whole;
        Assert.Equal(StepStatus.Failed, Run(false, 0, operation, Parameters, HashAlgorithm.Sha256, SomeDigest, new byte[47], new byte[256], ref work));
        Assert.Equal(StepStatus.Failed, Run(false, 0, operation, Parameters, HashAlgorithm.Sha256, SomeDigest, [], new byte[256], ref work));
        Assert.Equal(StepStatus.Failed, Run(false, 0, operation, Parameters, HashAlgorithm.Sha256, SomeDigest, new byte[48], new byte[255], ref work));
        Assert.Equal(StepStatus.Failed, Run(false, 0, operation, Parameters, HashAlgorithm.Sha256, SomeDigest, new byte[48], new byte[257], ref work));
        Assert.Equal(StepStatus.Failed, Run(true, 0, operation, Parameters, HashAlgorithm.Sha384, SomeDigest, new byte[48], new byte[256], ref work));
        Assert.Equal(StepStatus.Failed, Run(true, 0, operation, Parameters, HashAlgorithm.None, [], new byte[48], new byte[256], ref work));
    }

    [Fact]
    public void BlindedNumbersAreWhatTheyShouldBe()
    {
        byte[] k = RandomNumberGenerator.GetBytes(8);
        byte[] prime = RsaTesting.LittleEndian(Parameters.P!, 1024), exponent = RsaTesting.LittleEndian(Parameters.DP!, 1024);
        byte[] product = new byte[136];
        RsaBlinding.Multiply(product, prime, k);
        BigInteger blind = new(k, isUnsigned: true), p = new(prime, isUnsigned: true);
        Assert.Equal(blind * p, new BigInteger(product, isUnsigned: true));

        byte[] sum = new byte[144];
        for (int first = 0; first < 36; first += 3)
        {
            RsaBlinding.Window(sum.AsSpan(first * 4, 12), first, exponent, prime, k);
        }

        Assert.Equal(new BigInteger(exponent, isUnsigned: true) + (blind * (p - 1)), new BigInteger(sum, isUnsigned: true));
    }

    [Theory]
    [InlineData(2048, 1664)]
    [InlineData(3072, 2432)]
    [InlineData(4096, 3200)]
    public void NeedsTwelveNumbersAndAHeader(int bits, int bytes) => Assert.Equal(bytes, RsaSign.OperationBytes(bits));

    private static byte[] Sign(
        bool pss, int limbBytes, RSAParameters key, HashAlgorithm algorithm, byte[] digest, out StepStatus status, int workPerCall = RsaTesting.Whole, byte[]? random = null)
    {
        byte[] operation = RsaTesting.Painted(RsaSign.OperationBytes(key.Modulus!.Length * 8));
        byte[] signature = new byte[key.Modulus.Length];
        signature.AsSpan().Fill(0x5A);
        random ??= [.. Enumerable.Range(1, 48).Select(i => (byte)i)];
        do
        {
            int work = workPerCall;
            status = Run(pss, limbBytes, operation, key, algorithm, digest, random, signature, ref work);
        }
        while (status == StepStatus.More);
        return signature;
    }

    private static StepStatus Run(
        bool pss, int limbBytes, byte[] operation, RSAParameters parameters, HashAlgorithm algorithm, byte[] digest, byte[] random, byte[] signature, ref int work)
    {
        RsaPrivateKey key = PrivateKey(parameters);
        var message = new RsaEncodedMessage(pss, algorithm, digest, random);
        return limbBytes switch
        {
            8 => RsaSign.Sign<BigMontgomery64, BigMontgomery64>(operation, key, message, signature, ref work),
            4 => RsaSign.Sign<BigMontgomery32<SecretProduct>, BigMontgomery32<PublicProduct>>(operation, key, message, signature, ref work),
            _ => pss
                ? RsaSign.Pss(operation, key, algorithm, digest, random, signature, ref work)
                : RsaSign.Pkcs1(operation, key, algorithm, digest, random, signature, ref work),
        };
    }

    private static bool IsConsistent(RSAParameters parameters) => PrivateKey(parameters).IsConsistent();

    private static RsaPrivateKey PrivateKey(RSAParameters key)
    {
        int bits = key.Modulus!.Length * 8;
        return new RsaPrivateKey
        {
            Bits = bits,
            Exponent = key.Exponent!.Aggregate(0u, (e, b) => (e << 8) | b),
            Modulus = RsaTesting.LittleEndian(key.Modulus, bits),
            P = RsaTesting.LittleEndian(key.P!, bits / 2),
            Q = RsaTesting.LittleEndian(key.Q!, bits / 2),
            Dp = RsaTesting.LittleEndian(key.DP!, bits / 2),
            Dq = RsaTesting.LittleEndian(key.DQ!, bits / 2),
            QInv = RsaTesting.LittleEndian(key.InverseQ!, bits / 2),
        };
    }

    private static RSAParameters Exchanged(RSAParameters key)
    {
        BigInteger p = new(key.P!, isUnsigned: true, isBigEndian: true), q = new(key.Q!, isUnsigned: true, isBigEndian: true);
        byte[] inverse = BigInteger.ModPow(p, q - 2, q).ToByteArray(isUnsigned: true, isBigEndian: true);
        return new RSAParameters { Modulus = key.Modulus, Exponent = key.Exponent, D = key.D, P = key.Q, Q = key.P, DP = key.DQ, DQ = key.DP, InverseQ = inverse };
    }
}
