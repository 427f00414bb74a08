using System;
using System.Security.Cryptography;
using System.Buffers.Binary;
using Thimble.Crypto;
using Thimble.Memory;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble.X509;

/// <summary>What kind of key a <see cref="SubjectPublicKey"/> is.</summary>
public enum KeyKind : byte
{
    /// <summary>No key: the value of cleared memory.</summary>
    None = 0,

    /// <summary>RSA, 2048 to 4096 bits.</summary>
    Rsa = 1,

    /// <summary>A point of P-256.</summary>
    P256 = 2,

    /// <summary>A point of P-384.</summary>
    P384 = 3,

    /// <summary>A point of edwards25519 (RFC 8032), of 256 bits here: 32 bytes as RFC 8410 has them.</summary>
    Ed25519 = 4,

    /// <summary>A point of P-521, in the server's chain only.</summary>
    P521 = 5,
}

/// <summary>
/// A view of a public key as it lies in memory or in a ROM image: <c>u8 kind, u8 0, u16 bits, u32 exponent</c>, then
/// an RSA modulus little-endian and padded with zeros to a multiple of 8, or an EC point as X || Y, big-endian, or the
/// 32 bytes of RFC 8032 §5.1.5.
/// Leaks everything: the key is public.
/// </summary>
public readonly ref struct SubjectPublicKey
{
    /// <summary>The bytes before the modulus or the point.</summary>
    public const int HeaderBytes = 8;

    private readonly ReadOnlySpan<byte> _region;

    /// <summary>A view of the key that begins the region.</summary>
    public SubjectPublicKey(ReadOnlySpan<byte> region) => _region = region;

    /// <summary>The kind of key.</summary>
    public KeyKind Kind => (KeyKind)_region[0];

    /// <summary>The length of the modulus, or of the curve's field, in bits.</summary>
    public int Bits => BinaryPrimitives.ReadUInt16LittleEndian(_region[2..]);

    /// <summary>RSA's public exponent.</summary>
    public uint Exponent => BinaryPrimitives.ReadUInt32LittleEndian(_region[4..]);

    /// <summary>The curve of an EC key, otherwise <see cref="NamedGroup.None"/>.</summary>
    public NamedGroup Curve => Kind switch
    {
        KeyKind.P256 => NamedGroup.Secp256r1,
        KeyKind.P384 => NamedGroup.Secp384r1,
        KeyKind.P521 => NamedGroup.Secp521r1,
        _ => NamedGroup.None,
    };

    /// <summary>The modulus, or the point.</summary>
    public ReadOnlySpan<byte> Material => _region.Slice(HeaderBytes, MaterialBytes(Kind, Bits));

    /// <summary>How many bytes this key takes.</summary>
    public int Bytes => HeaderBytes + MaterialBytes(Kind, Bits);

    /// <summary>How much memory a key within these limits needs, in bytes: a multiple of 8.</summary>
    public static int RegionBytes(int rsaBits, int ecdsaBits, bool ed25519 = false)
    {
        int point = Math.Max(MaterialBytes(KeyKind.P256, ecdsaBits), ed25519 ? Ed25519.PublicKeyBytes : 0);
        return HeaderBytes + Math.Max(MaterialBytes(KeyKind.Rsa, rsaBits), (point + 7) & ~7);
    }

    /// <summary>
    /// Verifies a signature over a digest, or with Ed25519 over the message itself; resumable like the operations it calls, whose
    /// contract it shares: the first 8 bytes of <paramref name="operation"/> are cleared before the first call, and an RSA signature
    /// is overwritten. A family that does not fit the key, or an RSA signature of the wrong length, fails.
    /// </summary>
    public StepStatus Verify(Span<byte> operation, SignatureAlgorithm algorithm, Span<byte> signature, ReadOnlySpan<byte> digest, ref int work)
    {
        HashAlgorithm hash = SignatureAlgorithms.HashOf(algorithm);
        if (!SignatureAlgorithms.Fits(algorithm, Kind))
        {
            return StepStatus.Failed;
        }

        if (Kind == KeyKind.Ed25519)
        {
            return VerifyMessage(operation, signature, digest, default, ref work);
        }

        if (Kind != KeyKind.Rsa)
        {
            return Features.P256 || Features.P384 || Features.P521 ? Ecdsa.Verify(Curve, operation, Material, digest, signature, ref work) : StepStatus.Failed;
        }

        if (!Features.RsaVerify || signature.Length != (Bits + 7) >> 3)
        {
            return StepStatus.Failed;
        }

        return SignatureAlgorithms.FamilyOf(algorithm) == SignatureAlgorithms.Pss
            ? RsaVerify.Pss(operation, Material, Bits, Exponent, signature, hash, digest, ref work)
            : RsaVerify.Pkcs1(operation, Material, Bits, Exponent, signature, hash, digest, ref work);
    }

    /// <summary>
    /// Verifies an Ed25519 signature over the message <paramref name="first"/> || <paramref name="second"/>, like
    /// <see cref="Ed25519.Verify"/>. Any other kind of key fails.
    /// </summary>
    public StepStatus VerifyMessage(
        Span<byte> operation, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ref int work) =>
        Features.Ed25519 && Kind == KeyKind.Ed25519 ? Ed25519.Verify(operation, Material, first, second, signature, ref work) : StepStatus.Failed;

    /// <summary>Copies the key to the beginning of a region.</summary>
    internal void CopyTo(Span<byte> region) => _region[..Bytes].CopyTo(region);

    /// <summary>Whether both are the same key.</summary>
    internal bool SameAs(SubjectPublicKey other) => CryptographicOperations.FixedTimeEquals(_region[..Bytes], other._region[..other.Bytes]);

    /// <summary>The bytes behind the header: RSA moduli are padded to a multiple of 8.</summary>
    internal static int MaterialBytes(KeyKind kind, int bits) => kind switch
    {
        KeyKind.Rsa => ((bits + 63) >> 6) << 3,
        KeyKind.Ed25519 => Ed25519.PublicKeyBytes,
        _ => 2 * ((bits + 7) >> 3),
    };
}
