using System;

namespace Thimble.Crypto;

/// <summary>
/// EMSA-PKCS1-v1_5 (RFC 8017 §9.2): 00 01 FF … FF 00 DigestInfo digest. The encoding is computed byte by byte, so
/// that it can be compared whole without a buffer for it. Leaks: the hash algorithm, the lengths and the digest.
/// </summary>
internal static class Pkcs1Encoding
{
    // The DER of DigestInfo up to the digest (RFC 8017 §9.2, note 1).
    private static ReadOnlySpan<byte> Sha256Prefix =>
        [0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

    private static ReadOnlySpan<byte> Sha384Prefix =>
        [0x30, 0x41, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30];

    private static ReadOnlySpan<byte> Sha512Prefix =>
        [0x30, 0x51, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40];

    /// <summary>Whether a digest of this length belongs to the algorithm and its encoding fits into that many bytes (step 3).</summary>
    public static bool Fits(HashAlgorithm algorithm, int digestBytes, int encodedBytes) =>
        Hash.IsInThisBuild(algorithm) && digestBytes == Hash.DigestBytes(algorithm)
        && encodedBytes >= Prefix(algorithm).Length + digestBytes + 11;

    /// <summary>One byte of the encoding, counted from its end: the last byte of the digest is byte 0.</summary>
    public static byte FromEnd(HashAlgorithm algorithm, ReadOnlySpan<byte> digest, int encodedBytes, int index)
    {
        if (index < digest.Length)
        {
            return digest[digest.Length - 1 - index];
        }

        ReadOnlySpan<byte> prefix = Prefix(algorithm);
        int tail = digest.Length + prefix.Length;
        if (index < tail)
        {
            return prefix[tail - 1 - index];
        }

        if (index == tail || index == encodedBytes - 1)
        {
            return 0;
        }

        return index == encodedBytes - 2 ? (byte)1 : (byte)0xFF;
    }

    private static ReadOnlySpan<byte> Prefix(HashAlgorithm algorithm) => algorithm switch
    {
        HashAlgorithm.Sha256 => Sha256Prefix,
        HashAlgorithm.Sha384 => Sha384Prefix,
        _ => Sha512Prefix,
    };
}
