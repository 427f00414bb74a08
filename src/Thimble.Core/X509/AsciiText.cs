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

    private static uint Lower(byte c) => (uint)(c - 'A') <= 'Z' - 'A' ? c | 0x20u : c;
}
