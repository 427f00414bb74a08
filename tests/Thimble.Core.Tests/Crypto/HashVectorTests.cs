using System;
using System.Linq;
using System.Text.Json;
using Thimble.Crypto;
using Thimble.Testing;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

/// <summary>SHA-2 against the vectors of NIST's CAVP and ACVP, Monte Carlo chains included.</summary>
public sealed class HashVectorTests
{
    [VectorTheory]
    [InlineData(HashAlgorithm.Sha256, "SHA256", 129)]
    [InlineData(HashAlgorithm.Sha384, "SHA384", 257)]
    [InlineData(HashAlgorithm.Sha512, "SHA512", 257)]
    public void Cavp_messages_short_and_long(HashAlgorithm algorithm, string name, int count)
    {
        using JsonDocument file = Vectors.Read("cavp/sha2.json.gz");
        int seen = 0;
        foreach (string length in new[] { "Short", "Long" })
        {
            foreach (JsonElement row in Rows(file, $"hashes/SHA2/{name}{length}Msg.rsp"))
            {
                int bytes = int.Parse(row.GetProperty("Len").GetString()!, provider: null) / 8;
                Assert.Equal(HashCases.Hex(row, "MD"), HashCases.Digest(algorithm, HashCases.Hex(row, "Msg").AsSpan(0, bytes)));
                seen++;
            }
        }

        Assert.Equal(count, seen);
    }

    [VectorTheory]
    [InlineData(HashAlgorithm.Sha256, "SHA256")]
    [InlineData(HashAlgorithm.Sha384, "SHA384")]
    [InlineData(HashAlgorithm.Sha512, "SHA512")]
    public void Cavp_Monte_Carlo(HashAlgorithm algorithm, string name)
    {
        using JsonDocument file = Vectors.Read("cavp/sha2.json.gz");
        JsonElement[] rows = Rows(file, $"hashes/SHA2/{name}Monte.rsp").ToArray();
        byte[] seed = HashCases.Hex(rows[0], "Seed");
        foreach (JsonElement row in rows.Skip(1))
        {
            MonteCarlo(algorithm, seed);
            Assert.Equal(HashCases.Hex(row, "MD"), seed);
        }

        Assert.Equal(101, rows.Length);
    }

    [VectorTheory]
    [InlineData(HashAlgorithm.Sha256, "256")]
    [InlineData(HashAlgorithm.Sha384, "384")]
    [InlineData(HashAlgorithm.Sha512, "512")]
    public void Acvp_messages_and_Monte_Carlo(HashAlgorithm algorithm, string name)
    {
        using JsonDocument file = Vectors.Read($"acvp/SHA2-{name}.json.gz");
        int seen = 0;
        foreach ((JsonElement _, JsonElement test, JsonElement expected) in HashCases.Acvp(file))
        {
            byte[] message = HashCases.Hex(test, "msg");
            if (expected.TryGetProperty("md", out JsonElement _))
            {
                Assert.Equal(HashCases.Hex(expected, "md"), HashCases.Digest(algorithm, message));
                seen++;
                continue;
            }

            // The same chain as CAVP's, whose hundred rows are all run: ten suffice here.
            foreach (JsonElement row in expected.GetProperty("resultsArray").EnumerateArray().Take(10))
            {
                MonteCarlo(algorithm, message);
                Assert.Equal(HashCases.Hex(row, "md"), message);
                seen++;
            }
        }

        Assert.Equal(11, seen);
    }

    /// <summary>SHAVS §6.4: a thousand digests, each of the three before it; the last replaces the seed.</summary>
    private static void MonteCarlo(HashAlgorithm algorithm, byte[] seed)
    {
        byte[] state = new byte[Hash.StateBytes(algorithm)], a = [.. seed], b = [.. seed], c = [.. seed];
        for (int i = 0; i < 1000; i++)
        {
            Hash.Initialize(algorithm, state);
            Hash.Update(algorithm, state, a);
            Hash.Update(algorithm, state, b);
            Hash.Update(algorithm, state, c);
            (a, b, c) = (b, c, a);
            Hash.Finish(algorithm, state, c);
        }

        c.CopyTo(seed, 0);
    }

    private static JsonElement[] Rows(JsonDocument file, string name) => file.RootElement.GetProperty("files").GetProperty(name)
        .EnumerateArray().SelectMany(group => group.GetProperty("vectors").EnumerateArray()).ToArray();
}
