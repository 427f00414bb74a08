using System;
using System.Globalization;
using System.Numerics;
using Thimble.Crypto;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

/// <summary>Both word sizes of every field against System.Numerics.BigInteger, at random and at the edges.</summary>
public sealed class EcFieldTests
{
    [Fact]
    public void P256_field_agrees_with_big_integers_in_words_of_64_bits() => Check<P256Field64>();

    [Fact]
    public void P256_field_agrees_with_big_integers_in_words_of_32_bits()
    {
        Check<P256Field32<SecretProducts>>();
        Check<P256Field32<PublicProducts>>();
    }

    [Fact]
    public void P384_field_agrees_with_big_integers_in_words_of_64_bits() => Check<P384Field64>();

    [Fact]
    public void P384_field_agrees_with_big_integers_in_words_of_32_bits() => Check<P384Field32<SecretProducts>>();

    [Fact]
    public void P521_field_agrees_with_big_integers_in_words_of_64_bits() => Check<P521Field64>();

    [Fact]
    public void P521_field_agrees_with_big_integers_in_words_of_32_bits() => Check<P521Field32>();

    [Fact]
    public void Any_modulus_agrees_with_big_integers_in_words_of_64_bits()
    {
        Check<P256Scalars64>();
        Check<Montgomery64<P256Order>>();
        Check<Montgomery64<P384Order>>();
        Check<Montgomery64<P521Order>>();
        Check<Montgomery64<P256Prime>>();
    }

    [Fact]
    public void Any_modulus_agrees_with_big_integers_in_words_of_32_bits()
    {
        Check<Montgomery32<P256Order, SecretProducts>>();
        Check<Montgomery32<P384Order, SecretProducts>>();
        Check<Montgomery32<P521Order, PublicProducts>>();
        Check<Montgomery32<P384Prime, PublicProducts>>();
    }

    [Fact]
    public void Public_inverses_agree_with_big_integers()
    {
        CheckInverse<Montgomery32<P256Order, PublicProducts>>();
        CheckInverse<Montgomery32<P384Order, PublicProducts>>();
        CheckInverse<Montgomery32<P521Order, PublicProducts>>();
        CheckInverse<P256Field32<PublicProducts>>();
    }

    [Fact]
    public void Constants_are_those_of_SP_800_186()
    {
        Assert.Equal(BigInteger.Pow(2, 256) - BigInteger.Pow(2, 224) + BigInteger.Pow(2, 192) + BigInteger.Pow(2, 96) - 1, Modulus<P256Field64>());
        Assert.Equal(BigInteger.Pow(2, 384) - BigInteger.Pow(2, 128) - BigInteger.Pow(2, 96) + BigInteger.Pow(2, 32) - 1, Modulus<Montgomery64<P384Prime>>());
        Assert.Equal(BigInteger.Pow(2, 521) - 1, Modulus<P521Field64>());
        Assert.Equal(Parse("01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409"), Modulus<Montgomery64<P521Order>>());
        Assert.Equal(Parse("0ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"), Modulus<Montgomery64<P256Order>>());
        Assert.Equal(Parse("0ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"), Modulus<Montgomery64<P384Order>>());
    }

    private static BigInteger Parse(string hex) => BigInteger.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static BigInteger Modulus<TField>()
        where TField : struct, IField
        => new(System.Runtime.InteropServices.MemoryMarshal.AsBytes(TField.Modulus), isUnsigned: true);

    private static void Check<TField>()
        where TField : struct, IField
    {
        BigInteger m = Modulus<TField>();
        BigInteger radix = typeof(TField) == typeof(P521Field32) || typeof(TField) == typeof(P521Field64) ? 1 : BigInteger.Pow(2, TField.Bytes * 8);
        BigInteger inverse = BigInteger.ModPow(radix, m - 2, m);
        Assert.Equal(radix % m, new BigInteger(System.Runtime.InteropServices.MemoryMarshal.AsBytes(TField.One), isUnsigned: true));
        BigInteger[] edges = [0, 1, 2, m - 1, m - 2, m / 2, (BigInteger.One << 64) - 1, (BigInteger.One << 128) - 1, BigInteger.One << 224, m - (BigInteger.One << 96), radix % m, m - (radix % m)];
        foreach (BigInteger a in edges)
        {
            foreach (BigInteger b in edges)
            {
                CheckPair<TField>(a, b, m, inverse);
            }
        }

        var random = new Random(256);
        byte[] bytes = new byte[TField.Bytes];
        for (int i = 0; i < 2000; i++)
        {
            CheckPair<TField>(Number(random, bytes, m), Number(random, bytes, m), m, inverse);
        }
    }

    /// <summary>A number with runs of ones and zeros, which carries like, half of the time.</summary>
    private static BigInteger Number(Random random, byte[] bytes, BigInteger m)
    {
        random.NextBytes(bytes);
        for (int i = 0; i + 4 <= bytes.Length; i += 4)
        {
            int kind = random.Next(6);
            if (kind < 2)
            {
                bytes.AsSpan(i, 4).Fill((byte)(kind == 0 ? 0 : 255));
            }
        }

        return new BigInteger(bytes, isUnsigned: true) % m;
    }

    private static void CheckPair<TField>(BigInteger a, BigInteger b, BigInteger m, BigInteger inverse)
        where TField : struct, IField
    {
        byte[] memory = new byte[EcRegisters<TField>.SizeBytes(4)];
        memory.AsSpan().Fill(0xA5);
        var r = new EcRegisters<TField>(memory, 4);
        Store(r, 0, a);
        Store(r, 1, b);
        r.Multiply(2, 0, 1);
        Assert.Equal(a * b * inverse % m, Load(r, 2));
        r.Square(2, 0);
        Assert.Equal(a * a * inverse % m, Load(r, 2));
        r.Add(2, 0, 1);
        Assert.Equal((a + b) % m, Load(r, 2));
        r.Subtract(2, 0, 1);
        Assert.Equal((a - b + m) % m, Load(r, 2));
        r.NegateMasked(2, 3, uint.MaxValue);
        Assert.Equal((b - a + m) % m, Load(r, 2));
        r.ToMontgomery(2);
        r.FromMontgomery(2, 3);
        Assert.Equal((b - a + m) % m, Load(r, 2));
        Assert.Equal(a == b ? uint.MaxValue : 0, r.IsZero(2));
        r.Copy(2, 0);
        r.Add(2, 2, 2);
        Assert.Equal(2 * a % m, Load(r, 2));
        r.Copy(2, 0);
        r.Multiply(2, 2, 2);
        Assert.Equal(a * a * inverse % m, Load(r, 2));
        r.Copy(2, 1);
        r.Square(2, 2);
        Assert.Equal(b * b * inverse % m, Load(r, 2));
        r.Subtract(2, 2, 2);
        Assert.Equal(uint.MaxValue, r.IsZero(2));
    }

    private static void CheckInverse<TField>()
        where TField : struct, IField
    {
        const int Result = EcPublicInverse.Registers, Spare = Result + 1;
        BigInteger m = Modulus<TField>();
        var random = new Random(384);
        byte[] bytes = new byte[TField.Bytes];
        for (int i = 0; i < 200; i++)
        {
            BigInteger x = i switch { 0 => 1, 1 => 2, 2 => m - 1, 3 => m / 2, 4 => BigInteger.One << 200, _ => Number(random, bytes, m) };
            if (x.IsZero)
            {
                continue;
            }

            var r = new EcRegisters<TField>(new byte[EcRegisters<TField>.SizeBytes(Spare + 1)], Spare + 1);
            Store(r, 0, x);
            r.ToMontgomery(0);
            ushort index = 0;
            int pieces = 0;
            for (int work = 0; !EcPublicInverse.Step(r, Result, 0, ref index, ref work); work = 0)
            {
                Assert.True(++pieces < 32);
            }

            r.FromMontgomery(Result, Spare);
            Assert.Equal(BigInteger.ModPow(x, m - 2, m), Load(r, Result));
        }
    }

    private static void Store<TField>(EcRegisters<TField> r, int register, BigInteger value)
        where TField : struct, IField
        => r.Read(register, value.ToByteArray(isUnsigned: true, isBigEndian: true));

    private static BigInteger Load<TField>(EcRegisters<TField> r, int register)
        where TField : struct, IField
        => new(r.Bytes(register), isUnsigned: true);
}
