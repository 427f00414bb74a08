using System.Runtime.CompilerServices;

namespace System;

/// <summary>
/// Arithmetic wider than a register, and division, which the compiler calls by name. All of it takes time that depends on
/// its operands (UMULL, shift and subtract): for public numbers only.
/// </summary>
public static class Math
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Min(int left, int right) => left < right ? left : right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Min(uint left, uint right) => left < right ? left : right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Min(long left, long right) => left < right ? left : right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Max(int left, int right) => left > right ? left : right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Max(uint left, uint right) => left > right ? left : right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Max(long left, long right) => left > right ? left : right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Min(ushort left, ushort right) => left < right ? left : right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Max(ushort left, ushort right) => left > right ? left : right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Min(ulong left, ulong right) => left < right ? left : right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Max(ulong left, ulong right) => left > right ? left : right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Min(byte left, byte right) => left < right ? left : right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Max(byte left, byte right) => left > right ? left : right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Abs(int value)
    {
        if (value == -0x8000_0000)
        {
            FailFast.Stop(StopReason.Overflow);
        }

        return value < 0 ? -value : value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong BigMul(uint left, uint right) => (ulong)left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long BigMul(int left, int right) => (long)left * right;

    public static ulong BigMul(ulong left, ulong right, out ulong low)
    {
        uint leftLow = (uint)left, leftHigh = (uint)(left >> 32);
        uint rightLow = (uint)right, rightHigh = (uint)(right >> 32);
        ulong lowest = (ulong)leftLow * rightLow;
        ulong middle = ((ulong)leftHigh * rightLow) + (lowest >> 32);
        ulong cross = ((ulong)leftLow * rightHigh) + (uint)middle;
        low = (cross << 32) | (uint)lowest;
        return ((ulong)leftHigh * rightHigh) + (middle >> 32) + (cross >> 32);
    }

    private static uint DivUInt32(uint dividend, uint divisor) => Divide(dividend, divisor, out _);

    private static uint ModUInt32(uint dividend, uint divisor)
    {
        Divide(dividend, divisor, out uint remainder);
        return remainder;
    }

    private static int DivInt32(int dividend, int divisor)
    {
        uint quotient = Divide(Magnitude(dividend), Magnitude(divisor), out _);
        return (dividend ^ divisor) < 0 ? -(int)quotient : (int)quotient;
    }

    private static int ModInt32(int dividend, int divisor)
    {
        Divide(Magnitude(dividend), Magnitude(divisor), out uint remainder);
        return dividend < 0 ? -(int)remainder : (int)remainder;
    }

    private static ulong DivUInt64(ulong dividend, ulong divisor) => Divide(dividend, divisor, out _);

    private static ulong ModUInt64(ulong dividend, ulong divisor)
    {
        Divide(dividend, divisor, out ulong remainder);
        return remainder;
    }

    private static long DivInt64(long dividend, long divisor)
    {
        ulong quotient = Divide(Magnitude(dividend), Magnitude(divisor), out _);
        return (dividend ^ divisor) < 0 ? -(long)quotient : (long)quotient;
    }

    private static long ModInt64(long dividend, long divisor)
    {
        Divide(Magnitude(dividend), Magnitude(divisor), out ulong remainder);
        return dividend < 0 ? -(long)remainder : (long)remainder;
    }

    private static uint Magnitude(int value) => value < 0 ? 0 - (uint)value : (uint)value;

    private static ulong Magnitude(long value) => value < 0 ? 0 - (ulong)value : (ulong)value;

    private static uint Divide(uint dividend, uint divisor, out uint remainder)
    {
        StopIfZero(divisor);
        uint quotient = 0, rest = 0;
        for (int i = 0; i < 32; i++)
        {
            uint carried = rest >> 31;
            rest = (rest << 1) | (dividend >> 31);
            dividend <<= 1;
            quotient <<= 1;
            if (carried != 0 || rest >= divisor)
            {
                rest -= divisor;
                quotient |= 1;
            }
        }

        remainder = rest;
        return quotient;
    }

    private static ulong Divide(ulong dividend, ulong divisor, out ulong remainder)
    {
        StopIfZero((uint)divisor | (uint)(divisor >> 32));
        ulong quotient = 0, rest = 0;
        for (int i = 0; i < 64; i++)
        {
            ulong carried = rest >> 63;
            rest = (rest << 1) | (dividend >> 63);
            dividend <<= 1;
            quotient <<= 1;
            if (carried != 0 || rest >= divisor)
            {
                rest -= divisor;
                quotient |= 1;
            }
        }

        remainder = rest;
        return quotient;
    }

    private static void StopIfZero(uint divisor)
    {
        if (divisor == 0)
        {
            FailFast.Stop(StopReason.DivideByZero);
        }
    }
}
