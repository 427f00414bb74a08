using System;
using System.Runtime.CompilerServices;
using Thimble.Boards;

namespace Thimble.KnownAnswers;

/// <summary>Runs one test after another: hands out memory, counts instructions, measures the stack and prints a line for each.</summary>
internal ref struct Workbench
{
    private const int NameColumn = 44;

    /// <summary>From a local of <see cref="Start"/> up to its caller's frame: three saved registers.</summary>
    private const int OwnFrameBytes = 12;

    private Span<byte> _free;
    private uint _ticks;
    private unsafe byte* _top;
    private uint _passed;
    private uint _failed;

    /// <summary>True where no test failed.</summary>
    public readonly bool AllPassed => _failed == 0;

    /// <summary>Names the next test and takes all memory back.</summary>
    public void Begin(ReadOnlySpan<byte> name)
    {
        _free = Board.Memory;
        Uart.Write(name);
        for (int i = name.Length; i < NameColumn; i++)
        {
            Uart.Write((byte)' ');
        }
    }

    /// <summary>Memory for the current test, at a multiple of eight and not cleared.</summary>
    public Span<byte> Take(int bytes)
    {
        Span<byte> taken = _free[..bytes];
        _free = _free[((bytes + 7) & ~7)..];
        return taken;
    }

    /// <summary>Bytes written as hexadecimal digits.</summary>
    public Span<byte> Hex(ReadOnlySpan<byte> digits)
    {
        Span<byte> bytes = Take(digits.Length / 2);
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)((Digit(digits[2 * i]) << 4) | Digit(digits[(2 * i) + 1]));
        }

        return bytes;
    }

    /// <summary>Paints the stack and starts to count: what follows is measured, from beneath the caller's frame.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public unsafe void Start()
    {
        uint here = 0;
        _top = (byte*)&here + OwnFrameBytes;
        StackPaint.Apply();
        _ticks = SysTick.Now();
    }

    /// <summary>Ends the test by comparing what came out with the digits that should have.</summary>
    public void End(ReadOnlySpan<byte> actual, ReadOnlySpan<byte> expected)
    {
        uint ticks = SysTick.Since(_ticks);
        bool equal = actual.Length == expected.Length / 2;
        for (int i = 0; equal && i < actual.Length; i++)
        {
            equal = actual[i] == ((Digit(expected[2 * i]) << 4) | Digit(expected[(2 * i) + 1]));
        }

        Print(equal, ticks * SysTick.InstructionsPerTick);
    }

    /// <summary>Ends the test with a verdict.</summary>
    public void End(bool passed) => Print(passed, SysTick.Since(_ticks) * SysTick.InstructionsPerTick);

    /// <summary>Ends the test with a verdict and a count of its own.</summary>
    public void End(bool passed, uint instructions) => Print(passed, instructions);

    /// <summary>Prints the last line.</summary>
    public readonly void Finish()
    {
        Uart.WriteDecimal(_passed, 0);
        Uart.Write(" passed, "u8);
        Uart.WriteDecimal(_failed, 0);
        Uart.Write(" failed, 0 skipped\n"u8);
    }

    private static int Digit(byte character) => character <= '9' ? character - '0' : character - 'a' + 10;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private unsafe void Print(bool passed, uint instructions)
    {
        uint stack = StackPaint.Deepest(_top);

        _passed += passed ? 1u : 0;
        _failed += passed ? 0 : 1u;
        Uart.Write(passed ? "pass "u8 : "FAIL "u8);
        Uart.WriteDecimal(instructions, 12);
        Uart.Write(" instructions "u8);
        Uart.WriteDecimal(stack, 6);
        Uart.Write(" B of stack\n"u8);
    }
}
