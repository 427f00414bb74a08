using System;
using System.Linq;
using System.Text.Json;
using Thimble.Crypto;
using Thimble.Testing;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

public sealed class AeadVectorTests
{
    [VectorFact]
    public void Wycheproof_AES_GCM() => RunWycheproof("wycheproof/aes_gcm_test.json.gz", isGcm: true);

    [VectorFact]
    public void Wycheproof_ChaCha20_Poly1305() => RunWycheproof("wycheproof/chacha20_poly1305_test.json.gz", isGcm: false);

    /// <summary>The cases with nonces of 96 bits. Some have shortened tags, which only the recomputed tag can answer.</summary>
    [VectorFact]
    public void Cavp_AES_GCM()
    {
        int count = 0;
        using JsonDocument document = Vectors.Read("cavp/aes_gcm.json.gz");
        foreach (JsonProperty file in document.RootElement.GetProperty("files").EnumerateObject())
        {
            foreach (JsonElement vector in file.Value.EnumerateArray().SelectMany(group => group.GetProperty("vectors").EnumerateArray()))
            {
                byte[] key = Hex(vector, "Key"), nonce = Hex(vector, "IV"), aad = Hex(vector, "AAD"), ciphertext = Hex(vector, "CT"), tag = Hex(vector, "Tag");
                byte[]? plaintext = vector.TryGetProperty("PT", out _) ? Hex(vector, "PT") : null;
                if (nonce.Length != Aead.NonceBytes)
                {
                    continue;
                }

                foreach (AeadImplementation aead in AeadImplementation.ForGcm(key.Length))
                {
                    Check(aead, key, nonce, aad, plaintext, ciphertext, tag);
                }

                count++;
            }
        }

        Assert.Equal(10_500, count);
    }

    [VectorFact]
    public void Acvp_AES_GCM()
    {
        int count = 0;
        using JsonDocument document = Vectors.Read("acvp/ACVP-AES-GCM.json.gz");
        foreach (JsonElement group in Groups(document, "vectors"))
        {
            int keyBytes = group.GetProperty("keyLen").GetInt32() / 8;
            if (keyBytes == 24 || group.GetProperty("ivLen").GetInt32() != 96)
            {
                continue;
            }

            JsonElement answers = Groups(document, "expected").Single(one => one.GetProperty("tgId").GetInt32() == group.GetProperty("tgId").GetInt32());
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                JsonElement answer = answers.GetProperty("tests").EnumerateArray().Single(one => one.GetProperty("tcId").GetInt32() == test.GetProperty("tcId").GetInt32());
                bool seals = group.GetProperty("direction").GetString() == "encrypt";
                JsonElement withPlaintext = seals ? test : answer, withCiphertext = seals ? answer : test;
                byte[]? plaintext = withPlaintext.TryGetProperty("pt", out _) ? Hex(withPlaintext, "pt") : null;
                foreach (AeadImplementation aead in AeadImplementation.ForGcm(keyBytes))
                {
                    Check(aead, Hex(test, "key"), Hex(test, "iv"), Hex(test, "aad"), plaintext, Hex(withCiphertext, "ct"), Hex(withCiphertext, "tag"));
                }

                count++;
            }
        }

        Assert.InRange(count, 20, 42);
    }

    private static void RunWycheproof(string file, bool isGcm)
    {
        int count = 0;
        using JsonDocument document = Vectors.Read(file);
        foreach (JsonElement group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            int keyBytes = group.GetProperty("keySize").GetInt32() / 8;
            if (group.GetProperty("ivSize").GetInt32() != 96 || keyBytes == 24)
            {
                continue;
            }

            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                byte[]? plaintext = test.GetProperty("result").GetString() == "valid" ? Hex(test, "msg") : null;
                foreach (AeadImplementation aead in isGcm ? AeadImplementation.ForGcm(keyBytes) : AeadImplementation.For(AeadAlgorithm.ChaCha20Poly1305))
                {
                    Check(aead, Hex(test, "key"), Hex(test, "iv"), Hex(test, "aad"), plaintext, Hex(test, "ct"), Hex(test, "tag"));
                }

                count++;
            }
        }

        Assert.True(count > 100, $"Only {count} cases were found.");
    }

    /// <summary>Seals and opens a valid case; refuses one that has no plaintext.</summary>
    private static void Check(AeadImplementation aead, byte[] key, byte[] nonce, byte[] aad, byte[]? plaintext, byte[] ciphertext, byte[] tag)
    {
        byte[] text = new byte[ciphertext.Length], computedTag = new byte[16];
        if (plaintext is not null)
        {
            aead.Seal(key, nonce, aad, plaintext, text, computedTag);
            Assert.Equal(ciphertext, text);
        }
        else
        {
            // Both modes add a key stream: sealing the ciphertext decrypts it, and sealing that gives the tag it should have had.
            aead.Seal(key, nonce, aad, ciphertext, text, computedTag);
            aead.Seal(key, nonce, aad, text, text, computedTag);
        }

        Assert.Equal(plaintext is not null, computedTag.AsSpan(0, tag.Length).SequenceEqual(tag));
        if (tag.Length == Aead.TagBytes)
        {
            text.AsSpan().Clear();
            Assert.Equal(plaintext is not null, aead.Open(key, nonce, aad, ciphertext, tag, text));
            Assert.Equal(plaintext ?? new byte[text.Length], text);
        }
    }

    private static JsonElement[] Groups(JsonDocument document, string part)
        => [.. document.RootElement.GetProperty(part)[0][1].GetProperty("testGroups").EnumerateArray()];

    private static byte[] Hex(JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);
}
