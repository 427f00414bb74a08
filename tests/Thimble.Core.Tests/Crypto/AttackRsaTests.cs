using System;
using System.Linq;
using System.Numerics;
using System.Security.Cryptography;
using Thimble.Crypto;
using Xunit;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble.Core.Tests.Crypto;

/// <summary>RSA as an attacker sees it: forged encodings, and faults injected into memory while a signature is made.</summary>
public sealed class AttackRsaTests
{
    private const int Bits = 2048;

    private static readonly RSA Key = RsaTesting.Key(Bits);
    private static readonly RSAParameters Parameters = Key.ExportParameters(true);
    private static readonly byte[] Digest = SHA256.HashData([9, 9, 9]);
    private static readonly byte[] Random = [.. Enumerable.Range(7, 48).Select(i => (byte)i)];

    private static readonly byte[] DigestInfo = [0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_bit_that_flips_in_the_finished_signature_while_it_is_checked_is_not_released(bool pss)
    {
        byte[] expected = Sign(pss, _ => { }, out int calls)!;
        Assert.InRange(calls, 5, 50);
        for (int call = 1; call <= calls; call++)
        {
            // The signature lies at the end of the memory, its copy for the check before it.
            foreach (int fromEnd in new[] { 1, 500 })
            {
                int now = 0;
                byte[]? signature = Sign(pss, operation => operation[^fromEnd] ^= (byte)(++now == call ? 0x08 : 0), out _);
                Assert.True(signature is null || signature.SequenceEqual(expected), $"call {call}, byte {fromEnd} from the end");
            }
        }
    }

    [Fact]
    public void Memory_behind_the_operation_is_not_touched()
    {
        int bytes = RsaSign.OperationBytes(Bits);
        byte[] operation = RsaTesting.Painted(bytes + 1000);
        byte[] signature = new byte[Bits / 8];
        int work = int.MaxValue;
        Assert.Equal(StepStatus.Done, RsaSign.Pkcs1(operation, PrivateKey(), HashAlgorithm.Sha256, Digest, Random, signature, ref work));
        Assert.Equal(-1, operation.AsSpan(bytes).IndexOfAnyExcept((byte)0xA5));
        Assert.True(Key.VerifyHash(Digest, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public void A_cube_root_of_an_encoding_with_garbage_behind_it_is_refused()
    {
        // Bleichenbacher, CRYPTO 2006 rump session: with e = 3 and short padding, the garbage leaves room for a cube, and no private key is needed.
        byte[] front = [0, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, .. DigestInfo, .. Digest];
        byte[] encoded = [.. front, .. new byte[(Bits / 8) - front.Length]];
        BigInteger root = CubeRoot(new BigInteger(encoded, isUnsigned: true, isBigEndian: true)) + 1;
        Assert.Equal(front, BigEndian(root * root * root)[..front.Length]);
        foreach (int limbBytes in new[] { 4, 8 })
        {
            Assert.Equal(StepStatus.Failed, RsaTesting.Verify(false, limbBytes, Parameters.Modulus!, 3, BigEndian(root), HashAlgorithm.Sha256, Digest));
        }
    }

    [Fact]
    public void Only_the_one_PKCS1_encoding_is_accepted()
    {
        int padding = (Bits / 8) - 3 - DigestInfo.Length - Digest.Length;
        byte[] ones = [.. Enumerable.Repeat((byte)0xFF, padding)];
        byte[] withoutParameters = [0x30, 0x2F, 0x30, 0x0B, .. DigestInfo[4..15], .. DigestInfo[17..]];
        byte[] longLength = [0x30, 0x81, .. DigestInfo[1..]];
        Assert.Equal(StepStatus.Done, VerifyPkcs1([0, 1, .. ones, 0, .. DigestInfo, .. Digest]));
        foreach (byte[] encoded in new byte[][]
        {
            [0, 2, .. ones, 0, .. DigestInfo, .. Digest],
            [0, 1, .. ones, 1, .. DigestInfo, .. Digest],
            [0, 1, .. ones[1..], 0xFE, 0, .. DigestInfo, .. Digest],
            [0, 1, .. ones, 0xFF, 0xFF, 0, .. withoutParameters, .. Digest],
            [0, 1, .. ones[1..], 0, .. longLength, .. Digest],
            [0, 1, .. ones[1..], 0, .. DigestInfo, .. Digest, 0],
            [0, 1, .. ones[2..], 0, .. DigestInfo, .. Digest, 5, 0],
            [0, 1, .. ones, .. Enumerable.Repeat((byte)0xFF, DigestInfo.Length), 0, .. Digest],
        })
        {
            Assert.Equal(Bits / 8, encoded.Length);
            Assert.Equal(StepStatus.Failed, VerifyPkcs1(encoded));
        }
    }

    [Fact]
    public void Only_a_PSS_encoding_with_a_salt_of_the_digests_length_is_accepted()
    {
        Assert.Equal(StepStatus.Done, VerifyPss(Pss(32)));
        foreach (int saltBytes in new[] { 0, 20, 31, 33, 64, 222 })
        {
            Assert.Equal(StepStatus.Failed, VerifyPss(Pss(saltBytes)));
        }

        foreach (Action<byte[]> damage in new Action<byte[]>[] { em => em[^1] = 0xCC, em => em[^1] = 0, em => em[0] |= 0x80, em => em[0] ^= 0x40, em => em[190] ^= 1, em => em[191] ^= 1, em => em[222] ^= 1, em => em[223] ^= 1, em => em[254] ^= 1 })
        {
            byte[] encoded = Pss(32);
            damage(encoded);
            BigInteger number = new(encoded, isUnsigned: true, isBigEndian: true);
            if (number < new BigInteger(Parameters.Modulus, isUnsigned: true, isBigEndian: true))
            {
                Assert.Equal(StepStatus.Failed, VerifyPss(encoded));
            }
        }
    }

    private static byte[]? Sign(bool pss, Action<byte[]> beforeCall, out int calls)
    {
        byte[] operation = RsaTesting.Painted(RsaSign.OperationBytes(Bits));
        byte[] signature = new byte[Bits / 8];
        RsaPrivateKey key = PrivateKey();
        StepStatus status;
        calls = 0;
        do
        {
            // Once the powers are done, phase 12 of the operation's first byte, a call is a few rows, and is counted.
            bool isFinishing = operation[0] >= 12;
            int work = isFinishing ? 100 : 500;
            if (isFinishing)
            {
                beforeCall(operation);
                calls++;
            }

            status = pss
                ? RsaSign.Pss(operation, key, HashAlgorithm.Sha256, Digest, Random, signature, ref work)
                : RsaSign.Pkcs1(operation, key, HashAlgorithm.Sha256, Digest, Random, signature, ref work);
        }
        while (status == StepStatus.More);
        Assert.True(status == StepStatus.Done || signature.All(b => b == 0));
        return status == StepStatus.Done ? signature : null;
    }

    private static RsaPrivateKey PrivateKey() => new()
    {
        Bits = Bits,
        Exponent = 65537,
        Modulus = RsaTesting.LittleEndian(Parameters.Modulus!, Bits),
        P = RsaTesting.LittleEndian(Parameters.P!, Bits / 2),
        Q = RsaTesting.LittleEndian(Parameters.Q!, Bits / 2),
        Dp = RsaTesting.LittleEndian(Parameters.DP!, Bits / 2),
        Dq = RsaTesting.LittleEndian(Parameters.DQ!, Bits / 2),
        QInv = RsaTesting.LittleEndian(Parameters.InverseQ!, Bits / 2),
    };

    /// <summary>RFC 8017 §9.1.1, with a salt of any length.</summary>
    private static byte[] Pss(int saltBytes)
    {
        byte[] salt = [.. Enumerable.Range(1, saltBytes).Select(i => (byte)i)];
        byte[] h = SHA256.HashData([.. new byte[8], .. Digest, .. salt]);
        byte[] block = [.. new byte[(Bits / 8) - h.Length - 2 - saltBytes], 1, .. salt];
        for (int i = 0; i < block.Length; i++)
        {
            block[i] ^= SHA256.HashData([.. h, 0, 0, 0, (byte)(i / 32)])[i % 32];
        }

        block[0] &= 0x7F;
        return [.. block, .. h, 0xBC];
    }

    private static StepStatus VerifyPss(byte[] encoded) =>
        RsaTesting.Verify(true, 0, Parameters.Modulus!, 65537, RawSign(encoded), HashAlgorithm.Sha256, Digest);

    private static StepStatus VerifyPkcs1(byte[] encoded) =>
        RsaTesting.Verify(false, 0, Parameters.Modulus!, 65537, RawSign(encoded), HashAlgorithm.Sha256, Digest);

    private static byte[] RawSign(byte[] encoded) => BigEndian(BigInteger.ModPow(
        new BigInteger(encoded, isUnsigned: true, isBigEndian: true),
        new BigInteger(Parameters.D, isUnsigned: true, isBigEndian: true),
        new BigInteger(Parameters.Modulus, isUnsigned: true, isBigEndian: true)));

    private static byte[] BigEndian(BigInteger number)
    {
        byte[] bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[(Bits / 8) - bytes.Length], .. bytes];
    }

    private static BigInteger CubeRoot(BigInteger number)
    {
        BigInteger root = 0;
        for (int bit = Bits / 3; bit >= 0; bit--)
        {
            BigInteger next = root + (BigInteger.One << bit);
            root = next * next * next <= number ? next : root;
        }

        return root;
    }
}
