using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text.Json;
using Thimble.Crypto;
using Thimble.Testing;
using Xunit;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble.Core.Tests.Crypto;

/// <summary>RFC 6979, Wycheproof, NIST's CAVP and ACVP, in both word sizes.</summary>
public sealed class EcdsaVectorTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(32)]
    public void Signatures_of_RFC_6979_A_2_5(int bits)
    {
        const string D = "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721";
        const string Q = "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB67903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299";
        Sign(NamedGroup.Secp256r1, bits, D, Q, HashAlgorithm.Sha256, "sample",
            "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716", "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8");
        Sign(NamedGroup.Secp256r1, bits, D, Q, HashAlgorithm.Sha384, "sample",
            "0EAFEA039B20E9B42309FB1D89E213057CBF973DC0CFC8F129EDDDC800EF7719", "4861F0491E6998B9455193E34E7B0D284DDD7149A74B95B9261F13ABDE940954");
        Sign(NamedGroup.Secp256r1, bits, D, Q, HashAlgorithm.Sha512, "sample",
            "8496A60B5E9B47C825488827E0495B0E3FA109EC4568FD3F8D1097678EB97F00", "2362AB1ADBE2B8ADF9CB9EDAB740EA6049C028114F2460F96554F61FAE3302FE");
        Sign(NamedGroup.Secp256r1, bits, D, Q, HashAlgorithm.Sha256, "test",
            "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367", "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083");
    }

    [Theory]
    [InlineData(64)]
    [InlineData(32)]
    public void Signatures_of_RFC_6979_A_2_6(int bits)
    {
        const string D = "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5";
        const string Q = "EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64DEF8F0EA9055866064A254515480BC13"
            + "8015D9B72D7D57244EA8EF9AC0C621896708A59367F9DFB9F54CA84B3F1C9DB1288B231C3AE0D4FE7344FD2533264720";
        Sign(NamedGroup.Secp384r1, bits, D, Q, HashAlgorithm.Sha256, "sample",
            "21B13D1E013C7FA1392D03C5F99AF8B30C570C6F98D4EA8E354B63A21D3DAA33BDE1E888E63355D92FA2B3C36D8FB2CD",
            "F3AA443FB107745BF4BD77CB3891674632068A10CA67E3D45DB2266FA7D1FEEBEFDC63ECCD1AC42EC0CB8668A4FA0AB0");
        Sign(NamedGroup.Secp384r1, bits, D, Q, HashAlgorithm.Sha384, "sample",
            "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46",
            "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC8");
        Sign(NamedGroup.Secp384r1, bits, D, Q, HashAlgorithm.Sha512, "sample",
            "ED0959D5880AB2D869AE7F6C2915C6D60F96507F9CB3E047C0046861DA4A799CFE30F35CC900056D7C99CD7882433709",
            "512C8CCEEE3890A84058CE1E22DBC2198F42323CE8ACA9135329F03C068E5112DC7CC3EF3446DEFCEB01A45C2667FDD5");
    }

    [Theory]
    [InlineData(64)]
    [InlineData(32)]
    public void Signatures_of_RFC_6979_A_2_7_verify(int bits)
    {
        const string Q = "01894550D0785932E00EAA23B694F213F8C3121F86DC97A04E5A7167DB4E5BCD371123D46E45DB6B5D5370A7F20FB633155D38FFA16D2BD761DCAC474B9A2F5023A4"
            + "00493101C962CD4D2FDDF782285E64584139C2F91B47F87FF82354D6630F746A28A0DB25741B5B34A828008B22ACC23F924FAAFBD4D33F81EA66956DFEAA2BFDFCF5";
        Verify(bits, Q, HashAlgorithm.Sha512, "sample",
            "00C328FAFCBD79DD77850370C46325D987CB525569FB63C5D3BC53950E6D4C5F174E25A1EE9017B5D450606ADD152B534931D7D4E8455CC91F9B15BF05EC36E377FA",
            "00617CCE7CF5064806C467F678D3B4080D6F1CC50AF26CA209417308281B68AF282623EAA63E5B5C0723D8B8C37FF0777B1A20F8CCB1DCCC43997F1EE0E44DA4A67A");
        Verify(bits, Q, HashAlgorithm.Sha384, "sample",
            "01EA842A0E17D2DE4F92C15315C63DDF72685C18195C2BB95E572B9C5136CA4B4B576AD712A52BE9730627D16054BA40CC0B8D3FF035B12AE75168397F5D50C67451",
            "01F21A3CEE066E1961025FB048BD5FE2B7924D0CD797BABE0A83B66F1E35EEAF5FDE143FA85DC394A7DEE766523393784484BDF3E00114A1C857CDE1AA203DB65D61");
        Verify(bits, Q, HashAlgorithm.Sha512, "test",
            "013E99020ABF5CEE7525D16B69B229652AB6BDF2AFFCAEF38773B4B7D08725F10CDB93482FDCC54EDCEE91ECA4166B2A7C6265EF0CE2BD7051B7CEF945BABD47EE6D",
            "01FBD0013C674AA79CB39849527916CE301C66EA7CE8B80682786AD60F98F7E78A19CA69EFF5C57400E3B3A0AD66CE0978214D13BAF4E9AC60752F7B155E2DE4DCE3");
    }

    [VectorTheory]
    [InlineData("ecdsa_secp256r1_sha256_test", NamedGroup.Secp256r1, HashAlgorithm.Sha256, false, 484)]
    [InlineData("ecdsa_secp256r1_sha512_test", NamedGroup.Secp256r1, HashAlgorithm.Sha512, false, 554)]
    [InlineData("ecdsa_secp384r1_sha256_test", NamedGroup.Secp384r1, HashAlgorithm.Sha256, false, 472)]
    [InlineData("ecdsa_secp384r1_sha384_test", NamedGroup.Secp384r1, HashAlgorithm.Sha384, false, 504)]
    [InlineData("ecdsa_secp384r1_sha512_test", NamedGroup.Secp384r1, HashAlgorithm.Sha512, false, 542)]
    [InlineData("ecdsa_secp256r1_sha256_p1363_test", NamedGroup.Secp256r1, HashAlgorithm.Sha256, true, 262)]
    [InlineData("ecdsa_secp256r1_sha512_p1363_test", NamedGroup.Secp256r1, HashAlgorithm.Sha512, true, 332)]
    [InlineData("ecdsa_secp384r1_sha384_p1363_test", NamedGroup.Secp384r1, HashAlgorithm.Sha384, true, 280)]
    [InlineData("ecdsa_secp384r1_sha512_p1363_test", NamedGroup.Secp384r1, HashAlgorithm.Sha512, true, 318)]
    public void Wycheproof(string name, NamedGroup group, HashAlgorithm hash, bool raw, int count)
    {
        using JsonDocument file = Vectors.Read($"wycheproof/{name}.json.gz");
        int tests = 0;
        foreach (JsonElement vectors in file.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            byte[] key = Hex(vectors.GetProperty("publicKey"), "uncompressed")[1..];
            foreach (JsonElement test in vectors.GetProperty("tests").EnumerateArray())
            {
                byte[] digest = EcCurves.Digest(hash, Hex(test, "msg"));
                byte[] signature = Hex(test, "sig");
                bool expected = test.GetProperty("result").GetString() == "valid";
                if (raw)
                {
                    // The length of r || s has no counterpart in DER.
                    if (signature.Length != 2 * EcCurves.Bytes(group))
                    {
                        Assert.False(expected);
                        tests++;
                        continue;
                    }

                    signature = Der(signature.AsSpan(0, EcCurves.Bytes(group)), signature.AsSpan(EcCurves.Bytes(group)));
                }

                foreach (int bits in EcCurves.WordSizes)
                {
                    Assert.True(expected == EcCurves.Verify(group, bits, key, digest, signature), $"tcId {test.GetProperty("tcId").GetInt32()}, {bits} bits");
                }

                tests++;
            }
        }

        Assert.Equal(count, tests);
    }

    [VectorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Cavp_verification(int bits)
    {
        int tests = 0;
        using JsonDocument file = Vectors.Read("cavp/ecdsa.json.gz");
        foreach ((NamedGroup group, string hash, JsonElement vector) in Cavp(file, "SigVer.rsp"))
        {
            bool expected = vector.GetProperty("Result").GetString()!.StartsWith('P');
            Assert.Equal(expected, EcCurves.Verify(group, bits, Key(group, vector, "Qx", "Qy"), HashOf(hash, Hex(vector, "Msg")), Signature(group, vector, "R", "S")));
            tests++;
        }

        // .NET has no SHA-224, so 30 of the 150 are left out.
        Assert.Equal(120, tests);
    }

    /// <summary>Sign takes no nonce, so its parts are checked: Q = d G, r = x of k G mod n, and that the signature verifies.</summary>
    [VectorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Cavp_signatures(int bits)
    {
        int tests = 0;
        using JsonDocument file = Vectors.Read("cavp/ecdsa.json.gz");
        foreach ((NamedGroup group, string hash, JsonElement vector) in Cavp(file, "SigGen.txt"))
        {
            byte[] key = Key(group, vector, "Qx", "Qy");
            Assert.Equal(EcCurves.WithPrefix(key), EcCurves.PublicKey(group, bits, Fit(group, vector, "d")));
            Assert.Equal(Fit(group, vector, "R"), EcCurves.PublicKey(group, bits, Fit(group, vector, "k"))![1..(1 + EcCurves.Bytes(group))]);
            Assert.True(EcCurves.Verify(group, bits, key, HashOf(hash, Hex(vector, "Msg")), Signature(group, vector, "R", "S")));
            tests++;
        }

        Assert.Equal(120, tests);
    }

    [VectorTheory]
    [InlineData(64)]
    [InlineData(32)]
    public void Cavp_public_keys(int bits)
    {
        int tests = 0;
        using JsonDocument file = Vectors.Read("cavp/ecdsa.json.gz");
        foreach ((NamedGroup group, _, JsonElement vector) in Cavp(file, "PKV.rsp"))
        {
            bool expected = vector.GetProperty("Result").GetString()!.StartsWith('P');
            Assert.Equal(expected, IsPublicKey(group, bits, vector, "Qx", "Qy"));
            tests++;
        }

        Assert.Equal(24, tests);
    }

    [VectorFact]
    public void Acvp_keys_and_verification()
    {
        using JsonDocument file = Vectors.Read("acvp/ECDSA.json.gz");
        var expected = new Dictionary<int, bool>();
        foreach ((_, JsonElement test) in Acvp(file, "expected"))
        {
            if (test.TryGetProperty("testPassed", out JsonElement passed))
            {
                expected[test.GetProperty("tcId").GetInt32()] = passed.GetBoolean();
            }
        }

        int tests = 0;
        foreach ((JsonElement vectors, JsonElement test) in Acvp(file, "vectors"))
        {
            if (!vectors.TryGetProperty("curve", out JsonElement curve) || curve.GetString() is not ("P-256" or "P-384" or "P-521") || !test.TryGetProperty("qx", out _))
            {
                continue;
            }

            NamedGroup group = curve.GetString() switch { "P-256" => NamedGroup.Secp256r1, "P-384" => NamedGroup.Secp384r1, _ => NamedGroup.Secp521r1 };
            bool passes = expected[test.GetProperty("tcId").GetInt32()];
            foreach (int bits in EcCurves.WordSizes)
            {
                if (!test.TryGetProperty("r", out _) && group == NamedGroup.Secp521r1)
                {
                    // Keys on P-521 serve verification only.
                    continue;
                }

                if (!test.TryGetProperty("r", out _))
                {
                    Assert.Equal(passes, IsPublicKey(group, bits, test, "qx", "qy"));
                }
                else if (vectors.GetProperty("hashAlg").GetString()!.Replace("SHA2-", "SHA-", StringComparison.Ordinal) is string hash && hash != "SHA-224" && !hash.Contains('/', StringComparison.Ordinal))
                {
                    Assert.Equal(passes, EcCurves.Verify(group, bits, Key(group, test, "qx", "qy"), HashOf(hash, Hex(test, "message")), Signature(group, test, "r", "s")));
                }
            }

            tests++;
        }

        Assert.True(tests >= 8, $"{tests} only");
    }

    private static void Verify(int bits, string q, HashAlgorithm hash, string message, string r, string s)
    {
        byte[] digest = EcCurves.Digest(hash, System.Text.Encoding.ASCII.GetBytes(message));
        byte[] signature = Der(Convert.FromHexString(r), Convert.FromHexString(s));
        Assert.True(EcCurves.Verify(NamedGroup.Secp521r1, bits, Convert.FromHexString(q), digest, signature));
        signature[^1] ^= 1;
        Assert.False(EcCurves.Verify(NamedGroup.Secp521r1, bits, Convert.FromHexString(q), digest, signature));
    }

    private static void Sign(NamedGroup group, int bits, string d, string q, HashAlgorithm hash, string message, string r, string s)
    {
        byte[] digest = EcCurves.Digest(hash, System.Text.Encoding.ASCII.GetBytes(message));
        byte[]? signature = EcCurves.Sign(group, bits, Convert.FromHexString(d), Convert.FromHexString(q), hash, digest, []);
        Assert.Equal(Der(Convert.FromHexString(r), Convert.FromHexString(s)), signature);
    }

    private static IEnumerable<(NamedGroup Group, string Hash, JsonElement Vector)> Cavp(JsonDocument file, string name)
    {
        foreach (JsonElement part in file.RootElement.GetProperty("files").GetProperty("asymmetric/ECDSA/FIPS_186-3/" + name).EnumerateArray())
        {
            string[] parameters = part.GetProperty("params").GetProperty("_").GetString()!.Split(',');
            if (parameters.Length > 1 && parameters[1] == "SHA-224")
            {
                continue;
            }

            foreach (JsonElement vector in part.GetProperty("vectors").EnumerateArray())
            {
                yield return (parameters[0] == "P-256" ? NamedGroup.Secp256r1 : NamedGroup.Secp384r1, parameters.Length > 1 ? parameters[1] : "", vector);
            }
        }
    }

    private static IEnumerable<(JsonElement Group, JsonElement Test)> Acvp(JsonDocument file, string part)
    {
        foreach (JsonElement set in file.RootElement.GetProperty(part)[0].EnumerateArray())
        {
            if (!set.TryGetProperty("testGroups", out JsonElement groups))
            {
                continue;
            }

            foreach (JsonElement group in groups.EnumerateArray())
            {
                foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
                {
                    yield return (group, test);
                }
            }
        }
    }

    /// <summary>A key that agreement with the private key 1 accepts; coordinates too long for their field are unfit too.</summary>
    private static bool IsPublicKey(NamedGroup group, int bits, JsonElement vector, string x, string y)
    {
        byte[] one = new byte[EcCurves.Bytes(group)];
        one[^1] = 1;
        return vector.GetProperty(x).GetString()!.TrimStart('0').Length <= 2 * EcCurves.Bytes(group)
            && vector.GetProperty(y).GetString()!.TrimStart('0').Length <= 2 * EcCurves.Bytes(group)
            && EcCurves.Agree(group, bits, one, EcCurves.WithPrefix(Key(group, vector, x, y))) is not null;
    }

    private static byte[] HashOf(string name, byte[] message) => name switch
    {
        "SHA-1" => Sha1(message),
        "SHA-256" => SHA256.HashData(message),
        "SHA-384" => SHA384.HashData(message),
        _ => SHA512.HashData(message),
    };

#pragma warning disable CA5350 // The vectors name it.
    private static byte[] Sha1(byte[] message) => SHA1.HashData(message);
#pragma warning restore CA5350

    private static byte[] Key(NamedGroup group, JsonElement vector, string x, string y) => [.. Fit(group, vector, x), .. Fit(group, vector, y)];

    private static byte[] Signature(NamedGroup group, JsonElement vector, string r, string s) => Der(Fit(group, vector, r), Fit(group, vector, s));

    private static byte[] Fit(NamedGroup group, JsonElement vector, string name) =>
        Convert.FromHexString(vector.GetProperty(name).GetString()!.TrimStart('0').PadLeft(2 * EcCurves.Bytes(group), '0'));

    private static byte[] Der(ReadOnlySpan<byte> r, ReadOnlySpan<byte> s) => EcCurves.Der(r, s);

    private static byte[] Hex(JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);
}
