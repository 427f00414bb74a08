using System;

namespace Thimble.Crypto;

/// <summary>ECDSA-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER } (RFC 3279 §2.2.3) in DER. Leaks: all of it; signatures are public.</summary>
internal static class EcdsaSignature
{
    private const byte SequenceTag = 0x30, IntegerTag = 0x02, LongLength = 0x81;

    /// <summary>Two numbers of more bytes may need a length of two octets.</summary>
    private const int LongestShortNumber = 60;

    /// <summary>Bytes of the longest signature with numbers of so many bytes.</summary>
    public static int MaxBytes(int numberBytes) => (2 * (3 + numberBytes)) + (numberBytes > LongestShortNumber ? 3 : 2);

    /// <summary>
    /// Splits a signature into r and s, big-endian without leading zeros, so an r of 0 comes out empty. False unless every length is
    /// minimal, both numbers are non-negative, in their shortest form and at most so many bytes long, and nothing follows.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> der, int numberBytes, out ReadOnlySpan<byte> r, out ReadOnlySpan<byte> s)
    {
        r = default;
        s = default;
        ReadOnlySpan<byte> rest = Content(der);
        return TryReadInteger(ref rest, numberBytes, out r) && TryReadInteger(ref rest, numberBytes, out s) && rest.IsEmpty;
    }

    /// <summary>Writes the signature of two numbers of at most 60 bytes, big-endian and equally long; returns how many bytes it took.</summary>
    public static int Write(ReadOnlySpan<byte> r, ReadOnlySpan<byte> s, Span<byte> der)
    {
        int length = 2;
        length += WriteInteger(r, der[length..]);
        length += WriteInteger(s, der[length..]);
        der[0] = SequenceTag;
        der[1] = (byte)(length - 2);
        return length;
    }

    /// <summary>What the sequence holds, or nothing. The longest content is P-521's of 138 bytes: its length may stand behind one more octet.</summary>
    private static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> der)
    {
        if (der.Length < 3 || der[0] != SequenceTag)
        {
            return default;
        }

        int head = der[1] == LongLength ? 3 : 2;
        byte length = der[head - 1];
        return (length > 127) == (head == 3) && length == der.Length - head ? der[head..] : default;
    }

    private static bool TryReadInteger(scoped ref ReadOnlySpan<byte> rest, int numberBytes, out ReadOnlySpan<byte> number)
    {
        number = default;
        if (rest.Length < 3 || rest[0] != IntegerTag || rest[1] == 0 || rest[1] > rest.Length - 2)
        {
            return false;
        }

        number = rest.Slice(2, rest[1]);
        rest = rest[(2 + rest[1])..];
        if (number[0] > 127 || (number[0] == 0 && number.Length > 1 && number[1] <= 127))
        {
            return false;
        }

        number = number[0] == 0 ? number[1..] : number;
        return number.Length <= numberBytes;
    }

    private static int WriteInteger(ReadOnlySpan<byte> number, Span<byte> der)
    {
        while (number.Length > 1 && number[0] == 0)
        {
            number = number[1..];
        }

        int sign = number[0] >> 7;
        der[0] = IntegerTag;
        der[1] = (byte)(sign + number.Length);
        der[2] = 0;
        number.CopyTo(der[(2 + sign)..]);
        return 2 + sign + number.Length;
    }
}
