using Thimble.Crypto;
using Thimble.Memory;
using Thimble.X509;

namespace Thimble.Tls;

/// <summary>What TLS 1.3 allows in CertificateVerify (RFC 8446 §4.2.3): RSASSA-PSS, Ed25519, and ECDSA with the curve bound to the hash.</summary>
internal static class SignatureSchemes13
{
    /// <summary>Whether a key of that kind may sign with the scheme.</summary>
    public static bool Fits(SignatureScheme scheme, KeyKind key)
    {
        switch (scheme)
        {
            case SignatureScheme.EcdsaSha256:
                return key == KeyKind.P256;
            case SignatureScheme.EcdsaSha384:
                return key == KeyKind.P384;
            case SignatureScheme.EcdsaSha512:
                return key == KeyKind.P521;
            case SignatureScheme.Ed25519:
                return key == KeyKind.Ed25519;
            default:
                return SignatureSchemes.IsPss(scheme) && key == KeyKind.Rsa;
        }
    }

    /// <summary>The longest digest that the client may sign: ECDSA takes the curve's own, and RSA the shortest that the server accepts.</summary>
    public static int MaxDigestBytes(in Profile profile)
    {
        HashAlgorithm longest = profile.ClientRsaBits != 0 ? HashAlgorithm.Sha512 : profile.ClientEcdsaBits > 256 ? HashAlgorithm.Sha384 : HashAlgorithm.Sha256;
        return Hash.DigestBytes(longest);
    }

    /// <summary>Whether the build has the scheme's hash, and the region for the digest holds what it gives.</summary>
    public static bool IsPlanned(in Profile profile, SignatureScheme scheme)
    {
        if (scheme == SignatureScheme.Ed25519)
        {
            return Features.Ed25519 && profile.ClientEd25519;
        }

        HashAlgorithm hash = SignatureSchemes.HashOf(scheme);
        return Hash.IsInThisBuild(hash) && Hash.DigestBytes(hash) <= MaxDigestBytes(profile);
    }
}
