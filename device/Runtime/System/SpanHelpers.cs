using System.Runtime;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>
/// Copying and filling, by words where both ends are aligned alike. The time depends on lengths and addresses only.
/// No word is read or written at an address that is not a multiple of its size: a Cortex-M0+ would fault.
/// </summary>
internal static unsafe class SpanHelpers
{
    private const uint WordMask = 3;

    internal static void Memmove(ref byte destination, ref byte source, nuint length)
    {
        fixed (byte* to = &destination, from = &source)
        {
            Move(to, from, (uint)length);
        }
    }

    internal static void ClearWithoutReferences(ref byte destination, nuint length) => Fill(ref destination, 0, length);

    internal static void Fill(ref byte destination, byte value, nuint length)
    {
        fixed (byte* to = &destination)
        {
            Set(to, value, (uint)length);
        }
    }

    /// <summary>What compiled code calls to copy a struct.</summary>
    [RuntimeExport("memcpy")]
    private static byte* Memcpy(byte* to, byte* from, nuint length)
    {
        Move(to, from, (uint)length);
        return to;
    }

    [RuntimeExport("memmove")]
    private static byte* Memmove(byte* to, byte* from, nuint length)
    {
        Move(to, from, (uint)length);
        return to;
    }

    /// <summary>What compiled code calls to clear a struct.</summary>
    [RuntimeExport("memset")]
    private static byte* Memset(byte* to, int value, nuint length)
    {
        Set(to, (byte)value, (uint)length);
        return to;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Move(byte* to, byte* from, uint length)
    {
        if ((nuint)to - (nuint)from < length)
        {
            MoveBackward(to, from, length);
            return;
        }

        byte* end = to + length;
        if ((((uint)to ^ (uint)from) & WordMask) == 0 && length >= 8)
        {
            while (((uint)to & WordMask) != 0)
            {
                *to++ = *from++;
            }

            for (byte* lastWord = end - 4; to <= lastWord; to += 4, from += 4)
            {
                *(uint*)to = *(uint*)from;
            }
        }

        while (to < end)
        {
            *to++ = *from++;
        }
    }

    /// <summary>The destination begins inside the source, so the last byte goes first.</summary>
    private static void MoveBackward(byte* to, byte* from, uint length)
    {
        while (length != 0)
        {
            length--;
            to[length] = from[length];
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Set(byte* to, byte value, uint length)
    {
        byte* end = to + length;
        if (length >= 8)
        {
            while (((uint)to & WordMask) != 0)
            {
                *to++ = value;
            }

            uint word = value * 0x0101_0101u;
            for (byte* lastWord = end - 4; to <= lastWord; to += 4)
            {
                *(uint*)to = word;
            }
        }

        while (to < end)
        {
            *to++ = value;
        }
    }
}

/// <summary>Where the compiler looks for the same two under their older names.</summary>
internal static class Buffer
{
    internal static void Memmove(ref byte destination, ref byte source, nuint length) =>
        SpanHelpers.Memmove(ref destination, ref source, length);

    internal static void BulkMoveWithWriteBarrier(ref byte destination, ref byte source, nuint length) =>
        SpanHelpers.Memmove(ref destination, ref source, length);
}
