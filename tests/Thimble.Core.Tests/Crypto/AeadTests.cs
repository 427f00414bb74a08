using System;
using System.Linq;
using System.Security.Cryptography;
using Thimble.Crypto;
using Xunit;
using Platform = System.Security.Cryptography;

namespace Thimble.Core.Tests.Crypto;

public sealed class AeadTests
{
    private static readonly int[] Lengths = [.. Enumerable.Range(0, 301), 511, 512, 513, 1023, 1024, 1025, 4096, 16_383, 16_384, 16_400, 20_001];

    [Theory]
    [MemberData(nameof(AeadImplementation.Names), MemberType = typeof(AeadImplementation))]
    public void Seals_and_opens_as_the_platform_does_in_place_and_apart(string name)
    {
        AeadImplementation aead = AeadImplementation.Named(name);
        var random = new Random(20_39);
        foreach (int length in Lengths)
        {
            Case expected = RandomCase(aead.Algorithm, length, random);
            byte[] ciphertext = new byte[length], tag = new byte[16], text = [.. expected.Plaintext];
            aead.Seal(expected.Key, expected.Nonce, expected.Aad, expected.Plaintext, ciphertext, tag);
            Assert.Equal(expected.Ciphertext, ciphertext);
            Assert.Equal(expected.Tag, tag);

            tag.AsSpan().Clear();
            aead.Seal(expected.Key, expected.Nonce, expected.Aad, text, text, tag);
            Assert.Equal(expected.Ciphertext, text);
            Assert.Equal(expected.Tag, tag);

            byte[] plaintext = new byte[length];
            Assert.True(aead.Open(expected.Key, expected.Nonce, expected.Aad, ciphertext, tag, plaintext));
            Assert.Equal(expected.Plaintext, plaintext);
            Assert.True(aead.Open(expected.Key, expected.Nonce, expected.Aad, text, tag, text));
            Assert.Equal(expected.Plaintext, text);
        }
    }

    [Theory]
    [MemberData(nameof(AeadImplementation.Names), MemberType = typeof(AeadImplementation))]
    public void Additional_data_may_be_longer_than_the_text(string name)
    {
        AeadImplementation aead = AeadImplementation.Named(name);
        var random = new Random(19);
        foreach (int aadBytes in new[] { 0, 1, 16, 64, 255, 256, 257, 600, 5000 })
        {
            foreach (int length in new[] { 0, 1, 40, 700 })
            {
                Case expected = RandomCase(aead.Algorithm, length, random, aadBytes);
                byte[] text = [.. expected.Plaintext], tag = new byte[16];
                aead.Seal(expected.Key, expected.Nonce, expected.Aad, text, text, tag);
                Assert.Equal(expected.Ciphertext, text);
                Assert.Equal(expected.Tag, tag);
                Assert.True(aead.Open(expected.Key, expected.Nonce, expected.Aad, text, tag, text));
                Assert.Equal(expected.Plaintext, text);
            }
        }
    }

    [Theory]
    [MemberData(nameof(AeadImplementation.Names), MemberType = typeof(AeadImplementation))]
    public void Takes_buffers_at_any_address_and_writes_nothing_around_them(string name)
    {
        AeadImplementation aead = AeadImplementation.Named(name);
        var random = new Random(7);
        for (int offset = 0; offset < 18; offset++)
        {
            Case expected = RandomCase(aead.Algorithm, 300 + offset, random);
            byte[] source = new byte[400], destination = new byte[400], tag = new byte[16];
            expected.Plaintext.CopyTo(source, offset);
            int length = expected.Plaintext.Length;
            aead.Seal(expected.Key, expected.Nonce, expected.Aad, source.AsSpan(offset, length), destination.AsSpan(17 - offset, length), tag);
            Assert.Equal(expected.Ciphertext, destination.AsSpan(17 - offset, length).ToArray());
            Assert.Equal(-1, destination.AsSpan(0, 17 - offset).IndexOfAnyExcept((byte)0));
            Assert.Equal(-1, destination.AsSpan(17 - offset + length).IndexOfAnyExcept((byte)0));
        }
    }

    [Theory]
    [MemberData(nameof(AeadImplementation.Names), MemberType = typeof(AeadImplementation))]
    public void A_changed_bit_anywhere_is_refused_and_leaves_the_destination_untouched(string name)
    {
        AeadImplementation aead = AeadImplementation.Named(name);
        var random = new Random(11);
        foreach (int length in new[] { 0, 1, 16, 31, 160 })
        {
            Case valid = RandomCase(aead.Algorithm, length, random);
            foreach (byte[] part in new[] { valid.Tag, valid.Ciphertext, valid.Aad, valid.Nonce, valid.Key })
            {
                for (int bit = 0; bit < 8 * part.Length; bit++)
                {
                    part[bit / 8] ^= (byte)(1 << (bit % 8));
                    AssertRefused(aead, valid, valid.Ciphertext.AsSpan(), valid.Tag);
                    part[bit / 8] ^= (byte)(1 << (bit % 8));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(AeadImplementation.Names), MemberType = typeof(AeadImplementation))]
    public void A_refused_long_record_is_untouched_in_place(string name)
    {
        AeadImplementation aead = AeadImplementation.Named(name);
        Case valid = RandomCase(aead.Algorithm, 16_384, new Random(13));
        foreach (int at in new[] { 0, 127, 128, 8191, 16_383 })
        {
            byte[] text = [.. valid.Ciphertext];
            text[at] ^= 0x80;
            byte[] before = [.. text];
            Assert.False(aead.Open(valid.Key, valid.Nonce, valid.Aad, text, valid.Tag, text));
            Assert.Equal(before, text);
        }
    }

    [Fact]
    public void A_tag_of_another_length_is_refused()
    {
        foreach (AeadAlgorithm algorithm in new[] { AeadAlgorithm.Aes128Gcm, AeadAlgorithm.Aes256Gcm, AeadAlgorithm.ChaCha20Poly1305 })
        {
            Case valid = RandomCase(algorithm, 20, new Random(17));
            byte[] scratch = new byte[Aead.ScratchBytes(algorithm)], plaintext = new byte[20], longer = [.. valid.Tag, 0];
            for (int length = 0; length <= longer.Length; length++)
            {
                bool opened = Aead.Open(algorithm, valid.Key, valid.Nonce, valid.Aad, valid.Ciphertext, longer.AsSpan(0, length), plaintext, scratch);
                Assert.Equal(length == Aead.TagBytes, opened);
            }
        }
    }

    [Fact]
    public void Portable_scratch_is_at_most_400_bytes_and_used_to_nine_tenths()
    {
        foreach (AeadImplementation aead in AeadImplementation.All.Where(one => one.Name.EndsWith("portable", StringComparison.Ordinal) || one.Name.EndsWith("13", StringComparison.Ordinal)))
        {
            int written = aead.WrittenScratch(Aead.KeyBytes(aead.Algorithm), aadBytes: 13, textBytes: 128, out int declared);
            Assert.InRange(declared, 1, 400);
            Assert.True(written * 10 >= declared * 9, $"{aead.Name} writes {written} of {declared} bytes.");
        }
    }

    [Fact]
    public void Sizes_are_those_of_the_standards_and_none_for_no_algorithm()
    {
        Assert.Equal(16, Aead.KeyBytes(AeadAlgorithm.Aes128Gcm));
        Assert.Equal(32, Aead.KeyBytes(AeadAlgorithm.Aes256Gcm));
        Assert.Equal(32, Aead.KeyBytes(AeadAlgorithm.ChaCha20Poly1305));
        Assert.Equal(0, Aead.KeyBytes(AeadAlgorithm.None));
        Assert.Equal(0, Aead.ScratchBytes(AeadAlgorithm.None));
    }

    [Fact]
    public void No_algorithm_seals_nothing()
        => Assert.ThrowsAny<ArgumentException>(() => Aead.Seal(AeadAlgorithm.None, new byte[32], new byte[12], [], new byte[1], new byte[1], new byte[16], new byte[400]));

    private static void AssertRefused(AeadImplementation aead, Case valid, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag)
    {
        byte[] plaintext = new byte[ciphertext.Length];
        plaintext.AsSpan().Fill(0xC3);
        Assert.False(aead.Open(valid.Key, valid.Nonce, valid.Aad, ciphertext, tag, plaintext));
        Assert.Equal(-1, plaintext.AsSpan().IndexOfAnyExcept((byte)0xC3));
    }

    private static Case RandomCase(AeadAlgorithm algorithm, int length, Random random, int? aadBytes = null)
    {
        var made = new Case(Bytes(Aead.KeyBytes(algorithm)), Bytes(12), Bytes(aadBytes ?? random.Next(40)), Bytes(length), new byte[length], new byte[16]);
        if (algorithm == AeadAlgorithm.ChaCha20Poly1305)
        {
            using var platform = new Platform.ChaCha20Poly1305(made.Key);
            platform.Encrypt(made.Nonce, made.Plaintext, made.Ciphertext, made.Tag, made.Aad);
        }
        else
        {
            using var platform = new AesGcm(made.Key, 16);
            platform.Encrypt(made.Nonce, made.Plaintext, made.Ciphertext, made.Tag, made.Aad);
        }

        return made;

        byte[] Bytes(int count)
        {
            byte[] bytes = new byte[count];
            random.NextBytes(bytes);
            return bytes;
        }
    }

    private sealed record Case(byte[] Key, byte[] Nonce, byte[] Aad, byte[] Plaintext, byte[] Ciphertext, byte[] Tag);
}
