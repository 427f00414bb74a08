using System;

namespace Thimble.Net.Wire;

/// <summary>
/// A domain name on the wire (RFC 1035 §3.1): labels, each after its length, and an empty one at the end. In a message a name
/// may continue elsewhere (§4.1.4); here such a pointer must lead backwards, so that no name goes on for ever.
/// </summary>
public static class DnsName
{
    /// <summary>The longest label.</summary>
    public const int MaxLabelBytes = 63;

    // §2.3.4: the longest name, 255 bytes, has at most 127 labels.
    private const int MaxLabels = 127;
    private const byte PointerBits = 0xC0;

    /// <summary>
    /// Writes <paramref name="text"/>, labels with dots between, in its wire form, which is two bytes longer. False for an
    /// empty name, an empty label, a label above 63 bytes, and a name that does not fit.
    /// </summary>
    public static bool TryWrite(Span<byte> destination, ReadOnlySpan<byte> text, out int bytes)
    {
        bytes = text.Length + 2;
        if (text.IsEmpty || bytes > destination.Length)
        {
            return false;
        }

        // Each length stands where the dot before its label was.
        int label = 0;
        text.CopyTo(destination.Slice(1));
        for (int i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || text[i] == '.')
            {
                int length = i - label;
                if (length is 0 or > MaxLabelBytes)
                {
                    return false;
                }

                destination[label] = (byte)length;
                label = i + 1;
            }
        }

        destination[label] = 0;
        return true;
    }

    /// <summary>Whether two names without pointers are equal; ASCII letters are, whatever their case (RFC 4343). Lengths of labels are below all letters.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> name, ReadOnlySpan<byte> other)
    {
        bool equal = name.Length == other.Length;
        for (int i = 0; equal && i < name.Length; i++)
        {
            equal = Lower(name[i]) == Lower(other[i]);
        }

        return equal;
    }

    /// <summary>Goes over the name at <paramref name="at"/>, without following it. False where it does not end within the message.</summary>
    public static bool TrySkip(ReadOnlySpan<byte> message, ref int at)
    {
        while (at < message.Length)
        {
            byte length = message[at];
            if (length >= PointerBits)
            {
                at += 2;
                return at <= message.Length;
            }

            if (length > MaxLabelBytes)
            {
                return false;
            }

            at += 1 + length;
            if (length == 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the names at two places of a message are equal. Bounded: 127 labels, and pointers that lead backwards only.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> message, int first, int second)
    {
        for (int labels = 0; labels <= MaxLabels; labels++)
        {
            if (!TryFollow(message, ref first) || !TryFollow(message, ref second))
            {
                return false;
            }

            int length = message[first];
            if (message[second] != length || !AreEqual(message.Slice(first + 1, length), message.Slice(second + 1, length)))
            {
                return false;
            }

            if (length == 0)
            {
                return true;
            }

            first += 1 + length;
            second += 1 + length;
        }

        return false;
    }

    /// <summary>Comes to the label at <paramref name="at"/>, which lies whole within the message, along any pointers.</summary>
    private static bool TryFollow(ReadOnlySpan<byte> message, ref int at)
    {
        int limit = at;
        while (message.Length - at >= 2 && message[at] >= PointerBits)
        {
            at = ((message[at] & ~PointerBits) << 8) | message[at + 1];
            if (at >= limit)
            {
                return false;
            }

            limit = at;
        }

        return at < message.Length && message[at] <= MaxLabelBytes && message[at] < message.Length - at;
    }

    private static uint Lower(byte character) => (uint)character - 'A' <= 'Z' - 'A' ? character | 0x20u : character;
}
