using System.Runtime.CompilerServices;

namespace Thimble.Boards;

/// <summary>How deep the stack went: memory beneath it is painted beforehand, and what is unpainted afterwards was used.</summary>
public static unsafe class StackPaint
{
    private const uint Paint = 0xA5A5_A5A5;

    /// <summary>The lowest address that the stack may reach.</summary>
    private static uint* Limit => (uint*)Board.StackLimit;

    /// <summary>Paints everything beneath the caller's frame.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Apply()
    {
        uint here = 0;
        for (uint* word = &here - 16; word >= Limit; word--)
        {
            *word = Paint;
        }
    }

    /// <summary>Bytes used of the whole stack since the reset code painted it.</summary>
    public static uint DeepestFromTop() => Deepest((byte*)Board.StackTop);

    /// <summary>Bytes used beneath an address on the stack since <see cref="Apply"/>.</summary>
    public static uint Deepest(byte* top)
    {
        uint* word = Limit;
        while (word < top && *word == Paint)
        {
            word++;
        }

        return (uint)(top - (byte*)word);
    }
}
