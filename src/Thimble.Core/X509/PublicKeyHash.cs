using System;
using System.Runtime.InteropServices;
using Thimble.Crypto;

namespace Thimble.X509;

/// <summary>
/// The hash that OCSP knows a key by (RFC 6960 §4.1.1): over the contents of subjectPublicKey without the octet of unused
/// bits. They are made anew from the key: strict DER has one encoding for each. Leaks everything: the key is public.
/// </summary>
internal static class PublicKeyHash
{
    /// <summary>The memory of the running hash.</summary>
    public const int StateBytes = Sha256.StateBytes;

    /// <summary>Writes 20 bytes of SHA-1, or 32 of SHA-256, to <paramref name="digest"/>. Bounded by the key's length.</summary>
    public static void Compute(SubjectPublicKey key, bool sha1, Span<byte> state, Span<byte> digest)
    {
        Begin(sha1, state);
        if (key.Kind == KeyKind.Rsa)
        {
            AbsorbRsa(key, sha1, state);
        }
        else
        {
            if (key.Kind != KeyKind.Ed25519)
            {
                Absorb(sha1, state, 0x04); // uncompressed (RFC 5480 §2.2)
            }

            Absorb(sha1, state, key.Material);
        }

        End(sha1, state, digest);
    }

    /// <summary>Begins a message under SHA-1 or SHA-256.</summary>
    public static void Begin(bool sha1, Span<byte> state)
    {
        if (sha1)
        {
            MemoryMarshal.AsRef<Sha1>(state).Initialize();
        }
        else
        {
            Hash.Initialize(HashAlgorithm.Sha256, state);
        }
    }

    /// <summary>Absorbs bytes of the message.</summary>
    public static void Absorb(bool sha1, Span<byte> state, ReadOnlySpan<byte> bytes)
    {
        if (sha1)
        {
            MemoryMarshal.AsRef<Sha1>(state).Update(bytes);
        }
        else
        {
            Hash.Update(HashAlgorithm.Sha256, state, bytes);
        }
    }

    /// <summary>Ends the message.</summary>
    public static void End(bool sha1, Span<byte> state, Span<byte> digest)
    {
        if (sha1)
        {
            MemoryMarshal.AsRef<Sha1>(state).Finish(digest);
        }
        else
        {
            Hash.Finish(HashAlgorithm.Sha256, state, digest);
        }
    }

    /// <summary>RSAPublicKey (RFC 8017 §A.1.1): a SEQUENCE of the modulus and the exponent.</summary>
    private static void AbsorbRsa(SubjectPublicKey key, bool sha1, Span<byte> state)
    {
        ReadOnlySpan<byte> modulus = key.Material[..((key.Bits + 7) >> 3)];
        int modulusBytes = modulus.Length + ((key.Bits & 7) == 0 ? 1 : 0);
        uint exponent = key.Exponent;
        int exponentBytes = 1;
        while (exponentBytes < 5 && exponent >> ((8 * exponentBytes) - 1) != 0)
        {
            exponentBytes++;
        }

        AbsorbHeader(sha1, state, DerTag.Sequence, HeaderBytes(modulusBytes) + modulusBytes + 2 + exponentBytes);
        AbsorbHeader(sha1, state, DerTag.Integer, modulusBytes);
        if (modulusBytes != modulus.Length)
        {
            Absorb(sha1, state, 0);
        }

        for (int i = modulus.Length - 1; i >= 0; i--)
        {
            Absorb(sha1, state, modulus[i]);
        }

        AbsorbHeader(sha1, state, DerTag.Integer, exponentBytes);
        for (int shift = 8 * (exponentBytes - 1); shift >= 0; shift -= 8)
        {
            Absorb(sha1, state, shift == 32 ? (byte)0 : (byte)(exponent >> shift));
        }
    }

    private static int HeaderBytes(int length) => length < 0x80 ? 2 : length < 0x100 ? 3 : 4;

    /// <summary>A key of a profile has fewer than 2^16 bytes.</summary>
    private static void AbsorbHeader(bool sha1, Span<byte> state, byte tag, int length)
    {
        Absorb(sha1, state, tag);
        if (length >= 0x100)
        {
            Absorb(sha1, state, 0x82);
            Absorb(sha1, state, (byte)(length >> 8));
        }
        else if (length >= 0x80)
        {
            Absorb(sha1, state, 0x81);
        }

        Absorb(sha1, state, (byte)length);
    }

    private static void Absorb(bool sha1, Span<byte> state, byte octet) => Absorb(sha1, state, new ReadOnlySpan<byte>(in octet));
}
