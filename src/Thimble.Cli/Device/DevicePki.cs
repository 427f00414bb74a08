using System;
using System.Linq;
using Thimble.Cli.Demo;
using Thimble.Memory;

namespace Thimble.Cli.Device;

/// <summary>Keys and certificates of the kinds that a profile plans for: the largest that it allows.</summary>
internal static class DevicePki
{
    /// <summary>Kinds of keys for a chain, with what their certificates are signed with, the largest first.</summary>
    private static readonly (DemoKeys Keys, bool IsRsa, int Bits, int HashBits)[] s_chains =
    [
        (DemoKeys.Rsa4096, true, 4096, 384), (DemoKeys.Rsa3072, true, 3072, 256), (DemoKeys.Rsa2048, true, 2048, 256),
        (DemoKeys.P384, false, 384, 384), (DemoKeys.P256, false, 256, 256),
    ];

    /// <summary>The broker's names, the usual one first; the last fits any profile.</summary>
    private static readonly string[] s_names = [DemoPki.ServerName, "broker", "b"];

    /// <summary>The broker's name: the usual one, or a shorter one where the profile plans for no more.</summary>
    public static string BrokerName(int maxNameBytes) => s_names.First(name => name.Length <= maxNameBytes);

    /// <summary>Makes them all: about a second with RSA-2048.</summary>
    /// <exception cref="DeviceException">There is no such kind here.</exception>
    public static DemoPki Create(in Profile profile) =>
        DemoPki.Create(ServerKeys(profile), ClientKey(profile), DateTimeOffset.UtcNow, BrokerName(profile.MaxServerNameBytes));

    /// <summary>Whether the client has a certificate.</summary>
    public static bool HasClient(in Profile profile) => profile.ClientRsaBits != 0 || profile.ClientEcdsaBits != 0 || profile.ClientEd25519;

    private static DemoKeys ServerKeys(Profile profile)
    {
        CipherSuites any = profile.Offers(TlsVersions.Tls13) ? SuiteSets.Tls13 : 0;
        CipherSuites of12 = profile.Offers(TlsVersions.Tls12) ? ~SuiteSets.Tls13 : 0;
        bool rsa = (profile.Suites & (any | (SuiteSets.Rsa & of12))) != 0, ecdsa = (profile.Suites & (any | (SuiteSets.Ecdsa & of12))) != 0;
        return s_chains.FirstOrDefault(chain => chain.HashBits <= profile.MaxSignatureHashBits
                && (chain.IsRsa ? rsa && chain.Bits <= profile.MaxRsaBits && chain.Bits >= profile.MinRsaBits : ecdsa && chain.Bits <= profile.MaxEcdsaBits)).Keys
            ?? throw new DeviceException(
                $"The broker of this command has RSA keys of 2048 bits or more, or EC keys on P-256 or P-384, and this profile takes no chain of such (maxRsaBits {profile.MaxRsaBits}, maxEcdsaBits {profile.MaxEcdsaBits}). 'thimble device build' takes it.");
    }

    private static DemoKeys ClientKey(in Profile profile) => (profile.ClientEcdsaBits, profile.ClientRsaBits, profile.ClientEd25519) switch
    {
        (384, _, _) => DemoKeys.P384,
        (256, _, _) => DemoKeys.P256,
        (_, 4096, _) => DemoKeys.Rsa4096,
        (_, 3072, _) => DemoKeys.Rsa3072,
        (_, 2048, _) => DemoKeys.Rsa2048,
        (_, 0, false) => DemoKeys.P256,   // made, and not used
        (_, 0, true) => throw new DeviceException("This command makes RSA and EC keys, and this profile's client has an Ed25519 key. 'thimble device build' takes it."),
        (_, int bits, _) => throw new DeviceException($"This command makes RSA keys of 2048, 3072 or 4096 bits, and this profile's client has one of {bits} (clientRsaBits). 'thimble device build' takes it."),
    };
}
