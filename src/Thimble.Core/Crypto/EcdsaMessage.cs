using System;

namespace Thimble.Crypto;

/// <summary>What is signed.</summary>
internal readonly ref struct EcdsaMessage
{
    /// <summary>Gathers the arguments of one signature.</summary>
    public EcdsaMessage(HashAlgorithm hash, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> additionalRandom)
    {
        Hash = hash;
        Digest = digest;
        AdditionalRandom = additionalRandom;
    }

    /// <summary>The hash of the digest, and of the HMAC in RFC 6979.</summary>
    public HashAlgorithm Hash { get; }

    /// <summary>The digest.</summary>
    public ReadOnlySpan<byte> Digest { get; }

    /// <summary>The additional input k' of RFC 6979 §3.6.</summary>
    public ReadOnlySpan<byte> AdditionalRandom { get; }
}
