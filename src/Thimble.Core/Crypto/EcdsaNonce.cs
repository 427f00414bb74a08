using System;
using System.Runtime.CompilerServices;

namespace Thimble.Crypto;

/// <summary>
/// Nonces by RFC 6979 §3.2 with the additional input of §3.6. Its memory holds K, V, room for a new K, and the running hash.
/// Leaks: how many candidates were refused (one in 2^32 for P-256).
/// </summary>
internal static class EcdsaNonce
{
    private static ReadOnlySpan<byte> Zero => [0];

    private static ReadOnlySpan<byte> One => [1];

    /// <summary>
    /// The first or the next candidate, written over <paramref name="nonce"/>, which held bits2octets(digest) the first time. True
    /// where it is in [1, n - 1]; both orders have as many bits as their bytes, so bits2int shifts nothing.
    /// </summary>
    public static bool Next<TOrder>(Span<byte> memory, ReadOnlySpan<byte> privateKey, scoped in EcdsaMessage message, Span<byte> nonce, bool first)
        where TOrder : struct, IFieldModulus
    {
        if (first)
        {
            int bytes = Hash.DigestBytes(message.Hash);
            memory[..bytes].Clear();
            memory.Slice(bytes, bytes).Fill(1);
        }

        Update(memory, Zero, privateKey, message, nonce, first);
        NextValue(message.Hash, memory);
        if (first)
        {
            Update(memory, One, privateKey, message, nonce, first);
            NextValue(message.Hash, memory);
        }

        for (int filled = 0; filled < nonce.Length; filled = TakeValue(message.Hash, memory, nonce, filled))
        {
            NextValue(message.Hash, memory);
        }

        return EcScalar.IsInRange<TOrder>(nonce);
    }

    /// <summary>K = HMAC_K(V || separator || seed), where the first nonce has a seed; a new V follows.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Update(
        Span<byte> memory, ReadOnlySpan<byte> separator, ReadOnlySpan<byte> privateKey, scoped in EcdsaMessage message, ReadOnlySpan<byte> digest, bool seeded)
    {
        HashAlgorithm hash = message.Hash;
        int bytes = Hash.DigestBytes(hash);
        Span<byte> key = memory[..bytes];
        Span<byte> newKey = memory.Slice(2 * bytes, bytes);
        Span<byte> state = memory.Slice(3 * bytes, Hash.StateBytes(hash));
        Hmac.Initialize(hash, state, key);
        Hmac.Update(hash, state, memory.Slice(bytes, bytes));
        Hmac.Update(hash, state, separator);
        if (seeded)
        {
            Hmac.Update(hash, state, privateKey);
            Hmac.Update(hash, state, digest);
            Hmac.Update(hash, state, message.AdditionalRandom);
        }

        Hmac.Finish(hash, state, key, newKey);
        newKey.CopyTo(key);
    }

    /// <summary>V = HMAC_K(V).</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void NextValue(HashAlgorithm hash, Span<byte> memory)
    {
        int bytes = Hash.DigestBytes(hash);
        Span<byte> value = memory.Slice(bytes, bytes);
        Span<byte> state = memory.Slice(3 * bytes, Hash.StateBytes(hash));
        Hmac.Initialize(hash, state, memory[..bytes]);
        Hmac.Update(hash, state, value);
        Hmac.Finish(hash, state, memory[..bytes], value);
    }

    /// <summary>Copies V behind what is filled and returns how much then is.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int TakeValue(HashAlgorithm hash, Span<byte> memory, Span<byte> nonce, int filled)
    {
        int bytes = Hash.DigestBytes(hash);
        int count = Math.Min(bytes, nonce.Length - filled);
        memory.Slice(bytes, count).CopyTo(nonce[filled..]);
        return filled + count;
    }
}
