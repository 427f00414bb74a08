using System;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>The algorithms and versions that a build may leave out, one bit for each of <see cref="Features"/>.</summary>
[Flags]
internal enum Algorithms : ushort
{
    None = 0,
    AesGcm = 1,
    ChaCha20Poly1305 = 2,
    Sha512 = 4,
    P256 = 8,
    P384 = 16,
    X25519 = 32,
    RsaVerify = 64,
    RsaSign = 128,
    Tls12 = 256,
    Tls13 = 512,
    StapledStatus = 16384,
}

/// <summary>What a profile asks for, and what there is: pure functions, so that a host can judge another build than its own.</summary>
internal static class AlgorithmNeeds
{
    private const CipherSuites ChaChaSuites =
        CipherSuites.ChaCha20Poly1305Sha256 | CipherSuites.EcdheEcdsaChaCha20Poly1305Sha256 | CipherSuites.EcdheRsaChaCha20Poly1305Sha256;

    private const CipherSuites Sha384Suites =
        CipherSuites.Aes256GcmSha384 | CipherSuites.EcdheEcdsaAes256GcmSha384 | CipherSuites.EcdheRsaAes256GcmSha384;

    private const CipherSuites GcmSuites =
        Sha384Suites | CipherSuites.Aes128GcmSha256 | CipherSuites.EcdheEcdsaAes128GcmSha256 | CipherSuites.EcdheRsaAes128GcmSha256;

    /// <summary>What this build contains.</summary>
    public static Algorithms InThisBuild =>
        When(Features.AesGcm, Algorithms.AesGcm) | When(Features.ChaCha20Poly1305, Algorithms.ChaCha20Poly1305)
        | When(Features.Sha512, Algorithms.Sha512) | When(Features.P256, Algorithms.P256) | When(Features.P384, Algorithms.P384)
        | When(Features.Tls12, Algorithms.Tls12) | When(Features.Tls13, Algorithms.Tls13) | When(Features.StapledStatus, Algorithms.StapledStatus)
        | When(Features.X25519, Algorithms.X25519) | When(Features.RsaVerify, Algorithms.RsaVerify) | When(Features.RsaSign, Algorithms.RsaSign);

    /// <summary>What the profile asks for beyond <paramref name="contained"/>.</summary>
    public static Algorithms Missing(in Profile profile, Algorithms contained) => Of(profile) & ~contained;

    private static Algorithms Of(in Profile profile) =>
        When((profile.Suites & GcmSuites) != 0, Algorithms.AesGcm)
        | When((profile.Suites & ChaChaSuites) != 0, Algorithms.ChaCha20Poly1305)
        | When((profile.Suites & Sha384Suites) != 0 || profile.MaxSignatureHashBits > 256 || profile.SecondTranscript
            || (profile.ClientEcdsaBits > 256 && profile.Offers(TlsVersions.Tls13)), Algorithms.Sha512)
        | When(ClientHello.OffersGroup(profile, NamedGroup.Secp256r1) || profile.MaxEcdsaBits >= 256 || profile.ClientEcdsaBits == 256, Algorithms.P256)
        | When(ClientHello.OffersGroup(profile, NamedGroup.Secp384r1) || profile.MaxEcdsaBits > 256 || profile.ClientEcdsaBits > 256, Algorithms.P384)
        | When(ClientHello.OffersGroup(profile, NamedGroup.X25519), Algorithms.X25519)
        | When(profile.MaxRsaBits != 0, Algorithms.RsaVerify)
        | When(profile.ClientRsaBits != 0, Algorithms.RsaSign)
        | When(profile.Offers(TlsVersions.Tls12), Algorithms.Tls12)
        | When(profile.Offers(TlsVersions.Tls13), Algorithms.Tls13)
        | When(profile.StapledStatus, Algorithms.StapledStatus);

    private static Algorithms When(bool condition, Algorithms algorithm) => condition ? algorithm : Algorithms.None;
}
