using System;
using Thimble.Memory;

namespace Thimble.Crypto;

/// <summary>
/// Authenticated encryption (RFC 5116): AES-GCM of SP 800-38D, ChaCha20-Poly1305 of RFC 8439 and AES-CCM of SP 800-38C. Keys are
/// raw and are expanded within each call. One record may hold 2^36 - 32 bytes with AES-GCM (SP 800-38D §5.2.1.1) and 2^38 - 64 with
/// ChaCha20-Poly1305 (RFC 8439 §2.8), so no span is too long for them; with AES-CCM, 2^24 - 1 (RFC 5116 §5.3). How many records one key may protect is the caller's to
/// count (RFC 8446 §5.5). Work is bounded by the lengths. Scratch is neither read before it is written nor
/// wiped: its owner does that. Arguments of a wrong size end in the fail-fast of a bounds check.
/// </summary>
public static class Aead
{
    /// <summary>The size of the longest tag, which all but the two AEADs named CCM_8 have.</summary>
    public const int TagBytes = 16;

    /// <summary>The size of a nonce. A nonce must never repeat under one key.</summary>
    public const int NonceBytes = 12;

    /// <summary>The size of a key: 16 or 32, and 0 for <see cref="AeadAlgorithm.None"/>.</summary>
    public static int KeyBytes(AeadAlgorithm algorithm) => algorithm switch
    {
        AeadAlgorithm.Aes128Gcm when Features.AesGcm => 16,
        AeadAlgorithm.Aes256Gcm when Features.AesGcm => 32,
        AeadAlgorithm.ChaCha20Poly1305 when Features.ChaCha20Poly1305 => 32,
        AeadAlgorithm.Aes128Ccm or AeadAlgorithm.Aes128Ccm8 when Features.AesCcm => 16,
        AeadAlgorithm.Aes256Ccm or AeadAlgorithm.Aes256Ccm8 when Features.AesCcm => 32,
        _ => 0,
    };

    /// <summary>The size of a tag, which is never shortened: 16, and 8 for the two AEADs named CCM_8.</summary>
    public static int TagBytesOf(AeadAlgorithm algorithm) => algorithm is AeadAlgorithm.Aes128Ccm8 or AeadAlgorithm.Aes256Ccm8 ? 8 : TagBytes;

    /// <summary>The scratch of one call on this machine, at an address that is a multiple of 8. A machine without instructions for AES needs at most 400 bytes.</summary>
    public static int ScratchBytes(AeadAlgorithm algorithm) => ScratchBytes(algorithm, nuint.Size);

    /// <summary>The same for a machine whose words have 4 or 8 bytes; with 4, one without instructions for AES is meant.</summary>
    public static int ScratchBytes(AeadAlgorithm algorithm, int wordBytes) => algorithm switch
    {
        AeadAlgorithm.Aes128Gcm when Features.AesGcm => Gcm.ScratchBytes(16, wordBytes),
        AeadAlgorithm.Aes256Gcm when Features.AesGcm => Gcm.ScratchBytes(32, wordBytes),
        AeadAlgorithm.ChaCha20Poly1305 when Features.ChaCha20Poly1305 => wordBytes == 8
            ? ChaCha20Poly1305<Poly1305Limbs26>.ScratchBytes
            : ChaCha20Poly1305<Poly1305Limbs13>.ScratchBytes,
        AeadAlgorithm.Aes128Ccm or AeadAlgorithm.Aes128Ccm8 when Features.AesCcm => Ccm.ScratchBytes(16, wordBytes),
        AeadAlgorithm.Aes256Ccm or AeadAlgorithm.Aes256Ccm8 when Features.AesCcm => Ccm.ScratchBytes(32, wordBytes),
        _ => 0,
    };

    /// <summary>
    /// Encrypts <paramref name="plaintext"/> into as many bytes of <paramref name="ciphertext"/> and writes the tag over
    /// them and <paramref name="aad"/>. The two texts are the same bytes or do not overlap. Leaks: all lengths.
    /// </summary>
    public static void Seal(AeadAlgorithm algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, Span<byte> scratch)
    {
        if (!IsContained(algorithm))
        {
            ciphertext.Clear();
            tag.Clear();
            return;
        }

        key = Whole(key, KeyBytes(algorithm));
        nonce = Whole(nonce, NonceBytes);
        ciphertext = ciphertext[..plaintext.Length];
        tag = tag[..TagBytesOf(algorithm)];
        if (Features.AesCcm && IsCcm(algorithm))
        {
            Ccm.Seal(key, nonce, aad, plaintext, ciphertext, tag, scratch);
        }
        else if (Features.AesGcm && algorithm != AeadAlgorithm.ChaCha20Poly1305)
        {
            Gcm.Seal(key, nonce, aad, plaintext, ciphertext, tag, scratch);
        }
        else if (Features.ChaCha20Poly1305 && nuint.Size == 8)
        {
            ChaCha20Poly1305<Poly1305Limbs26>.Seal(key, nonce, aad, plaintext, ciphertext, tag, scratch);
        }
        else if (Features.ChaCha20Poly1305)
        {
            ChaCha20Poly1305<Poly1305Limbs13>.Seal(key, nonce, aad, plaintext, ciphertext, tag, scratch);
        }
    }

    /// <summary>
    /// Verifies the tag over <paramref name="aad"/> and <paramref name="ciphertext"/>, and only then decrypts into as many
    /// bytes of <paramref name="plaintext"/>; otherwise writes nothing there and returns <c>false</c>. The two texts are
    /// the same bytes or do not overlap. Leaks: all lengths and the verdict.
    /// </summary>
    public static bool Open(AeadAlgorithm algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, Span<byte> scratch)
    {
        if (!IsContained(algorithm) || tag.Length != TagBytesOf(algorithm))
        {
            return false;
        }

        key = Whole(key, KeyBytes(algorithm));
        nonce = Whole(nonce, NonceBytes);
        plaintext = plaintext[..ciphertext.Length];
        if (Features.AesCcm && IsCcm(algorithm))
        {
            return Ccm.Open(key, nonce, aad, ciphertext, tag, plaintext, scratch);
        }

        if (Features.AesGcm && algorithm != AeadAlgorithm.ChaCha20Poly1305)
        {
            return Gcm.Open(key, nonce, aad, ciphertext, tag, plaintext, scratch);
        }

        if (!Features.ChaCha20Poly1305)
        {
            return false;
        }

        return nuint.Size == 8
            ? ChaCha20Poly1305<Poly1305Limbs26>.Open(key, nonce, aad, ciphertext, tag, plaintext, scratch)
            : ChaCha20Poly1305<Poly1305Limbs13>.Open(key, nonce, aad, ciphertext, tag, plaintext, scratch);
    }

    /// <summary>Whether the build holds the algorithm; what it leaves out seals into zeros, which no peer accepts, and opens nothing.</summary>
    private static bool IsContained(AeadAlgorithm algorithm) =>
        algorithm == AeadAlgorithm.ChaCha20Poly1305 ? Features.ChaCha20Poly1305 : IsCcm(algorithm) ? Features.AesCcm : Features.AesGcm;

    /// <summary>Whether it is AES-CCM, with tags of either length.</summary>
    public static bool IsCcm(AeadAlgorithm algorithm) => algorithm is >= AeadAlgorithm.Aes128Ccm and <= AeadAlgorithm.Aes256Ccm8;

    /// <summary>The argument if it has exactly that length. A longer one is not cut to fit: nonces that differ only behind the cut would repeat.</summary>
    private static ReadOnlySpan<byte> Whole(ReadOnlySpan<byte> argument, int bytes) => argument[..(argument.Length == bytes ? bytes : -1)];
}
