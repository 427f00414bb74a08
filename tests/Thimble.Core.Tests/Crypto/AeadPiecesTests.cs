using System;
using System.Linq;
using Thimble.Crypto;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

/// <summary>A text that is opened in pieces, by every way that this machine has, beside the same text sealed whole.</summary>
public sealed class AeadPiecesTests
{
    private delegate void BeginFunction(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, int textBytes, Span<byte> sum, Span<byte> scratch);

    private delegate bool OpenFunction(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, int aadBytes, int offset, Span<byte> piece, ReadOnlySpan<byte> tag, Span<byte> sum, Span<byte> scratch);

    [Theory]
    [InlineData(AeadAlgorithm.Aes128Gcm)]
    [InlineData(AeadAlgorithm.Aes256Gcm)]
    [InlineData(AeadAlgorithm.ChaCha20Poly1305)]
    [InlineData(AeadAlgorithm.Aes128Ccm)]
    [InlineData(AeadAlgorithm.Aes256Ccm)]
    [InlineData(AeadAlgorithm.Aes128Ccm8)]
    [InlineData(AeadAlgorithm.Aes256Ccm8)]
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
    [InlineData(AeadAlgorithm.Aes128Ccm)]
    [InlineData(AeadAlgorithm.Aes256Ccm8)]
    public void The_last_piece_is_not_decrypted_under_a_bad_tag(AeadAlgorithm algorithm)
    {
        Random random = new(18);
        (byte[] key, byte[] nonce, byte[] text) = (Bytes(random, Aead.KeyBytes(algorithm)), Bytes(random, 12), Bytes(random, 40));
        (byte[] sealedText, byte[] tag) = Seal(algorithm, key, nonce, [], text);
        tag[^1] ^= 128;
        foreach ((BeginFunction begin, OpenFunction open) in Ways(algorithm))
        {
            byte[] opened = [.. sealedText];
            Assert.False(OpenPieces(begin, open, key, nonce, [], opened, tag, 16));
            Assert.Equal([.. text[..32], .. Aead.IsCcm(algorithm) ? new byte[8] : sealedText[32..]], opened);
        }
    }

    [Theory]
    [InlineData(AeadAlgorithm.Aes128Gcm)]
    [InlineData(AeadAlgorithm.ChaCha20Poly1305)]
    [InlineData(AeadAlgorithm.Aes128Ccm)]
    [InlineData(AeadAlgorithm.Aes128Ccm8)]
    public void The_last_piece_may_be_the_tag_alone_which_is_whole(AeadAlgorithm algorithm)
    {
        Random random = new(19);
        (byte[] key, byte[] nonce, byte[] text) = (Bytes(random, Aead.KeyBytes(algorithm)), Bytes(random, 12), Bytes(random, 32));
        (byte[] sealedText, byte[] tag) = Seal(algorithm, key, nonce, [], text);
        (BeginFunction begin, OpenFunction open) = Chosen(algorithm);
        foreach (int tagBytes in new[] { tag.Length, tag.Length - 1, 1 })
        {
            byte[] opened = [.. sealedText];
            byte[] sum = new byte[AeadPieces.SumBytes];
            begin(key, nonce, [], 32, sum, Scratch());
            Assert.True(open(key, nonce, 0, 0, opened, default, sum, Scratch()));
            Assert.Equal(text, opened);
            Assert.Equal(tagBytes == tag.Length, open(key, nonce, 0, 32, default, tag.AsSpan(0, tagBytes), sum, Scratch()));
        }
    }

    [Fact]
    public void CCM_in_pieces_is_bound_to_the_length_that_was_told_first()
    {
        Random random = new(20);
        (byte[] key, byte[] nonce, byte[] text) = (Bytes(random, 16), Bytes(random, 12), Bytes(random, 40));
        (byte[] sealedText, byte[] tag) = Seal(AeadAlgorithm.Aes128Ccm, key, nonce, [], text);
        foreach ((BeginFunction begin, OpenFunction open) in Ways(AeadAlgorithm.Aes128Ccm))
        {
            byte[] sum = new byte[AeadPieces.SumBytes];
            begin(key, nonce, [], 41, sum, Scratch());
            Assert.False(open(key, nonce, 0, 0, [.. sealedText], tag, sum, Scratch()));
        }
    }

    private static (BeginFunction Begin, OpenFunction Open)[] Ways(AeadAlgorithm algorithm) => algorithm switch
    {
        AeadAlgorithm.ChaCha20Poly1305 =>
        [
            ((key, nonce, aad, _, sum, scratch) => ChaCha20Poly1305<Poly1305Limbs13>.BeginPieces(key, nonce, aad, sum, scratch), ChaCha20Poly1305<Poly1305Limbs13>.OpenPiece),
            ((key, nonce, aad, _, sum, scratch) => ChaCha20Poly1305<Poly1305Limbs26>.BeginPieces(key, nonce, aad, sum, scratch), ChaCha20Poly1305<Poly1305Limbs26>.OpenPiece),
            Chosen(algorithm),
        ],
        _ when Aead.IsCcm(algorithm) =>
        [
            ((key, nonce, aad, textBytes, sum, scratch) => Ccm.BeginPieces<CcmCipherPortable>(key, nonce, aad, textBytes, Aead.TagBytesOf(algorithm), sum, scratch),
                (key, nonce, _, offset, piece, tag, sum, scratch) => Ccm.OpenPiece<CcmCipherPortable>(key, nonce, offset, piece, tag, sum, scratch)),
            Chosen(algorithm),
        ],
        _ => [((key, nonce, aad, _, sum, scratch) => GcmPortable.BeginPieces(key, nonce, aad, sum, scratch), GcmPortable.OpenPiece), Chosen(algorithm)],
    };

    private static (BeginFunction Begin, OpenFunction Open) Chosen(AeadAlgorithm algorithm) => (
        (key, nonce, aad, textBytes, sum, scratch) => AeadPieces.Begin(algorithm, key, nonce, aad, textBytes, sum, scratch),
        (key, nonce, aadBytes, offset, piece, tag, sum, scratch) => AeadPieces.Open(algorithm, key, nonce, aadBytes, offset, piece, tag, sum, scratch));

    private static bool OpenPieces(BeginFunction begin, OpenFunction open, byte[] key, byte[] nonce, byte[] aad, byte[] text, byte[] tag, int pieceBytes)
    {
        byte[] sum = new byte[AeadPieces.SumBytes];
        begin(key, nonce, aad, text.Length, sum, Scratch());
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
        byte[] tag = new byte[Aead.TagBytesOf(algorithm)];
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
