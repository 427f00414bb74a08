using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Thimble.Crypto;

/// <summary>
/// EMSA-PSS (RFC 8017 §9.1) with MGF1 over the same hash and a salt as long as the digest, as TLS has it
/// (RFC 8446 §4.2.3). The encoded message is big-endian, of ceil(bits / 8) bytes for a modulus of that many bits; what
/// the RFC calls emBits is bits - 1. Scratch: <c>state</c> for a running hash, <c>block</c> for one digest.
/// Leaks: the hash algorithm, the lengths, and in a check where the padding deviates: signatures are public.
/// </summary>
internal static class PssEncoding
{
    private const byte Trailer = 0xBC;

    private static ReadOnlySpan<byte> EightZeros => [0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Whether a digest of this length belongs to the algorithm, and the modulus is long enough for it (§9.1.1 step 3).</summary>
    public static bool Fits(HashAlgorithm algorithm, int digestBytes, int bits) =>
        Hash.IsInThisBuild(algorithm) && digestBytes == Hash.DigestBytes(algorithm) && (bits + 6) >> 3 >= (2 * digestBytes) + 2;

    /// <summary>EMSA-PSS-ENCODE (§9.1.1): fills <paramref name="encoded"/>.</summary>
    public static void Encode(
        HashAlgorithm algorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> salt, int bits, Span<byte> encoded, Span<byte> state, Span<byte> block)
    {
        Span<byte> message = SkipLeadingByte(encoded, bits);
        Span<byte> masked = message[..(message.Length - digest.Length - 1)];
        Span<byte> h = message.Slice(masked.Length, digest.Length);
        encoded[0] = 0;
        masked.Clear();
        int saltAt = masked.Length - salt.Length;
        masked[saltAt - 1] = 1;
        salt.CopyTo(masked[saltAt..]);
        HashOfSalted(algorithm, digest, salt, state, h);
        message[^1] = Trailer;
        Mask(algorithm, h, masked, state, block);
        masked[0] &= TopMask(bits);
    }

    /// <summary>EMSA-PSS-VERIFY (§9.1.2). Unmasks <paramref name="encoded"/> in place.</summary>
    public static bool IsValid(
        HashAlgorithm algorithm, ReadOnlySpan<byte> digest, int bits, Span<byte> encoded, Span<byte> state, Span<byte> block)
    {
        Span<byte> message = SkipLeadingByte(encoded, bits);
        Span<byte> masked = message[..(message.Length - digest.Length - 1)];
        Span<byte> h = message.Slice(masked.Length, digest.Length);
        bool isLeadingByteRight = message.Length == encoded.Length || encoded[0] == 0;
        if (!isLeadingByteRight || message[^1] != Trailer || (masked[0] & (byte)~TopMask(bits)) != 0)
        {
            return false;
        }

        Mask(algorithm, h, masked, state, block);
        masked[0] &= TopMask(bits);
        int saltAt = masked.Length - digest.Length;
        if (masked[saltAt - 1] != 1 || !IsZero(masked[..(saltAt - 1)]))
        {
            return false;
        }

        HashOfSalted(algorithm, digest, masked[saltAt..], state, block);
        return CryptographicOperations.FixedTimeEquals(h, block[..digest.Length]);
    }

    // emLen = ceil((bits - 1) / 8) is one less than the modulus' bytes where bits = 1 modulo 8.
    private static Span<byte> SkipLeadingByte(Span<byte> encoded, int bits) => (bits & 7) == 1 ? encoded[1..] : encoded;

    // The 8·emLen - emBits leftmost bits are zero.
    private static byte TopMask(int bits) => (byte)(0xFF >> ((9 - bits) & 7));

    private static bool IsZero(ReadOnlySpan<byte> bytes)
    {
        int bits = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            bits |= bytes[i];
        }

        return bits == 0;
    }

    private static void HashOfSalted(
        HashAlgorithm algorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> salt, Span<byte> state, Span<byte> h)
    {
        Hash.Initialize(algorithm, state);
        Hash.Update(algorithm, state, EightZeros);
        Hash.Update(algorithm, state, digest);
        Hash.Update(algorithm, state, salt);
        Hash.Finish(algorithm, state, h);
    }

    // data ^= MGF1(seed) (RFC 8017 §B.2.1). The counter stays below 256, so that one byte of it moves.
    private static void Mask(HashAlgorithm algorithm, ReadOnlySpan<byte> seed, Span<byte> data, Span<byte> state, Span<byte> block)
    {
        byte counter = 0;
        while (!data.IsEmpty)
        {
            Hash.Initialize(algorithm, state);
            Hash.Update(algorithm, state, seed);
            Hash.Update(algorithm, state, EightZeros[..3]);
            Hash.Update(algorithm, state, MemoryMarshal.CreateReadOnlySpan(ref counter, 1));
            Hash.Finish(algorithm, state, block);
            int bytes = data.Length < seed.Length ? data.Length : seed.Length;
            for (int i = 0; i < bytes; i++)
            {
                data[i] ^= block[i];
            }

            data = data[bytes..];
            counter++;
        }
    }
}
