using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Thimble.Crypto;

/// <summary>The processor's instructions for AES: the scratch holds the round keys, and the rounds of both blocks overlap. Leaks: the length of the key.</summary>
internal readonly struct CcmCipherAccelerated<T> : ICcmCipher
    where T : struct, IGcmInstructions
{
    private const int BlockBytes = 16;

    /// <inheritdoc/>
    public static int ScratchBytes(int keyBytes) => AesKeySchedule<T>.RoundKeys * BlockBytes;

    /// <inheritdoc/>
    public static void Start(ReadOnlySpan<byte> key, Span<byte> scratch) =>
        AesKeySchedule<T>.Expand(key, MemoryMarshal.Cast<byte, Vector128<byte>>(scratch));

    /// <summary>Encrypts two blocks in place. The slice holds 15 round keys, and the rounds are 10 or 14, so reading them stays inside.</summary>
    public static void EncryptPair(ReadOnlySpan<byte> key, Span<byte> pair, Span<byte> scratch)
    {
        Span<Vector128<byte>> blocks = MemoryMarshal.Cast<byte, Vector128<byte>>(pair)[..2];
        ref Vector128<byte> roundKeys = ref MemoryMarshal.Cast<byte, Vector128<byte>>(scratch)[..AesKeySchedule<T>.RoundKeys][0];
        int rounds = key.Length == 16 ? 10 : 14;
        Vector128<byte> first = blocks[0] ^ roundKeys, second = blocks[1] ^ roundKeys;
        for (int round = 1; round < rounds; round++)
        {
            Vector128<byte> roundKey = Unsafe.Add(ref roundKeys, round);
            first = T.Round(first, roundKey);
            second = T.Round(second, roundKey);
        }

        blocks[0] = T.LastRound(first, Unsafe.Add(ref roundKeys, rounds));
        blocks[1] = T.LastRound(second, Unsafe.Add(ref roundKeys, rounds));
    }
}
