using System;

namespace Thimble.Crypto;

/// <summary>Points as 32 bytes: y, and the lowest bit of x above it (RFC 8032 §5.1.2, §5.1.3).</summary>
internal static class Ed25519Encoding
{
    /// <summary>Bytes of a point.</summary>
    public const int Bytes = 32;

    /// <summary>Registers of a public point beyond those of <see cref="Ed25519Point"/>: they end up as an addend for it.</summary>
    public const int Sum = Ed25519Point.Registers, Difference = Sum + 1, Product = Sum + 2, Registers = Sum + 3;

    private const int X = Ed25519Point.X, Y = Ed25519Point.Y, Z = Ed25519Point.Z, T0 = Ed25519Point.T0, T1 = Ed25519Point.T1, T2 = Ed25519Point.T2;

    /// <summary>While the root is taken, x² = u / v.</summary>
    private const int U = Sum, V = Difference;

    /// <summary>d = -121665 / 121666.</summary>
    private static ReadOnlySpan<byte> D =>
    [
        0xA3, 0x78, 0x59, 0x13, 0xCA, 0x4D, 0xEB, 0x75, 0xAB, 0xD8, 0x41, 0x41, 0x4D, 0x0A, 0x70, 0x00,
        0x98, 0xE8, 0x79, 0x77, 0x79, 0x40, 0xC7, 0x8C, 0x73, 0xFE, 0x6F, 0x2B, 0xEE, 0x6C, 0x03, 0x52,
    ];

    /// <summary>A square root of -1: 2^((p - 1) / 4).</summary>
    private static ReadOnlySpan<byte> RootOfMinusOne =>
    [
        0xB0, 0xA0, 0x0E, 0x4A, 0x27, 0x1B, 0xEE, 0xC4, 0x78, 0xE4, 0x2F, 0xAD, 0x06, 0x18, 0x43, 0x2F,
        0xA7, 0xD7, 0xFB, 0x3D, 0x99, 0x00, 0x4D, 0x2B, 0x0B, 0xDF, 0xC1, 0x4F, 0x80, 0x24, 0x83, 0x2B,
    ];

    /// <summary>Encodes X, Y once 1 / Z is in <see cref="Field25519Power.Result"/>; the point is used up. Leaks: nothing.</summary>
    public static void Write<TField>(Ed25519Registers<TField> r, Span<byte> bytes)
        where TField : struct, IField25519
    {
        r.Multiply(X, X, Field25519Power.Result);
        r.Multiply(Y, Y, Field25519Power.Result);
        Span<byte> x = r[T0][..Bytes];
        r.Encode(x, X);
        r.Encode(bytes[..Bytes], Y);
        bytes[Bytes - 1] |= (byte)(x[0] << 7);
    }

    /// <summary>
    /// Reads y, and prepares x² = u / v = (y² - 1) / (d y² + 1) for <see cref="Field25519Power"/>: u v³ goes to X, and u v⁷ is the
    /// base of the power. False where y is not below p. Leaks: the point.
    /// </summary>
    public static bool BeginRead<TField>(Ed25519Registers<TField> r, ReadOnlySpan<byte> bytes)
        where TField : struct, IField25519
    {
        r.Decode(Y, bytes);
        if (!IsCanonical(r, bytes))
        {
            return false;
        }

        r.Multiply(T2, Y, Y);
        r.Set(T1, 1);
        r.Subtract(U, T2, T1);
        r.Decode(T0, D);
        r.Multiply(V, T0, T2);
        r.Add(V, V, T1);
        r.Multiply(T2, V, V);
        r.Multiply(T2, T2, V);
        r.Multiply(X, U, T2);
        r.Multiply(T2, T2, T2);
        r.Multiply(T2, T2, V);
        r.Multiply(Field25519Power.Base, U, T2);
        return true;
    }

    /// <summary>
    /// Ends the reading of A: the addend <see cref="Sum"/>, <see cref="Difference"/>, <see cref="Product"/> becomes -A. False where there
    /// is no such point, or where its order divides 8. An x of 0, whose sign must be 0 by §5.1.3, has order 1 or 2. Leaks: the point.
    /// </summary>
    public static bool FinishReadNegated<TField>(Ed25519Registers<TField> r, ReadOnlySpan<byte> bytes)
        where TField : struct, IField25519
    {
        r.Multiply(X, X, Field25519Power.Result);
        if (!IsRoot(r))
        {
            return false;
        }

        NegateWhereSignIs(r, (uint)bytes[Bytes - 1] >> 7);
        r.Add(Sum, Y, X);
        r.Subtract(Difference, Y, X);
        r.Multiply(Product, X, Y);
        r.Decode(T0, D);
        r.Add(T0, T0, T0);
        r.Multiply(Product, Product, T0);

        r.Set(Z, 1);
        Ed25519Point.Double(r);
        Ed25519Point.Double(r);
        Ed25519Point.Double(r);
        return !IsZero(r, X);
    }

    /// <summary>Whether v x² is u, or -u: then x times the root of -1 is the root (§5.1.3, step 3).</summary>
    private static bool IsRoot<TField>(Ed25519Registers<TField> r)
        where TField : struct, IField25519
    {
        r.Multiply(T0, X, X);
        r.Multiply(T0, T0, V);
        r.Add(T1, U, T0);
        r.Subtract(T0, U, T0);
        if (IsZero(r, T0))
        {
            return true;
        }

        r.Decode(T0, RootOfMinusOne);
        r.Multiply(X, X, T0);
        return IsZero(r, T1);
    }

    /// <summary>x = -x where the lowest bit of x is the sign; in any case x is fully reduced afterwards.</summary>
    private static void NegateWhereSignIs<TField>(Ed25519Registers<TField> r, uint sign)
        where TField : struct, IField25519
    {
        Span<byte> x = r[T2][..Bytes];
        r.Encode(x, X);
        if ((x[0] & 1) == sign)
        {
            r.Decode(X, x);
            r.Set(T0, 0);
            r.Subtract(X, T0, X);
            r.Encode(x, X);
        }

        r.Decode(X, x);
    }

    /// <summary>Whether y, without the sign of x, is below p: the number read would be written equally.</summary>
    private static bool IsCanonical<TField>(Ed25519Registers<TField> r, ReadOnlySpan<byte> bytes)
        where TField : struct, IField25519
    {
        r.Copy(T0, Y);
        Span<byte> y = r[T1][..Bytes];
        r.Encode(y, T0);
        y[Bytes - 1] |= (byte)(bytes[Bytes - 1] & 0x80);
        return y.SequenceEqual(bytes);
    }

    /// <summary>Whether a register is zero; it and T2 are overwritten.</summary>
    private static bool IsZero<TField>(Ed25519Registers<TField> r, int register)
        where TField : struct, IField25519
    {
        Span<byte> number = r[T2][..Bytes];
        r.Encode(number, register);
        uint any = 0;
        for (int i = 0; i < number.Length; i++)
        {
            any |= number[i];
        }

        return any == 0;
    }
}
