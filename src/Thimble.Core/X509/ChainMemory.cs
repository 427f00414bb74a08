using System;
using System.Diagnostics.CodeAnalysis;

namespace Thimble.X509;

/// <summary>
/// The regions of a chain verification; each begins at a multiple of 8 and need not be zero. <see cref="LeafKey"/> and
/// <see cref="Text"/> hold results; the others are free once the chain is complete. Nothing here is secret.
/// </summary>
[SuppressMessage("Design", "CA1051", Justification = "It is filled where it stays, so that no copy burdens a small stack.")]
public ref struct ChainMemory
{
    /// <summary><see cref="ChainVerifier.StateBytes"/>.</summary>
    public Span<byte> State;

    /// <summary>The leaf's key: <see cref="SubjectPublicKey.RegionBytes"/>.</summary>
    public Span<byte> LeafKey;

    /// <summary>The key of the certificate above: <see cref="SubjectPublicKey.RegionBytes"/>.</summary>
    public Span<byte> IssuerKey;

    /// <summary>The signature that waits for its issuer's key: <see cref="ChainVerifier.SignatureBytes"/>.</summary>
    public Span<byte> Signature;

    /// <summary>The running hash of the signed bytes: <see cref="ChainVerifier.HashBytes"/>.</summary>
    public Span<byte> Hash;

    /// <summary>The digest that waits for its issuer's key: <see cref="ChainVerifier.DigestBytes"/>.</summary>
    public Span<byte> Digest;

    /// <summary>Scratch of the public-key operations and, between them, of names: <see cref="ChainVerifier.OperationBytes(int, int, bool)"/>.</summary>
    public Span<byte> Operation;

    /// <summary>Signed parts of certificates that Ed25519 signed, the last two: <see cref="ChainVerifier.MessagesBytes"/>.</summary>
    public Span<byte> Messages;

    /// <summary>A name for the explanation of a fault, one byte of length before it: <see cref="ChainVerifier.TextBytes"/>.</summary>
    public Span<byte> Text;

    /// <summary>What concerns a stapled status: <see cref="ChainVerifier.StatusBytes"/>, or nothing where none was asked for.</summary>
    public Span<byte> Status;
}
