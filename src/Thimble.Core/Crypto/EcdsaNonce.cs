using System;

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
    public static bool Next<TOrder>(Span<byte> memory, ReadOnlySpan<byte> privateKey, EcdsaMessage message, Span<byte> nonce, bool first)
        where TOrder : struct, IFieldModulus
    {
        int bytes = Hash.DigestBytes(message.Hash);
        Span<byte> value = memory.Slice(bytes, bytes);
        if (first)
        {
            memory[..bytes].Clear();
            value.Fill(1);
            Update(message.Hash, memory, Zero, privateKey, nonce, message.AdditionalRandom);
            Update(message.Hash, memory, One, privateKey, nonce, message.AdditionalRandom);
        }
        else
        {
            Update(message.Hash, memory, Zero, default, default, default);
        }

        for (int filled = 0; filled < nonce.Length; filled += bytes)
        {
            NextValue(message.Hash, memory);
            value[..Math.Min(bytes, nonce.Length - filled)].CopyTo(nonce[filled..]);
        }

        return EcScalar.IsInRange<TOrder>(nonce);
    }

    /// <summary>K = HMAC_K(V || separator || seed), V = HMAC_K(V).</summary>
    private static void Update(
        HashAlgorithm hash, Span<byte> memory, ReadOnlySpan<byte> separator, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> additional)
    {
        int bytes = Hash.DigestBytes(hash);
        Span<byte> key = memory[..bytes];
        Span<byte> newKey = memory.Slice(2 * bytes, bytes);
        Span<byte> state = memory.Slice(3 * bytes, Hash.StateBytes(hash));
        Hmac.Initialize(hash, state, key);
        Hmac.Update(hash, state, memory.Slice(bytes, bytes));
        Hmac.Update(hash, state, separator);
        Hmac.Update(hash, state, privateKey);
        Hmac.Update(hash, state, digest);
        Hmac.Update(hash, state, additional);
        Hmac.Finish(hash, state, key, newKey);
        newKey.CopyTo(key);
        NextValue(hash, memory);
    }

    /// <summary>V = HMAC_K(V).</summary>
    private static void NextValue(HashAlgorithm hash, Span<byte> memory)
    {
        int bytes = Hash.DigestBytes(hash);
        Span<byte> value = memory.Slice(bytes, bytes);
        Span<byte> state = memory.Slice(3 * bytes, Hash.StateBytes(hash));
        Hmac.Initialize(hash, state, memory[..bytes]);
        Hmac.Update(hash, state, value);
        Hmac.Finish(hash, state, memory[..bytes], value);
    }
}
