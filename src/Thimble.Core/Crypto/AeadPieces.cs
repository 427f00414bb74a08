using System;
using Thimble.Memory;

namespace Thimble.Crypto;

/// <summary>
/// Opens a text that comes in pieces and whose tag comes last, in bounded memory: each piece is authenticated and
/// decrypted in its place before the tag is known, so what it says is provisional until then. Between calls only the
/// sum of the authenticator is kept, with CCM also the block of key stream that was made beside it; all else is made anew from the raw key. Other than <see cref="Aead"/> this hands
/// out bytes that nobody vouches for: whoever calls it holds back what depends on them.
/// </summary>
internal static class AeadPieces
{
    /// <summary>Room for the sum of any authenticator on any machine.</summary>
    public const int SumBytes = 40;

    /// <summary>Every piece but the last has a multiple of these.</summary>
    public const int BlockBytes = 16;

    /// <summary>
    /// Begins with the additional data, and with the length of the text, which AES-CCM must know beforehand. Scratch is as
    /// for <see cref="Aead"/>. Leaks: the lengths.
    /// </summary>
    public static void Begin(AeadAlgorithm algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, int textBytes, Span<byte> sum, Span<byte> scratch)
    {
        if (Features.AesCcm && Aead.IsCcm(algorithm))
        {
            Ccm.BeginPieces(key, nonce, aad, textBytes, Aead.TagBytesOf(algorithm), sum, scratch);
        }
        else if (Features.AesGcm && algorithm is (AeadAlgorithm.Aes128Gcm or AeadAlgorithm.Aes256Gcm))
        {
            Gcm.BeginPieces(key, nonce, aad, sum, scratch);
        }
        else if (Features.ChaCha20Poly1305 && algorithm == AeadAlgorithm.ChaCha20Poly1305)
        {
            if (nuint.Size == 8)
            {
                ChaCha20Poly1305<Poly1305Limbs26>.BeginPieces(key, nonce, aad, sum, scratch);
            }
            else
            {
                ChaCha20Poly1305<Poly1305Limbs13>.BeginPieces(key, nonce, aad, sum, scratch);
            }
        }
    }

    /// <summary>
    /// Authenticates the piece that begins <paramref name="offset"/> bytes into the text and decrypts it in its place. The
    /// last piece, and no other, comes with the tag: if that does not verify, the answer is <c>false</c>, and the piece stays as it is
    /// or, with AES-CCM, is cleared. Leaks: all lengths and the verdict.
    /// </summary>
    public static bool Open(AeadAlgorithm algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, int aadBytes, int offset,
        Span<byte> piece, ReadOnlySpan<byte> tag, Span<byte> sum, Span<byte> scratch)
    {
        if (Features.AesCcm && Aead.IsCcm(algorithm))
        {
            return (tag.IsEmpty || tag.Length == Aead.TagBytesOf(algorithm)) && Ccm.OpenPiece(key, nonce, offset, piece, tag, sum, scratch);
        }

        if (Features.AesGcm && algorithm is (AeadAlgorithm.Aes128Gcm or AeadAlgorithm.Aes256Gcm))
        {
            return Gcm.OpenPiece(key, nonce, aadBytes, offset, piece, tag, sum, scratch);
        }

        if (!Features.ChaCha20Poly1305 || algorithm != AeadAlgorithm.ChaCha20Poly1305)
        {
            return false;
        }

        return nuint.Size == 8
            ? ChaCha20Poly1305<Poly1305Limbs26>.OpenPiece(key, nonce, aadBytes, offset, piece, tag, sum, scratch)
            : ChaCha20Poly1305<Poly1305Limbs13>.OpenPiece(key, nonce, aadBytes, offset, piece, tag, sum, scratch);
    }
}
