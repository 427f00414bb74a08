using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Thimble.Net.Wire;

/// <summary>
/// Numbers in the order of the network, the high byte first (RFC 791, appendix B), at a place in a run of bytes. A read or
/// write beyond the run ends the program. Kept out of line: where a processor's compiler has no instruction that turns bytes
/// round, each is six times as long as the call.
/// </summary>
internal static class NetworkOrder
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ushort Read16(ReadOnlySpan<byte> source, int at) => BinaryPrimitives.ReadUInt16BigEndian(source.Slice(at));

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static uint Read32(ReadOnlySpan<byte> source, int at) => BinaryPrimitives.ReadUInt32BigEndian(source.Slice(at));

    /// <summary>Writes the low 16 bits of <paramref name="value"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Write16(Span<byte> destination, int at, int value) => BinaryPrimitives.WriteUInt16BigEndian(destination.Slice(at), (ushort)value);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Write32(Span<byte> destination, int at, uint value) => BinaryPrimitives.WriteUInt32BigEndian(destination.Slice(at), value);
}
