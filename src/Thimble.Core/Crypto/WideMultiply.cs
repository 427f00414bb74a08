using System.Runtime.CompilerServices;

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
    /// The product of two secrets. Leaks: nothing. 64-bit machines multiply in constant time; elsewhere four products
    /// of 16-bit halves use MUL, whose time does not depend on its operands.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Secret(uint a, uint b)
    {
        if (nuint.Size == 8)
        {
            return (ulong)a * b;
        }

        uint lowA = (ushort)a, highA = a >> 16;
        uint lowB = (ushort)b, highB = b >> 16;
        uint low = lowA * lowB;
        uint cross1 = lowA * highB, cross2 = highA * lowB;
        uint middle = (low >> 16) + (ushort)cross1 + (ushort)cross2;
        uint high = (highA * highB) + (cross1 >> 16) + (cross2 >> 16) + (middle >> 16);
        return ((ulong)high << 32) | (middle << 16) | (ushort)low;
    }
}
