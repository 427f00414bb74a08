using System;
using System.Runtime.CompilerServices;

namespace Thimble.Crypto;

/// <summary>
/// HMAC (RFC 2104, FIPS 198-1). The key is passed at both ends, so that the state is that of one running hash
/// (<see cref="Hash.StateBytes"/>) and a copy of its bytes forks the MAC. Nothing here wipes the state, its owner does.
/// Leaks: the algorithm and the lengths of key and message.
/// </summary>
public static class Hmac
{
    private const byte InnerMask = 0x36;
    private const byte OuterMask = 0x5c;

    /// <summary>Begins a message under a key of any length; one longer than a block is hashed first. Leaks: the key's length.</summary>
    public static void Initialize(HashAlgorithm algorithm, Span<byte> state, ReadOnlySpan<byte> key) =>
        Hash.InitializeWithKey(algorithm, state, key, InnerMask);

    /// <summary>Absorbs bytes of the message; any split gives the same MAC. Leaks: their number.</summary>
    public static void Update(HashAlgorithm algorithm, Span<byte> state, ReadOnlySpan<byte> data) =>
        Hash.Update(algorithm, state, data);

    /// <summary>
    /// Ends the message and writes its MAC to the first <see cref="Hash.DigestBytes"/> of <paramref name="mac"/>, which
    /// must not overlap the key: the inner digest waits there. <paramref name="key"/> is that of <see cref="Initialize"/>.
    /// Leaks: the key's length. To check a MAC, compare with CryptographicOperations.FixedTimeEquals.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Finish(HashAlgorithm algorithm, Span<byte> state, ReadOnlySpan<byte> key, Span<byte> mac)
    {
        mac = mac[..Hash.DigestBytes(algorithm)];
        Hash.Finish(algorithm, state, mac);
        Hash.InitializeWithKey(algorithm, state, key, OuterMask);
        Hash.Update(algorithm, state, mac);
        Hash.Finish(algorithm, state, mac);
    }
}
