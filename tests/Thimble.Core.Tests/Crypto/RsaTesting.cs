using System;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Thimble.Crypto;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble.Core.Tests.Crypto;

/// <summary>Runs the RSA operations in painted memory, with either size of limb, whole or one unit of work at a time.</summary>
internal static class RsaTesting
{
    public const int Whole = int.MaxValue;

    private static readonly ConcurrentDictionary<int, Lazy<RSA>> Keys = new();

    /// <summary>The platform's key of that length, made once: that takes longer than all tests with it.</summary>
    public static RSA Key(int bits) => Keys.GetOrAdd(bits, length => new Lazy<RSA>(() => RSA.Create(length))).Value;

    public static byte[] LittleEndian(ReadOnlySpan<byte> bigEndian, int bits)
    {
        byte[] padded = new byte[(bits + 63) / 64 * 8];
        bigEndian = bigEndian.TrimStart((byte)0);
        for (int i = 0; i < bigEndian.Length; i++)
        {
            padded[i] = bigEndian[bigEndian.Length - 1 - i];
        }

        return padded;
    }

    public static int BitLength(ReadOnlySpan<byte> bigEndian)
    {
        bigEndian = bigEndian.TrimStart((byte)0);
        return bigEndian.IsEmpty ? 0 : ((bigEndian.Length - 1) * 8) + (32 - System.Numerics.BitOperations.LeadingZeroCount(bigEndian[0]));
    }

    public static byte[] Painted(int bytes)
    {
        byte[] memory = new byte[bytes];
        memory.AsSpan().Fill(0xA5);
        memory.AsSpan(0, 8).Clear();
        return memory;
    }

    public static HashAlgorithm Algorithm(string name) => name.Replace("SHA2-", "SHA-", StringComparison.Ordinal) switch
    {
        "SHA-256" or "SHA256" => HashAlgorithm.Sha256,
        "SHA-384" or "SHA384" => HashAlgorithm.Sha384,
        "SHA-512" or "SHA512" => HashAlgorithm.Sha512,
        _ => HashAlgorithm.None,
    };

    public static HashAlgorithmName Name(HashAlgorithm algorithm) => algorithm switch
    {
        HashAlgorithm.Sha256 => HashAlgorithmName.SHA256,
        HashAlgorithm.Sha384 => HashAlgorithmName.SHA384,
        _ => HashAlgorithmName.SHA512,
    };

    public static byte[] Digest(HashAlgorithm algorithm, byte[] message) => algorithm switch
    {
        HashAlgorithm.Sha256 => SHA256.HashData(message),
        HashAlgorithm.Sha384 => SHA384.HashData(message),
        _ => SHA512.HashData(message),
    };

    public static StepStatus Verify(bool pss, int limbBytes, byte[] modulus, uint exponent, byte[] signature, HashAlgorithm algorithm, byte[] digest, int workPerCall = Whole)
    {
        int bits = BitLength(modulus);
        byte[] n = LittleEndian(modulus, bits);
        byte[] operation = Painted(RsaVerify.OperationBytes(bits));
        byte[] s = (byte[])signature.Clone();
        StepStatus status;
        int calls = 0;
        do
        {
            int work = workPerCall;
            status = (pss, limbBytes) switch
            {
                (false, 8) => RsaVerify.Pkcs1<BigMontgomery64>(operation, n, bits, exponent, s, algorithm, digest, ref work),
                (false, 4) => RsaVerify.Pkcs1<BigMontgomery32<PublicProduct>>(operation, n, bits, exponent, s, algorithm, digest, ref work),
                (true, 8) => RsaVerify.Pss<BigMontgomery64>(operation, n, bits, exponent, s, s, algorithm, digest, ref work),
                (true, 4) => RsaVerify.Pss<BigMontgomery32<PublicProduct>>(operation, n, bits, exponent, s, s, algorithm, digest, ref work),
                (false, _) => RsaVerify.Pkcs1(operation, n, bits, exponent, s, algorithm, digest, ref work),
                _ => RsaVerify.Pss(operation, n, bits, exponent, s, algorithm, digest, ref work),
            };
            calls++;
        }
        while (status == StepStatus.More && calls < 1_000_000);
        return status;
    }
}
