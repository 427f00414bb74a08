using System;
using System.Numerics;
using System.Security.Cryptography;

namespace Thimble.Core.Tests.Crypto;

/// <summary>edwards25519 by its definition (RFC 8032 §5.1), in affine coordinates and big integers.</summary>
internal static class Ed25519Reference
{
    public static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;

    public static readonly BigInteger L = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493");

    public static readonly BigInteger D = Mod(-121665 * Inverse(121666));

    public static readonly (BigInteger X, BigInteger Y) Neutral = (0, 1);

    public static readonly (BigInteger X, BigInteger Y) B = Point(Mod(4 * Inverse(5)), 0);

    /// <summary>The points whose order divides 8: the multiples of one of order 8.</summary>
    public static (BigInteger X, BigInteger Y)[] SmallOrder()
    {
        // L times a point of full order has order 8; y = 3 is the smallest y of such a point.
        for (BigInteger y = 2; ; y++)
        {
            if (TryPoint(y, 0, out (BigInteger, BigInteger) point) && Multiply(4 * L, point) != Neutral)
            {
                (BigInteger X, BigInteger Y) torsion = Multiply(L, point);
                var points = new (BigInteger X, BigInteger Y)[8];
                for (int i = 0; i < 8; i++)
                {
                    points[i] = Multiply(i, torsion);
                }

                return points;
            }
        }
    }

    public static (BigInteger X, BigInteger Y) Add((BigInteger X, BigInteger Y) a, (BigInteger X, BigInteger Y) b)
    {
        BigInteger k = Mod(D * a.X * b.X * a.Y * b.Y);
        return (Mod(((a.X * b.Y) + (b.X * a.Y)) * Inverse(1 + k)), Mod(((a.Y * b.Y) + (a.X * b.X)) * Inverse(1 - k)));
    }

    /// <summary>k P by the addition law in fractions, so that one inversion at the end serves.</summary>
    public static (BigInteger X, BigInteger Y) Multiply(BigInteger k, (BigInteger X, BigInteger Y) point)
    {
        (BigInteger X, BigInteger Y, BigInteger Z) sum = (0, 1, 1), power = (point.X, point.Y, 1);
        for (; k > 0; k >>= 1)
        {
            sum = k.IsEven ? sum : Add(sum, power);
            power = Add(power, power);
        }

        BigInteger inverse = Inverse(sum.Z);
        return (Mod(sum.X * inverse), Mod(sum.Y * inverse));
    }

    public static byte[] Encode((BigInteger X, BigInteger Y) point) => Number(point.Y + (point.X.IsEven ? 0 : BigInteger.One << 255));

    public static byte[] Number(BigInteger number)
    {
        byte[] bytes = new byte[32];
        number.ToByteArray(isUnsigned: true).CopyTo(bytes, 0);
        return bytes;
    }

    /// <summary>k of §5.1.6, step 4.</summary>
    public static BigInteger Challenge(byte[] r, byte[] publicKey, byte[] message) =>
        new BigInteger(SHA512.HashData([.. r, .. publicKey, .. message]), isUnsigned: true) % L;

    public static BigInteger Mod(BigInteger a) => ((a % P) + P) % P;

    private static (BigInteger X, BigInteger Y, BigInteger Z) Add((BigInteger X, BigInteger Y, BigInteger Z) a, (BigInteger X, BigInteger Y, BigInteger Z) b)
    {
        BigInteger z = a.Z * b.Z % P, square = z * z % P, k = Mod(D * (a.X * b.X % P) * (a.Y * b.Y % P));
        BigInteger less = square - k, more = square + k;
        return (Mod(z * less * ((a.X * b.Y) + (b.X * a.Y))), Mod(z * more * ((a.Y * b.Y) + (a.X * b.X))), Mod(less * more));
    }

    private static BigInteger Inverse(BigInteger a) => BigInteger.ModPow(Mod(a), P - 2, P);

    private static (BigInteger X, BigInteger Y) Point(BigInteger y, int sign) =>
        TryPoint(y, sign, out (BigInteger X, BigInteger Y) point) ? point : throw new ArgumentOutOfRangeException(nameof(y));

    private static bool TryPoint(BigInteger y, int sign, out (BigInteger X, BigInteger Y) point)
    {
        BigInteger square = Mod(((y * y) - 1) * Inverse((D * y * y) + 1));
        BigInteger x = BigInteger.ModPow(square, (P + 3) / 8, P);
        x = Mod(x * x) == square ? x : Mod(x * BigInteger.ModPow(2, (P - 1) / 4, P));
        point = ((int)(x & 1) == sign ? x : Mod(-x), y);
        return Mod(x * x) == square;
    }
}
