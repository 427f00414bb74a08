using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text.Json;
using Thimble.Crypto;
using Thimble.Testing;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

public sealed class CcmTests
{
    private static readonly int[] Lengths = [.. Enumerable.Range(0, 70), 127, 128, 129, 1024, 16_383, 16_384, 16_401];

    /// <summary>SP 800-38C example 3: the only one with a nonce of 12 bytes. Its tag is of 8.</summary>
    [Theory]
    [MemberData(nameof(CcmImplementation.Names), MemberType = typeof(CcmImplementation))]
    public void Seals_and_opens_example_3_of_the_standard(string name)
    {
        byte[] key = Convert.FromHexString("404142434445464748494a4b4c4d4e4f"), nonce = Convert.FromHexString("101112131415161718191a1b");
        byte[] aad = [.. Enumerable.Range(0, 20).Select(i => (byte)i)], plaintext = [.. Enumerable.Range(0x20, 24).Select(i => (byte)i)];
        (byte[] ciphertext, byte[] tag) = CcmImplementation.Named(name).Seal(key, nonce, aad, plaintext, 8, inPlace: false);
        Assert.Equal("e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5", Convert.ToHexStringLower(ciphertext));
        Assert.Equal("484392fbc1b09951", Convert.ToHexStringLower(tag));
        byte[] opened = new byte[plaintext.Length];
        Assert.True(CcmImplementation.Named(name).Open(key, nonce, aad, ciphertext, tag, opened));
        Assert.Equal(plaintext, opened);
    }

    [Theory]
    [MemberData(nameof(CcmImplementation.Names), MemberType = typeof(CcmImplementation))]
    public void Seals_and_opens_as_the_platform_does_in_place_and_apart(string name)
    {
        CcmImplementation ccm = CcmImplementation.Named(name);
        var random = new Random(38);
        foreach (int length in Lengths)
        {
            foreach (int tagBytes in new[] { 8, 16 })
            {
                CcmImplementation.Case one = RandomCase(random, length, random.Next(40), tagBytes);
                AssertSealsAndOpens(ccm, one, inPlace: (length & 1) == 0);
            }
        }
    }

    /// <summary>The length before the additional data changes its form at 2^16 - 2^8.</summary>
    [Theory]
    [MemberData(nameof(CcmImplementation.Names), MemberType = typeof(CcmImplementation))]
    public void Additional_data_may_be_of_any_length(string name)
    {
        var random = new Random(39);
        foreach (int aadBytes in new[] { 0, 1, 13, 14, 15, 16, 30, 31, 300, 65_279, 65_280, 65_281, 70_000 })
        {
            AssertSealsAndOpens(CcmImplementation.Named(name), RandomCase(random, 33, aadBytes, 16), inPlace: true);
            AssertSealsAndOpens(CcmImplementation.Named(name), RandomCase(random, 0, aadBytes, 8), inPlace: true);
        }
    }

    [Theory]
    [MemberData(nameof(CcmImplementation.Names), MemberType = typeof(CcmImplementation))]
    public void A_record_in_pieces_is_the_record_at_every_split(string name)
    {
        CcmImplementation ccm = CcmImplementation.Named(name);
        foreach (int length in new[] { 1, 16, 40, 64 })
        {
            CcmImplementation.Case one = RandomCase(new Random(length), length, 21, 16);
            for (int split = 0; split <= length; split++)
            {
                byte[] output = new byte[length];
                Assert.Equal(one.Tag, ccm.Stream(one, encrypts: true, split % 22, split, output));
                Assert.Equal(one.Ciphertext, output);
                Assert.Equal(one.Tag, ccm.Stream(one, encrypts: false, split % 22, split, output));
                Assert.Equal(one.Plaintext, output);
            }
        }
    }

    [Theory]
    [MemberData(nameof(CcmImplementation.Names), MemberType = typeof(CcmImplementation))]
    public void A_changed_bit_anywhere_is_refused_and_leaves_the_destination_untouched(string name)
    {
        var random = new Random(41);
        foreach ((int length, int tagBytes) in new[] { (0, 16), (1, 8), (16, 16), (45, 8) })
        {
            CcmImplementation.Case one = RandomCase(random, length, 13, tagBytes);
            foreach (byte[] part in new[] { one.Tag, one.Ciphertext, one.Aad, one.Nonce, one.Key })
            {
                for (int bit = 0; bit < 8 * part.Length; bit++)
                {
                    part[bit / 8] ^= (byte)(1 << (bit % 8));
                    byte[] plaintext = [.. Enumerable.Repeat((byte)0xC3, length)];
                    Assert.False(CcmImplementation.Named(name).Open(one.Key, one.Nonce, one.Aad, one.Ciphertext, one.Tag, plaintext));
                    Assert.Equal(-1, plaintext.AsSpan().IndexOfAnyExcept((byte)0xC3));
                    part[bit / 8] ^= (byte)(1 << (bit % 8));
                }
            }
        }
    }

    [Theory]
    [InlineData(AeadAlgorithm.Aes128Ccm, 16, 16)]
    [InlineData(AeadAlgorithm.Aes256Ccm, 32, 16)]
    [InlineData(AeadAlgorithm.Aes128Ccm8, 16, 8)]
    [InlineData(AeadAlgorithm.Aes256Ccm8, 32, 8)]
    public void Each_algorithm_has_its_key_and_its_tag_and_takes_no_other(AeadAlgorithm algorithm, int keyBytes, int tagBytes)
    {
        Assert.Equal(keyBytes, Aead.KeyBytes(algorithm));
        Assert.Equal(tagBytes, Aead.TagBytesOf(algorithm));
        CcmImplementation.Case one = RandomCase(new Random(43), 50, 13, tagBytes, keyBytes);
        byte[] scratch = new byte[Aead.ScratchBytes(algorithm)], text = [.. one.Plaintext], tag = new byte[tagBytes];
        Aead.Seal(algorithm, one.Key, one.Nonce, one.Aad, text, text, tag, scratch);
        Assert.Equal(one.Ciphertext, text);
        Assert.Equal(one.Tag, tag);
        byte[] longer = [.. tag, .. new byte[17 - tagBytes]];
        for (int length = 0; length <= longer.Length; length++)
        {
            byte[] plaintext = new byte[50];
            Assert.Equal(length == tagBytes, Aead.Open(algorithm, one.Key, one.Nonce, one.Aad, text, longer.AsSpan(0, length), plaintext, scratch));
            Assert.Equal(length == tagBytes ? one.Plaintext : new byte[50], plaintext);
        }

        Assert.ThrowsAny<ArgumentException>(() => Aead.Seal(algorithm, new byte[24], one.Nonce, one.Aad, text, text, tag, scratch));
        Assert.ThrowsAny<ArgumentException>(() => Aead.Seal(algorithm, one.Key, new byte[13], one.Aad, text, text, tag, scratch));
    }

    /// <summary>With nonces of 12 bytes a text has at most 2^24 - 1 bytes: a counter of three bytes would repeat.</summary>
    [Fact]
    public void A_text_of_2_to_the_24_is_refused()
    {
        byte[] scratch = new byte[Aead.ScratchBytes(AeadAlgorithm.Aes128Ccm)], text = new byte[1 << 24], tag = new byte[16];
        Assert.False(Aead.Open(AeadAlgorithm.Aes128Ccm, new byte[16], new byte[12], [], text, tag, text, scratch));
        Assert.ThrowsAny<ArgumentException>(() => Aead.Seal(AeadAlgorithm.Aes128Ccm, new byte[16], new byte[12], [], text, text, tag, scratch));
        Aead.Seal(AeadAlgorithm.Aes128Ccm, new byte[16], new byte[12], [], text.AsSpan(1), text.AsSpan(1), tag, scratch);
    }

    [Fact]
    public void Portable_scratch_is_small()
    {
        Assert.Equal(104, Aead.ScratchBytes(AeadAlgorithm.Aes128Ccm, 4));
        Assert.Equal(120, Aead.ScratchBytes(AeadAlgorithm.Aes256Ccm8, 4));
    }

    /// <summary>The cases with nonces of 12 bytes, keys of 16 or 32 and tags of 8 or 16. RFC 3610's own packets have nonces of 13.</summary>
    [VectorFact]
    public void Wycheproof()
    {
        int count = 0;
        using JsonDocument document = Vectors.Read("wycheproof/aes_ccm_test.json.gz");
        foreach (JsonElement group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            int tagBytes = group.GetProperty("tagSize").GetInt32() / 8;
            if (group.GetProperty("ivSize").GetInt32() != 96 || group.GetProperty("keySize").GetInt32() == 192 || tagBytes is not (8 or 16))
            {
                continue;
            }

            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                bool valid = test.GetProperty("result").GetString() == "valid";
                var one = new CcmImplementation.Case(Hex(test, "key"), Hex(test, "iv"), Hex(test, "aad"), Hex(test, "msg"), Hex(test, "ct"), Hex(test, "tag"));
                Check(one, valid);
                count++;
            }
        }

        Assert.Equal(172, count);
    }

    /// <summary>NIST's cases with nonces of several lengths (VNT), of which those of 12 bytes fit; their tags have 16.</summary>
    [VectorTheory]
    [InlineData("ciphers/AES/CCM/VNT128.rsp")]
    [InlineData("ciphers/AES/CCM/VNT256.rsp")]
    public void Cavp(string file)
    {
        using JsonDocument document = Vectors.Read("cavp/aes_ccm.json.gz");
        JsonElement[] rows =
        [
            .. document.RootElement.GetProperty("files").GetProperty(file).EnumerateArray()
                .Where(group => group.GetProperty("params").TryGetProperty("Nlen", out JsonElement bytes) && bytes.GetString() == "12")
                .SelectMany(group => group.GetProperty("vectors").EnumerateArray()),
        ];
        byte[] key = Hex(rows[0], "Key");
        foreach (JsonElement row in rows[1..])
        {
            byte[] sealedText = Hex(row, "CT");
            Check(new CcmImplementation.Case(key, Hex(row, "Nonce"), Hex(row, "Adata"), Hex(row, "Payload"), sealedText[..^16], sealedText[^16..]), valid: true);
        }

        Assert.Equal(11, rows.Length);
    }

    private static void AssertSealsAndOpens(CcmImplementation ccm, CcmImplementation.Case one, bool inPlace)
    {
        (byte[] ciphertext, byte[] tag) = ccm.Seal(one.Key, one.Nonce, one.Aad, one.Plaintext, one.Tag.Length, inPlace);
        Assert.Equal(one.Ciphertext, ciphertext);
        Assert.Equal(one.Tag, tag);
        byte[] plaintext = inPlace ? ciphertext : new byte[ciphertext.Length];
        Assert.True(ccm.Open(one.Key, one.Nonce, one.Aad, ciphertext, tag, plaintext));
        Assert.Equal(one.Plaintext, plaintext);
    }

    private static void Check(CcmImplementation.Case one, bool valid)
    {
        foreach (CcmImplementation ccm in CcmImplementation.All)
        {
            byte[] opened = new byte[one.Ciphertext.Length];
            Assert.Equal(valid, ccm.Open(one.Key, one.Nonce, one.Aad, one.Ciphertext, one.Tag, opened));
            Assert.Equal(valid ? one.Plaintext : new byte[opened.Length], opened);
            if (valid)
            {
                AssertSealsAndOpens(ccm, one, inPlace: false);
            }
        }
    }

    private static CcmImplementation.Case RandomCase(Random random, int length, int aadBytes, int tagBytes, int? keyBytes = null)
    {
        var one = new CcmImplementation.Case(
            Bytes(keyBytes ?? (16 << random.Next(2))), Bytes(12), Bytes(aadBytes), Bytes(length), new byte[length], new byte[tagBytes]);
        using var platform = new AesCcm(one.Key);
        platform.Encrypt(one.Nonce, one.Plaintext, one.Ciphertext, one.Tag, one.Aad);
        return one;

        byte[] Bytes(int count)
        {
            byte[] bytes = new byte[count];
            random.NextBytes(bytes);
            return bytes;
        }
    }

    private static byte[] Hex(JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);
}
