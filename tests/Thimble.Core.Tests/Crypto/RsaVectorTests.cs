using System;
using System.Linq;
using System.Text.Json;
using Thimble.Crypto;
using Thimble.Testing;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

/// <summary>Wycheproof, NIST CAVP and ACVP: verification, with both sizes of limb in turn.</summary>
public class RsaVectorTests
{
    [VectorTheory]
    [InlineData("2048_sha256", 259)]
    [InlineData("2048_sha384", 258)]
    [InlineData("2048_sha512", 259)]
    [InlineData("3072_sha256", 259)]
    [InlineData("3072_sha384", 259)]
    [InlineData("3072_sha512", 260)]
    [InlineData("4096_sha256", 258)]
    [InlineData("4096_sha384", 259)]
    [InlineData("4096_sha512", 259)]
    public void WycheproofPkcs1(string name, int tests)
    {
        int count = 0;
        using JsonDocument file = Vectors.Read($"wycheproof/rsa_signature_{name}_test.json.gz");
        foreach (JsonElement group in file.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            count += RunGroup(group, pss: false);
        }

        Assert.Equal(tests, count);
    }

    [VectorTheory]
    [InlineData("2048_sha256_mgf1_32", 108)]
    [InlineData("2048_sha256_mgf1_32_params", 108)]
    [InlineData("2048_sha384_mgf1_48", 141)]
    [InlineData("3072_sha256_mgf1_32", 108)]
    [InlineData("3072_sha256_mgf1_32_params", 108)]
    [InlineData("4096_sha256_mgf1_32", 108)]
    [InlineData("4096_sha384_mgf1_48", 141)]
    [InlineData("4096_sha512_mgf1_64", 179)]
    [InlineData("4096_sha512_mgf1_64_params", 179)]
    public void WycheproofPss(string name, int tests)
    {
        int count = 0;
        using JsonDocument file = Vectors.Read($"wycheproof/rsa_pss_{name}_test.json.gz");
        foreach (JsonElement group in file.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            count += RunGroup(group, pss: true);
        }

        Assert.Equal(tests, count);
    }

    /// <summary>Another salt length or another hash in MGF1 is no parameter of TLS: even valid signatures are refused.</summary>
    [VectorTheory]
    [InlineData("2048_sha256_mgf1_0")]
    [InlineData("2048_sha256_mgf1_0_params")]
    [InlineData("2048_sha256_mgf1sha1_20")]
    [InlineData("2048_sha512_mgf1sha256_32_params")]
    [InlineData("4096_sha512_mgf1_32")]
    [InlineData("4096_sha512_mgf1_32_params")]
    [InlineData("misc")]
    [InlineData("misc_params")]
    public void WycheproofPssWithOtherParametersIsRefused(string name)
    {
        int refused = 0;
        using JsonDocument file = Vectors.Read($"wycheproof/rsa_pss_{name}_test.json.gz");
        foreach (JsonElement group in file.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            HashAlgorithm algorithm = RsaTesting.Algorithm(group.GetProperty("sha").GetString()!);
            bool isOurs = algorithm != HashAlgorithm.None
                && group.GetProperty("sha").GetString() == group.GetProperty("mgfSha").GetString()
                && group.GetProperty("sLen").GetInt32() == Hash.DigestBytes(algorithm);
            if (isOurs)
            {
                RunGroup(group, pss: true);
            }
            else if (algorithm != HashAlgorithm.None)
            {
                // One test of each file "changes" the salt's length to the digest's: that one is right here.
                string changedToOurs = $"s_len changed to {Hash.DigestBytes(algorithm)}";
                foreach (JsonElement test in group.GetProperty("tests").EnumerateArray().Where(test => test.GetProperty("comment").GetString() != changedToOurs))
                {
                    Assert.True(Verify(group, test, true, algorithm, refused) == StepStatus.Failed, test.GetProperty("comment").GetString());
                    refused++;
                }
            }
        }

        Assert.NotEqual(0, refused);
    }

    [VectorFact]
    public void NistCavpSignatureVerification()
    {
        int count = 0;
        using JsonDocument file = Vectors.Read("cavp/rsa.json.gz");
        foreach (JsonProperty part in file.RootElement.GetProperty("files").EnumerateObject().Where(part => part.Name.Contains("SigVer", StringComparison.Ordinal)))
        {
            bool pss = part.Name.Contains("PSS", StringComparison.OrdinalIgnoreCase);
            foreach (JsonElement group in part.Value.EnumerateArray())
            {
                byte[] modulus = [];
                foreach (JsonElement row in group.GetProperty("vectors").EnumerateArray())
                {
                    if (row.TryGetProperty("n", out JsonElement n))
                    {
                        modulus = Bytes(n);
                    }

                    if (!row.TryGetProperty("S", out JsonElement s))
                    {
                        continue;
                    }

                    HashAlgorithm algorithm = RsaTesting.Algorithm(row.GetProperty("SHAAlg").GetString()!);
                    byte[] e = Bytes(row.GetProperty("e"));
                    bool isOurs = algorithm != HashAlgorithm.None && RsaTesting.BitLength(e) <= 32;
                    if (isOurs && pss)
                    {
                        // A salt given as 00 stands for none; other lengths than the digest's are not ours.
                        isOurs = Bytes(row.GetProperty("SaltVal")).Length == Hash.DigestBytes(algorithm);
                    }

                    if (isOurs)
                    {
                        StepStatus expected = row.GetProperty("Result").GetString()!.StartsWith('P') ? StepStatus.Done : StepStatus.Failed;
                        byte[] digest = RsaTesting.Digest(algorithm, Bytes(row.GetProperty("Msg")));
                        Assert.Equal(expected, RsaTesting.Verify(pss, (count & 1) == 0 ? 4 : 8, modulus, Exponent(e), Bytes(s), algorithm, digest));
                        count++;
                    }
                }
            }
        }

        Assert.True(count > 100, $"{count} vectors were ours");
    }

    [VectorFact]
    public void NistAcvpSignatureVerification()
    {
        int count = 0;
        using JsonDocument file = Vectors.Read("acvp/RSA.json.gz");
        JsonElement[] vectors = Sets(file, "vectors"), expected = Sets(file, "expected");
        foreach (JsonElement set in vectors.Where(set => set.TryGetProperty("mode", out JsonElement mode) && mode.GetString() == "sigVer"))
        {
            JsonElement answers = expected.First(answer => answer.TryGetProperty("testGroups", out _));
            var results = answers.GetProperty("testGroups").EnumerateArray().SelectMany(group => group.GetProperty("tests").EnumerateArray())
                .ToDictionary(test => test.GetProperty("tcId").GetInt32(), test => test.GetProperty("testPassed").GetBoolean());
            foreach (JsonElement group in set.GetProperty("testGroups").EnumerateArray())
            {
                HashAlgorithm algorithm = RsaTesting.Algorithm(group.GetProperty("hashAlg").GetString()!);
                string type = group.GetProperty("sigType").GetString()!;
                bool pss = type == "pss";
                byte[] e = Bytes(group.GetProperty("e"));
                if (algorithm == HashAlgorithm.None || type == "ansx9.31" || RsaTesting.BitLength(e) > 32
                    || (pss && group.GetProperty("saltLen").GetInt32() != Hash.DigestBytes(algorithm)))
                {
                    continue;
                }

                foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
                {
                    byte[] digest = RsaTesting.Digest(algorithm, Bytes(test.GetProperty("message")));
                    StepStatus status = RsaTesting.Verify(pss, (count & 1) == 0 ? 4 : 8, Bytes(group.GetProperty("n")), Exponent(e), Bytes(test.GetProperty("signature")), algorithm, digest);
                    Assert.Equal(results[test.GetProperty("tcId").GetInt32()] ? StepStatus.Done : StepStatus.Failed, status);
                    count++;
                }
            }
        }

        Assert.True(count > 10, $"{count} vectors were ours");
    }

    private static int RunGroup(JsonElement group, bool pss)
    {
        HashAlgorithm algorithm = RsaTesting.Algorithm(group.GetProperty("sha").GetString()!);
        int count = 0;
        foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
        {
            StepStatus status = Verify(group, test, pss, algorithm, count);
            string result = test.GetProperty("result").GetString()!;

            // "acceptable" are encodings without the NULL of DigestInfo, which a whole comparison refuses (RULES 10),
            // and, for PSS, nothing that is ours.
            if (result != "acceptable")
            {
                Assert.True((result == "valid") == (status == StepStatus.Done), $"{result} {test.GetProperty("tcId")} {test.GetProperty("comment")}: {status}");
            }
            else
            {
                string flags = test.GetProperty("flags").ToString();
                Assert.True(status == StepStatus.Failed || !flags.Contains("MissingNull", StringComparison.Ordinal), flags);
            }

            count++;
        }

        return count;
    }

    private static StepStatus Verify(JsonElement group, JsonElement test, bool pss, HashAlgorithm algorithm, int parity)
    {
        JsonElement key = group.GetProperty("publicKey");
        byte[] digest = RsaTesting.Digest(algorithm, Bytes(test.GetProperty("msg")));
        return RsaTesting.Verify(
            pss, (parity & 1) == 0 ? 4 : 8, Bytes(key.GetProperty("modulus")), Exponent(Bytes(key.GetProperty("publicExponent"))), Bytes(test.GetProperty("sig")), algorithm, digest);
    }

    private static JsonElement[] Sets(JsonDocument file, string name)
    {
        JsonElement outer = file.RootElement.GetProperty(name);
        return [.. outer.EnumerateArray().SelectMany(part => part.ValueKind == JsonValueKind.Array ? part.EnumerateArray().ToArray() : [part])];
    }

    private static byte[] Bytes(JsonElement hex)
    {
        string text = hex.GetString()!;
        return Convert.FromHexString(text.Length % 2 == 0 ? text : "0" + text);
    }

    private static uint Exponent(byte[] bigEndian) => bigEndian.Aggregate(0u, (e, b) => (e << 8) | b);
}
