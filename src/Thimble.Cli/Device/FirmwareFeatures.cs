using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;

namespace Thimble.Cli.Device;

/// <summary>What firmware is compiled with, so that it can do what a profile plans for and holds no code of anything else (<see cref="Features"/>).</summary>
/// <param name="Versions">The versions of TLS.</param>
/// <param name="Parts">The features that <c>device/firmware</c> lets a build choose, by their names.</param>
internal sealed record FirmwareFeatures(TlsVersions Versions, IReadOnlyList<string> Parts)
{
    private const CipherSuites ChaCha20 = CipherSuites.ChaCha20Poly1305Sha256 | CipherSuites.EcdheEcdsaChaCha20Poly1305Sha256 | CipherSuites.EcdheRsaChaCha20Poly1305Sha256;

    private const CipherSuites Ccm = CipherSuites.Aes128CcmSha256 | CipherSuites.Aes128Ccm8Sha256 | CipherSuites.EcdheEcdsaAes128Ccm
        | CipherSuites.EcdheEcdsaAes256Ccm | CipherSuites.EcdheEcdsaAes128Ccm8 | CipherSuites.EcdheEcdsaAes256Ccm8;

    /// <summary>Those of the firmware that nobody gave a profile for; <c>device/firmware</c> has the same list.</summary>
    private static readonly string[] s_usual = [nameof(Features.AesGcm), nameof(Features.P256), nameof(Features.RsaVerify)];

    /// <summary>The features that a profile needs.</summary>
    public static FirmwareFeatures Of(in Profile profile)
    {
        bool tls12 = profile.Offers(TlsVersions.Tls12), tls13 = profile.Offers(TlsVersions.Tls13);
        CipherSuites suites = profile.Suites & ((tls12 ? ~SuiteSets.Tls13 : 0) | (tls13 ? SuiteSets.Tls13 : 0));

        // TLS 1.2 has one list for groups and for curves of keys (RFC 8422 §5.1): what a key may lie on is offered for key agreement.
        Groups groups = profile.Groups;
        bool ed25519 = profile.Ed25519 || profile.MaxEd25519TbsBytes != 0 || profile.ClientEd25519;
        bool sha512 = profile.MaxSignatureHashBits > 256 || profile.SecondTranscript || ed25519 || (profile.ClientEcdsaBits > 256 && tls13)
            || (suites & (SuiteSets.Sha384 | CipherSuites.Aes256GcmSha384)) != 0;
        (string Name, bool Needed)[] parts =
        [
            (nameof(Features.AesGcm), (suites & ~(ChaCha20 | Ccm)) != 0),
            (nameof(Features.ChaCha20Poly1305), (suites & ChaCha20) != 0),
            (nameof(Features.AesCcm), (suites & Ccm) != 0),
            (nameof(Features.Sha512), sha512),
            (nameof(Features.P256), groups.HasFlag(Groups.Secp256r1) || profile.MaxEcdsaBits >= 256 || profile.ClientEcdsaBits == 256 || (tls12 && profile.ClientEcdsaBits > 256)),
            (nameof(Features.P384), groups.HasFlag(Groups.Secp384r1) || profile.MaxEcdsaBits > 256 || profile.ClientEcdsaBits > 256),
            (nameof(Features.P521), profile.MaxEcdsaBits > 384),
            (nameof(Features.X25519), groups.HasFlag(Groups.X25519)),
            (nameof(Features.Ed25519), ed25519),
            (nameof(Features.StapledStatus), profile.StapledStatus),
            (nameof(Features.RsaVerify), profile.MaxRsaBits != 0),
            (nameof(Features.RsaSign), profile.ClientRsaBits != 0),
        ];
        return new FirmwareFeatures((tls12 ? TlsVersions.Tls12 : 0) | (tls13 ? TlsVersions.Tls13 : 0), [.. parts.Where(part => part.Needed).Select(part => part.Name)]);
    }

    /// <summary>The name of the build, as <c>device/firmware</c> reads it: versions, and behind them the features where they are not the usual ones.</summary>
    public string Build => Version + (Parts.SequenceEqual(s_usual) ? "" : "-" + string.Join('-', Parts));

    /// <inheritdoc />
    public override string ToString() => $"TLS {Version.Replace(",", " and ", System.StringComparison.Ordinal)}, {string.Join(", ", Parts)}";

    private string Version => Versions switch
    {
        TlsVersions.Tls12 => "1.2",
        TlsVersions.Tls13 => "1.3",
        _ => "1.2,1.3",
    };
}
