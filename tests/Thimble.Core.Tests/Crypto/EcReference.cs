using System;
using System.Globalization;
using System.Numerics;
using Thimble.Crypto;

namespace Thimble.Core.Tests.Crypto;

/// <summary>Points with System.Numerics.BigInteger, as the schoolbook has them: what the edge cases are compared with.</summary>
internal sealed class EcReference
{
    public EcReference(NamedGroup group)
    {
        if (group == NamedGroup.Secp521r1)
        {
            Bytes = 66;
            P = BigInteger.Pow(2, 521) - 1;
            N = Hex("01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409");
            G = new Point(
                Hex("00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66"),
                Hex("011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650"));
            return;
        }

        bool small = group == NamedGroup.Secp256r1;
        Bytes = small ? 32 : 48;
        P = small
            ? BigInteger.Pow(2, 256) - BigInteger.Pow(2, 224) + BigInteger.Pow(2, 192) + BigInteger.Pow(2, 96) - 1
            : BigInteger.Pow(2, 384) - BigInteger.Pow(2, 128) - BigInteger.Pow(2, 96) + BigInteger.Pow(2, 32) - 1;
        N = Hex(small ? "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551" : "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973");
        G = small
            ? new Point(Hex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"), Hex("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"))
            : new Point(
                Hex("aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7"),
                Hex("3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f"));
    }

    public int Bytes { get; }

    public BigInteger P { get; }

    public BigInteger N { get; }

    public Point G { get; }

    public Point? Add(Point? a, Point? b)
    {
        if (a is null || b is null)
        {
            return a ?? b;
        }

        if (a.X == b.X && (a.Y + b.Y) % P == 0)
        {
            return null;
        }

        BigInteger slope = a.X == b.X
            ? ((3 * a.X * a.X) - 3) * Invert(2 * a.Y, P)
            : (b.Y - a.Y) * Invert(b.X - a.X, P);
        BigInteger x = Modulo((slope * slope) - a.X - b.X, P);
        return new Point(x, Modulo((slope * (a.X - x)) - a.Y, P));
    }

    public Point? Multiply(BigInteger k, Point? point)
    {
        // A negative multiplier near zero is much quicker than its residue.
        k = Modulo(k, N);
        if (k > N / 2 && point is not null)
        {
            k = N - k;
            point = new Point(point.X, P - point.Y);
        }

        Point? sum = null;
        for (; k > 0; k >>= 1)
        {
            sum = k.IsEven ? sum : Add(sum, point);
            point = Add(point, point);
        }

        return sum;
    }

    public byte[] ToBytes(BigInteger number)
    {
        byte[] bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        byte[] padded = new byte[Bytes];
        bytes.CopyTo(padded, Bytes - bytes.Length);
        return padded;
    }

    public byte[] ToBytes(Point point) => [.. ToBytes(point.X), .. ToBytes(point.Y)];

    /// <summary>The signature whose verification computes u1 G + u2 Q for Q = d G, and the digest that it signs; none where that is infinity.</summary>
    public (byte[] Digest, byte[] Signature)? Sign(BigInteger u1, BigInteger u2, BigInteger d)
    {
        Point? sum = Multiply(u1 + (u2 * d), G);
        if (sum is null)
        {
            return null;
        }

        BigInteger r = sum.X % N;
        BigInteger s = Modulo(r * Invert(u2, N), N);
        return (ToBytes(Modulo(u1 * s, N)), EcCurves.Der(ToBytes(r), ToBytes(s)));
    }

    private static BigInteger Modulo(BigInteger value, BigInteger m) => ((value % m) + m) % m;

    private static BigInteger Invert(BigInteger value, BigInteger m) => BigInteger.ModPow(Modulo(value, m), m - 2, m);

    private static BigInteger Hex(string hex) => BigInteger.Parse("0" + hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    internal sealed record Point(BigInteger X, BigInteger Y);
}
