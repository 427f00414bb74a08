using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;

namespace Thimble;

/// <summary>
/// Profiles to begin with. None of them plans for a client key: the key at hand decides that
/// (<see cref="Credentials.Fit"/>).
/// </summary>
public static class Profiles
{
    private const CipherSuites EcdsaSuites =
        CipherSuites.EcdheEcdsaAes128GcmSha256 | CipherSuites.EcdheEcdsaChaCha20Poly1305Sha256;

    private const CipherSuites Sha256Suites =
        EcdsaSuites | CipherSuites.EcdheRsaAes128GcmSha256 | CipherSuites.EcdheRsaChaCha20Poly1305Sha256;

    private const CipherSuites AllSuites =
        Sha256Suites | CipherSuites.EcdheEcdsaAes256GcmSha384 | CipherSuites.EcdheRsaAes256GcmSha384;

    /// <summary>Servers such as AWS IoT: RSA chains up to 2048 bits, or P-256.</summary>
    public static NamedProfile Rsa2048 { get; } = new(
        "rsa2048",
        "RSA chains up to 2048 bits and P-256, AES-128-GCM and ChaCha20-Poly1305, SHA-256",
        Basis with { MaxRsaBits = 2048, MaxEcdsaBits = 256, Suites = Sha256Suites });

    /// <summary>Most servers of the internet: what <c>connect</c> begins with.</summary>
    public static NamedProfile General { get; } = new(
        "general",
        "all suites, groups and hashes, P-384, but RSA no longer than 2048 bits",
        Broad with { MaxRsaBits = 2048 });

    /// <summary>Any server that the engine can talk to.</summary>
    public static NamedProfile Rsa4096P384 { get; } = new(
        "rsa4096-p384",
        "everything: RSA up to 4096 bits, P-256 and P-384, all suites, groups and hashes",
        Broad with { MaxRsaBits = 4096 });

    /// <summary>One's own servers, whose chains are EC throughout.</summary>
    public static NamedProfile Ecdsa { get; } = new(
        "ecdsa",
        "EC only: P-256 chains, AES-128-GCM and ChaCha20-Poly1305, SHA-256",
        Basis with { MaxEcdsaBits = 256, Suites = EcdsaSuites });

    /// <summary>All of them, the default first.</summary>
    public static IReadOnlyList<NamedProfile> All { get; } = [Rsa2048, General, Rsa4096P384, Ecdsa];

    /// <summary>
    /// The same profile for other versions of TLS. Suites of TLS 1.3 come with those of TLS 1.2 that have the same cipher,
    /// unless the profile names some.
    /// </summary>
    public static Profile Offering(this Profile profile, TlsVersions versions)
    {
        bool none = (versions & TlsVersions.Tls13) != 0 && (profile.Suites & SuiteSets.Tls13) == 0;
        return profile with { Versions = versions, Suites = profile.Suites | (none ? SuiteSets.Like(profile.Suites) : 0) };
    }

    private static Profile Basis => new()
    {
        Groups = Groups.X25519 | Groups.Secp256r1,
        MinRsaBits = 2048,
        MaxSignatureHashBits = 256,
        InWindowBytes = 512,
        OutWindowBytes = 512,
        MaxServerNameBytes = 64,
        MaxAlpnBytes = 16,
        MaxMqttTopicBytes = 64,
    };

    private static Profile Broad => Basis with
    {
        MaxEcdsaBits = 384,
        Suites = AllSuites,
        Groups = Groups.X25519 | Groups.Secp256r1 | Groups.Secp384r1,
        MaxSignatureHashBits = 512,
        SecondTranscript = true,
    };

    /// <summary>The profile of that name, or null.</summary>
    public static NamedProfile? Find(string name) =>
        All.FirstOrDefault(profile => string.Equals(profile.Name, name, StringComparison.OrdinalIgnoreCase));
}
