using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Thimble.Crypto;

/// <summary>The key schedule of AES (FIPS 197 §5.2) and single blocks, on machines with instructions for AES.</summary>
internal static class AesKeySchedule<T>
    where T : struct, IGcmInstructions
{
    /// <summary>The round keys of AES-256, which has the most.</summary>
    public const int RoundKeys = 15;

    /// <summary>
    /// Writes 11 or 15 round keys and returns the number of rounds, 10 or 14. The caller gives room for
    /// <see cref="RoundKeys"/> of them. Leaks: the length of the key.
    /// </summary>
    public static int Expand(ReadOnlySpan<byte> key, Span<Vector128<byte>> roundKeys)
    {
        roundKeys = roundKeys[..RoundKeys];
        Vector128<byte> even = Vector128.Create(key[..16]);
        roundKeys[0] = even;
        if (key.Length == 16)
        {
            uint constant = 1;
            for (int round = 1; round <= 10; round++)
            {
                even = Next(even, SubRotatedWord(even, constant));
                roundKeys[round] = even;
                constant = (constant << 1) ^ ((constant >> 7) * 0x11B);
            }

            return 10;
        }

        Vector128<byte> odd = Vector128.Create(key[16..32]);
        roundKeys[1] = odd;
        for (int pair = 1; pair <= 6; pair++)
        {
            even = Next(even, SubRotatedWord(odd, 1u << (pair - 1)));
            odd = Next(odd, SubWord(even));
            roundKeys[2 * pair] = even;
            roundKeys[(2 * pair) + 1] = odd;
        }

        roundKeys[14] = Next(even, SubRotatedWord(odd, 1u << 6));
        return 14;
    }

    /// <summary>Encrypts one block. The round keys are those of <see cref="Expand"/>, so reading them stays inside. Leaks: nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Encrypt(Vector128<byte> block, ref Vector128<byte> roundKeys, int rounds)
    {
        block ^= roundKeys;
        for (int round = 1; round < rounds; round++)
        {
            block = T.Round(block, Unsafe.Add(ref roundKeys, round));
        }

        return T.LastRound(block, Unsafe.Add(ref roundKeys, rounds));
    }

    /// <summary>Four copies of SubWord(RotWord(the last word)) + constant. Equal columns make the ShiftRows of a last round do nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> SubRotatedWord(Vector128<byte> key, uint constant)
        => T.LastRound(
            Vector128.Shuffle(key, Vector128.Create((byte)13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12)),
            Vector128.Create(constant).AsByte());

    /// <summary>Four copies of SubWord(the last word).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> SubWord(Vector128<byte> key)
        => T.LastRound(Vector128.Shuffle(key.AsUInt32(), Vector128.Create(3u, 3u, 3u, 3u)).AsByte(), Vector128<byte>.Zero);

    /// <summary>Each new word is the sum of the old words up to it, and of the substituted one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Next(Vector128<byte> key, Vector128<byte> substituted)
    {
        Vector128<uint> words = key.AsUInt32();
        words ^= Vector128.Shuffle(words, Vector128.Create(uint.MaxValue, 0, 1, 2));
        words ^= Vector128.Shuffle(words, Vector128.Create(uint.MaxValue, uint.MaxValue, 0, 1));
        return words.AsByte() ^ substituted;
    }
}
