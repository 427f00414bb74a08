using System;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Text;
using Thimble.Crypto;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

public sealed class ChaChaTests
{
    [Fact]
    public void The_key_stream_is_that_of_RFC_8439_section_2_3_2()
    {
        byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)], block = new byte[64];
        ChaCha20.Block(key, 1, Convert.FromHexString("000000090000004a00000000"), block);
        Assert.Equal(
            "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4ed2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e",
            Convert.ToHexStringLower(block));
    }

    [Fact]
    public void The_one_time_key_is_that_of_RFC_8439_section_2_6_2()
    {
        byte[] key = [.. Enumerable.Range(0x80, 32).Select(i => (byte)i)], block = new byte[64];
        ChaCha20.Block(key, 0, Convert.FromHexString("000000000001020304050607"), block);
        Assert.Equal("8ad5a08b905f81cc815040274ab29471a833b637e3fd0da508dbb8e2fdd1a646", Convert.ToHexStringLower(block.AsSpan(0, 32)));
    }

    /// <summary>RFC 8439 §2.8.2.</summary>
    [Fact]
    public void The_AEAD_is_that_of_RFC_8439_section_2_8_2()
    {
        byte[] key = [.. Enumerable.Range(0x80, 32).Select(i => (byte)i)];
        byte[] nonce = Convert.FromHexString("070000004041424344454647"), aad = Convert.FromHexString("50515253c0c1c2c3c4c5c6c7");
        byte[] plaintext = Encoding.ASCII.GetBytes(
            "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.");
        foreach (AeadImplementation aead in AeadImplementation.For(AeadAlgorithm.ChaCha20Poly1305))
        {
            byte[] text = new byte[plaintext.Length], tag = new byte[16];
            aead.Seal(key, nonce, aad, plaintext, text, tag);
            Assert.StartsWith("d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6", Convert.ToHexStringLower(text), StringComparison.Ordinal);
            Assert.Equal("1ae10b594f09e26a7e902ecbd0600691", Convert.ToHexStringLower(tag));
            Assert.True(aead.Open(key, nonce, aad, text, tag, text));
            Assert.Equal(plaintext, text);
        }
    }

    /// <summary>RFC 8439 appendix A.3, cases 7 and 9 to 11: sums that meet 2^130 - 5 and its neighbours.</summary>
    [Theory]
    [InlineData("02", "ffffffffffffffffffffffffffffffff", "03000000000000000000000000000000")]
    [InlineData("01", "fffffffffffffffffffffffffffffffff0ffffffffffffffffffffffffffffff11000000000000000000000000000000", "05000000000000000000000000000000")]
    [InlineData("01", "fffffffffffffffffffffffffffffffffbfefefefefefefefefefefefefefefe01010101010101010101010101010101", "00000000000000000000000000000000")]
    [InlineData("02", "fdffffffffffffffffffffffffffffff", "faffffffffffffffffffffffffffffff")]
    public void Poly1305_reduces_at_the_edges_of_RFC_8439_appendix_A_3(string r, string data, string expected)
    {
        byte[] multiplier = new byte[16];
        multiplier[0] = Convert.FromHexString(r)[0];
        Assert.Equal(expected, Evaluate<Poly1305Limbs13>(multiplier, Convert.FromHexString(data)));
        Assert.Equal(expected, Evaluate<Poly1305Limbs26>(multiplier, Convert.FromHexString(data)));
    }

    /// <summary>RFC 8439 §2.5 in big integers. Lengths around the vectors' groups and their threshold matter.</summary>
    [Fact]
    public void Poly1305_is_what_its_definition_says_for_the_largest_and_for_random_values()
    {
        var random = new Random(1305);
        for (int i = 0; i < 600; i++)
        {
            byte[] r = new byte[16], data = new byte[16 * (1 + (i / 6 % 40))];
            random.NextBytes(r);
            random.NextBytes(data);
            if (i % 3 == 0)
            {
                r.AsSpan().Fill(0xFF);
                data.AsSpan().Fill(0xFF);
            }

            string expected = EvaluateByDefinition(r, data);
            Assert.Equal(expected, Evaluate<Poly1305Limbs13>(r, data));
            Assert.Equal(expected, Evaluate<Poly1305Limbs26>(r, data));
        }
    }

    private static string EvaluateByDefinition(byte[] r, byte[] data)
    {
        BigInteger prime = BigInteger.Pow(2, 130) - 5;
        BigInteger clamp = BigInteger.Parse("0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        BigInteger multiplier = new BigInteger(r, isUnsigned: true) & clamp, sum = 0;
        for (int at = 0; at < data.Length; at += 16)
        {
            sum += new BigInteger(data.AsSpan(at, 16), isUnsigned: true) + BigInteger.Pow(2, 128);
            sum = sum * multiplier % prime;
        }

        byte[] low = new byte[17];
        Assert.True(sum.TryWriteBytes(low, out _, isUnsigned: true));
        return Convert.ToHexStringLower(low.AsSpan(0, 16));
    }

    private static string Evaluate<T>(byte[] r, byte[] data)
        where T : struct, IPoly1305Limbs
    {
        byte[] state = new byte[T.StateBytes], sum = new byte[16];
        state.AsSpan().Fill(0xEE);
        T.Start(r, state);
        T.Absorb(data, state);
        T.Finish(state, sum);
        return Convert.ToHexStringLower(sum);
    }
}
