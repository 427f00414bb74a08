using System;
using System.Buffers.Binary;

namespace Thimble.Net.Wire;

/// <summary>An IPv4 address (RFC 791 §3.2), as a number whose high byte is the first of the dotted form.</summary>
public readonly struct Ipv4Address(uint value)
{
    /// <summary>The address as a number.</summary>
    public uint Value { get; } = value;

    /// <summary>255.255.255.255, all hosts of this link (RFC 919 §7).</summary>
    public static Ipv4Address Broadcast => new(0xFFFF_FFFF);

    /// <summary>Whether this is 0.0.0.0, which stands for no address.</summary>
    public bool IsNone => Value == 0;

    /// <summary>Whether it is one of a group's: 224.0.0.0 to 239.255.255.255 (RFC 5771).</summary>
    public bool IsMulticast => Value >> 28 == 0xE;

    /// <summary>Whether it names one host beyond this one: neither nothing, nor a group, nor all, nor the loopback or this-network ranges (RFC 1122 §3.2.1.3).</summary>
    public bool IsUnicast => Value >> 28 < 0xE && Value >> 24 is not (0 or 127);

    /// <summary>The address a.b.c.d.</summary>
    public static Ipv4Address Of(byte a, byte b, byte c, byte d) => new(((uint)a << 24) | ((uint)b << 16) | ((uint)c << 8) | d);

    /// <summary>Reads the address at the start of <paramref name="source"/>.</summary>
    public static Ipv4Address Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadUInt32BigEndian(source));

    /// <summary>
    /// Reads four decimal numbers with dots between, and nothing else: no leading zeros, which some read as octal. Bounded:
    /// 15 characters.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Ipv4Address address)
    {
        uint value = 0;
        int at = 0;
        for (int part = 0; part < 4; part++)
        {
            if ((part > 0 && (at == text.Length || text[at++] != '.')) || !TryNumber(text, ref at, out uint number))
            {
                address = default;
                return false;
            }

            value = (value << 8) | number;
        }

        address = new Ipv4Address(value);
        return at == text.Length;
    }

    /// <summary>Writes the address at the start of <paramref name="destination"/>.</summary>
    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt32BigEndian(destination, Value);

    /// <summary>Whether both are the same address.</summary>
    public bool Is(Ipv4Address other) => Value == other.Value;

    private static bool TryNumber(ReadOnlySpan<byte> text, ref int at, out uint number)
    {
        int start = at;
        number = 0;
        while (at < text.Length && at - start < 3 && (uint)text[at] - '0' <= 9)
        {
            number = (number * 10) + text[at++] - '0';
        }

        int digits = at - start;
        return digits > 0 && number <= 255 && (digits == 1 || text[start] != '0');
    }
}
