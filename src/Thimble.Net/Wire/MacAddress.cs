using System;
using System.Buffers.Binary;

namespace Thimble.Net.Wire;

/// <summary>The 48-bit address of an Ethernet station (IEEE 802.3 §3.2.3), as a number whose high byte goes first on the wire.</summary>
public readonly struct MacAddress
{
    /// <summary>The bytes of an address, on the wire and in state.</summary>
    public const int Bytes = 6;

    // Three halves, so that state that holds an address wastes nothing on alignment.
    private readonly ushort _high;
    private readonly ushort _middle;
    private readonly ushort _low;

    /// <summary>The address whose first two bytes are <paramref name="high"/> and whose other four are <paramref name="low"/>.</summary>
    public MacAddress(ushort high, uint low)
    {
        _high = high;
        _middle = (ushort)(low >> 16);
        _low = (ushort)low;
    }

    /// <summary>FF:FF:FF:FF:FF:FF, all stations of the link.</summary>
    public static MacAddress Broadcast => new(0xFFFF, 0xFFFF_FFFF);

    /// <summary>The first two bytes.</summary>
    public ushort High => _high;

    /// <summary>The other four bytes.</summary>
    public uint Low => ((uint)_middle << 16) | _low;

    /// <summary>Whether it names one station: the group bit is clear, and the address is not zero.</summary>
    public bool IsUnicast => (_high & 0x0100) == 0 && (_high | _middle | _low) != 0;

    /// <summary>Reads the address at the start of <paramref name="source"/>.</summary>
    public static MacAddress Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt16BigEndian(source), BinaryPrimitives.ReadUInt32BigEndian(source.Slice(2)));

    /// <summary>Writes the address at the start of <paramref name="destination"/>.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt32BigEndian(destination.Slice(2), Low);
    }

    /// <summary>Whether both are the same station.</summary>
    public bool Is(MacAddress other) => _high == other._high && Low == other.Low;
}
