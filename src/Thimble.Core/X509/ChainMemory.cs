using System;

namespace Thimble.X509;

/// <summary>
/// The regions of a chain verification; each begins at a multiple of 8 and need not be zero. <see cref="LeafKey"/> and
/// <see cref="Text"/> hold results; the others are free once the chain is complete. Nothing here is secret.
/// </summary>
public readonly ref struct ChainMemory
{
    /// <summary><see cref="ChainVerifier.StateBytes"/>.</summary>
    public Span<byte> State { get; init; }

    /// <summary>The leaf's key: <see cref="SubjectPublicKey.RegionBytes"/>.</summary>
    public Span<byte> LeafKey { get; init; }

    /// <summary>The key of the certificate above: <see cref="SubjectPublicKey.RegionBytes"/>.</summary>
    public Span<byte> IssuerKey { get; init; }

    /// <summary>The signature that waits for its issuer's key: <see cref="ChainVerifier.SignatureBytes"/>.</summary>
    public Span<byte> Signature { get; init; }

    /// <summary>The running hash of the signed bytes: <see cref="ChainVerifier.HashBytes"/>.</summary>
    public Span<byte> Hash { get; init; }

    /// <summary>The digest that waits for its issuer's key: <see cref="ChainVerifier.DigestBytes"/>.</summary>
    public Span<byte> Digest { get; init; }

    /// <summary>Scratch of the public-key operations and, between them, of names: <see cref="ChainVerifier.OperationBytes(int, int, bool)"/>.</summary>
    public Span<byte> Operation { get; init; }

    /// <summary>Signed parts of certificates that Ed25519 signed, the last two: <see cref="ChainVerifier.MessagesBytes"/>.</summary>
    public Span<byte> Messages { get; init; }

    /// <summary>A name for the explanation of a fault, one byte of length before it: <see cref="ChainVerifier.TextBytes"/>.</summary>
    public Span<byte> Text { get; init; }

    /// <summary>What concerns a stapled status: <see cref="ChainVerifier.StatusBytes"/>, or nothing where none was asked for.</summary>
    public Span<byte> Status { get; init; }

    /// <summary>One number: the first day since 1970 on which a certificate of the chain ends, at most the last one that fits. Or nothing.</summary>
    public Span<ushort> TrustedUntilDays { get; init; }
}
