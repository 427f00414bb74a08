using System.Runtime;

namespace Internal.Runtime.CompilerHelpers;

/// <summary>64-bit operations that are calls on a 32-bit machine.</summary>
internal static class LongHelpers
{
    /// <summary>The low 64 bits of a product. For public numbers only: it uses the long multiply.</summary>
    [RuntimeExport("RhpLMul")]
    private static ulong Multiply(ulong left, ulong right)
    {
        uint leftLow = (uint)left, rightLow = (uint)right;
        uint cross = (leftLow * (uint)(right >> 32)) + ((uint)(left >> 32) * rightLow);
        return ((ulong)leftLow * rightLow) + ((ulong)cross << 32);
    }

    /// <summary>A shift by a variable amount. Leaks: nothing.</summary>
    [RuntimeExport("RhpLLsh")]
    private static ulong ShiftLeft(ulong value, int amount)
    {
        uint low = (uint)value, high = (uint)(value >> 32);
        uint whole = WholeWord(amount);
        high = (high & ~whole) | (low & whole);
        low &= ~whole;
        int bits = amount & 31;
        high = (high << bits) | ((low >> 1) >> (31 - bits));
        return ((ulong)high << 32) | (low << bits);
    }

    /// <summary>A logical shift by a variable amount. Leaks: nothing.</summary>
    [RuntimeExport("RhpLRsz")]
    private static ulong ShiftRightLogical(ulong value, int amount) => ShiftRight(value, amount, 0);

    /// <summary>An arithmetic shift by a variable amount. Leaks: nothing.</summary>
    [RuntimeExport("RhpLRsh")]
    private static ulong ShiftRightArithmetic(ulong value, int amount) => ShiftRight(value, amount, (uint)((long)value >> 63));

    private static ulong ShiftRight(ulong value, int amount, uint sign)
    {
        uint low = (uint)value, high = (uint)(value >> 32);
        uint whole = WholeWord(amount);
        low = (low & ~whole) | (high & whole);
        high = (high & ~whole) | (sign & whole);
        int bits = amount & 31;
        low = (low >> bits) | ((high << 1) << (31 - bits));
        high = (high >> bits) | ((sign << 1) << (31 - bits));
        return ((ulong)high << 32) | low;
    }

    /// <summary>All ones where the amount moves a whole word.</summary>
    private static uint WholeWord(int amount) => 0 - (((uint)amount >> 5) & 1);
}
