using System;
using System.Numerics;
using Thimble.Crypto;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

/// <summary>
/// The division by which a signature enters Montgomery's form, against <see cref="BigInteger"/>: numbers made of the limbs at which
/// an estimated quotient goes wrong (zeros, ones, a lone top bit), where random ones would not come once in a lifetime.
/// </summary>
public class BigMontgomeryShiftTests
{
    private const int Cases = 4_000;

    [Theory]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(1056)]
    [InlineData(1087)]
    [InlineData(2048)]
    public void AShiftByALimbIsTheRemainderOfLongDivision(int bits)
    {
        var random = new Random(bits);
        for (int i = 0; i < Cases; i++)
        {
            BigInteger modulus = Number(random, bits) | BigInteger.One | (BigInteger.One << (bits - 1));
            BigInteger number = (i % 4) switch
            {
                0 => modulus - 1 - Number(random, 64),
                1 => (modulus >> 64 << 64) - random.Next(2),
                2 => Number(random, bits) % modulus,
                _ => Number(random, bits - 33),
            };
            Assert.Equal((number << 32) % modulus, Shift<BigMontgomery32<PublicProduct>>(number, modulus, bits));
            Assert.Equal((number << 64) % modulus, Shift<BigMontgomery64>(number, modulus, bits));
        }
    }

    private static BigInteger Shift<TLimbs>(BigInteger number, BigInteger modulus, int bits)
        where TLimbs : struct, IBigMontgomeryLimbs
    {
        byte[] n = RsaTesting.LittleEndian(modulus.ToByteArray(isUnsigned: true, isBigEndian: true), bits);
        byte[] x = RsaTesting.LittleEndian(number.ToByteArray(isUnsigned: true, isBigEndian: true), bits);
        TLimbs.ShiftLimb(x, n, bits, TLimbs.Reciprocal(n, bits));
        return new BigInteger(x, isUnsigned: true);
    }

    private static BigInteger Number(Random random, int bits)
    {
        BigInteger number = BigInteger.Zero;
        for (int i = 0; i < bits; i += 32)
        {
            uint limb = random.Next(5) switch { 0 => 0, 1 => uint.MaxValue, 2 => 0x8000_0000, 3 => 1, _ => (uint)random.NextInt64(1L << 32) };
            number = (number << 32) | limb;
        }

        return number & ((BigInteger.One << bits) - 1);
    }
}
