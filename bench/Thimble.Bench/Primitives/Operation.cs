using System;
using System.Runtime.InteropServices;

namespace Thimble.Bench.Primitives;

/// <summary>Registers of a resumable operation, begun anew for each run.</summary>
internal sealed class Operation(int bytes)
{
    // 64-bit words, because registers begin at multiples of eight bytes.
    private readonly ulong[] _words = GC.AllocateArray<ulong>((bytes + 7) / 8, pinned: true);

    public Span<byte> Begin()
    {
        _words[0] = 0;
        return MemoryMarshal.AsBytes(_words.AsSpan());
    }
}
