using System.Runtime.CompilerServices;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>What a cipher suite's number stands for (RFC 5289 §3.2, RFC 7905 §2, RFC 8446 §B.4).</summary>
internal static class CipherSuite
{
    /// <summary>The number of suites of TLS 1.3, which come first.</summary>
    public const int Count13 = 3;

    /// <summary>The number of suites of TLS 1.2.</summary>
    public const int Count12 = 6;

    /// <summary>The number of suites that can be offered.</summary>
    public const int Count = Count13 + Count12;

    /// <summary>
    /// The suite's number in the order of preference, or 0 where the profile leaves it out: because it says so, or
    /// because it allows no key that could sign for it, or not the version.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ushort Offered(in Profile profile, int preference)
    {
        CipherSuites suite;
        ushort number;
        switch (preference)
        {
            case 0: suite = CipherSuites.Aes128GcmSha256; number = 0x1301; break;
            case 1: suite = CipherSuites.Aes256GcmSha384; number = 0x1302; break;
            case 2: suite = CipherSuites.ChaCha20Poly1305Sha256; number = 0x1303; break;
            case 3: suite = CipherSuites.EcdheEcdsaAes128GcmSha256; number = 0xC02B; break;
            case 4: suite = CipherSuites.EcdheRsaAes128GcmSha256; number = 0xC02F; break;
            case 5: suite = CipherSuites.EcdheEcdsaAes256GcmSha384; number = 0xC02C; break;
            case 6: suite = CipherSuites.EcdheRsaAes256GcmSha384; number = 0xC030; break;
            case 7: suite = CipherSuites.EcdheEcdsaChaCha20Poly1305Sha256; number = 0xCCA9; break;
            default: suite = CipherSuites.EcdheRsaChaCha20Poly1305Sha256; number = 0xCCA8; break;
        }

        bool usable = Is13(number)
            ? profile.Offers(TlsVersions.Tls13)
            : profile.Offers(TlsVersions.Tls12) && (IsRsa(number) ? profile.MaxRsaBits : profile.MaxEcdsaBits) != 0;
        return usable && (profile.Suites & suite) != 0 ? number : (ushort)0;
    }

    /// <summary>Whether the profile offers the suite of that number.</summary>
    public static bool IsOffered(in Profile profile, ushort number)
    {
        for (int i = 0; i < Count; i++)
        {
            if (number != 0 && Offered(profile, i) == number)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the profile offers a suite of TLS 1.3 with that hash, which a PSK belongs to (RFC 8446 §4.2.11).</summary>
    public static bool OffersHash13(in Profile profile, HashAlgorithm hash)
    {
        for (int i = 0; i < Count; i++)
        {
            ushort number = Offered(profile, i);
            if (Is13(number) && HashOf(number) == hash)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it is a suite of TLS 1.3 (RFC 8446 §B.4), which says nothing about keys.</summary>
    public static bool Is13(ushort number) => number >> 8 == 0x13;

    /// <summary>Whether the server's key is RSA; otherwise it is ECDSA.</summary>
    public static bool IsRsa(ushort number) => number is 0xC02F or 0xC030 or 0xCCA8;

    /// <summary>The hash of the transcript and of the pseudorandom function.</summary>
    public static HashAlgorithm HashOf(ushort number) =>
        Features.Sha512 && number is (0x1302 or 0xC02C or 0xC030) ? HashAlgorithm.Sha384 : HashAlgorithm.Sha256;

    /// <summary>The record cipher.</summary>
    public static AeadAlgorithm AeadOf(ushort number)
    {
        if (Features.ChaCha20Poly1305 && number is (0x1303 or 0xCCA8 or 0xCCA9))
        {
            return AeadAlgorithm.ChaCha20Poly1305;
        }

        return HashOf(number) == HashAlgorithm.Sha384 ? AeadAlgorithm.Aes256Gcm : AeadAlgorithm.Aes128Gcm;
    }

    /// <summary>The bytes of nonce that come from the keys: 4 for GCM in TLS 1.2 (RFC 5288 §3), otherwise 12 (RFC 7905 §2, RFC 8446 §5.3).</summary>
    public static int FixedNonceBytes(ushort number) => HasExplicitNonce(number) ? 4 : 12;

    /// <summary>The bytes of nonce that stand in each record: 8 for GCM in TLS 1.2, otherwise none.</summary>
    public static int ExplicitNonceBytes(ushort number) => HasExplicitNonce(number) ? 8 : 0;

    private static bool HasExplicitNonce(ushort number) => !Is13(number) && !(Features.ChaCha20Poly1305 && AeadOf(number) == AeadAlgorithm.ChaCha20Poly1305);
}
