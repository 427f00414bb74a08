using System.Runtime.CompilerServices;

namespace System.Numerics;

/// <summary>Bit twiddling without branches.</summary>
public static class BitOperations
{
    [Intrinsic]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint RotateLeft(uint value, int offset) => (value << offset) | (value >> (32 - offset));

    [Intrinsic]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint RotateRight(uint value, int offset) => (value >> offset) | (value << (32 - offset));

    [Intrinsic]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong RotateLeft(ulong value, int offset) => (value << offset) | (value >> (64 - offset));

    [Intrinsic]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong RotateRight(ulong value, int offset) => (value >> offset) | (value << (64 - offset));

    public static bool IsPow2(int value) => value > 0 && (value & (value - 1)) == 0;

    public static bool IsPow2(uint value) => value != 0 && (value & (value - 1)) == 0;

    public static int PopCount(uint value)
    {
        value -= (value >> 1) & 0x5555_5555u;
        value = (value & 0x3333_3333u) + ((value >> 2) & 0x3333_3333u);
        return (int)((((value + (value >> 4)) & 0x0F0F_0F0Fu) * 0x0101_0101u) >> 24);
    }

    public static int PopCount(ulong value) => PopCount((uint)value) + PopCount((uint)(value >> 32));

    public static int LeadingZeroCount(uint value)
    {
        value |= value >> 1;
        value |= value >> 2;
        value |= value >> 4;
        value |= value >> 8;
        value |= value >> 16;
        return 32 - PopCount(value);
    }

    public static int LeadingZeroCount(ulong value)
    {
        uint high = (uint)(value >> 32);
        uint highIsZero = ((high | (0 - high)) >> 31) - 1;
        return LeadingZeroCount(high) + (int)((uint)LeadingZeroCount((uint)value) & highIsZero);
    }

    public static int TrailingZeroCount(uint value) => PopCount(~value & (value - 1));

    public static int TrailingZeroCount(int value) => TrailingZeroCount((uint)value);

    public static int TrailingZeroCount(ulong value)
    {
        uint low = (uint)value;
        uint lowIsZero = ((low | (0 - low)) >> 31) - 1;
        return TrailingZeroCount(low) + (int)((uint)TrailingZeroCount((uint)(value >> 32)) & lowIsZero);
    }

    public static int Log2(uint value) => 31 - LeadingZeroCount(value | 1);

    public static int Log2(ulong value) => 63 - LeadingZeroCount(value | 1);
}
