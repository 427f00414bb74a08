using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble;

/// <summary>Names public and private keys for people, and says which ones the engine can use.</summary>
internal static class KeyDescription
{
    /// <summary>The longest RSA modulus that any profile can plan for, in bits.</summary>
    public const int MaxRsaBits = 4096;

    /// <summary>The shortest RSA modulus that is trusted, in bits.</summary>
    public const int MinRsaBits = 2048;

    /// <summary>The identifier of Ed25519, of keys and of signatures (RFC 8410 §3).</summary>
    public const string Ed25519 = "1.3.101.112";

    private const string Secp256r1 = "1.2.840.10045.3.1.7";
    private const string Secp384r1 = "1.3.132.0.34";
    private const string Secp521r1 = "1.3.132.0.35";

    /// <summary>Such as <c>RSA 2048</c>, <c>EC P-256</c>, or the algorithm's name.</summary>
    public static string Describe(X509Certificate2 certificate)
    {
        try
        {
            using AsymmetricAlgorithm? key = PublicKey(certificate);
            if (key is not null)
            {
                return Describe(key);
            }
        }
        catch (CryptographicException)
        {
            // Malformed, or on a curve that the platform does not know: there remains the algorithm's name.
        }

        return IsEd25519(certificate) ? "Ed25519" : certificate.PublicKey.Oid.FriendlyName ?? certificate.PublicKey.Oid.Value ?? "unknown";
    }

    /// <summary>Such as <c>RSA 2048</c> or <c>EC P-256</c>.</summary>
    public static string Describe(AsymmetricAlgorithm key) => key switch
    {
        RSA rsa => $"RSA {rsa.KeySize}",
        ECDsa ec => "EC " + CurveName(ec),
        Ed25519PrivateKey => "Ed25519",
        _ => key.GetType().Name,
    };

    /// <summary>What makes a trust anchor's key unusable, or null: those of others may be on P-521 too.</summary>
    public static string? Problem(X509Certificate2 certificate)
    {
        try
        {
            using AsymmetricAlgorithm? key = PublicKey(certificate);
            return IsEd25519(certificate) || key is ECDsa ec && CurveOid(ec) == Secp521r1 ? null
                : key is not null ? Problem(key)
                : $"a key of the algorithm {Describe(certificate)}; supported are RSA, EC and Ed25519.";
        }
        catch (CryptographicException)
        {
            return $"a key of the algorithm {Describe(certificate)} that is damaged, or on a curve that is not known.";
        }
    }

    /// <summary>What makes a key of our own unusable, or null.</summary>
    public static string? Problem(AsymmetricAlgorithm key) => key switch
    {
        RSA { KeySize: < MinRsaBits } rsa => $"an RSA key of {rsa.KeySize} bits, and fewer than {MinRsaBits} are not safe.",
        RSA { KeySize: > MaxRsaBits } rsa => $"an RSA key of {rsa.KeySize} bits, and at most {MaxRsaBits} are supported.",
        ECDsa ec when CurveOid(ec) is not (Secp256r1 or Secp384r1) => $"an EC key on {CurveName(ec)}; supported are P-256 and P-384.",
        _ => null,
    };

    private static string CurveName(ECDsa key) => CurveOid(key) switch
    {
        Secp256r1 => "P-256",
        Secp384r1 => "P-384",
        Secp521r1 => "P-521",
        "1.3.132.0.10" => "secp256k1",
        "1.3.36.3.3.2.8.1.1.7" => "brainpoolP256r1",
        "" => "a curve with explicit parameters",
        string oid => $"the curve {oid}",
    };

    /// <summary>The size is not enough: secp256k1 and brainpoolP256r1 have 256 bits too.</summary>
    private static string CurveOid(ECDsa key)
    {
        ECCurve curve = key.ExportParameters(includePrivateParameters: false).Curve;
        return !curve.IsNamed ? "" : curve.Oid.Value ?? Oid.FromFriendlyName(curve.Oid.FriendlyName!, OidGroup.All).Value ?? "";
    }

    /// <summary>Whether a certificate's key is Ed25519, which the platform has no type for.</summary>
    public static bool IsEd25519(X509Certificate2 certificate) => certificate.PublicKey.Oid.Value == Ed25519;

    /// <summary>The key of a certificate where the platform has a type for it, or null.</summary>
    public static AsymmetricAlgorithm? PublicKey(X509Certificate2 certificate) =>
        (AsymmetricAlgorithm?)certificate.GetRSAPublicKey() ?? certificate.GetECDsaPublicKey();
}
