using System;
using System.Linq;
using System.Text.Json;
using Thimble.Crypto;
using Thimble.Testing;
using Xunit;
using Platform = System.Security.Cryptography;

namespace Thimble.Core.Tests.Crypto;

public sealed class HkdfTests
{
    public static TheoryData<HashAlgorithm> Algorithms => HashCases.Algorithms;

    // RFC 5869 appendices A.1 to A.3: basic, longer than a block everywhere, no salt and no info.
    [Theory]
    [InlineData(
        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
        "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")]
    [InlineData(
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f",
        "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
        "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
        "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87")]
    [InlineData(
        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
        "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")]
    public void The_cases_of_RFC_5869_hold(string ikm, string salt, string info, string prk, string okm)
    {
        byte[] key = Extract(HashAlgorithm.Sha256, HashCases.Hex(salt), HashCases.Hex(ikm));
        Assert.Equal(HashCases.Hex(prk), key);
        Assert.Equal(HashCases.Hex(okm), Expand(HashAlgorithm.Sha256, key, HashCases.Hex(info), okm.Length / 2));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Random_inputs_agree_with_the_platform(HashAlgorithm algorithm)
    {
        var random = new Random(5869);
        var name = new Platform.HashAlgorithmName(algorithm.ToString().ToUpperInvariant());
        for (int length = 1; length <= 3 * Hash.DigestBytes(algorithm) + 1; length++)
        {
            byte[] ikm = HashCases.Random(random, random.Next(200)), salt = HashCases.Random(random, random.Next(200)), info = HashCases.Random(random, random.Next(100));
            byte[] key = Extract(algorithm, salt, ikm);
            Assert.Equal(Platform.HKDF.Extract(name, ikm, salt), key);
            Assert.Equal(Platform.HKDF.Expand(name, key, length, info), Expand(algorithm, key, info, length));
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void More_than_255_blocks_are_refused_and_nothing_is_written(HashAlgorithm algorithm)
    {
        int most = 255 * Hash.DigestBytes(algorithm);
        byte[] output = HashCases.Painted(most + 1), scratch = HashCases.Painted(Hkdf.ScratchBytes(algorithm));
        Assert.False(Hkdf.Expand(algorithm, [1, 2, 3], [], output, scratch));
        Assert.All(output, b => Assert.Equal(0xa5, b));
        Assert.True(Hkdf.Expand(algorithm, [1, 2, 3], [], output.AsSpan(0, most), scratch));
        Assert.Equal(0xa5, output[most]);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void The_scratch_is_exactly_as_large_as_it_says(HashAlgorithm algorithm)
    {
        byte[] scratch = HashCases.Painted(512), output = HashCases.Painted(256);
        Hkdf.Extract(algorithm, [1], [2], output, scratch);
        Assert.True(Hkdf.Expand(algorithm, [1], [2], output.AsSpan(0, 100), scratch));
        Assert.All(scratch[Hkdf.ScratchBytes(algorithm)..], b => Assert.Equal(0xa5, b));
        Assert.All(output[100..], b => Assert.Equal(0xa5, b));
    }

    [VectorTheory]
    [InlineData(HashAlgorithm.Sha256, "256", 86)]
    [InlineData(HashAlgorithm.Sha384, "384", 83)]
    [InlineData(HashAlgorithm.Sha512, "512", 83)]
    public void Wycheproof(HashAlgorithm algorithm, string name, int count)
    {
        using JsonDocument file = Vectors.Read($"wycheproof/hkdf_sha{name}_test.json.gz");
        int seen = 0;
        foreach (JsonElement test in file.RootElement.GetProperty("testGroups").EnumerateArray().SelectMany(group => group.GetProperty("tests").EnumerateArray()))
        {
            byte[] key = Extract(algorithm, HashCases.Hex(test, "salt"), HashCases.Hex(test, "ikm"));
            byte[] output = new byte[test.GetProperty("size").GetInt32()];
            bool expanded = Hkdf.Expand(algorithm, key, HashCases.Hex(test, "info"), output, HashCases.Painted(Hkdf.ScratchBytes(algorithm)));
            Assert.Equal(test.GetProperty("result").GetString() == "valid", expanded);
            Assert.True(!expanded || output.AsSpan().SequenceEqual(HashCases.Hex(test, "okm")), test.GetRawText());
            seen++;
        }

        Assert.Equal(count, seen);
    }

    private static byte[] Extract(HashAlgorithm algorithm, byte[] salt, byte[] ikm)
    {
        byte[] key = HashCases.Painted(Hash.DigestBytes(algorithm));
        Hkdf.Extract(algorithm, salt, ikm, key, HashCases.Painted(Hkdf.ScratchBytes(algorithm)));
        return key;
    }

    private static byte[] Expand(HashAlgorithm algorithm, byte[] key, byte[] info, int bytes)
    {
        byte[] output = HashCases.Painted(bytes);
        Assert.True(Hkdf.Expand(algorithm, key, info, output, HashCases.Painted(Hkdf.ScratchBytes(algorithm))));
        return output;
    }
}
