using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Thimble.Crypto;
using Xunit;
using Platform = System.Security.Cryptography;

namespace Thimble.Core.Tests.Crypto;

/// <summary>What the tests of everything built upon hashes share: the algorithms, painted memory, the platform's answers.</summary>
internal static class HashCases
{
    public static readonly HashAlgorithm[] All = [HashAlgorithm.Sha256, HashAlgorithm.Sha384, HashAlgorithm.Sha512];

    public static TheoryData<HashAlgorithm> Algorithms => [.. All];

    /// <summary>Memory as a plan hands it out: not zero.</summary>
    public static byte[] Painted(int bytes)
    {
        byte[] memory = new byte[bytes];
        Array.Fill(memory, (byte)0xa5);
        return memory;
    }

    public static byte[] Random(Random random, int bytes)
    {
        byte[] data = new byte[bytes];
        random.NextBytes(data);
        return data;
    }

    public static byte[] Digest(HashAlgorithm algorithm, ReadOnlySpan<byte> data)
    {
        byte[] state = Painted(Hash.StateBytes(algorithm)), digest = Painted(Hash.DigestBytes(algorithm));
        Hash.Initialize(algorithm, state);
        Hash.Update(algorithm, state, data);
        Hash.Finish(algorithm, state, digest);
        return digest;
    }

    public static byte[] DigestInParts(HashAlgorithm algorithm, byte[] data, IEnumerable<int> cuts)
    {
        byte[] state = Painted(Hash.StateBytes(algorithm)), digest = Painted(Hash.DigestBytes(algorithm));
        Hash.Initialize(algorithm, state);
        int from = 0;
        foreach (int cut in cuts.Order().Append(data.Length))
        {
            Hash.Update(algorithm, state, data.AsSpan(from, cut - from));
            from = cut;
        }

        Hash.Finish(algorithm, state, digest);
        return digest;
    }

    public static byte[] Mac(HashAlgorithm algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data)
    {
        byte[] state = Painted(Hash.StateBytes(algorithm)), mac = Painted(Hash.DigestBytes(algorithm));
        Hmac.Initialize(algorithm, state, key);
        Hmac.Update(algorithm, state, data);
        Hmac.Finish(algorithm, state, key, mac);
        return mac;
    }

    public static byte[] PlatformDigest(HashAlgorithm algorithm, byte[] data) => algorithm switch
    {
        HashAlgorithm.Sha256 => Platform.SHA256.HashData(data),
        HashAlgorithm.Sha384 => Platform.SHA384.HashData(data),
        _ => Platform.SHA512.HashData(data),
    };

    public static byte[] PlatformMac(HashAlgorithm algorithm, byte[] key, byte[] data) => algorithm switch
    {
        HashAlgorithm.Sha256 => Platform.HMACSHA256.HashData(key, data),
        HashAlgorithm.Sha384 => Platform.HMACSHA384.HashData(key, data),
        _ => Platform.HMACSHA512.HashData(key, data),
    };

    public static byte[] Hex(string digits) => Convert.FromHexString(digits);

    public static byte[] Hex(JsonElement row, string name) => Convert.FromHexString(row.GetProperty(name).GetString()!);

    /// <summary>The tests of an ACVP file joined with their expected answers: (group, test, expected).</summary>
    public static IEnumerable<(JsonElement Group, JsonElement Test, JsonElement Expected)> Acvp(JsonDocument file)
    {
        Dictionary<int, JsonElement> answers = Groups(file, "expected").SelectMany(Tests).ToDictionary(Id);
        return Groups(file, "vectors").SelectMany(group => Tests(group).Select(test => (group, test, answers[Id(test)])));

        static int Id(JsonElement test) => test.GetProperty("tcId").GetInt32();
        static IEnumerable<JsonElement> Groups(JsonDocument file, string side) => file.RootElement.GetProperty(side).EnumerateArray()
            .SelectMany(session => session.EnumerateArray())
            .Where(set => set.TryGetProperty("testGroups", out _))
            .SelectMany(set => set.GetProperty("testGroups").EnumerateArray());
        static IEnumerable<JsonElement> Tests(JsonElement group) =>
            group.GetProperty("tests") is { ValueKind: JsonValueKind.Array } tests ? tests.EnumerateArray() : [];
    }

    public static HashAlgorithm AcvpAlgorithm(JsonElement row, string name) => row.GetProperty(name).GetString() switch
    {
        "SHA2-256" => HashAlgorithm.Sha256,
        "SHA2-384" => HashAlgorithm.Sha384,
        "SHA2-512" => HashAlgorithm.Sha512,
        _ => HashAlgorithm.None,
    };
}
