using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Numerics;
using System.Text.Json;
using Thimble.Crypto;
using Thimble.Testing;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

public sealed class Ed25519Tests
{
    private static readonly byte[] s_privateKey = Convert.FromHexString("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7");
    private static readonly byte[] s_publicKey = Convert.FromHexString("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");

    /// <summary>RFC 8032 §7.1: tests 1, 2, 3 and "SHA(abc)".</summary>
    [Theory]
    [InlineData("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "", "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72", "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [InlineData("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82", "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    [InlineData("833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42", "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf", "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f", "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704")]
    public void Rfc8032(string privateKey, string publicKey, string message, string signature) =>
        Check(Convert.FromHexString(privateKey), Convert.FromHexString(publicKey), Convert.FromHexString(message), Convert.FromHexString(signature));

    /// <summary>The 1,024 cases that came with the first implementation, with messages of 0 to 1,023 bytes.</summary>
    [VectorFact]
    public void Sign_input()
    {
        using JsonDocument document = Vectors.Read("cavp/ed25519_sign_input.json.gz");
        JsonElement[] rows = [.. document.RootElement.GetProperty("vectors").EnumerateArray()];
        for (int i = 0; i < rows.Length; i++)
        {
            // The slower form gets a tenth of them, with messages that end all over a block of SHA-512.
            Check(Hex(rows[i], "seed"), Hex(rows[i], "pk"), Hex(rows[i], "msg"), Hex(rows[i], "sig"), i % 10 == 0 ? Ed25519Forms.Bits : [64]);
        }

        Assert.Equal(1024, rows.Length);
    }

    [VectorFact]
    public void Wycheproof()
    {
        int count = 0;
        using JsonDocument document = Vectors.Read("wycheproof/ed25519_test.json.gz");
        foreach (JsonElement group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            byte[] publicKey = Hex(group.GetProperty("publicKey"), "pk");
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                foreach (int bits in Ed25519Forms.Bits)
                {
                    Assert.Equal(test.GetProperty("result").GetString() == "valid", Ed25519Forms.Verify(bits, publicKey, Hex(test, "msg"), Hex(test, "sig")));
                }

                count++;
            }
        }

        Assert.Equal(151, count);
    }

    [PeerFact("openssl")]
    public void OpenSsl_makes_the_same_keys_and_signatures()
    {
        var random = new Random(25519);
        string folder = Directory.CreateTempSubdirectory("thimble").FullName;
        try
        {
            foreach (int length in new[] { 1, 130, 300 })
            {
                byte[] privateKey = new byte[32], message = new byte[length];
                random.NextBytes(privateKey);
                random.NextBytes(message);

                // RFC 8410 §7: the seed in an OCTET STRING within that of PKCS #8.
                File.WriteAllBytes(Path.Combine(folder, "key"), [.. Convert.FromHexString("302e020100300506032b657004220420"), .. privateKey]);
                File.WriteAllBytes(Path.Combine(folder, "message"), message);
                OpenSsl(folder, "pkey", "-inform", "DER", "-in", "key", "-pubout", "-outform", "DER", "-out", "public");
                OpenSsl(folder, "pkeyutl", "-sign", "-rawin", "-keyform", "DER", "-inkey", "key", "-in", "message", "-out", "signature");
                Check(privateKey, File.ReadAllBytes(Path.Combine(folder, "public"))[^32..], message, File.ReadAllBytes(Path.Combine(folder, "signature")));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_unit_of_work_per_call_gives_the_same_and_calls_are_many()
    {
        byte[] message = [1, 2, 3];
        foreach (int bits in Ed25519Forms.Bits)
        {
            Assert.Equal(s_publicKey, Ed25519Forms.PublicKey(bits, s_privateKey, perCall: 1));
            byte[]? signature = Ed25519Forms.Sign(bits, s_privateKey, s_publicKey, message, perCall: 1);
            Assert.Equal(Ed25519Forms.Sign(bits, s_privateKey, s_publicKey, message), signature);
            Assert.True(Ed25519Forms.Verify(bits, s_publicKey, message, signature!, split: 0, perCall: 1, out int calls));
            Assert.InRange(calls, 700, 900);
            Assert.True(Ed25519Forms.Verify(bits, s_publicKey, message, signature!, split: 0, perCall: 100, out calls));
            Assert.InRange(calls, 30, 50);
        }
    }

    [Fact]
    public void A_message_in_two_parts_is_the_message_at_every_split()
    {
        byte[] message = [.. Enumerable.Range(0, 150).Select(i => (byte)i)];
        byte[]? signature = Ed25519Forms.Sign(64, s_privateKey, s_publicKey, message);
        for (int split = 0; split <= message.Length; split += 1 + (split / 10))
        {
            Assert.True(Ed25519Forms.Verify(64, s_publicKey, message, signature!, split));
            Assert.Equal(signature, Ed25519Forms.Sign(64, s_privateKey, s_publicKey, message, split));
        }
    }

    [Fact]
    public void A_changed_bit_anywhere_is_refused()
    {
        byte[] message = [4, 5], publicKey = [.. s_publicKey];
        byte[] signature = Ed25519Forms.Sign(64, s_privateKey, publicKey, message)!;
        foreach (byte[] part in new[] { message, publicKey, signature })
        {
            for (int bit = 0; bit < 8 * part.Length; bit++)
            {
                part[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.False(Ed25519Forms.Verify(bit % 2 == 0 ? 64 : 32, publicKey, message, signature));
                part[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        Assert.True(Ed25519Forms.Verify(64, publicKey, message, signature));
    }

    [Fact]
    public void Wrong_lengths_and_keys_that_do_not_belong_together_release_no_signature()
    {
        byte[] other = Ed25519Forms.PublicKey(64, [.. s_privateKey.Reverse()])!;
        foreach (int bits in Ed25519Forms.Bits)
        {
            Assert.Null(Ed25519Forms.Sign(bits, s_privateKey, other, [1]));
            Assert.Null(Ed25519Forms.Sign(bits, s_privateKey[1..], s_publicKey, [1]));
            Assert.Null(Ed25519Forms.Sign(bits, s_privateKey, s_publicKey[1..], [1]));
            Assert.Null(Ed25519Forms.PublicKey(bits, [.. s_privateKey, 0]));
            byte[] operation = new byte[Ed25519.SignOperationBytes(bits / 8)];
            int work = int.MaxValue;
            Assert.Equal(StepStatus.Failed, Ed25519Forms.Sign(bits, operation, s_privateKey, s_publicKey, [1], 0, new byte[63], ref work));
            Assert.False(Ed25519Forms.Verify(bits, s_publicKey, [1], new byte[63]));
            Assert.False(Ed25519Forms.Verify(bits, s_publicKey, [1], new byte[65]));
        }
    }

    /// <summary>Two signatures with one nonce reveal the key: neither a message that changes for good nor one that changes back may yield one.</summary>
    [Fact]
    public void A_message_that_changes_between_the_calls_releases_no_signature()
    {
        byte[] right = [1, 2, 3], wrong = [1, 2, 4];
        int calls = Calls(int.MaxValue, int.MaxValue, out StepStatus undisturbed, out _);
        Assert.Equal(StepStatus.Done, undisturbed);
        for (int from = 1; from < calls; from += 7)
        {
            // Up to the last call the message counts; changed from there on, the nonce no longer is its nonce.
            Calls(from, int.MaxValue, out StepStatus forGood, out byte[] first);
            Assert.Equal(StepStatus.Failed, forGood);
            Assert.Equal(-1, first.AsSpan().IndexOfAnyExcept((byte)0));
        }

        // The challenge is hashed after the comb and an inversion: each call before that saw the right message.
        bool challenged = false;
        for (int at = 280; at < 310; at++)
        {
            Calls(at, at + 1, out StepStatus forOneCall, out byte[] signature);
            challenged |= forOneCall == StepStatus.Failed;
            Assert.True(forOneCall == StepStatus.Failed || Ed25519Forms.Verify(64, s_publicKey, right, signature));
        }

        Assert.True(challenged);

        int Calls(int from, int to, out StepStatus status, out byte[] signature)
        {
            byte[] operation = new byte[Ed25519.SignOperationBytes(8)];
            signature = new byte[64];
            int count = 0;
            do
            {
                int work = 1;
                status = Ed25519Forms.Sign(64, operation, s_privateKey, s_publicKey, count >= from && count < to ? wrong : right, 0, signature, ref work);
                count++;
            }
            while (status == StepStatus.More);
            return count;
        }
    }

    [Fact]
    public void Operations_are_small_and_used()
    {
        Assert.Equal((760, 856, 640), (Ed25519.VerifyOperationBytes(4), Ed25519.SignOperationBytes(4), Ed25519.PublicKeyOperationBytes(4)));
        Assert.Equal((600, 696, 480), (Ed25519.VerifyOperationBytes(8), Ed25519.SignOperationBytes(8), Ed25519.PublicKeyOperationBytes(8)));
        foreach (int bits in Ed25519Forms.Bits)
        {
            int bytes = Ed25519.SignOperationBytes(bits / 8);
            byte[][] operations = [new byte[bytes], new byte[bytes]];
            for (int i = 0; i < 2; i++)
            {
                operations[i].AsSpan(8).Fill((byte)(i == 0 ? 0x5A : 0xA5));
                int work = int.MaxValue;
                Assert.Equal(StepStatus.Done, Ed25519Forms.Sign(bits, operations[i], s_privateKey, s_publicKey, [9], 0, new byte[64], ref work));
            }

            int used = operations[0].Zip(operations[1]).Count(pair => pair.First == pair.Second);
            Assert.True(used * 10 >= bytes * 9, $"{used} of {bytes} bytes");
        }
    }

    [Fact]
    public void The_tables_hold_the_multiples_that_they_name()
    {
        for (int i = 0; i < 8; i++)
        {
            AssertEntry(Ed25519Tables.OddMultiples.Slice(i * Ed25519Tables.EntryWords, Ed25519Tables.EntryWords), (2 * i) + 1);
        }

        for (int i = 0; i < 32; i++)
        {
            BigInteger multiple = BigInteger.One << 208;
            for (int j = 0; j < 4; j++)
            {
                multiple += ((i >> j) & 1) == 0 ? -(BigInteger.One << (52 * j)) : BigInteger.One << (52 * j);
            }

            AssertEntry(Ed25519Tables.Comb.Slice(i * Ed25519Tables.EntryWords, Ed25519Tables.EntryWords), i < 16 ? multiple : multiple << 26);
        }
    }

    private static void AssertEntry(ReadOnlySpan<ulong> entry, BigInteger multiple)
    {
        (BigInteger x, BigInteger y) = Ed25519Reference.Multiply(multiple, Ed25519Reference.B);
        BigInteger[] expected = [Ed25519Reference.Mod(y + x), Ed25519Reference.Mod(y - x), Ed25519Reference.Mod(2 * Ed25519Reference.D * x * y)];
        byte[] bytes = new byte[96];
        for (int i = 0; i < 12; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8 * i), entry[i]);
        }

        Assert.Equal([.. expected.SelectMany(Ed25519Reference.Number)], bytes);
    }

    private static void Check(byte[] privateKey, byte[] publicKey, byte[] message, byte[] signature, int[]? forms = null)
    {
        foreach (int bits in forms ?? Ed25519Forms.Bits)
        {
            Assert.Equal(publicKey, Ed25519Forms.PublicKey(bits, privateKey));
            Assert.Equal(signature, Ed25519Forms.Sign(bits, privateKey, publicKey, message));
            Assert.True(Ed25519Forms.Verify(bits, publicKey, message, signature));
        }
    }

    private static void OpenSsl(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Peers.Find("openssl")!, arguments) { WorkingDirectory = folder, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }

    private static byte[] Hex(JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);
}
