using Thimble.Crypto;
using Thimble.Memory;
using Thimble.X509;

namespace Thimble.Tls;

/// <summary>What a signature scheme's number stands for, which ones a profile offers, and in which order.</summary>
internal static class SignatureSchemes
{
    /// <summary>The number of schemes that can be offered.</summary>
    public const int Count = 9;

    /// <summary>The schemes in the order of preference; the position is also a scheme's bit in a set.</summary>
    public static SignatureScheme At(int preference)
    {
        switch (preference)
        {
            case 0: return SignatureScheme.EcdsaSha256;
            case 1: return SignatureScheme.EcdsaSha384;
            case 2: return SignatureScheme.EcdsaSha512;
            case 3: return SignatureScheme.RsaPssRsaeSha256;
            case 4: return SignatureScheme.RsaPssRsaeSha384;
            case 5: return SignatureScheme.RsaPssRsaeSha512;
            case 6: return SignatureScheme.RsaPkcs1Sha256;
            case 7: return SignatureScheme.RsaPkcs1Sha384;
            default: return SignatureScheme.RsaPkcs1Sha512;
        }
    }

    /// <summary>The bit of a scheme in a set, or 0 for one that is not known here.</summary>
    public static uint BitOf(SignatureScheme scheme)
    {
        for (int i = 0; i < Count; i++)
        {
            if (At(i) == scheme)
            {
                return 1u << i;
            }
        }

        return 0;
    }

    /// <summary>Whether ClientHello offers the scheme: its key and its hash are within the profile's limits.</summary>
    public static bool IsOffered(in Profile profile, SignatureScheme scheme)
    {
        int keyLimit = IsEcdsa(scheme) ? profile.MaxEcdsaBits : profile.MaxRsaBits;
        bool curveBound = scheme == SignatureScheme.EcdsaSha512 && !profile.Offers(TlsVersions.Tls12); // TLS 1.3 means P-521 by it
        return BitOf(scheme) != 0 && !curveBound && keyLimit != 0 && Hash.DigestBytes(HashOf(scheme)) * 8 <= profile.MaxSignatureHashBits;
    }

    /// <summary>Whether ClientHello offers any scheme. Without one no certificate can be judged.</summary>
    public static bool AnyIsOffered(in Profile profile)
    {
        for (int i = 0; i < Count; i++)
        {
            if (IsOffered(profile, At(i)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same algorithm as X.509 names it.</summary>
    public static SignatureAlgorithm AlgorithmOf(SignatureScheme scheme)
    {
        int family = IsPss(scheme) ? SignatureAlgorithms.Pss : IsEcdsa(scheme) ? SignatureAlgorithms.Ecdsa : SignatureAlgorithms.Pkcs1;
        return SignatureAlgorithms.Of(family, HashOf(scheme));
    }

    /// <summary>Whether the signing key is on a curve.</summary>
    public static bool IsEcdsa(SignatureScheme scheme) => ((int)scheme & 0xFF) == 3;

    /// <summary>Whether the scheme is RSASSA-PSS, whose numbers carry the hash in the low byte.</summary>
    public static bool IsPss(SignatureScheme scheme) => (int)scheme >> 8 == 8;

    /// <summary>The hash that is signed.</summary>
    public static HashAlgorithm HashOf(SignatureScheme scheme) =>
        (HashAlgorithm)(IsPss(scheme) ? (int)scheme & 0xFF : (int)scheme >> 8);
}
