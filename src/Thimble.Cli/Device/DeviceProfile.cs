using Thimble.Memory;

namespace Thimble.Cli.Device;

/// <summary>
/// The profile of the firmware. Where nobody gives one: RSA-2048 chains, AES-128-GCM, P-256 throughout on our side. It is the profile rsa2048
/// without what its build leaves out, and with what MQTT needs to read records larger than the window.
/// </summary>
internal static class DeviceProfile
{
    /// <summary>The word of the device, in bits.</summary>
    public const int WordBits = 32;

    /// <summary>The profile for firmware that speaks these versions of TLS.</summary>
    public static Profile For(TlsVersions versions) => Profiles.Rsa2048.Profile with
    {
        Versions = versions,
        Suites = (versions.HasFlag(TlsVersions.Tls12) ? CipherSuites.EcdheRsaAes128GcmSha256 | CipherSuites.EcdheEcdsaAes128GcmSha256 : 0)
            | (versions.HasFlag(TlsVersions.Tls13) ? CipherSuites.Aes128GcmSha256 : 0),
        Groups = Groups.Secp256r1,
        ClientEcdsaBits = 256,
        ProvisionalMqtt = true,
    };

    /// <summary>
    /// A profile that somebody chose, for these versions or its own. The firmware's MQTT reads records larger than the window, whatever the
    /// profile says; and where it does not say which key the client has, that one is on P-256.
    /// </summary>
    /// <exception cref="UsageException">Its suites are not of these versions.</exception>
    public static Profile Of(NamedProfile chosen, TlsVersions? versions)
    {
        Profile profile = ProfileOptions.Offering(chosen.Profile, versions) with { ProvisionalMqtt = true };
        return ProfileOptions.PlansForClientKey(chosen) ? profile : profile with { ClientEcdsaBits = 256 };
    }
}
