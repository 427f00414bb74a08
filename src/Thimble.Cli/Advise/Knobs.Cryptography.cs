using System.Collections.Generic;
using Thimble.Memory;

namespace Thimble.Cli.Advise;

/// <summary>Knobs of algorithms, of the server's chain and of the client's key.</summary>
internal static partial class Knobs
{
    private const CipherSuites ChaCha =
        CipherSuites.EcdheEcdsaChaCha20Poly1305Sha256 | CipherSuites.EcdheRsaChaCha20Poly1305Sha256 | CipherSuites.ChaCha20Poly1305Sha256
        | CipherSuites.PskChaCha20Poly1305Sha256 | CipherSuites.EcdhePskChaCha20Poly1305Sha256;

    private const CipherSuites Aes256 =
        SuiteSets.Sha384 | CipherSuites.Aes256GcmSha384 | CipherSuites.EcdheEcdsaAes256Ccm | CipherSuites.EcdheEcdsaAes256Ccm8;

    private static IEnumerable<Knob> OfAlgorithms(Profile profile) =>
    [
        .. When((profile.Suites & Aes256) != 0, new Knob(
            "AES-128 and SHA-256 instead of AES-256 and SHA-384", "--suites without AES256", "servers that take AES-256 alone, and rules that want it", Price.Peers,
            p => p with { Suites = p.Suites & ~Aes256, SecondTranscript = false })),
        .. When(profile.SecondTranscript, new Knob(
            "one transcript hash", "SecondTranscript", "TLS 1.2 servers that want our signature over another hash than the suite's", Price.Peers, p => p with { SecondTranscript = false })),
        .. When((profile.Suites & ChaCha) != 0, new Knob(
            "no ChaCha20-Poly1305", "--suites without ChaCha20", "servers that prefer it, and speed without AES instructions", Price.Peers, p => p with { Suites = p.Suites & ~ChaCha })),
        .. When((profile.Suites & ~ChaCha) != 0, new Knob(
            "ChaCha20-Poly1305 only", "--suites of ChaCha20", "servers with AES alone, AWS IoT among them", Price.Peers, p => p with { Suites = p.Suites & ChaCha })),
        .. When((profile.Groups & (Groups.Secp256r1 | Groups.Secp384r1)) != 0, new Knob(
            "X25519 only, instead of P-256", "--groups x25519", "servers without X25519; in TLS 1.2 curves of keys are offered for the agreement all the same", Price.Peers, p => p with { Groups = Groups.X25519 })),
        .. When((profile.Groups & Groups.Secp384r1) != 0, new Knob(
            "no P-384 for the key agreement", "--groups x25519,secp256r1", "servers that take P-384 alone", Price.Peers, p => p with { Groups = p.Groups & ~Groups.Secp384r1 })),
        .. When(profile.Groups != Groups.Secp256r1, new Knob(
            "P-256 only for the key agreement", "--groups secp256r1", "servers with X25519 alone", Price.Peers, p => p with { Groups = Groups.Secp256r1 })),
    ];

    private static IEnumerable<Knob> OfChain(Profile profile) =>
    [
        .. Below(profile.MaxRsaBits, [3072, 2048], bits => new Knob(
            $"RSA keys of up to {bits} bits in the server's chain instead of {profile.MaxRsaBits}", $"--max-rsa {bits}",
            "servers with a longer key anywhere in their chain", Price.Peers, p => p with { MaxRsaBits = bits })),
        .. When(profile.MaxRsaBits > 0, new Knob(
            "an all-EC chain: no RSA in it", "--max-rsa 0", "servers with an RSA key in their chain, as most public ones have", Price.Peers,
            p => WithFittingSuites(p with { MaxRsaBits = 0 }))),
        .. Below(profile.MaxEcdsaBits, [384, 256], bits => new Knob(
            $"EC keys of up to {bits} bits in the server's chain instead of {profile.MaxEcdsaBits}", $"--max-ecdsa {bits}",
            "servers with a larger curve anywhere in their chain", Price.Peers, p => p with { MaxEcdsaBits = bits })),
        .. When(profile.MaxEcdsaBits > 0, new Knob(
            "an all-RSA chain: no EC key in it", "--max-ecdsa 0", "servers with an EC key in their chain", Price.Peers, p => WithFittingSuites(p with { MaxEcdsaBits = 0 }))),
        .. Below(profile.MaxSignatureHashBits, [384, 256], bits => new Knob(
            $"signatures in the chain over SHA-{bits} at most instead of SHA-{profile.MaxSignatureHashBits}", $"--max-hash {bits}",
            "chains that were signed over a longer hash", Price.Peers, p => p with { MaxSignatureHashBits = bits })),
        .. When(profile.MaxEd25519TbsBytes > 0, new Knob(
            "no certificates that Ed25519 signed", "--max-ed25519-tbs 0", "chains with Ed25519 authorities: such a certificate is kept whole, twice", Price.Peers, p => p with { MaxEd25519TbsBytes = 0, Ed25519 = true })),
        .. When(profile.TakesEd25519(), new Knob(
            "no Ed25519 for the server's key", "without --ed25519", "servers whose own key is Ed25519", Price.Peers,
            p => WithFittingSuites(p with { Ed25519 = false, MaxEd25519TbsBytes = 0 }))),
    ];

    private static IEnumerable<Knob> OfClientKey(Profile profile)
    {
        bool any = profile.ClientRsaBits > 0 || profile.ClientEcdsaBits > 0 || profile.ClientEd25519;
        return
        [
            .. When(profile.ClientRsaBits > 0 || profile.ClientEcdsaBits > 256, new Knob(
                $"an EC P-256 client key instead of {ClientKey(profile)}", "--client-key p256", "the present key: a new certificate for it (AWS IoT makes RSA-2048 unless it is given a CSR)", Price.Peers,
                p => p with { ClientRsaBits = 0, ClientEcdsaBits = 256, ClientEd25519 = false })),
            .. Below(profile.ClientRsaBits, [3072, 2048], bits => new Knob(
                $"an RSA-{bits} client key instead of RSA-{profile.ClientRsaBits}", $"--client-key rsa{bits}", "the present key: a new certificate for it", Price.Peers,
                p => p with { ClientRsaBits = bits })),
            .. When(any && !profile.ClientEd25519 && profile.Offers(TlsVersions.Tls13), new Knob(
                $"an Ed25519 client key instead of {ClientKey(profile)}", "--client-key ed25519", "proving ourselves in TLS 1.2, and most clouds: few take such certificates", Price.Peers,
                p => p with { ClientRsaBits = 0, ClientEcdsaBits = 0, ClientEd25519 = true })),
            .. When(any && !profile.ClientKeyElsewhere, new Knob(
                "the client key in a secure element", "ClientKeyElsewhere", "a chip or a process of its own that signs, and the time to ask it", Price.Peers,
                p => p with { ClientKeyElsewhere = true })),
            .. When(any, new Knob(
                "no client certificate", "--client-key none", "mutual TLS: the broker then knows us by a password or a token", Price.Sacrifice,
                p => p with { ClientRsaBits = 0, ClientEcdsaBits = 0, ClientEd25519 = false, ClientKeyElsewhere = false })),
        ];
    }

    /// <summary>Whether keys in the server's chain may be Ed25519.</summary>
    private static bool TakesEd25519(this Profile profile) => profile.Ed25519 || profile.MaxEd25519TbsBytes > 0;

    private static string ClientKey(Profile profile) => profile switch
    {
        { ClientRsaBits: > 0 } => $"RSA-{profile.ClientRsaBits}",
        { ClientEcdsaBits: > 0 } => $"P-{profile.ClientEcdsaBits}",
        _ => "Ed25519",
    };
}
