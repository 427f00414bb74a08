using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Crypto;
using Thimble.X509;

namespace Thimble;

/// <summary>Writes keys as the core reads them: <see cref="SubjectPublicKey"/> and <see cref="RomImage.ClientKey"/>.</summary>
internal static class RomKey
{
    private const int MinRsaBits = 2048, MaxRsaBits = 4096;

    /// <summary>The public key of a certificate.</summary>
    public static byte[] EncodePublic(X509Certificate2 certificate)
    {
        try
        {
            return ReadPublic(certificate);
        }
        catch (CryptographicException)
        {
            throw RomAnchor.Refuse(certificate, "its key cannot be read");
        }
    }

    private static byte[] ReadPublic(X509Certificate2 certificate)
    {
        using RSA? rsa = certificate.GetRSAPublicKey();
        if (rsa is not null)
        {
            return EncodeRsa(rsa.ExportParameters(false), certificate);
        }

        using ECDsa? ecdsa = GetEcdsa(certificate);
        if (ecdsa is not null)
        {
            return EncodePoint(ecdsa.ExportParameters(false), certificate);
        }

        if (certificate.PublicKey.Oid.Value == KeyDescription.Ed25519 && certificate.PublicKey.EncodedKeyValue.RawData is { Length: Ed25519.PublicKeyBytes } point)
        {
            return EncodeEd25519(point);
        }

        throw RomAnchor.Refuse(certificate, $"its key is of a kind that is not supported ({certificate.PublicKey.Oid.FriendlyName ?? certificate.PublicKey.Oid.Value})");
    }

    /// <summary>The public part of a certificate's key whose private part stays elsewhere.</summary>
    public static byte[] EncodeElsewhere(X509Certificate2 leaf)
    {
        byte[] encoded = EncodePublic(leaf);
        RefuseP521(encoded, leaf);
        encoded[1] = 1;
        return encoded;
    }

    /// <summary>A private key, which must be the certificate's.</summary>
    public static byte[] EncodePrivate(AsymmetricAlgorithm key, X509Certificate2 leaf)
    {
        byte[] wanted = EncodePublic(leaf);
        try
        {
            return Encode(key, leaf, wanted);
        }
        catch (CryptographicException)
        {
            throw RomAnchor.Refuse(leaf, "its private key is not at hand, or its owner does not let it be copied");
        }
    }

    private static byte[] Encode(AsymmetricAlgorithm key, X509Certificate2 leaf, byte[] wanted)
    {
        switch (key)
        {
            case RSA rsa:
                RSAParameters numbers = rsa.ExportParameters(true);
                try
                {
                    CheckSame(EncodeRsa(numbers, leaf), wanted, leaf);
                    return EncodeRsaPrivate(numbers, wanted, leaf);
                }
                finally
                {
                    Wipe(numbers.D, numbers.P, numbers.Q, numbers.DP, numbers.DQ, numbers.InverseQ);
                }

            case ECDsa ecdsa:
                ECParameters point = ecdsa.ExportParameters(true);
                try
                {
                    CheckSame(EncodePoint(point, leaf), wanted, leaf);
                    RefuseP521(wanted, leaf);
                    return EncodeWithSecret(point.D, wanted);
                }
                finally
                {
                    Wipe(point.D);
                }

            case Ed25519PrivateKey ed25519:
                CheckSame(EncodeEd25519(ed25519.PublicKey), wanted, leaf);
                return EncodeWithSecret(ed25519.Seed, wanted);

            default:
                throw RomAnchor.Refuse(leaf, $"a private key of the kind {key.GetType().Name} is not supported; RSA, ECDSA and Ed25519 are");
        }
    }

    private static ECDsa? GetEcdsa(X509Certificate2 certificate)
    {
        try
        {
            return certificate.GetECDsaPublicKey();
        }
        catch (CryptographicException problem)
        {
            throw RomAnchor.Refuse(certificate, "its elliptic curve or point is not supported: " + problem.Message.TrimEnd('.'));
        }
    }

    private static void RefuseP521(byte[] key, X509Certificate2 leaf)
    {
        if (key[0] == (byte)KeyKind.P521)
        {
            throw RomAnchor.Refuse(leaf, "a private key on P-521 is not supported; P-256 and P-384 are");
        }
    }

    private static void CheckSame(byte[] ofKey, byte[] ofCertificate, X509Certificate2 leaf)
    {
        if (!ofKey.AsSpan().SequenceEqual(ofCertificate))
        {
            throw RomAnchor.Refuse(leaf, "the private key is not the one of this certificate");
        }
    }

    private static byte[] EncodeRsa(RSAParameters key, X509Certificate2 certificate)
    {
        byte[] modulus = key.Modulus!;
        int bits = (modulus.Length * 8) - byte.LeadingZeroCount(modulus[0]);
        if (bits is < MinRsaBits or > MaxRsaBits)
        {
            throw RomAnchor.Refuse(certificate, $"its RSA key has {bits} bits; {MinRsaBits} to {MaxRsaBits} are supported");
        }

        if (key.Exponent!.Length > 4)
        {
            throw RomAnchor.Refuse(certificate, "its RSA exponent is longer than 32 bits");
        }

        uint exponent = 0;
        foreach (byte octet in key.Exponent)
        {
            exponent = (exponent << 8) | octet;
        }

        byte[] encoded = new byte[SubjectPublicKey.HeaderBytes + RomImageBuilder.Padded(modulus.Length)];
        WriteHeader(encoded, KeyKind.Rsa, bits, exponent);
        WriteLittleEndian(encoded.AsSpan(SubjectPublicKey.HeaderBytes), modulus);
        return encoded;
    }

    private static byte[] EncodeRsaPrivate(RSAParameters key, byte[] publicKey, X509Certificate2 leaf)
    {
        int bits = new SubjectPublicKey(publicKey).Bits;
        if ((bits & 127) != 0 || key.P!.Length != bits >> 4 || key.Q!.Length != bits >> 4)
        {
            throw RomAnchor.Refuse(leaf, $"its RSA key of {bits} bits has primes of unequal or odd length");
        }

        int half = bits >> 4;
        byte[] encoded = GC.AllocateArray<byte>(publicKey.Length + (5 * half), pinned: true);
        publicKey.CopyTo(encoded, 0);
        int at = publicKey.Length;
        foreach (byte[]? part in (ReadOnlySpan<byte[]?>)[key.P, key.Q, key.DP, key.DQ, key.InverseQ])
        {
            WriteLittleEndian(encoded.AsSpan(at, half), part);
            at += half;
        }

        return encoded;
    }

    private static byte[] EncodePoint(ECParameters key, X509Certificate2 certificate)
    {
        KeyKind kind = key.Curve.Oid.Value switch
        {
            "1.2.840.10045.3.1.7" => KeyKind.P256,
            "1.3.132.0.34" => KeyKind.P384,
            "1.3.132.0.35" => KeyKind.P521,
            _ => KeyKind.None,
        };
        int bits = kind switch { KeyKind.P256 => 256, KeyKind.P384 => 384, _ => 521 };
        int bytes = (bits + 7) / 8;
        if (kind == KeyKind.None || !key.Curve.IsNamed || key.Q.X!.Length != bytes)
        {
            throw RomAnchor.Refuse(certificate, $"its curve {key.Curve.Oid.FriendlyName ?? key.Curve.Oid.Value} is not supported; P-256, P-384 and P-521 are");
        }

        byte[] encoded = new byte[SubjectPublicKey.HeaderBytes + (2 * bytes)];
        WriteHeader(encoded, kind, bits, 0);
        key.Q.X.CopyTo(encoded, SubjectPublicKey.HeaderBytes);
        key.Q.Y!.CopyTo(encoded, SubjectPublicKey.HeaderBytes + bytes);
        return encoded;
    }

    private static byte[] EncodeEd25519(ReadOnlySpan<byte> publicKey)
    {
        byte[] encoded = new byte[SubjectPublicKey.HeaderBytes + publicKey.Length];
        WriteHeader(encoded, KeyKind.Ed25519, 8 * publicKey.Length, 0);
        publicKey.CopyTo(encoded.AsSpan(SubjectPublicKey.HeaderBytes));
        return encoded;
    }

    /// <summary>The header, then the scalar or the seed, then the public part.</summary>
    private static byte[] EncodeWithSecret(ReadOnlySpan<byte> secret, byte[] publicKey)
    {
        byte[] encoded = GC.AllocateArray<byte>(publicKey.Length + secret.Length, pinned: true);
        publicKey.AsSpan(0, SubjectPublicKey.HeaderBytes).CopyTo(encoded);
        secret.CopyTo(encoded.AsSpan(SubjectPublicKey.HeaderBytes));
        publicKey.AsSpan(SubjectPublicKey.HeaderBytes).CopyTo(encoded.AsSpan(SubjectPublicKey.HeaderBytes + secret.Length));
        return encoded;
    }

    private static void WriteHeader(Span<byte> header, KeyKind kind, int bits, uint exponent)
    {
        header[0] = (byte)kind;
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], (ushort)bits);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], exponent);
    }

    private static void WriteLittleEndian(Span<byte> destination, ReadOnlySpan<byte> bigEndian)
    {
        destination.Clear();
        for (int i = 0; i < bigEndian.Length; i++)
        {
            destination[i] = bigEndian[^(i + 1)];
        }
    }

    private static void Wipe(params ReadOnlySpan<byte[]?> secrets)
    {
        foreach (byte[]? secret in secrets)
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
