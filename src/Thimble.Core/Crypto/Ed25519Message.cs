using System;

namespace Thimble.Crypto;

/// <summary>What is signed, in two parts, so that a prefix in flash and a digest in memory need not be joined.</summary>
internal readonly ref struct Ed25519Message
{
    /// <summary>Gathers both parts; either may be empty.</summary>
    public Ed25519Message(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        First = first;
        Second = second;
    }

    /// <summary>How the message begins.</summary>
    public ReadOnlySpan<byte> First { get; }

    /// <summary>How it ends.</summary>
    public ReadOnlySpan<byte> Second { get; }

    /// <summary>Units of work that hashing it counts: a block of SHA-512 takes about as long as two multiplications.</summary>
    public int Cost => 8 + ((First.Length + Second.Length) >> 6);
}
