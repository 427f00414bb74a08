using System;
using Thimble.Crypto;

namespace Thimble.X509;

/// <summary>
/// A view of the private key in a ROM image; <see cref="RomImage.ClientKey"/> tells its layout. All of it but the
/// header is secret.
/// </summary>
public readonly ref struct PrivateKey
{
    private readonly ReadOnlySpan<byte> _key;

    /// <summary>A view of a ROM image's key section, which may be empty.</summary>
    public PrivateKey(ReadOnlySpan<byte> key) => _key = key;

    /// <summary>The kind of key; <see cref="KeyKind.None"/> where there is none.</summary>
    public KeyKind Kind => _key.IsEmpty ? KeyKind.None : Header.Kind;

    /// <summary>The length of the modulus, or of the curve's field, in bits.</summary>
    public int Bits => Header.Bits;

    /// <summary>The curve of an EC key.</summary>
    public NamedGroup Curve => Header.Curve;

    /// <summary>The scalar of an EC key, big-endian. Secret.</summary>
    public ReadOnlySpan<byte> Scalar => _key.Slice(SubjectPublicKey.HeaderBytes, Bits / 8);

    /// <summary>The public point of an EC key, X || Y.</summary>
    public ReadOnlySpan<byte> Point => _key.Slice(SubjectPublicKey.HeaderBytes + (Bits / 8), Bits / 4);

    /// <summary>The parts of an RSA key. Secret.</summary>
    public RsaPrivateKey Rsa
    {
        get
        {
            int half = Bits / 16;
            ReadOnlySpan<byte> parts = _key.Slice(SubjectPublicKey.HeaderBytes);
            return new RsaPrivateKey
            {
                Bits = Bits,
                Exponent = Header.Exponent,
                Modulus = parts.Slice(0, 2 * half),
                P = parts.Slice(2 * half, half),
                Q = parts.Slice(3 * half, half),
                Dp = parts.Slice(4 * half, half),
                Dq = parts.Slice(5 * half, half),
                QInv = parts.Slice(6 * half, half),
            };
        }
    }

    private SubjectPublicKey Header => new(_key);
}
