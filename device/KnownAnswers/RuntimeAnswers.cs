using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Thimble.Boards;

namespace Thimble.KnownAnswers;

/// <summary>What the device's runtime does itself: copies, fills and division, held against byte-by-byte loops and the law of division.</summary>
internal static class RuntimeAnswers
{
    private const int Guard = 8;

    public static void Run(ref Workbench bench)
    {
        bench.Begin("Copies of all lengths, places and overlaps"u8);
        Span<byte> actual = bench.Take(88);
        Span<byte> expected = bench.Take(88);
        bench.Start();
        bench.End(CopiesAreRight(actual, expected));

        bench.Begin("Fills of all lengths and places"u8);
        actual = bench.Take(96);
        bench.Start();
        bench.End(FillsAreRight(actual));

        bench.Begin("Division"u8);
        bench.Start();
        bench.End(DivisionIsRight());

        Copy(ref bench, "Copy of 16 bytes"u8, 16, 0, 0);
        Copy(ref bench, "Copy of 64 bytes"u8, 64, 0, 0);
        Copy(ref bench, "Copy of 512 bytes"u8, 512, 0, 0);
        Copy(ref bench, "Copy of 1,500 bytes"u8, 1500, 0, 0);
        Copy(ref bench, "Copy of 1,500 bytes, both off by two"u8, 1500, 2, 2);
        Copy(ref bench, "Copy of 1,500 bytes, unlike by one"u8, 1500, 1, 0);
        Copy(ref bench, "Copy of 1,500 bytes upwards onto itself"u8, 1500, 0, -4);
    }

    /// <summary>Measures one copy. A negative distance puts the destination that far into the source.</summary>
    private static void Copy(ref Workbench bench, ReadOnlySpan<byte> name, int length, int sourceOffset, int destinationOffset)
    {
        bench.Begin(name);
        Span<byte> from = bench.Take(length + Guard)[sourceOffset..][..length];
        Span<byte> to = bench.Take(length + Guard);
        to = destinationOffset >= 0 ? to[destinationOffset..][..length] : default;
        bench.Start();
        uint start = SysTick.Now();
        if (destinationOffset < 0)
        {
            to = from[-destinationOffset..];
            from = from[..to.Length];
        }

        from.CopyTo(to);
        uint ticks = SysTick.Since(start);
        bench.End(destinationOffset < 0 || to.SequenceEqual(from), ticks * SysTick.InstructionsPerTick);
    }

    private static bool CopiesAreRight(Span<byte> actual, Span<byte> expected)
    {
        bool right = true;
        for (int length = 0; length <= 40; length++)
        {
            for (int from = 0; from <= 40; from += 5)
            {
                for (int to = 0; to <= 40; to++)
                {
                    Number(actual);
                    Number(expected);
                    actual.Slice(from, length).CopyTo(actual[to..]);
                    CopyByBytes(expected, from, to, length);
                    right &= actual.SequenceEqual(expected);
                }
            }
        }

        return right;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CopyByBytes(Span<byte> memory, int from, int to, int length)
    {
        for (int i = 0; i < length; i++)
        {
            int at = from < to ? length - 1 - i : i;
            memory[to + at] = memory[from + at];
        }
    }

    private static void Number(Span<byte> memory)
    {
        for (int i = 0; i < memory.Length; i++)
        {
            memory[i] = (byte)((i * 7) + 1);
        }
    }

    private static bool FillsAreRight(Span<byte> memory)
    {
        bool right = true;
        for (int start = 0; start < 8; start++)
        {
            for (int length = 0; length <= 70; length++)
            {
                memory.Fill(0x11);
                memory.Slice(start, length).Fill(0xEE);
                for (int i = 0; i < memory.Length; i++)
                {
                    right &= memory[i] == (i >= start && i < start + length ? 0xEE : 0x11);
                }
            }
        }

        return right;
    }

    private static bool DivisionIsRight()
    {
        ReadOnlySpan<byte> numbers = [0, 0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0x80, 0xFF, 0xFF, 0xFF, 0xFF, 0x40, 0x42, 0x0F, 0];
        bool right = true;
        for (int i = 0; i < numbers.Length; i += 4)
        {
            for (int j = 4; j < numbers.Length; j += 4)
            {
                uint dividend = BinaryPrimitives.ReadUInt32LittleEndian(numbers[i..]);
                uint divisor = BinaryPrimitives.ReadUInt32LittleEndian(numbers[j..]);
                right &= Holds(dividend, divisor) && Holds((int)dividend, (int)divisor);
                ulong wide = ((ulong)dividend << 32) | divisor;
                right &= Holds(wide, divisor) && Holds(wide, ((ulong)divisor << 32) | dividend) && Holds((long)wide, (int)divisor);
            }
        }

        return right;
    }

    private static bool Holds(uint dividend, uint divisor) =>
        dividend % divisor < divisor && (dividend / divisor * divisor) + (dividend % divisor) == dividend;

    private static bool Holds(int dividend, int divisor)
    {
        int rest = divisor == -1 ? 0 : dividend % divisor;
        int quotient = divisor == -1 ? -dividend : dividend / divisor;
        return (quotient * divisor) + rest == dividend && (rest == 0 || (rest < 0) == (dividend < 0));
    }

    private static bool Holds(ulong dividend, ulong divisor) =>
        dividend % divisor < divisor && (dividend / divisor * divisor) + (dividend % divisor) == dividend;

    private static bool Holds(long dividend, long divisor)
    {
        long rest = dividend % divisor;
        return (dividend / divisor * divisor) + rest == dividend && (rest == 0 || (rest < 0) == (dividend < 0));
    }
}
