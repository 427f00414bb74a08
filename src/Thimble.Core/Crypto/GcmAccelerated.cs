using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Thimble.Crypto;

/// <summary>
/// AES-GCM (SP 800-38D) with nonces of 96 bits on machines with instructions for AES and carry-less products. Eight
/// blocks are encrypted side by side, and in long records the eight before them are authenticated in between. The
/// scratch holds round keys, powers of the hash key and one partial block; it is not wiped.
/// </summary>
/// <remarks>
/// Loads and stores here go through references without a bounds check: each loop counts down the whole blocks that
/// remain of a text whose length was taken from its span, and the callers slice both texts to that length.
/// </remarks>
internal static class GcmAccelerated<T>
    where T : struct, IGcmInstructions
{
    private const int BlockBytes = 16;
    private const int Lanes = 8;
    private const int GroupBytes = Lanes * BlockBytes;
    private const int MaxPowers = GhashAccelerated<T>.MaxPowers;
    private const int PartialAt = AesKeySchedule<T>.RoundKeys + MaxPowers;

    /// <summary>What one call needs, for keys of either size.</summary>
    public const int ScratchBytes = (PartialAt + 1) * BlockBytes;

    /// <summary>SP 800-38D §7.1. Leaks: all lengths.</summary>
    public static void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, Span<byte> scratch)
    {
        Span<Vector128<byte>> memory = MemoryMarshal.Cast<byte, Vector128<byte>>(scratch[..ScratchBytes]);
        int rounds = AesKeySchedule<T>.Expand(key, memory);
        Vector128<uint> counter = FirstCounter(nonce);
        int powers = Start(memory, rounds, plaintext.Length);
        Vector128<ulong> sum = AbsorbPadded(Vector128<ulong>.Zero, aad, memory, powers);

        sum = Encrypt(counter, plaintext, ciphertext[..plaintext.Length], memory, rounds, powers, sum);
        Finish(sum, counter, aad.Length, plaintext.Length, memory, rounds).CopyTo(tag);
    }

    /// <summary>SP 800-38D §7.2; nothing is written to <paramref name="plaintext"/> before the tag is verified. Leaks: all lengths and the verdict.</summary>
    public static bool Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, Span<byte> scratch)
    {
        Span<Vector128<byte>> memory = MemoryMarshal.Cast<byte, Vector128<byte>>(scratch[..ScratchBytes]);
        int rounds = AesKeySchedule<T>.Expand(key, memory);
        Vector128<uint> counter = FirstCounter(nonce);
        int powers = Start(memory, rounds, ciphertext.Length);
        Vector128<ulong> sum = AbsorbPadded(Vector128<ulong>.Zero, aad, memory, powers);

        sum = AbsorbPadded(sum, ciphertext, memory, powers);
        if (!CryptographicOperations.FixedTimeEquals(Finish(sum, counter, aad.Length, ciphertext.Length, memory, rounds), tag))
        {
            return false;
        }

        Crypt(counter, ciphertext, plaintext[..ciphertext.Length], memory, rounds);
        return true;
    }

    /// <summary>Begins a text that comes in pieces: <paramref name="sum"/> takes what of it must be remembered. Leaks: the length.</summary>
    public static void BeginPieces(ReadOnlySpan<byte> key, ReadOnlySpan<byte> aad, Span<byte> sum, Span<byte> scratch)
    {
        Span<Vector128<byte>> memory = MemoryMarshal.Cast<byte, Vector128<byte>>(scratch[..ScratchBytes]);
        int powers = Start(memory, AesKeySchedule<T>.Expand(key, memory), 0);
        MemoryMarshal.Write(sum, AbsorbPadded(Vector128<ulong>.Zero, aad, memory, powers));
    }

    /// <summary>
    /// Decrypts the piece that begins <paramref name="offset"/> bytes into the text, a whole number of blocks, in its place.
    /// The last one comes with the tag, and is decrypted only if that verifies. Leaks: all lengths and the verdict.
    /// </summary>
    public static bool OpenPiece(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, int aadBytes, int offset,
        Span<byte> piece, ReadOnlySpan<byte> tag, Span<byte> sum, Span<byte> scratch)
    {
        Span<Vector128<byte>> memory = MemoryMarshal.Cast<byte, Vector128<byte>>(scratch[..ScratchBytes]);
        int rounds = AesKeySchedule<T>.Expand(key, memory);
        Vector128<uint> counter = FirstCounter(nonce);
        int powers = Start(memory, rounds, piece.Length);
        Vector128<ulong> total = AbsorbPadded(MemoryMarshal.Read<Vector128<ulong>>(sum), piece, memory, powers);
        MemoryMarshal.Write(sum, total);
        if (!tag.IsEmpty && !CryptographicOperations.FixedTimeEquals(Finish(total, counter, aadBytes, offset + piece.Length, memory, rounds), tag))
        {
            return false;
        }

        Crypt(counter + Vector128.Create(0u, 0, 0, (uint)offset / BlockBytes), piece, piece, memory, rounds);
        return true;
    }

    /// <summary>Makes the hash key and as many powers of it as the length of the text repays.</summary>
    private static int Start(Span<Vector128<byte>> memory, int rounds, int textBytes)
    {
        int longest = T.HasWideGhash ? MaxPowers : Lanes;
        int powers = textBytes < 3 * BlockBytes ? 1 : textBytes < 32 * BlockBytes ? 4 : longest;
        Vector128<byte> hashKey = AesKeySchedule<T>.Encrypt(Vector128<byte>.Zero, ref memory[0], rounds);
        GhashAccelerated<T>.ComputePowers(hashKey, ref FirstPower(memory), powers);
        return powers;
    }

    /// <summary>Adds data and the zeros that fill its last block.</summary>
    private static Vector128<ulong> AbsorbPadded(Vector128<ulong> sum, ReadOnlySpan<byte> data, Span<Vector128<byte>> memory, int powers)
    {
        ref Vector128<ulong> power = ref FirstPower(memory);
        int whole = data.Length & -BlockBytes;
        sum = GhashAccelerated<T>.Absorb(sum, ref MemoryMarshal.GetReference(data), (nuint)whole / BlockBytes, ref power, powers);
        if (whole != data.Length)
        {
            Span<byte> partial = Partial(memory);
            partial.Clear();
            data[whole..].CopyTo(partial);
            sum = GhashAccelerated<T>.Absorb(sum, ref partial[0], 1, ref power, 1);
        }

        return sum;
    }

    /// <summary>Adds the lengths in bits and makes the tag, which lies in the scratch.</summary>
    private static Span<byte> Finish(Vector128<ulong> sum, Vector128<uint> counter, int aadBytes, int textBytes, Span<Vector128<byte>> memory, int rounds)
    {
        sum ^= Vector128.Create((ulong)(uint)textBytes << 3, (ulong)(uint)aadBytes << 3);
        sum = GhashAccelerated<T>.Multiply(sum, FirstPower(memory));
        Vector128<byte> mask = AesKeySchedule<T>.Encrypt(CounterBlock(counter), ref memory[0], rounds);
        memory[PartialAt] = GhashAccelerated<T>.Reverse(sum.AsByte()) ^ mask;
        return Partial(memory);
    }

    /// <summary>
    /// Encrypts and authenticates the ciphertext. In a long text, each group of blocks is authenticated while the next is
    /// encrypted, except where the wide GHASH is faster by itself.
    /// </summary>
    private static Vector128<ulong> Encrypt(Vector128<uint> counter, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext,
        Span<Vector128<byte>> memory, int rounds, int powers, Vector128<ulong> sum)
    {
        bool interleave = powers == Lanes;
        int whole = plaintext.Length & -GroupBytes;
        sum = CryptGroups(counter, plaintext, ciphertext, memory, rounds, interleave, sum);
        CryptRest(counter, plaintext, ciphertext, whole, memory, rounds);
        return AbsorbPadded(sum, interleave ? ciphertext[(whole - GroupBytes)..] : ciphertext, memory, powers);
    }

    /// <summary>GCTR of SP 800-38D §6.5 over a whole text.</summary>
    private static void Crypt(Vector128<uint> counter, ReadOnlySpan<byte> source, Span<byte> destination, Span<Vector128<byte>> memory, int rounds)
    {
        CryptGroups(counter, source, destination, memory, rounds, absorb: false, Vector128<ulong>.Zero);
        CryptRest(counter, source, destination, source.Length & -GroupBytes, memory, rounds);
    }

    /// <summary>
    /// Encrypts all whole groups of eight blocks and, if asked, adds each but the last to the sum: one block in each of the
    /// first eight rounds, since the two kinds of instruction then run side by side. Long because each of the eight
    /// blocks needs a register with a name.
    /// </summary>
    private static Vector128<ulong> CryptGroups(Vector128<uint> counter, ReadOnlySpan<byte> source, Span<byte> destination,
        Span<Vector128<byte>> memory, int rounds, bool absorb, Vector128<ulong> sum)
    {
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref byte to = ref MemoryMarshal.GetReference(destination);
        ref Vector128<byte> roundKeys = ref memory[0];
        ref Vector128<ulong> power = ref FirstPower(memory);
        Vector128<uint> one = Vector128.Create(0u, 0, 0, 1);
        counter += one;
        nuint end = (nuint)(source.Length & -GroupBytes);
        for (nuint at = 0; at < end; at += GroupBytes)
        {
            Vector128<byte> key = roundKeys;
            Vector128<byte> b0 = CounterBlock(counter) ^ key;
            Vector128<byte> b1 = CounterBlock(counter += one) ^ key;
            Vector128<byte> b2 = CounterBlock(counter += one) ^ key;
            Vector128<byte> b3 = CounterBlock(counter += one) ^ key;
            Vector128<byte> b4 = CounterBlock(counter += one) ^ key;
            Vector128<byte> b5 = CounterBlock(counter += one) ^ key;
            Vector128<byte> b6 = CounterBlock(counter += one) ^ key;
            Vector128<byte> b7 = CounterBlock(counter += one) ^ key;
            counter += one;

            Vector128<ulong> low = Vector128<ulong>.Zero, middle = low, high = low;
            int absorbRounds = absorb && at != 0 ? Lanes : 0;
            ref byte before = ref Unsafe.Subtract(ref Unsafe.Add(ref to, at), absorbRounds * BlockBytes);
            int round = 1;
            for (; round <= absorbRounds; round++)
            {
                key = Unsafe.Add(ref roundKeys, round);
                b0 = T.Round(b0, key);
                b1 = T.Round(b1, key);
                b2 = T.Round(b2, key);
                b3 = T.Round(b3, key);
                b4 = T.Round(b4, key);
                b5 = T.Round(b5, key);
                b6 = T.Round(b6, key);
                b7 = T.Round(b7, key);
                Vector128<ulong> block = GhashAccelerated<T>.Reverse(Vector128.LoadUnsafe(ref before)).AsUInt64() ^ sum;
                sum = Vector128<ulong>.Zero;
                before = ref Unsafe.Add(ref before, BlockBytes);
                GhashAccelerated<T>.MultiplyAdd(block, Unsafe.Subtract(ref power, Lanes - round), ref low, ref middle, ref high);
            }

            for (; round < rounds; round++)
            {
                key = Unsafe.Add(ref roundKeys, round);
                b0 = T.Round(b0, key);
                b1 = T.Round(b1, key);
                b2 = T.Round(b2, key);
                b3 = T.Round(b3, key);
                b4 = T.Round(b4, key);
                b5 = T.Round(b5, key);
                b6 = T.Round(b6, key);
                b7 = T.Round(b7, key);
            }

            key = Unsafe.Add(ref roundKeys, rounds);
            ref byte source8 = ref Unsafe.Add(ref from, at);
            ref byte destination8 = ref Unsafe.Add(ref to, at);
            Store(T.LastRound(b0, key), ref source8, ref destination8, 0 * BlockBytes);
            Store(T.LastRound(b1, key), ref source8, ref destination8, 1 * BlockBytes);
            Store(T.LastRound(b2, key), ref source8, ref destination8, 2 * BlockBytes);
            Store(T.LastRound(b3, key), ref source8, ref destination8, 3 * BlockBytes);
            Store(T.LastRound(b4, key), ref source8, ref destination8, 4 * BlockBytes);
            Store(T.LastRound(b5, key), ref source8, ref destination8, 5 * BlockBytes);
            Store(T.LastRound(b6, key), ref source8, ref destination8, 6 * BlockBytes);
            Store(T.LastRound(b7, key), ref source8, ref destination8, 7 * BlockBytes);
            if (absorbRounds != 0)
            {
                sum = GhashAccelerated<T>.Reduce(low, middle, high);
            }
        }

        return sum;
    }

    /// <summary>Encrypts what follows the first <paramref name="at"/> bytes, whole blocks, one by one: the processor overlaps them.</summary>
    private static void CryptRest(Vector128<uint> counter, ReadOnlySpan<byte> source, Span<byte> destination, int at, Span<Vector128<byte>> memory, int rounds)
    {
        counter += Vector128.Create(0u, 0, 0, (uint)at / BlockBytes);
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref byte to = ref MemoryMarshal.GetReference(destination);
        ref Vector128<byte> roundKeys = ref memory[0];
        for (; source.Length - at >= BlockBytes; at += BlockBytes)
        {
            counter += Vector128.Create(0u, 0, 0, 1);
            Store(AesKeySchedule<T>.Encrypt(CounterBlock(counter), ref roundKeys, rounds), ref from, ref to, (nuint)at);
        }

        if (at != source.Length)
        {
            counter += Vector128.Create(0u, 0, 0, 1);
            memory[PartialAt] = AesKeySchedule<T>.Encrypt(CounterBlock(counter), ref roundKeys, rounds);
            Span<byte> keystream = Partial(memory);
            for (int i = 0; at < source.Length; i++, at++)
            {
                destination[at] = (byte)(source[at] ^ keystream[i]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<byte> keystream, ref byte source, ref byte destination, nuint at)
        => (Vector128.LoadUnsafe(ref source, at) ^ keystream).StoreUnsafe(ref destination, at);

    /// <summary>J0 of SP 800-38D §7.1, with its last word as a number: the block that masks the tag. The text begins with the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> FirstCounter(ReadOnlySpan<byte> nonce)
        => Vector128.Create(MemoryMarshal.Read<uint>(nonce), MemoryMarshal.Read<uint>(nonce[4..]), MemoryMarshal.Read<uint>(nonce[8..]), 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> CounterBlock(Vector128<uint> counter)
        => Vector128.Shuffle(counter.AsByte(), Vector128.Create((byte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 14, 13, 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref Vector128<ulong> FirstPower(Span<Vector128<byte>> memory) => ref Unsafe.As<Vector128<byte>, Vector128<ulong>>(ref memory[PartialAt - 1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Span<byte> Partial(Span<Vector128<byte>> memory) => MemoryMarshal.AsBytes(memory.Slice(PartialAt, 1));
}
