using System;
using System.Runtime.CompilerServices;

namespace Thimble.X509;

/// <summary>Address literals as reference names: RFC 9525 §6.5 compares them with iPAddress names octet by octet.</summary>
internal static class IpAddress
{
    /// <summary>The octets of an IPv6 address.</summary>
    public const int MaxBytes = 16;

    /// <summary>
    /// Reads dotted decimal (four numbers without leading zeros) or the text form of RFC 4291 §2.2 into
    /// <paramref name="address"/> and answers 4 or 16, or 0 for what is no address. Bounded: 45 characters are looked at.
    /// </summary>
    public static int Parse(ReadOnlySpan<byte> text, Span<byte> address)
    {
        if (AsciiText.IndexOf(text, (byte)':') < 0)
        {
            return ParseDotted(text, address) ? 4 : 0;
        }

        return text.Length <= 45 && ParseColons(text, address[..MaxBytes]) ? MaxBytes : 0;
    }

    private static bool ParseDotted(ReadOnlySpan<byte> text, Span<byte> address)
    {
        int octet = 0, digits = 0;
        uint value = 0;
        foreach (byte c in text)
        {
            if (c == '.' && digits > 0 && octet < 3)
            {
                address[octet++] = (byte)value;
                value = 0;
                digits = 0;
            }
            else if ((uint)(c - '0') <= 9 && (digits == 0 || value != 0) && (value = (value * 10) + c - '0') <= 255)
            {
                digits++;
            }
            else
            {
                return false;
            }
        }

        address[octet] = (byte)value;
        return octet == 3 && digits > 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool ParseColons(ReadOnlySpan<byte> text, Span<byte> address)
    {
        int written = 0, gap = -1;
        if (text.Length >= 2 && text[0] == ':' && text[1] == ':')
        {
            gap = 0;
            text = text[2..];
        }

        while (!text.IsEmpty)
        {
            int colon = AsciiText.IndexOf(text, (byte)':');
            ReadOnlySpan<byte> group = colon < 0 ? text : text[..colon];
            if (colon < 0 && AsciiText.IndexOf(group, (byte)'.') >= 0)
            {
                return written <= 12 && ParseDotted(group, address[written..]) && Spread(address, written + 4, gap);
            }

            if (written == MaxBytes || !ParseGroup(group, address[written..]))
            {
                return false;
            }

            written += 2;
            text = colon < 0 ? default : text[(colon + 1)..];
            if (colon >= 0 && text.IsEmpty)
            {
                return false;
            }

            if (!text.IsEmpty && text[0] == ':')
            {
                if (gap >= 0)
                {
                    return false;
                }

                gap = written;
                text = text[1..];
            }
        }

        return Spread(address, written, gap);
    }

    private static bool ParseGroup(ReadOnlySpan<byte> group, Span<byte> octets)
    {
        uint value = 0;
        foreach (byte c in group)
        {
            uint letter = (c | 0x20u) - 'a';
            uint digit = (uint)(c - '0') <= 9 ? (uint)(c - '0') : letter <= 5 ? letter + 10 : 16;
            if (digit == 16)
            {
                return false;
            }

            value = (value << 4) | digit;
        }

        octets[0] = (byte)(value >> 8);
        octets[1] = (byte)value;
        return group.Length is >= 1 and <= 4;
    }

    /// <summary>Puts zeros where "::" stood.</summary>
    private static bool Spread(Span<byte> address, int written, int gap)
    {
        if (gap < 0 || written == MaxBytes)
        {
            return gap < 0 && written == MaxBytes;
        }

        int tail = written - gap;
        address[gap..written].CopyTo(address[^tail..]);
        address[gap..^tail].Clear();
        return true;
    }
}
