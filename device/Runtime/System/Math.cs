using System.Runtime;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>
/// Arithmetic wider than a register, and division, which the compiler calls by name. All of it takes time that depends on
/// its operands (UMULL, UDIV, shift and subtract): for public numbers only.
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

    public static int Clamp(int value, int min, int max)
    {
        StopIf(min > max);
        return Min(Max(value, min), max);
    }

    public static uint Clamp(uint value, uint min, uint max)
    {
        StopIf(min > max);
        return Min(Max(value, min), max);
    }

    public static long Clamp(long value, long min, long max)
    {
        StopIf(min > max);
        return Min(Max(value, min), max);
    }

    public static ulong Clamp(ulong value, ulong min, ulong max)
    {
        StopIf(min > max);
        return Min(Max(value, min), max);
    }

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

    // The names are the compiler's; the instructions are in divide.S.
    [RuntimeImport("divide_uint32")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern uint DivUInt32(uint dividend, uint divisor);

    [RuntimeImport("remainder_uint32")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern uint ModUInt32(uint dividend, uint divisor);

    [RuntimeImport("divide_int32")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern int DivInt32(int dividend, int divisor);

    [RuntimeImport("remainder_int32")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern int ModInt32(int dividend, int divisor);

    private static void StopIf(bool isWrong)
    {
        if (isWrong)
        {
            ThrowHelper.ArgumentOutOfRange();
        }
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

    private static ulong Magnitude(long value) => value < 0 ? 0 - (ulong)value : (ulong)value;

    /// <summary>A bit of the quotient at a time; two numbers of one word take one instruction.</summary>
    private static ulong Divide(ulong dividend, ulong divisor, out ulong remainder)
    {
        if ((uint)(divisor >> 32) == 0 && (uint)(dividend >> 32) == 0)
        {
            uint low = DivUInt32((uint)dividend, (uint)divisor);
            remainder = (uint)dividend - (low * (uint)divisor);
            return low;
        }

        if (divisor == 0)
        {
            FailFast.Stop(StopReason.DivideByZero);
        }

        ulong quotient = 0, rest = 0;
        for (int i = 0; i < 64; i++)
        {
            bool carried = (long)rest < 0;
            rest = (rest << 1) | (dividend >> 63);
            dividend <<= 1;
            quotient <<= 1;
            if (carried || rest >= divisor)
            {
                rest -= divisor;
                quotient |= 1;
            }
        }

        remainder = rest;
        return quotient;
    }
}
