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
}

/// <summary>
/// A view of a public key as it lies in memory or in a ROM image: <c>u8 kind, u8 0, u16 bits, u32 exponent</c>, then
/// an RSA modulus little-endian and padded with zeros to a multiple of 8, or an EC point as X || Y, big-endian.
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
        _ => NamedGroup.None,
    };

    /// <summary>The modulus, or X || Y.</summary>
    public ReadOnlySpan<byte> Material => _region.Slice(HeaderBytes, MaterialBytes(Kind, Bits));

    /// <summary>How many bytes this key takes.</summary>
    public int Bytes => HeaderBytes + MaterialBytes(Kind, Bits);

    /// <summary>How much memory a key within these limits needs, in bytes: a multiple of 8.</summary>
    public static int RegionBytes(int rsaBits, int ecdsaBits) =>
        HeaderBytes + Math.Max(MaterialBytes(KeyKind.Rsa, rsaBits), MaterialBytes(KeyKind.P256, ecdsaBits));

    /// <summary>
    /// Verifies a signature over a digest; resumable like the operations it calls, whose contract it shares: the
    /// first 8 bytes of <paramref name="operation"/> are cleared before the first call, and an RSA signature is overwritten.
    /// A family that does not fit the key, or an RSA signature of the wrong length, fails.
    /// </summary>
    public StepStatus Verify(Span<byte> operation, SignatureAlgorithm algorithm, Span<byte> signature, ReadOnlySpan<byte> digest, ref int work)
    {
        HashAlgorithm hash = SignatureAlgorithms.HashOf(algorithm);
        int family = SignatureAlgorithms.FamilyOf(algorithm);
        if (family == SignatureAlgorithms.Ecdsa)
        {
            return (Features.P256 || Features.P384) && Kind is (KeyKind.P256 or KeyKind.P384) ? Ecdsa.Verify(Curve, operation, Material, digest, signature, ref work) : StepStatus.Failed;
        }

        if (!Features.RsaVerify || Kind != KeyKind.Rsa || signature.Length != (Bits + 7) >> 3)
        {
            return StepStatus.Failed;
        }

        return family == SignatureAlgorithms.Pss
            ? RsaVerify.Pss(operation, Material, Bits, Exponent, signature, hash, digest, ref work)
            : RsaVerify.Pkcs1(operation, Material, Bits, Exponent, signature, hash, digest, ref work);
    }

    /// <summary>Copies the key to the beginning of a region.</summary>
    internal void CopyTo(Span<byte> region) => _region[..Bytes].CopyTo(region);

    /// <summary>Whether both are the same key.</summary>
    internal bool SameAs(SubjectPublicKey other) => CryptographicOperations.FixedTimeEquals(_region[..Bytes], other._region[..other.Bytes]);

    /// <summary>The bytes behind the header: RSA moduli are padded to a multiple of 8.</summary>
    internal static int MaterialBytes(KeyKind kind, int bits) => kind == KeyKind.Rsa ? ((bits + 63) >> 6) << 3 : bits >> 2;
}
