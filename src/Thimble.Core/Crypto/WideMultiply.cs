using System.Runtime.CompilerServices;
using Thimble.Memory;

namespace Thimble.Crypto;

/// <summary>
/// Every product wider than a machine word, in one place: on the Cortex-M3 UMULL ends early for small operands
/// (ARM DDI 0337E §18.2), so the long multiply may serve public data only.
/// </summary>
internal static class WideMultiply
{
    /// <summary>The product of two public numbers. Leaks both on a Cortex-M3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Public(uint a, uint b) => (ulong)a * b;

    /// <summary>
    /// The product of two secrets. Leaks: nothing. 64-bit machines multiply in constant time, and a build may say that its core does
    /// (<see cref="Features.LongMultiply"/>); elsewhere products of 16-bit halves use MUL, whose time does not depend on its operands.
    /// </summary>
    /// <remarks>
    /// Bounds: with b = 2^16 - 1, a product of halves is at most b² and b² + 2 b = 2^32 - 1, so neither sum in the middle overflows. The
    /// high word is what the whole product leaves above 2^32.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Secret(uint a, uint b)
    {
        if (nuint.Size == 8 || Features.LongMultiply)
        {
            return (ulong)a * b;
        }

        uint lowA = (ushort)a, highA = a >> 16;
        uint lowB = (ushort)b, highB = b >> 16;
        uint middle = (lowA * highB) + ((lowA * lowB) >> 16);
        uint other = (highA * lowB) + (ushort)middle;
        uint high = (highA * highB) + (middle >> 16) + (other >> 16);
        return ((ulong)high << 32) | (a * b);
    }
}
