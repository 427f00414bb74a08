using System;
using System.Linq;
using Thimble.Crypto;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

/// <summary>A text that is opened in pieces, by every way that this machine has, beside the same text sealed whole.</summary>
public sealed class AeadPiecesTests
{
    private delegate void BeginFunction(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, Span<byte> sum, Span<byte> scratch);

    private delegate bool OpenFunction(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, int aadBytes, int offset, Span<byte> piece, ReadOnlySpan<byte> tag, Span<byte> sum, Span<byte> scratch);

    [Theory]
    [InlineData(AeadAlgorithm.Aes128Gcm)]
    [InlineData(AeadAlgorithm.Aes256Gcm)]
    [InlineData(AeadAlgorithm.ChaCha20Poly1305)]
    public void Any_pieces_of_whole_blocks_open_what_was_sealed_whole(AeadAlgorithm algorithm)
    {
        Random random = new(17);
        for (int length = 1; length < 700; length += length < 150 ? 1 : 37)
        {
            (byte[] key, byte[] nonce, byte[] aad, byte[] text) = (Bytes(random, Aead.KeyBytes(algorithm)), Bytes(random, 12), Bytes(random, random.Next(20)), Bytes(random, length));
            (byte[] sealedText, byte[] tag) = Seal(algorithm, key, nonce, aad, text);
            foreach (int blocks in new[] { 1, 2, 3, 4, 7, 32 })
            {
                foreach ((BeginFunction begin, OpenFunction open) in Ways(algorithm))
                {
                    byte[] opened = [.. sealedText];
                    Assert.True(OpenPieces(begin, open, key, nonce, aad, opened, tag, 16 * blocks));
                    Assert.Equal(text, opened);
                    opened = [.. sealedText];
                    opened[random.Next(length)] ^= (byte)(1 << random.Next(8));
                    Assert.False(OpenPieces(begin, open, key, nonce, aad, opened, tag, 16 * blocks));
                }
            }
        }
    }

    [Theory]
    [InlineData(AeadAlgorithm.Aes128Gcm)]
    [InlineData(AeadAlgorithm.ChaCha20Poly1305)]
    public void The_last_piece_is_not_decrypted_under_a_bad_tag(AeadAlgorithm algorithm)
    {
        Random random = new(18);
        (byte[] key, byte[] nonce, byte[] text) = (Bytes(random, Aead.KeyBytes(algorithm)), Bytes(random, 12), Bytes(random, 40));
        (byte[] sealedText, byte[] tag) = Seal(algorithm, key, nonce, [], text);
        tag[15] ^= 128;
        foreach ((BeginFunction begin, OpenFunction open) in Ways(algorithm))
        {
            byte[] opened = [.. sealedText];
            Assert.False(OpenPieces(begin, open, key, nonce, [], opened, tag, 16));
            Assert.Equal([.. text[..32], .. sealedText[32..]], opened);
        }
    }

    private static (BeginFunction Begin, OpenFunction Open)[] Ways(AeadAlgorithm algorithm) => algorithm == AeadAlgorithm.ChaCha20Poly1305
        ?
        [
            (ChaCha20Poly1305<Poly1305Limbs13>.BeginPieces, ChaCha20Poly1305<Poly1305Limbs13>.OpenPiece),
            (ChaCha20Poly1305<Poly1305Limbs26>.BeginPieces, ChaCha20Poly1305<Poly1305Limbs26>.OpenPiece),
            Chosen(algorithm),
        ]
        : [(GcmPortable.BeginPieces, GcmPortable.OpenPiece), Chosen(algorithm)];

    private static (BeginFunction Begin, OpenFunction Open) Chosen(AeadAlgorithm algorithm) => (
        (key, nonce, aad, sum, scratch) => AeadPieces.Begin(algorithm, key, nonce, aad, sum, scratch),
        (key, nonce, aadBytes, offset, piece, tag, sum, scratch) => AeadPieces.Open(algorithm, key, nonce, aadBytes, offset, piece, tag, sum, scratch));

    private static bool OpenPieces(BeginFunction begin, OpenFunction open, byte[] key, byte[] nonce, byte[] aad, byte[] text, byte[] tag, int pieceBytes)
    {
        byte[] sum = new byte[AeadPieces.SumBytes];
        begin(key, nonce, aad, sum, Scratch());
        bool opened = true;
        for (int at = 0; at < text.Length && opened; at += pieceBytes)
        {
            Span<byte> piece = text.AsSpan(at, Math.Min(pieceBytes, text.Length - at));
            opened = open(key, nonce, aad.Length, at, piece, at + piece.Length == text.Length ? tag : default, sum, Scratch());
        }

        return opened;
    }

    private static (byte[] Ciphertext, byte[] Tag) Seal(AeadAlgorithm algorithm, byte[] key, byte[] nonce, byte[] aad, byte[] text)
    {
        byte[] ciphertext = new byte[text.Length];
        byte[] tag = new byte[16];
        Aead.Seal(algorithm, key, nonce, aad, text, ciphertext, tag, Scratch());
        return (ciphertext, tag);
    }

    /// <summary>New and full of poison for each call: nothing but the sum is remembered.</summary>
    private static byte[] Scratch() => [.. Enumerable.Repeat((byte)0x6B, 1024)];

    private static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
