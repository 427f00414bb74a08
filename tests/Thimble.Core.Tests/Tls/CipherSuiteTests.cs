using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Core.Tests.Memory;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Core.Tests.Tls;

/// <summary>The table of suites, against the registry's numbers and what the names say.</summary>
public sealed class CipherSuiteTests
{
    private static readonly Profile All = Profiles.Everything with
    {
        Versions = TlsVersions.Tls12 | TlsVersions.Tls13,
        PskModes = PskModes.Psk | PskModes.PskWithDhe,
    };

    /// <summary>IANA's registry "TLS Cipher Suites".</summary>
    private static readonly (CipherSuites Suite, ushort Number)[] Registry =
    [
        (CipherSuites.PskAes128GcmSha256, 0x00A8), (CipherSuites.PskAes256GcmSha384, 0x00A9),
        (CipherSuites.Aes128GcmSha256, 0x1301), (CipherSuites.Aes256GcmSha384, 0x1302), (CipherSuites.ChaCha20Poly1305Sha256, 0x1303),
        (CipherSuites.Aes128CcmSha256, 0x1304), (CipherSuites.Aes128Ccm8Sha256, 0x1305),
        (CipherSuites.EcdheEcdsaAes128GcmSha256, 0xC02B), (CipherSuites.EcdheEcdsaAes256GcmSha384, 0xC02C),
        (CipherSuites.EcdheRsaAes128GcmSha256, 0xC02F), (CipherSuites.EcdheRsaAes256GcmSha384, 0xC030),
        (CipherSuites.PskAes128Ccm, 0xC0A4), (CipherSuites.PskAes128Ccm8, 0xC0A8),
        (CipherSuites.EcdheEcdsaAes128Ccm, 0xC0AC), (CipherSuites.EcdheEcdsaAes256Ccm, 0xC0AD),
        (CipherSuites.EcdheEcdsaAes128Ccm8, 0xC0AE), (CipherSuites.EcdheEcdsaAes256Ccm8, 0xC0AF),
        (CipherSuites.EcdheRsaChaCha20Poly1305Sha256, 0xCCA8), (CipherSuites.EcdheEcdsaChaCha20Poly1305Sha256, 0xCCA9),
        (CipherSuites.PskChaCha20Poly1305Sha256, 0xCCAB), (CipherSuites.EcdhePskChaCha20Poly1305Sha256, 0xCCAC),
        (CipherSuites.EcdhePskAes128GcmSha256, 0xD001), (CipherSuites.EcdhePskAes256GcmSha384, 0xD002),
        (CipherSuites.EcdhePskAes128Ccm8, 0xD003), (CipherSuites.EcdhePskAes128Ccm, 0xD005),
    ];

    [Fact]
    public void Each_name_has_the_registrys_number()
    {
        Assert.Equal(Enum.GetValues<CipherSuites>().Where(static suite => suite != CipherSuites.None), Registry.Select(static line => line.Suite).Order());
        Assert.All(Registry, static line => Assert.Equal([line.Number], Offered(All with { Suites = line.Suite })));
    }

    [Fact]
    public void Key_exchange_cipher_and_hash_are_those_of_the_name() => Assert.All(Registry, static line =>
    {
        string name = line.Suite.ToString();
        Assert.Equal(ExchangeIn(name), CipherSuite.KeyExchangeOf(line.Number));
        string rest = name.Replace("EcdheEcdsa", "", StringComparison.Ordinal).Replace("EcdheRsa", "", StringComparison.Ordinal)
            .Replace("EcdhePsk", "", StringComparison.Ordinal).Replace("Psk", "", StringComparison.Ordinal);
        Assert.Equal(rest.Replace("Sha256", "", StringComparison.Ordinal).Replace("Sha384", "", StringComparison.Ordinal), CipherSuite.FactsOf(line.Number).Aead.ToString());
        Assert.Equal(rest.EndsWith("Sha384", StringComparison.Ordinal) ? HashAlgorithm.Sha384 : HashAlgorithm.Sha256, CipherSuite.HashOf(line.Number));
    });

    [Fact]
    public void Nonces_have_an_explicit_half_with_AES_in_version_1_2_only() => Assert.All(Registry, static line =>
    {
        bool explicitHalf = !CipherSuite.Is13(line.Number) && !line.Suite.ToString().Contains("ChaCha", StringComparison.Ordinal);
        Assert.Equal(explicitHalf ? (4, 8) : (12, 0), (CipherSuite.FactsOf(line.Number).FixedNonceBytes, CipherSuite.FactsOf(line.Number).ExplicitNonceBytes));
    });

    [Fact]
    public void Short_tags_come_last_CCM_after_GCM_and_no_secrecy_after_forward_secrecy()
    {
        ushort[] order = [.. Offered(All)];
        Assert.Equal(Registry.Length, order.Length);
        Assert.Equal(order.Length, CipherSuite.CountOffered(All));
        static int Rank(ushort number) => Aead.TagBytesOf(CipherSuite.FactsOf(number).Aead) == 8 ? 4
            : (CipherSuite.KeyExchangeOf(number) == KeyExchange.Psk ? 2 : 0) + (CipherSuite.FactsOf(number).Aead >= AeadAlgorithm.Aes128Ccm ? 1 : 0);
        Assert.Equal(order.OrderBy(Rank), order);
    }

    [Fact]
    public void A_suite_without_its_version_key_or_mode_is_not_offered()
    {
        Assert.All(Offered(All with { Versions = TlsVersions.Tls13 }), static number => Assert.True(CipherSuite.Is13(number)));
        Assert.All(Offered(All with { Versions = TlsVersions.Tls12 }), static number => Assert.False(CipherSuite.Is13(number)));
        AssertNone(All with { MaxEcdsaBits = 0, Ed25519 = false, MaxEd25519TbsBytes = 0 }, KeyExchange.EcdheEcdsa);
        AssertNone(All with { MaxRsaBits = 0 }, KeyExchange.EcdheRsa);
        AssertNone(All with { PskModes = PskModes.PskWithDhe }, KeyExchange.Psk);
        AssertNone(All with { PskModes = PskModes.Psk }, KeyExchange.EcdhePsk);
    }

    [Fact]
    public void Only_what_is_offered_is_accepted()
    {
        Profile profile = All with { Suites = CipherSuites.EcdheRsaAes128GcmSha256 | CipherSuites.Aes128CcmSha256 };
        Assert.Equal([0x1304, 0xC02F], Enumerable.Range(0, 0x10000).Where(number => CipherSuite.IsOffered(profile, (ushort)number)));
    }

    private static IEnumerable<ushort> Offered(Profile profile) =>
        Enumerable.Range(0, CipherSuite.Count).Select(i => CipherSuite.Offered(profile, i)).Where(static number => number != 0);

    private static void AssertNone(Profile profile, KeyExchange exchange)
    {
        ushort[] offered = [.. Offered(profile)];
        Assert.DoesNotContain(exchange, offered.Select(CipherSuite.KeyExchangeOf));
        Assert.Equal(Registry.Length - Registry.Count(line => CipherSuite.KeyExchangeOf(line.Number) == exchange), offered.Length);
    }

    private static KeyExchange ExchangeIn(string name) => name switch
    {
        _ when name.StartsWith("EcdhePsk", StringComparison.Ordinal) => KeyExchange.EcdhePsk,
        _ when name.StartsWith("EcdheEcdsa", StringComparison.Ordinal) => KeyExchange.EcdheEcdsa,
        _ when name.StartsWith("EcdheRsa", StringComparison.Ordinal) => KeyExchange.EcdheRsa,
        _ when name.StartsWith("Psk", StringComparison.Ordinal) => KeyExchange.Psk,
        _ => KeyExchange.Negotiated,
    };
}
