using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using Thimble.Crypto;
using Thimble.Testing;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

public sealed class PrfTests
{
    public static TheoryData<HashAlgorithm> Algorithms => HashCases.Algorithms;

    // The vectors that circulated on the IETF's TLS list (msg03416), all with the label "test label".
    [Theory]
    [InlineData(HashAlgorithm.Sha256, "9bbe436ba940f017b17652849a71db35", "a0ba9f936cda311827a6f796ffd5198c", "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66")]
    [InlineData(HashAlgorithm.Sha384, "b80b733d6ceefcdc71566ea48e5567df", "cd665cf6a8447dd6ff8b27555edb7465", "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f82b1233c9146a0e534cb400fed2700884f9dc236f80edd8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d9184259b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee691c8f3a26854308d5eaa3be85e0990703d73e56f")]
    [InlineData(HashAlgorithm.Sha512, "b0323523c1853599584d88568bbb05eb", "d4640e12e4bcdbfb437f03e6ae418ee5", "1261f588c798c5c201ff036e7a9cb5edcd7fe3f94c669a122a4638d7d508b283042df6789875c7147e906d868bc75c45e20eb40c1cf4a1713b27371f68432592f7dc8ea8ef223e12ea8507841311bf68653d0cfc4056d811f025c45ddfa6e6fec702f054b409d6f28dd0a3233e498da41a3e75c5630eedbe22fe254e33a1b0e9f6b9826675bec7d01a845658dc9c397545401d40b9f46c7a400ee1b8f81ca0a60d1a397a1028bff5d2ef5066126842fb8da4197632bdb54ff6633f86bbc836e640d4d898")]
    public void The_vectors_of_the_TLS_list_hold(HashAlgorithm algorithm, string secret, string seed, string output)
    {
        byte[] expected = HashCases.Hex(output);
        Assert.Equal(expected, Expand(algorithm, HashCases.Hex(secret), "test label", HashCases.Hex(seed), [], expected.Length));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Every_length_and_every_split_of_the_seed_agree_with_the_definition(HashAlgorithm algorithm)
    {
        var random = new Random(5246);
        for (int length = 0; length <= 3 * Hash.DigestBytes(algorithm) + 1; length++)
        {
            byte[] secret = HashCases.Random(random, random.Next(200)), seed = HashCases.Random(random, 64);
            int cut = random.Next(seed.Length + 1);
            Assert.Equal(
                Definition(algorithm, secret, [.. "a label"u8, .. seed], length),
                Expand(algorithm, secret, "a label", seed[..cut], seed[cut..], length));
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void The_scratch_is_exactly_as_large_as_it_says(HashAlgorithm algorithm)
    {
        byte[] scratch = HashCases.Painted(512), output = HashCases.Painted(256);
        Prf12.Expand(algorithm, [1], "label"u8, [2], [3], output.AsSpan(0, 100), scratch);
        Assert.All(scratch[Prf12.ScratchBytes(algorithm)..], b => Assert.Equal(0xa5, b));
        Assert.All(output[100..], b => Assert.Equal(0xa5, b));
    }

    [VectorFact]
    public void Acvp_extended_master_secret_and_key_block()
    {
        using JsonDocument file = Vectors.Read("acvp/TLS12.json.gz");
        int seen = 0;
        foreach ((JsonElement group, JsonElement test, JsonElement expected) in HashCases.Acvp(file))
        {
            HashAlgorithm algorithm = HashCases.AcvpAlgorithm(group, "hashAlg");
            byte[] master = Expand(algorithm, HashCases.Hex(test, "preMasterSecret"), "extended master secret", HashCases.Hex(test, "sessionHash"), [], 48);
            Assert.Equal(HashCases.Hex(expected, "masterSecret"), master);
            AssertKeyBlock(algorithm, master, test, expected);
            seen++;
        }

        Assert.Equal(14, seen);
    }

    [VectorFact]
    public void Acvp_master_secret_and_key_block()
    {
        using JsonDocument file = Vectors.Read("acvp/kdf-components.json.gz");
        int seen = 0;
        foreach ((JsonElement group, JsonElement test, JsonElement expected) in HashCases.Acvp(file))
        {
            HashAlgorithm algorithm = HashCases.AcvpAlgorithm(group, "hashAlg");
            if (algorithm == HashAlgorithm.None)
            {
                continue;
            }

            byte[] master = Expand(
                algorithm, HashCases.Hex(test, "preMasterSecret"), "master secret", HashCases.Hex(test, "clientHelloRandom"), HashCases.Hex(test, "serverHelloRandom"), 48);
            Assert.Equal(HashCases.Hex(expected, "masterSecret"), master);
            AssertKeyBlock(algorithm, master, test, expected);
            seen++;
        }

        Assert.Equal(3, seen);
    }

    private static void AssertKeyBlock(HashAlgorithm algorithm, byte[] master, JsonElement test, JsonElement expected)
    {
        byte[] block = HashCases.Hex(expected, "keyBlock");
        Assert.Equal(block, Expand(algorithm, master, "key expansion", HashCases.Hex(test, "serverRandom"), HashCases.Hex(test, "clientRandom"), block.Length));
    }

    private static byte[] Expand(HashAlgorithm algorithm, byte[] secret, string label, byte[] seed1, byte[] seed2, int bytes)
    {
        byte[] output = HashCases.Painted(bytes);
        Prf12.Expand(algorithm, secret, Encoding.ASCII.GetBytes(label), seed1, seed2, output, HashCases.Painted(Prf12.ScratchBytes(algorithm)));
        return output;
    }

    /// <summary>P_hash of RFC 5246 §5, written down over the platform's HMAC.</summary>
    private static byte[] Definition(HashAlgorithm algorithm, byte[] secret, byte[] seed, int bytes)
    {
        List<byte> output = [];
        for (byte[] a = HashCases.PlatformMac(algorithm, secret, seed); output.Count < bytes; a = HashCases.PlatformMac(algorithm, secret, a))
        {
            output.AddRange(HashCases.PlatformMac(algorithm, secret, [.. a, .. seed]));
        }

        return output.Take(bytes).ToArray();
    }
}
