using System;

namespace Thimble.X509;

/// <summary>The little of text handling that names need. Public data only.</summary>
internal static class AsciiText
{
    /// <summary>Where a character first stands, or -1.</summary>
    public static int IndexOf(ReadOnlySpan<byte> text, byte wanted)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == wanted)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Whether two texts of the same length are equal where A to Z count as a to z and nothing else folds (RFC 4343).</summary>
    public static bool EqualsIgnoreCase(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        for (int i = 0; i < a.Length; i++)
        {
            if (Lower(a[i]) != Lower(b[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Letters, digits, hyphen, dot, and the underscore that names of hosts often hold against RFC 1123.</summary>
    public static bool IsOfHostName(byte c) => Lower(c) - 'a' <= 'z' - 'a' || (uint)(c - '0') <= 9 || c is (byte)'-' or (byte)'.' or (byte)'_';

    private static uint Lower(byte c) => (uint)(c - 'A') <= 'Z' - 'A' ? c | 0x20u : c;
}
