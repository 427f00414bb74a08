using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Thimble.Crypto;

/// <summary>
/// HMAC_DRBG with SHA-256 (SP 800-90A Rev. 1 §10.1.2). The state is K, V and the reseed counter; it is never
/// duplicated, or two copies would give the same bytes. The scratch begins at a multiple of 8; neither is wiped here.
/// Leaks: all lengths and how often it was asked.
/// </summary>
public static class HmacDrbg
{
    /// <summary>Size of the state: K and V of 32 bytes each, the reseed counter of 8.</summary>
    public const int StateBytes = CounterOffset + 8;

    /// <summary>Scratch of every operation, in bytes.</summary>
    public const int ScratchBytes = Sha256.StateBytes + Sha256.DigestBytes;

    /// <summary>The least entropy input, in bytes.</summary>
    public const int MinEntropyBytes = 32;

    /// <summary>The most that one <see cref="Generate"/> gives: 2^19 bits (SP 800-90A table 2), in bytes.</summary>
    public const int MaxOutputBytes = 1 << 16;

    private const HashAlgorithm Algorithm = HashAlgorithm.Sha256;
    private const int ValueOffset = Sha256.DigestBytes;
    private const int CounterOffset = 2 * Sha256.DigestBytes;
    private const ulong MaxRequests = 1UL << 48;

    /// <summary>
    /// Begins with entropy of <see cref="MinEntropyBytes"/> or more and a nonce. Strength of 256 bits takes 48 bytes of
    /// the two together (SP 800-90A §8.6.7). False when there is too little entropy: the state then generates nothing.
    /// Bounded by the lengths of the inputs. Leaks: those lengths.
    /// </summary>
    public static bool Instantiate(
        Span<byte> state, ReadOnlySpan<byte> entropy, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> personalization, Span<byte> scratch)
    {
        if (entropy.Length < MinEntropyBytes)
        {
            SetCounter(state, 0);
            return false;
        }

        Key(state).Clear();
        Value(state).Fill(1);
        Update(state, entropy, nonce, personalization, scratch);
        SetCounter(state, 1);
        return true;
    }

    /// <summary>
    /// Mixes in fresh entropy, and additional input that may be empty. False, and the state is as it was, when the
    /// entropy is too short or the state was never instantiated. Leaks: the lengths of the inputs.
    /// </summary>
    public static bool Reseed(Span<byte> state, ReadOnlySpan<byte> entropy, ReadOnlySpan<byte> additional, Span<byte> scratch)
    {
        if (entropy.Length < MinEntropyBytes || Counter(state) == 0)
        {
            return false;
        }

        Update(state, entropy, additional, default, scratch);
        SetCounter(state, 1);
        return true;
    }

    /// <summary>
    /// Fills <paramref name="output"/>, which may overlap nothing else; additional input may be empty. False, and nothing is
    /// written, when more than <see cref="MaxOutputBytes"/> are asked for, after 2^48 requests without a reseed, or
    /// where <see cref="Instantiate"/> refused. Work grows with the lengths. Leaks: the lengths.
    /// </summary>
    public static bool Generate(Span<byte> state, Span<byte> output, ReadOnlySpan<byte> additional, Span<byte> scratch)
    {
        ulong counter = Counter(state);
        if (output.Length > MaxOutputBytes || counter == 0 || counter > MaxRequests)
        {
            return false;
        }

        if (additional.Length > 0)
        {
            Update(state, additional, default, default, scratch);
        }

        while (output.Length > 0)
        {
            NextValue(state, scratch);
            int bytes = output.Length < Sha256.DigestBytes ? output.Length : Sha256.DigestBytes;
            Value(state)[..bytes].CopyTo(output);
            output = output[bytes..];
        }

        Update(state, additional, default, default, scratch);
        SetCounter(state, counter + 1);
        return true;
    }

    /// <summary>HMAC_DRBG_Update (§10.1.2.2) with provided data in three parts: once with 0x00, and again with 0x01 if there is any.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Update(Span<byte> state, ReadOnlySpan<byte> data1, ReadOnlySpan<byte> data2, ReadOnlySpan<byte> data3, Span<byte> scratch)
    {
        int rounds = (data1.Length | data2.Length | data3.Length) == 0 ? 1 : 2;
        Span<byte> mac = scratch.Slice(Sha256.StateBytes, Sha256.DigestBytes);
        for (int round = 0; round < rounds; round++)
        {
            Hmac.Initialize(Algorithm, scratch, Key(state));
            Hmac.Update(Algorithm, scratch, Value(state));
            Hmac.Update(Algorithm, scratch, Separators.Slice(round, 1));
            Hmac.Update(Algorithm, scratch, data1);
            Hmac.Update(Algorithm, scratch, data2);
            Hmac.Update(Algorithm, scratch, data3);
            Hmac.Finish(Algorithm, scratch, Key(state), mac);
            mac.CopyTo(Key(state));
            NextValue(state, scratch);
        }
    }

    /// <summary>V = HMAC(K, V).</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void NextValue(Span<byte> state, Span<byte> scratch)
    {
        Hmac.Initialize(Algorithm, scratch, Key(state));
        Hmac.Update(Algorithm, scratch, Value(state));
        Hmac.Finish(Algorithm, scratch, Key(state), Value(state));
    }

    private static ReadOnlySpan<byte> Separators => [0, 1];

    private static Span<byte> Key(Span<byte> state) => state[..ValueOffset];

    private static Span<byte> Value(Span<byte> state) => state[ValueOffset..CounterOffset];

    private static ulong Counter(Span<byte> state) => BinaryPrimitives.ReadUInt64LittleEndian(state[CounterOffset..]);

    private static void SetCounter(Span<byte> state, ulong counter) =>
        BinaryPrimitives.WriteUInt64LittleEndian(state[CounterOffset..], counter);
}
