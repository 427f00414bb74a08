using System.Runtime.CompilerServices;

namespace System;

/// <summary>Comparing and searching public bytes. Leaks what it finds and where.</summary>
public static class MemoryExtensions
{
    public static bool SequenceEqual<T>(this Span<T> span, ReadOnlySpan<T> other)
        where T : IEquatable<T> => SequenceEqual((ReadOnlySpan<T>)span, other);

    public static bool SequenceEqual<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> other)
        where T : IEquatable<T> => span.Length == other.Length && span.StartsWith(other);

    public static bool StartsWith<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> value)
        where T : IEquatable<T>
    {
        if (span.Length < value.Length)
        {
            return false;
        }

        for (int i = 0; i < value.Length; i++)
        {
            if (!span[i].Equals(value[i]))
            {
                return false;
            }
        }

        return true;
    }

    public static int IndexOf<T>(this ReadOnlySpan<T> span, T value)
        where T : IEquatable<T>
    {
        for (int i = 0; i < span.Length; i++)
        {
            if (span[i].Equals(value))
            {
                return i;
            }
        }

        return -1;
    }
}
