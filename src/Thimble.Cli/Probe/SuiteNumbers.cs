using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;

namespace Thimble.Cli.Probe;

/// <summary>Suites and groups by their numbers, in the order in which the probe offers them, and what a profile calls them.</summary>
internal static class SuiteNumbers
{
    private static readonly Dictionary<ushort, CipherSuites> s_names = new()
    {
        [0x1301] = CipherSuites.Aes128GcmSha256,
        [0x1302] = CipherSuites.Aes256GcmSha384,
        [0x1303] = CipherSuites.ChaCha20Poly1305Sha256,
        [0x1304] = CipherSuites.Aes128CcmSha256,
        [0x1305] = CipherSuites.Aes128Ccm8Sha256,
        [0xC02F] = CipherSuites.EcdheRsaAes128GcmSha256,
        [0xC030] = CipherSuites.EcdheRsaAes256GcmSha384,
        [0xCCA8] = CipherSuites.EcdheRsaChaCha20Poly1305Sha256,
        [0xC02B] = CipherSuites.EcdheEcdsaAes128GcmSha256,
        [0xC02C] = CipherSuites.EcdheEcdsaAes256GcmSha384,
        [0xCCA9] = CipherSuites.EcdheEcdsaChaCha20Poly1305Sha256,
        [0xC0AC] = CipherSuites.EcdheEcdsaAes128Ccm,
        [0xC0AD] = CipherSuites.EcdheEcdsaAes256Ccm,
        [0xC0AE] = CipherSuites.EcdheEcdsaAes128Ccm8,
        [0xC0AF] = CipherSuites.EcdheEcdsaAes256Ccm8,
    };

    /// <summary>TLS 1.3 (RFC 8446 §B.4).</summary>
    public static IReadOnlyList<ushort> Tls13 { get; } = [0x1301, 0x1302, 0x1303, 0x1304, 0x1305];

    /// <summary>ECDHE_RSA with an AEAD (RFC 5289, RFC 7905).</summary>
    public static IReadOnlyList<ushort> EcdheRsa { get; } = [0xC02F, 0xC030, 0xCCA8];

    /// <summary>ECDHE_ECDSA with an AEAD (RFC 5289, RFC 7905, RFC 7251).</summary>
    public static IReadOnlyList<ushort> EcdheEcdsa { get; } = [0xC02B, 0xC02C, 0xCCA9, 0xC0AC, 0xC0AD, 0xC0AE, 0xC0AF];

    /// <summary>What older servers have in place of those: CBC, or RSA without a key agreement. Asked for only so that it can be named.</summary>
    public static IReadOnlyList<ushort> Old { get; } = [0xC027, 0xC023, 0xC013, 0xC009, 0x009E, 0x009F, 0x0067, 0x0033, 0x009C, 0x009D, 0x003C, 0x002F, 0x0035, 0x000A];

    /// <summary>x25519, secp256r1, secp384r1, and two that profiles do not know: secp521r1, x448.</summary>
    public static IReadOnlyList<ushort> AllGroups { get; } = [29, 23, 24, 25, 30];

    /// <summary>The suites of a profile with these numbers.</summary>
    public static CipherSuites ToProfile(IEnumerable<ushort> numbers) =>
        numbers.Aggregate(CipherSuites.None, (all, number) => all | s_names.GetValueOrDefault(number));

    /// <summary>The groups of a profile with these numbers; those that it does not know are left out.</summary>
    public static Groups ToProfileGroups(IEnumerable<ushort> numbers) => numbers.Aggregate(Groups.None, (all, number) => all | number switch
    {
        29 => Groups.X25519,
        23 => Groups.Secp256r1,
        24 => Groups.Secp384r1,
        _ => Groups.None,
    });

    /// <summary>Whether the suite's hash is SHA-384.</summary>
    public static bool IsSha384(ushort number) => number is 0x1302 or 0xC02C or 0xC030;

    /// <summary>A suite by its name, also of those that only older servers have.</summary>
    public static string Name(ushort number) => number switch
    {
        0xC027 => "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
        0xC023 => "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
        0xC013 => "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
        0xC009 => "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
        0x009E => "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
        0x009F => "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
        0x0067 => "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256",
        0x0033 => "TLS_DHE_RSA_WITH_AES_128_CBC_SHA",
        0x009C => "TLS_RSA_WITH_AES_128_GCM_SHA256",
        0x009D => "TLS_RSA_WITH_AES_256_GCM_SHA384",
        0x003C => "TLS_RSA_WITH_AES_128_CBC_SHA256",
        0x002F => "TLS_RSA_WITH_AES_128_CBC_SHA",
        0x0035 => "TLS_RSA_WITH_AES_256_CBC_SHA",
        0x000A => "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
        _ => Words.Suite(number),
    };
}
