using System;

namespace Thimble.X509;

/// <summary>What a chain is judged by: the same values in every call of one verification.</summary>
public readonly ref struct ChainPolicy
{
    /// <summary>The trust anchors.</summary>
    public RomImage Trust { get; init; }

    /// <summary>The reference name (RFC 9525 §6.1), in ASCII: a DNS name, or an IPv4 or IPv6 address literal.</summary>
    public ReadOnlySpan<byte> ServerName { get; init; }

    /// <summary>The time, in seconds since 1970; 0 or less is an unknown time and refused.</summary>
    public long NowUnixSeconds { get; init; }

    /// <summary>The shortest RSA modulus that is trusted, in bits.</summary>
    public int MinRsaBits { get; init; }

    /// <summary>The longest RSA modulus that the memory holds, in bits; 0 for none.</summary>
    public int MaxRsaBits { get; init; }

    /// <summary>The largest curve that the memory holds, in bits: 0, 256, 384 or 521.</summary>
    public int MaxEcdsaBits { get; init; }

    /// <summary>The longest digest that the memory holds, in bits: 256, 384 or 512.</summary>
    public int MaxSignatureHashBits { get; init; }

    /// <summary>Whether certificates may have Ed25519 keys.</summary>
    public bool Ed25519 { get; init; }

    /// <summary>The longest signed part that the memory holds of a certificate that Ed25519 signed, in bytes; 0 for none.</summary>
    public int MaxEd25519TbsBytes { get; init; }
}
