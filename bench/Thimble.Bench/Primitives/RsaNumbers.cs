using System;
using System.Linq;

namespace Thimble.Bench.Primitives;

/// <summary>Numbers as the engine keeps them.</summary>
internal static class RsaNumbers
{
    /// <summary>Little-endian and aligned to eight bytes; all lengths here are multiples of eight already.</summary>
    public static byte[] LittleEndian(byte[]? bigEndian)
    {
        byte[] number = GC.AllocateArray<byte>(bigEndian!.Length, pinned: true);
        bigEndian.Reverse().ToArray().CopyTo(number, 0);
        return number;
    }
}
