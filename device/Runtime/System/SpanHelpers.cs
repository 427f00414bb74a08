using System.Runtime;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>
/// Copying and filling, sixteen bytes at a time. The time depends on lengths and addresses only. Words are written at
/// multiples of four and read wherever they lie, which a Cortex-M3 does by itself and a Cortex-M0+ cannot.
/// </summary>
internal static unsafe class SpanHelpers
{
    private const uint WordMask = 3;

    private const uint BlockBytes = 16;

    /// <summary>Shorter runs go byte by byte.</summary>
    private const uint WorthWords = 8;

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
            MoveBackward(to + length, from + length, length);
            return;
        }

        if (length >= WorthWords)
        {
            for (; ((uint)to & WordMask) != 0; length--)
            {
                *to++ = *from++;
            }

            for (; length >= BlockBytes; length -= BlockBytes)
            {
                *(uint*)to = *(uint*)from;
                *(uint*)(to + 4) = *(uint*)(from + 4);
                *(uint*)(to + 8) = *(uint*)(from + 8);
                *(uint*)(to + 12) = *(uint*)(from + 12);
                to += BlockBytes;
                from += BlockBytes;
            }

            for (; length >= 4; length -= 4)
            {
                *(uint*)to = *(uint*)from;
                to += 4;
                from += 4;
            }
        }

        for (; length != 0; length--)
        {
            *to++ = *from++;
        }
    }

    /// <summary>The destination begins inside the source, so what is last goes first; both point past their ends.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MoveBackward(byte* to, byte* from, uint length)
    {
        if (length >= WorthWords)
        {
            for (; ((uint)to & WordMask) != 0; length--)
            {
                *--to = *--from;
            }

            for (; length >= 4; length -= 4)
            {
                to -= 4;
                from -= 4;
                *(uint*)to = *(uint*)from;
            }
        }

        for (; length != 0; length--)
        {
            *--to = *--from;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Set(byte* to, byte value, uint length)
    {
        if (length >= WorthWords)
        {
            for (; ((uint)to & WordMask) != 0; length--)
            {
                *to++ = value;
            }

            uint word = value * 0x0101_0101u;
            for (; length >= BlockBytes; length -= BlockBytes)
            {
                *(uint*)to = word;
                *(uint*)(to + 4) = word;
                *(uint*)(to + 8) = word;
                *(uint*)(to + 12) = word;
                to += BlockBytes;
            }

            for (; length >= 4; length -= 4)
            {
                *(uint*)to = word;
                to += 4;
            }
        }

        for (; length != 0; length--)
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
