using System;

namespace Thimble.X509;

/// <summary>What a chain is judged by: the same values in every call of one verification.</summary>
public readonly ref struct ChainPolicy
{
    // Half as long as what they are given as: a verifier is a large part of a small stack.
    private readonly ushort _minRsaBits;
    private readonly ushort _maxRsaBits;
    private readonly ushort _maxEcdsaBits;
    private readonly ushort _maxSignatureHashBits;
    private readonly ushort _maxEd25519TbsBytes;

    /// <summary>The trust anchors.</summary>
    public RomImage Trust { get; init; }

    /// <summary>The reference name (RFC 9525 §6.1), in ASCII: a DNS name, or an IPv4 or IPv6 address literal.</summary>
    public ReadOnlySpan<byte> ServerName { get; init; }

    /// <summary>The time, in seconds since 1970; 0 or less is an unknown time and refused.</summary>
    public long NowUnixSeconds { get; init; }

    /// <summary>The shortest RSA modulus that is trusted, in bits.</summary>
    public int MinRsaBits
    {
        get => _minRsaBits;
        init => _minRsaBits = Limit(value);
    }

    /// <summary>The longest RSA modulus that the memory holds, in bits; 0 for none.</summary>
    public int MaxRsaBits
    {
        get => _maxRsaBits;
        init => _maxRsaBits = Limit(value);
    }

    /// <summary>The largest curve that the memory holds, in bits: 0, 256, 384 or 521.</summary>
    public int MaxEcdsaBits
    {
        get => _maxEcdsaBits;
        init => _maxEcdsaBits = Limit(value);
    }

    /// <summary>The longest digest that the memory holds, in bits: 256, 384 or 512.</summary>
    public int MaxSignatureHashBits
    {
        get => _maxSignatureHashBits;
        init => _maxSignatureHashBits = Limit(value);
    }

    /// <summary>Whether certificates may have Ed25519 keys.</summary>
    public bool Ed25519 { get; init; }

    /// <summary>The longest signed part that the memory holds of a certificate that Ed25519 signed, in bytes; 0 for none.</summary>
    public int MaxEd25519TbsBytes
    {
        get => _maxEd25519TbsBytes;
        init => _maxEd25519TbsBytes = Limit(value);
    }

    /// <summary>Limits beyond 65,535 say no more than that: no certificate comes near.</summary>
    private static ushort Limit(int value) => (ushort)int.Clamp(value, 0, ushort.MaxValue);
}
