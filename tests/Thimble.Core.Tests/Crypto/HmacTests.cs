using System;
using System.Linq;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Thimble.Crypto;
using Thimble.Testing;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

public sealed class HmacTests
{
    public static TheoryData<HashAlgorithm> Algorithms => HashCases.Algorithms;

    // RFC 4231 §4.2 to §4.4 and §4.7 to §4.8: key short, key longer than any block, message longer too.
    [Theory]
    [InlineData(20, 0x0b, "4869205468657265", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7", "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6", "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854")]
    [InlineData(20, 0xaa, "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd", "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe", "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27", "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb")]
    [InlineData(131, 0xaa, "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374", "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54", "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952", "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598")]
    [InlineData(131, 0xaa, "5468697320697320612074657374207573696e672061206c6172676572207468616e20626c6f636b2d73697a65206b657920616e642061206c6172676572207468616e20626c6f636b2d73697a6520646174612e20546865206b6579206e6565647320746f20626520686173686564206265666f7265206265696e6720757365642062792074686520484d414320616c676f726974686d2e", "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2", "6617178e941f020d351e2f254e8fd32c602420feb0b8fb9adccebb82461e99c5a678cc31e799176d3860e6110c46523e", "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58")]
    public void The_cases_of_RFC_4231_hold(int keyBytes, byte keyByte, string message, string sha256, string sha384, string sha512)
    {
        byte[] key = Enumerable.Repeat(keyByte, keyBytes).ToArray(), data = HashCases.Hex(message);
        Assert.Equal(HashCases.Hex(sha256), HashCases.Mac(HashAlgorithm.Sha256, key, data));
        Assert.Equal(HashCases.Hex(sha384), HashCases.Mac(HashAlgorithm.Sha384, key, data));
        Assert.Equal(HashCases.Hex(sha512), HashCases.Mac(HashAlgorithm.Sha512, key, data));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Every_key_length_around_the_block_agrees_with_the_platform(HashAlgorithm algorithm)
    {
        var random = new Random(2104);
        for (int length = 0; length <= 2 * Hash.BlockBytes(algorithm) + 2; length++)
        {
            byte[] key = HashCases.Random(random, length), data = HashCases.Random(random, random.Next(400));
            Assert.Equal(HashCases.PlatformMac(algorithm, key, data), HashCases.Mac(algorithm, key, data));
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Any_two_part_split_gives_the_same_mac(HashAlgorithm algorithm)
    {
        Prop.ForAll<byte[], byte[], int>((key, data, seed) =>
        {
            int cut = (int)((uint)seed % ((uint)data.Length + 1));
            byte[] state = HashCases.Painted(Hash.StateBytes(algorithm)), mac = HashCases.Painted(Hash.DigestBytes(algorithm));
            Hmac.Initialize(algorithm, state, key);
            Hmac.Update(algorithm, state, data.AsSpan(0, cut));
            Hmac.Update(algorithm, state, data.AsSpan(cut));
            Hmac.Finish(algorithm, state, key, mac);
            return mac.AsSpan().SequenceEqual(HashCases.PlatformMac(algorithm, key, data));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Nothing_beyond_the_state_and_the_mac_is_written(HashAlgorithm algorithm)
    {
        byte[] state = HashCases.Painted(512), mac = HashCases.Painted(128), key = HashCases.Random(new Random(9), 200);
        Hmac.Initialize(algorithm, state, key);
        Hmac.Finish(algorithm, state, key, mac);
        Assert.All(state[Hash.StateBytes(algorithm)..], b => Assert.Equal(0xa5, b));
        Assert.All(mac[Hash.DigestBytes(algorithm)..], b => Assert.Equal(0xa5, b));
    }

    [VectorTheory]
    [InlineData(HashAlgorithm.Sha256, "256", 174)]
    [InlineData(HashAlgorithm.Sha384, "384", 174)]
    [InlineData(HashAlgorithm.Sha512, "512", 174)]
    public void Wycheproof(HashAlgorithm algorithm, string name, int count)
    {
        using JsonDocument file = Vectors.Read($"wycheproof/hmac_sha{name}_test.json.gz");
        int seen = 0;
        foreach (JsonElement group in file.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                byte[] tag = HashCases.Hex(test, "tag"), mac = HashCases.Mac(algorithm, HashCases.Hex(test, "key"), HashCases.Hex(test, "msg"));
                bool equal = mac.AsSpan(0, tag.Length).SequenceEqual(tag);
                Assert.True(equal == (test.GetProperty("result").GetString() == "valid"), test.GetRawText());
                seen++;
            }
        }

        Assert.Equal(count, seen);
    }

    [VectorTheory]
    [InlineData(HashAlgorithm.Sha256, "256")]
    [InlineData(HashAlgorithm.Sha384, "384")]
    [InlineData(HashAlgorithm.Sha512, "512")]
    public void Acvp(HashAlgorithm algorithm, string name)
    {
        using JsonDocument file = Vectors.Read($"acvp/HMAC-SHA2-{name}.json.gz");
        int seen = 0;
        foreach ((JsonElement _, JsonElement test, JsonElement expected) in HashCases.Acvp(file))
        {
            byte[] mac = HashCases.Hex(expected, "mac");
            Assert.Equal(mac, HashCases.Mac(algorithm, HashCases.Hex(test, "key"), HashCases.Hex(test, "msg"))[..mac.Length]);
            seen++;
        }

        Assert.True(seen >= 6, $"{seen}");
    }

    [VectorTheory]
    [InlineData(HashAlgorithm.Sha256, "256")]
    [InlineData(HashAlgorithm.Sha384, "384")]
    [InlineData(HashAlgorithm.Sha512, "512")]
    public void Cavp(HashAlgorithm algorithm, string name)
    {
        using JsonDocument file = Vectors.Read("cavp/hkdf_hmac.json.gz");
        JsonElement rows = file.RootElement.GetProperty("files").GetProperty($"HMAC/rfc-4231-sha{name}.txt")[0].GetProperty("vectors");
        foreach (JsonElement row in rows.EnumerateArray())
        {
            Assert.Equal(HashCases.Hex(row, "MD"), HashCases.Mac(algorithm, HashCases.Hex(row, "Key"), HashCases.Hex(row, "Msg")));
        }

        Assert.Equal(6, rows.GetArrayLength());
    }
}
