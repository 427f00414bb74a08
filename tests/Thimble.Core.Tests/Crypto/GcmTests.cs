using System;
using System.Buffers.Binary;
using Thimble.Crypto;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

public sealed class GcmTests
{
    private const string Key = "feffe9928665731c6d6a8f9467308308";
    private const string Nonce = "cafebabefacedbaddecaf888";
    private const string Aad = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
    private const string Zeros = "00000000000000000000000000000000";
    private const string Plaintext = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
    private const string Ciphertext128 = "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091";
    private const string Ciphertext256 = "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662";

    /// <summary>D. McGrew and J. Viega, "The Galois/Counter Mode of Operation (GCM)", appendix B: cases 1 to 4 and 13 to 16.</summary>
    [Theory]
    [InlineData(Zeros, "000000000000000000000000", "", "", "", "58e2fccefa7e3061367f1d57a4e7455a")]
    [InlineData(Zeros, "000000000000000000000000", "", Zeros, "0388dace60b6a392f328c2b971b2fe78", "ab6e47d42cec13bdf53a67b21257bddf")]
    [InlineData(Key, Nonce, "", Plaintext + "1aafd255", Ciphertext128 + "473f5985", "4d5c2af327cd64a62cf35abd2ba6fab4")]
    [InlineData(Key, Nonce, Aad, Plaintext, Ciphertext128, "5bc94fbc3221a5db94fae95ae7121a47")]
    [InlineData(Zeros + Zeros, "000000000000000000000000", "", "", "", "530f8afbc74536b9a963b4f1c4cb738b")]
    [InlineData(Zeros + Zeros, "000000000000000000000000", "", Zeros, "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919")]
    [InlineData(Key + Key, Nonce, "", Plaintext + "1aafd255", Ciphertext256 + "898015ad", "b094dac5d93471bdec1a502270e3cc6c")]
    [InlineData(Key + Key, Nonce, Aad, Plaintext, Ciphertext256, "76fc6ece0f4e1768cddf8853bb2d551b")]
    public void Seals_and_opens_the_cases_of_the_specification(string key, string nonce, string aad, string plaintext, string ciphertext, string tag)
    {
        byte[] keyBytes = Convert.FromHexString(key), nonceBytes = Convert.FromHexString(nonce), aadBytes = Convert.FromHexString(aad);
        foreach (AeadImplementation gcm in AeadImplementation.ForGcm(keyBytes.Length))
        {
            byte[] text = Convert.FromHexString(plaintext), computedTag = new byte[16];
            gcm.Seal(keyBytes, nonceBytes, aadBytes, text, text, computedTag);
            Assert.Equal(ciphertext, Convert.ToHexStringLower(text));
            Assert.Equal(tag, Convert.ToHexStringLower(computedTag));
            Assert.True(gcm.Open(keyBytes, nonceBytes, aadBytes, text, computedTag, text));
            Assert.Equal(plaintext, Convert.ToHexStringLower(text));
        }
    }

    /// <summary>Multiplication bit by bit as SP 800-38D §6.3 defines it.</summary>
    [Fact]
    public void The_product_is_that_of_the_definition()
    {
        var random = new Random(6_3);
        for (int i = 0; i < 500; i++)
        {
            byte[] x = new byte[16], h = new byte[16];
            random.NextBytes(x);
            random.NextBytes(h);
            if (i < 128)
            {
                // Single bits at both ends of the words and of the reduction.
                x.AsSpan().Clear();
                x[i / 8] = (byte)(0x80 >> (i % 8));
            }

            UInt128 expected = MultiplyByDefinition(x, h);
            byte[] key = new byte[GhashPortable.KeyBytes];
            GhashPortable.LoadKey(h, key);
            GhashPortable.Multiply(x, key, new byte[GhashPortable.ScratchBytes]);
            Assert.Equal(expected, BinaryPrimitives.ReadUInt128BigEndian(x));
        }
    }

    private static UInt128 MultiplyByDefinition(byte[] x, byte[] h)
    {
        UInt128 a = BinaryPrimitives.ReadUInt128BigEndian(x), v = BinaryPrimitives.ReadUInt128BigEndian(h);
        UInt128 z = 0;
        for (int bit = 127; bit >= 0; bit--)
        {
            z ^= ((a >> bit) & 1) == 0 ? 0 : v;
            v = (v >> 1) ^ ((v & 1) == 0 ? 0 : (UInt128)0xE1 << 120);
        }

        return z;
    }
}
