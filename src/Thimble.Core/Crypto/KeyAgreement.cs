using System;
using Thimble.Memory;

namespace Thimble.Crypto;

/// <summary>
/// Diffie-Hellman key agreement in the groups of RFC 8422. Private keys are big-endian numbers for the NIST curves, public keys are in
/// their wire form. Operations are resumable: the caller clears the first 8 bytes of <c>operation</c>, which begins at a multiple of 8,
/// calls with equal arguments until the status is not <see cref="StepStatus.More"/> (a call after that fails), and wipes the memory
/// afterwards. A group that the build leaves out (<see cref="Features"/>) has sizes of 0 and fails. Each call does at least one piece of work (some 50 multiplications) and returns once <c>work</c> is used up.
/// </summary>
public static class KeyAgreement
{
    /// <summary>u = 9 (RFC 7748 §4.1).</summary>
    private static ReadOnlySpan<byte> BasePoint => [9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Bytes of a private key.</summary>
    public static int PrivateKeyBytes(NamedGroup group) => group == NamedGroup.Secp384r1 ? 48 : 32;

    /// <summary>Bytes of a public key on the wire: 04 || X || Y for the NIST curves (RFC 8422 §5.4.1).</summary>
    public static int PublicKeyBytes(NamedGroup group) => group switch
    {
        NamedGroup.Secp256r1 => 65,
        NamedGroup.Secp384r1 => 97,
        _ => 32,
    };

    /// <summary>Bytes of a shared secret.</summary>
    public static int SharedSecretBytes(NamedGroup group) => group == NamedGroup.Secp384r1 ? 48 : 32;

    /// <summary>Bytes of an operation on this machine: <see cref="Agree"/> uses all of them, <see cref="PublicKey"/> a part.</summary>
    public static int OperationBytes(NamedGroup group) => OperationBytes(group, nuint.Size);

    /// <summary>The same on a machine whose words have 4 or 8 bytes.</summary>
    public static int OperationBytes(NamedGroup group, int wordBytes) => group switch
    {
        NamedGroup.Secp256r1 when Features.P256 => wordBytes == 8
            ? EcAgreement<P256Curve, P256Field64, P256Scalars64>.OperationBytes
            : EcAgreement<P256Curve, P256Field32<SecretProducts>, Montgomery32<P256Order, SecretProducts>>.OperationBytes,
        NamedGroup.Secp384r1 when Features.P384 => EcAgreement<P384Curve, P384Field32<SecretProducts>, Montgomery32<P384Order, SecretProducts>>.OperationBytes,
        NamedGroup.X25519 when Features.X25519 => X25519.OperationBytesFor(wordBytes),
        _ => 0,
    };

    /// <summary>Whether random bytes may serve as a private key: for the NIST curves, numbers in [1, n - 1]; for X25519, any 32 bytes. Leaks: that answer only.</summary>
    public static bool IsPrivateKey(NamedGroup group, ReadOnlySpan<byte> candidate) => group switch
    {
        NamedGroup.Secp256r1 when Features.P256 => EcScalar.IsInRange<P256Order>(candidate),
        NamedGroup.Secp384r1 when Features.P384 => EcScalar.IsInRange<P384Order>(candidate),
        NamedGroup.X25519 when Features.X25519 => candidate.Length == X25519.KeyBytes,
        _ => false,
    };

    /// <summary>
    /// Derives the public key. Fails where the private key is out of range or a length is wrong; nothing is written before the
    /// end. Leaks: that failure only.
    /// </summary>
    public static StepStatus PublicKey(NamedGroup group, Span<byte> operation, ReadOnlySpan<byte> privateKey, Span<byte> publicKey, ref int work)
    {
        switch (group)
        {
            case NamedGroup.Secp256r1 when Features.P256:
                return nuint.Size == 8
                    ? EcKeyPair<P256Curve, P256Field64, P256Scalars64>.Run(operation, privateKey, publicKey, ref work)
                    : Features.LongMultiply
                        ? EcKeyPair<P256Curve, P256Field32<PublicProducts>, Montgomery32<P256Order, PublicProducts>>.Run(operation, privateKey, publicKey, ref work)
                        : EcKeyPair<P256Curve, P256Field32<SecretProducts>, Montgomery32<P256Order, SecretProducts>>.Run(operation, privateKey, publicKey, ref work);
            case NamedGroup.Secp384r1 when Features.P384:
                return nuint.Size == 8
                    ? EcKeyPair<P384Curve, P384Field64, Montgomery64<P384Order>>.Run(operation, privateKey, publicKey, ref work)
                    : Features.LongMultiply
                        ? EcKeyPair<P384Curve, P384Field32<PublicProducts>, Montgomery32<P384Order, PublicProducts>>.Run(operation, privateKey, publicKey, ref work)
                        : EcKeyPair<P384Curve, P384Field32<SecretProducts>, Montgomery32<P384Order, SecretProducts>>.Run(operation, privateKey, publicKey, ref work);
            case NamedGroup.X25519 when Features.X25519:
                return privateKey.Length == X25519.KeyBytes && publicKey.Length == X25519.KeyBytes
                    ? X25519.ScalarMultiply(operation, privateKey, BasePoint, publicKey, ref work)
                    : StepStatus.Failed;
            default:
                return StepStatus.Failed;
        }
    }

    /// <summary>
    /// Derives the shared secret: x of the common point for the NIST curves. Fails, for <c>illegal_parameter</c>, where the peer's
    /// key has the wrong form, lies off the curve or leads to zero, and where the private key is out of range or a length is
    /// wrong; nothing is written before the end. Leaks: that failure and the peer's key.
    /// </summary>
    public static StepStatus Agree(
        NamedGroup group, Span<byte> operation, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peerPublicKey, Span<byte> sharedSecret, ref int work)
    {
        switch (group)
        {
            case NamedGroup.Secp256r1 when Features.P256:
                return nuint.Size == 8
                    ? EcAgreement<P256Curve, P256Field64, P256Scalars64>.Run(operation, privateKey, peerPublicKey, sharedSecret, ref work)
                    : Features.LongMultiply
                        ? EcAgreement<P256Curve, P256Field32<PublicProducts>, Montgomery32<P256Order, PublicProducts>>.Run(operation, privateKey, peerPublicKey, sharedSecret, ref work)
                        : EcAgreement<P256Curve, P256Field32<SecretProducts>, Montgomery32<P256Order, SecretProducts>>.Run(operation, privateKey, peerPublicKey, sharedSecret, ref work);
            case NamedGroup.Secp384r1 when Features.P384:
                return nuint.Size == 8
                    ? EcAgreement<P384Curve, P384Field64, Montgomery64<P384Order>>.Run(operation, privateKey, peerPublicKey, sharedSecret, ref work)
                    : Features.LongMultiply
                        ? EcAgreement<P384Curve, P384Field32<PublicProducts>, Montgomery32<P384Order, PublicProducts>>.Run(operation, privateKey, peerPublicKey, sharedSecret, ref work)
                        : EcAgreement<P384Curve, P384Field32<SecretProducts>, Montgomery32<P384Order, SecretProducts>>.Run(operation, privateKey, peerPublicKey, sharedSecret, ref work);
            case NamedGroup.X25519 when Features.X25519:
                return privateKey.Length == X25519.KeyBytes && peerPublicKey.Length == X25519.KeyBytes && sharedSecret.Length == X25519.KeyBytes
                    ? X25519.ScalarMultiply(operation, privateKey, peerPublicKey, sharedSecret, ref work)
                    : StepStatus.Failed;
            default:
                return StepStatus.Failed;
        }
    }
}
