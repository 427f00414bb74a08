using System;
using System.Numerics;
using System.Security.Cryptography;

namespace Thimble.Cli.Certificates;

/// <summary>Serial numbers: positive, and at most 20 bytes (RFC 5280 §4.1.2.2).</summary>
internal sealed class SerialNumber
{
    private const int MaxBytes = 20, RandomBytes = 16;

    private readonly BigInteger? _first;

    private SerialNumber(BigInteger? first) => _first = first;

    /// <summary>Random ones, or those that count from a number in hexadecimal digits.</summary>
    public static SerialNumber Parse(string? text)
    {
        if (text is null)
        {
            return new SerialNumber(null);
        }

        string digits = text.Replace(":", "", StringComparison.Ordinal);
        if (digits.Length is 0 or > 2 * MaxBytes || !BigInteger.TryParse("0" + digits, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out BigInteger first)
            || first.IsZero || first.GetByteCount() > MaxBytes)
        {
            throw new UsageException($"--serial takes hexadecimal digits of a number from 1 to 159 bits, and not '{PrintableText.Of(text)}'.");
        }

        return new SerialNumber(first);
    }

    /// <summary>The one of the certificate with that place in a fleet, 0 for the first: big-endian, positive.</summary>
    public byte[] At(int index)
    {
        if (_first is { } first)
        {
            byte[] counted = (first + index).ToByteArray(isBigEndian: true);
            return counted.Length <= MaxBytes ? counted : throw new UsageException("--serial counts beyond 20 bytes: begin with a smaller number.");
        }

        // 126 random bits, twice the 64 that public authorities owe, and always 16 bytes long.
        byte[] random = RandomNumberGenerator.GetBytes(RandomBytes);
        random[0] = (byte)((random[0] & 0x3F) | 0x40);
        return random;
    }
}
