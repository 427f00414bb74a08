using System;
using System.Runtime.CompilerServices;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>What a cipher suite's number stands for: all of it in one table, in the order of preference.</summary>
internal static class CipherSuite
{
    // Behind the number stands what it stands for (SuiteFacts).
    private const int FactsAt = 16;
    private const int AeadAt = FactsAt + SuiteFacts.AeadAt;
    private const uint Sha384 = (uint)SuiteFacts.Sha384 << FactsAt;

    private const uint EcdheEcdsa = (uint)KeyExchange.EcdheEcdsa << FactsAt;
    private const uint EcdheRsa = (uint)KeyExchange.EcdheRsa << FactsAt;
    private const uint Psk = (uint)KeyExchange.Psk << FactsAt;
    private const uint EcdhePsk = (uint)KeyExchange.EcdhePsk << FactsAt;

    private const uint Aes128Gcm = (uint)AeadAlgorithm.Aes128Gcm << AeadAt;
    private const uint Aes256Gcm = (uint)AeadAlgorithm.Aes256Gcm << AeadAt;
    private const uint ChaCha20Poly1305 = (uint)AeadAlgorithm.ChaCha20Poly1305 << AeadAt;
    private const uint Aes128Ccm = (uint)AeadAlgorithm.Aes128Ccm << AeadAt;
    private const uint Aes256Ccm = (uint)AeadAlgorithm.Aes256Ccm << AeadAt;
    private const uint Aes128Ccm8 = (uint)AeadAlgorithm.Aes128Ccm8 << AeadAt;
    private const uint Aes256Ccm8 = (uint)AeadAlgorithm.Aes256Ccm8 << AeadAt;

    /// <summary>
    /// Forward secrecy comes before none, GCM and ChaCha20 before CCM, and tags of 8 bytes last; between versions the order
    /// says nothing. The sources: RFC 8446 §B.4; RFC 5289 §3.2, RFC 7905 §2, RFC 7251 §2; RFC 5487, RFC 6655 §4, RFC 8442.
    /// The hash of CCM suites in TLS 1.2 is SHA-256 whatever their key (RFC 6655 §3, RFC 7251 §2).
    /// </summary>
    private static ReadOnlySpan<uint> Table =>
    [
        (uint)CipherSuites.Aes128GcmSha256, 0x1301 | Aes128Gcm,
        (uint)CipherSuites.Aes256GcmSha384, 0x1302 | Aes256Gcm | Sha384,
        (uint)CipherSuites.ChaCha20Poly1305Sha256, 0x1303 | ChaCha20Poly1305,
        (uint)CipherSuites.EcdheEcdsaAes128GcmSha256, 0xC02B | EcdheEcdsa | Aes128Gcm,
        (uint)CipherSuites.EcdheRsaAes128GcmSha256, 0xC02F | EcdheRsa | Aes128Gcm,
        (uint)CipherSuites.EcdheEcdsaAes256GcmSha384, 0xC02C | EcdheEcdsa | Aes256Gcm | Sha384,
        (uint)CipherSuites.EcdheRsaAes256GcmSha384, 0xC030 | EcdheRsa | Aes256Gcm | Sha384,
        (uint)CipherSuites.EcdheEcdsaChaCha20Poly1305Sha256, 0xCCA9 | EcdheEcdsa | ChaCha20Poly1305,
        (uint)CipherSuites.EcdheRsaChaCha20Poly1305Sha256, 0xCCA8 | EcdheRsa | ChaCha20Poly1305,
        (uint)CipherSuites.EcdhePskAes128GcmSha256, 0xD001 | EcdhePsk | Aes128Gcm,
        (uint)CipherSuites.EcdhePskAes256GcmSha384, 0xD002 | EcdhePsk | Aes256Gcm | Sha384,
        (uint)CipherSuites.EcdhePskChaCha20Poly1305Sha256, 0xCCAC | EcdhePsk | ChaCha20Poly1305,
        (uint)CipherSuites.Aes128CcmSha256, 0x1304 | Aes128Ccm,
        (uint)CipherSuites.EcdheEcdsaAes128Ccm, 0xC0AC | EcdheEcdsa | Aes128Ccm,
        (uint)CipherSuites.EcdheEcdsaAes256Ccm, 0xC0AD | EcdheEcdsa | Aes256Ccm,
        (uint)CipherSuites.EcdhePskAes128Ccm, 0xD005 | EcdhePsk | Aes128Ccm,
        (uint)CipherSuites.PskAes128GcmSha256, 0x00A8 | Psk | Aes128Gcm,
        (uint)CipherSuites.PskAes256GcmSha384, 0x00A9 | Psk | Aes256Gcm | Sha384,
        (uint)CipherSuites.PskChaCha20Poly1305Sha256, 0xCCAB | Psk | ChaCha20Poly1305,
        (uint)CipherSuites.PskAes128Ccm, 0xC0A4 | Psk | Aes128Ccm,
        (uint)CipherSuites.Aes128Ccm8Sha256, 0x1305 | Aes128Ccm8,
        (uint)CipherSuites.EcdheEcdsaAes128Ccm8, 0xC0AE | EcdheEcdsa | Aes128Ccm8,
        (uint)CipherSuites.EcdheEcdsaAes256Ccm8, 0xC0AF | EcdheEcdsa | Aes256Ccm8,
        (uint)CipherSuites.EcdhePskAes128Ccm8, 0xD003 | EcdhePsk | Aes128Ccm8,
        (uint)CipherSuites.PskAes128Ccm8, 0xC0A8 | Psk | Aes128Ccm8,
    ];

    /// <summary>The number of suites that are known.</summary>
    public static int Count => Table.Length / 2;

    /// <summary>
    /// The suite's number in the order of preference, or 0 where the profile leaves it out: because it says so, or
    /// because it allows no key that could serve it, or not the version.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ushort Offered(in Profile profile, int preference)
    {
        uint line = Table[(2 * preference) + 1];
        bool named = ((uint)profile.Suites & Table[2 * preference]) != 0;
        return named && IsUsable(profile, new SuiteFacts((byte)(line >> FactsAt)).KeyExchange) ? (ushort)line : (ushort)0;
    }

    /// <summary>How many suites the profile offers.</summary>
    public static int CountOffered(in Profile profile)
    {
        int count = 0;
        for (int i = 0; i < Count; i++)
        {
            count += Offered(profile, i) == 0 ? 0 : 1;
        }

        return count;
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

    /// <summary>Whether no certificate can come: all suites that are offered go by a shared key.</summary>
    public static bool OffersSharedKeysOnly(in Profile profile) =>
        !Offers(profile, KeyExchange.Negotiated) && !Offers(profile, KeyExchange.EcdheEcdsa) && !Offers(profile, KeyExchange.EcdheRsa) && CountOffered(profile) != 0;

    /// <summary>Whether the profile offers a suite with that key exchange.</summary>
    public static bool Offers(in Profile profile, KeyExchange exchange)
    {
        for (int i = 0; i < Count; i++)
        {
            ushort number = Offered(profile, i);
            if (number != 0 && KeyExchangeOf(number) == exchange)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it is a suite of TLS 1.3 (RFC 8446 §B.4), which says nothing about keys.</summary>
    public static bool Is13(ushort number) => number >> 8 == 0x13;

    /// <summary>How the keys come about.</summary>
    public static KeyExchange KeyExchangeOf(ushort number) => FactsOf(number).KeyExchange;

    /// <summary>The hash of the transcript and of the pseudorandom function.</summary>
    public static HashAlgorithm HashOf(ushort number) => FactsOf(number).Hash;

    /// <summary>Whether the profile has the version, and a key or a limit for one, that the key exchange needs.</summary>
    private static bool IsUsable(in Profile profile, KeyExchange exchange)
    {
        switch (exchange)
        {
            case KeyExchange.Negotiated: return profile.Offers(TlsVersions.Tls13);
            case KeyExchange.EcdheEcdsa: return profile.Offers(TlsVersions.Tls12) && (profile.MaxEcdsaBits != 0 || profile.TakesEd25519);
            case KeyExchange.EcdheRsa: return profile.Offers(TlsVersions.Tls12) && profile.MaxRsaBits != 0;
            case KeyExchange.Psk: return profile.Offers(TlsVersions.Tls12) && (profile.PskModes & PskModes.Psk) != 0;
            default: return profile.Offers(TlsVersions.Tls12) && (profile.PskModes & PskModes.PskWithDhe) != 0;
        }
    }

    /// <summary>What the number stands for; the default for one that stands nowhere. The usual ones come first.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static SuiteFacts FactsOf(ushort number)
    {
        ReadOnlySpan<uint> table = Table;
        for (int i = 1; i < table.Length; i += 2)
        {
            if ((ushort)table[i] == number)
            {
                return new SuiteFacts((byte)(table[i] >> FactsAt));
            }
        }

        return default;
    }
}
