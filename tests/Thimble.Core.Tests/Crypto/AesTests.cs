using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;
using Thimble.Crypto;
using Thimble.Testing;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

public sealed class AesTests
{
    /// <summary>FIPS 197, appendices C.1 and C.3.</summary>
    [Theory]
    [InlineData("000102030405060708090a0b0c0d0e0f", "69c4e0d86a7b0430d8cdb78070b4c55a")]
    [InlineData("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "8ea2b7ca516745bfeafc49904b496089")]
    public void Encrypts_the_examples_of_FIPS_197(string key, string expected)
        => AssertEncrypts(Convert.FromHexString(key), Convert.FromHexString("00112233445566778899aabbccddeeff"), Convert.FromHexString(expected));

    [Fact]
    public void The_circuit_is_the_substitution_that_FIPS_197_defines()
    {
        for (int value = 0; value < 256; value++)
        {
            uint[] slices = new uint[8];
            for (int bit = 0; bit < 8; bit++)
            {
                slices[bit] = ((value >> bit) & 1) == 0 ? 0 : uint.MaxValue;
            }

            AesSubBytes.Apply(slices);
            int substituted = slices.Select((slice, bit) => (int)(slice & 1) << bit).Sum();
            Assert.Equal(Substitute(value), substituted);
            Assert.All(slices, slice => Assert.True(slice is 0 or uint.MaxValue));
        }
    }

    [Fact]
    public void Many_pairs_encrypt_as_each_alone()
    {
        byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)(7 * i))];
        byte[] together = [.. Enumerable.Range(0, 8 * 16).Select(i => (byte)i)];
        byte[] alone = [.. together];
        byte[] scratch = new byte[AesPortable.ScratchBytes(32)];
        AesPortable.Encrypt(key, together, scratch);
        for (int at = 0; at < alone.Length; at += AesPortable.PairBytes)
        {
            AesPortable.Encrypt(key, alone.AsSpan(at, AesPortable.PairBytes), scratch);
        }

        Assert.Equal(alone, together);
    }

    [VectorFact]
    public void Acvp_AES_ECB()
    {
        int count = 0;
        using JsonDocument document = Vectors.Read("acvp/ACVP-AES-ECB.json.gz");
        JsonElement[] answers = [.. Groups(document, "expected")];
        foreach (JsonElement group in Groups(document, "vectors").Where(group => group.GetProperty("keyLen").GetInt32() != 192))
        {
            JsonElement answer = answers.Single(one => one.GetProperty("tgId").GetInt32() == group.GetProperty("tgId").GetInt32());
            bool encrypts = group.GetProperty("direction").GetString() == "encrypt";
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                JsonElement result = answer.GetProperty("tests").EnumerateArray().Single(one => one.GetProperty("tcId").GetInt32() == test.GetProperty("tcId").GetInt32());
                if (result.TryGetProperty("resultsArray", out JsonElement results))
                {
                    // The Monte Carlo test: each row is the thousandth encryption. Only encryption exists here.
                    foreach (JsonElement row in results.EnumerateArray().Where(_ => encrypts))
                    {
                        AssertEncryptsRepeatedly(Hex(row, "key"), Hex(row, "pt"), Hex(row, "ct"));
                        count++;
                    }
                }
                else
                {
                    JsonElement plain = encrypts ? test : result, cipher = encrypts ? result : test;
                    byte[] plaintext = Hex(plain, "pt"), ciphertext = Hex(cipher, "ct"), key = Hex(test, "key");
                    for (int at = 0; at < plaintext.Length; at += 16)
                    {
                        AssertEncrypts(key, plaintext[at..(at + 16)], ciphertext[at..(at + 16)]);
                    }

                    count++;
                }
            }
        }

        Assert.True(count >= 20, $"Only {count} cases were found.");
    }

    private static void AssertEncrypts(byte[] key, byte[] plaintext, byte[] ciphertext)
    {
        byte[] pair = [.. plaintext, .. ciphertext];
        AesPortable.Encrypt(key, pair, new byte[AesPortable.ScratchBytes(key.Length)]);
        Assert.Equal(ciphertext, pair[..16]);

        if (GcmInstructionsX86.IsSupported)
        {
            Assert.Equal(ciphertext, EncryptWithInstructions<GcmInstructionsX86>(key, plaintext, 1));
        }
        else if (GcmInstructionsArm.IsSupported)
        {
            Assert.Equal(ciphertext, EncryptWithInstructions<GcmInstructionsArm>(key, plaintext, 1));
        }
    }

    private static void AssertEncryptsRepeatedly(byte[] key, byte[] plaintext, byte[] ciphertext)
    {
        byte[] pair = [.. plaintext, .. plaintext], scratch = new byte[AesPortable.ScratchBytes(key.Length)];
        for (int i = 0; i < 1000; i++)
        {
            AesPortable.Encrypt(key, pair, scratch);
        }

        Assert.Equal([.. ciphertext, .. ciphertext], pair);
        if (GcmInstructionsX86.IsSupported)
        {
            Assert.Equal(ciphertext, EncryptWithInstructions<GcmInstructionsX86>(key, plaintext, 1000));
        }
    }

    private static byte[] EncryptWithInstructions<T>(byte[] key, byte[] block, int times)
        where T : struct, IGcmInstructions
    {
        Vector128<byte>[] roundKeys = new Vector128<byte>[AesKeySchedule<T>.RoundKeys];
        int rounds = AesKeySchedule<T>.Expand(key, roundKeys);
        Vector128<byte> state = Vector128.Create(block);
        for (int i = 0; i < times; i++)
        {
            state = AesKeySchedule<T>.Encrypt(state, ref roundKeys[0], rounds);
        }

        return MemoryMarshal.AsBytes(new Span<Vector128<byte>>(ref state)).ToArray();
    }

    /// <summary>FIPS 197 §5.1.1: the inverse in GF(2^8), found by trying, and the affine map.</summary>
    private static int Substitute(int value)
    {
        int inverse = value == 0 ? 0 : Enumerable.Range(1, 255).Single(candidate => Multiply(value, candidate) == 1);
        int result = 0x63;
        for (int turn = 0; turn < 5; turn++)
        {
            result ^= ((inverse << turn) | (inverse >> (8 - turn))) & 0xFF;
        }

        return result;
    }

    private static int Multiply(int a, int b)
    {
        int product = 0;
        for (; b != 0; b >>= 1)
        {
            product ^= (b & 1) == 0 ? 0 : a;
            a = (a << 1) ^ ((a & 0x80) == 0 ? 0 : 0x11B);
        }

        return product;
    }

    private static JsonElement.ArrayEnumerator Groups(JsonDocument document, string part)
        => document.RootElement.GetProperty(part)[0][1].GetProperty("testGroups").EnumerateArray();

    private static byte[] Hex(JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);
}
