using System;
using Thimble.Crypto;

namespace Thimble.X509;

/// <summary>
/// A view of the client's key in a ROM image; <see cref="RomImage.ClientKey"/> tells its layout. All of it but the
/// header and <see cref="Public"/> is secret, and none where the private key is elsewhere.
/// </summary>
public readonly ref struct PrivateKey
{
    private readonly ReadOnlySpan<byte> _key;

    /// <summary>A view of a ROM image's key section, which may be empty.</summary>
    public PrivateKey(ReadOnlySpan<byte> key) => _key = key;

    /// <summary>The kind of key; <see cref="KeyKind.None"/> where there is none.</summary>
    public KeyKind Kind => _key.IsEmpty ? KeyKind.None : Header.Kind;

    /// <summary>Whether only the public part is here, and somebody else signs.</summary>
    public bool IsElsewhere => !_key.IsEmpty && _key[1] != 0;

    /// <summary>The length of the modulus, or of the curve's field, in bits.</summary>
    public int Bits => Header.Bits;

    /// <summary>RSA's public exponent.</summary>
    public uint Exponent => Header.Exponent;

    /// <summary>The curve of an EC key.</summary>
    public NamedGroup Curve => Header.Curve;

    /// <summary>The scalar of an EC key, big-endian, or the seed of an Ed25519 key (RFC 8032 §5.1.5), where it is here. Secret.</summary>
    public ReadOnlySpan<byte> Scalar => _key.Slice(SubjectPublicKey.HeaderBytes, Bits / 8);

    /// <summary>The public part, as <see cref="SubjectPublicKey.Material"/> has it.</summary>
    public ReadOnlySpan<byte> Public
    {
        get
        {
            int before = IsElsewhere || Kind == KeyKind.Rsa ? 0 : Bits / 8;
            return _key.Slice(SubjectPublicKey.HeaderBytes + before, SubjectPublicKey.MaterialBytes(Kind, Bits));
        }
    }

    /// <summary>The parts of an RSA key that is here. Secret.</summary>
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

    /// <summary>Whether a section of a ROM image is one of the layouts, so that nothing here reads outside.</summary>
    internal static bool HasShape(ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty)
        {
            return true;
        }

        if (key.Length < SubjectPublicKey.HeaderBytes || key[1] > 1)
        {
            return false;
        }

        var view = new PrivateKey(key);
        int bits = view.Bits;
        bool sized;
        int secretBytes = bits / 8;
        switch (view.Kind)
        {
            case KeyKind.Rsa:
                sized = bits is >= 1024 and <= 16384 && (view.IsElsewhere || (bits & 127) == 0);
                secretBytes = 5 * (bits / 16);
                break;
            case KeyKind.P256:
            case KeyKind.Ed25519:
                sized = bits == 256;
                break;
            case KeyKind.P384:
                sized = bits == 384;
                break;
            default:
                return false;
        }

        return sized && key.Length == SubjectPublicKey.HeaderBytes + SubjectPublicKey.MaterialBytes(view.Kind, bits) + (view.IsElsewhere ? 0 : secretBytes);
    }
}
