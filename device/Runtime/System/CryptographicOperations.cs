using System.Runtime.CompilerServices;

namespace System.Security.Cryptography;

/// <summary>The two operations on secrets that the platform offers.</summary>
public static class CryptographicOperations
{
    /// <summary>Whether both are equal. Leaks: the lengths, and the answer.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    public static bool FixedTimeEquals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        int difference = 0;
        for (int i = 0; i < left.Length; i++)
        {
            difference |= left[i] ^ right[i];
        }

        return difference == 0;
    }

    /// <summary>Clears memory, and is never optimised away.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ZeroMemory(Span<byte> buffer) => buffer.Clear();
}
