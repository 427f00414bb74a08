using Thimble.Memory;

namespace Thimble;

/// <summary>The articles of faults in a server's chain.</summary>
internal static class CertificateArticles
{
    private const string Probe = "thimble probe HOST:PORT";
    private const string Show = "openssl s_client -connect HOST:PORT -showcerts";
    private const string Advise = "thimble advise";
    private const string MadeBadly = "The certificate was made by hand or by faulty software.";
    private const string Changed = "Something between both ends, such as a firewall that inspects TLS, shows certificates of its own.";

    public static FaultArticle? Of(FaultReason reason) => Trust(reason) ?? Names(reason) ?? Usage(reason) ?? Keys(reason) ?? Form(reason);

    private static FaultArticle? Trust(FaultReason reason) => reason switch
    {
        FaultReason.CertificateMissing => new(
            ["The port belongs to a service that authenticates by a shared key only.", "The server has no certificate configured."],
            [Probe, "Look into the server's configuration."]),
        FaultReason.IssuerUnknown => new(
            ["The root that issued the server is not among your trust anchors: clouds have several, and change them.", "The server sends its own certificate without the intermediate one.", "The server has a self-signed certificate.", Changed],
            [Probe, "Give the root's certificate with --cafile, and bake it again for a device.", Show]),
        FaultReason.PinMissing => new(
            ["The server renewed its key, and the pin is of the old one.", "The pin is of another certificate of the chain than you think.", Changed],
            [Probe, "Ask the server's operator for the new pin over another channel, and pin a spare key beforehand next time."]),
        FaultReason.ServerRefused => new(
            ["Your own check (JudgeServer) said no."],
            ["Read the words that your check gave: they stand in the message.", Probe]),
        FaultReason.ChainOutOfOrder => new(
            ["The server's certificate file holds the certificates in the wrong order.", "It holds an unrelated certificate, such as one of an earlier issuer."],
            [Probe, "Put the server's own certificate first, then its issuer, and so on; leave the root out."]),
        FaultReason.ChainTooLong => new(
            ["No trust anchor of yours issued any certificate of the chain, and the server sends a long one.", "The server sends the same certificates again and again."],
            [Probe, "Give the root's certificate with --cafile."]),
        FaultReason.CertificateSignatureInvalid => new(
            ["The authority renewed its key under the same name, and your anchor has the old one.", "The certificate was altered.", Changed],
            [Probe, "Get the authority's current certificate from its own site."]),
        _ => null,
    };

    private static FaultArticle? Names(FaultReason reason) => reason switch
    {
        FaultReason.NameMismatch => new(
            ["You connect by an address or an alias, and the certificate has the real name.", "The server holds several certificates and chose its default one, because it does not know the name that was asked for.", "This is another server."],
            [Probe, "Connect to a name of the certificate, or give it with --servername."]),
        FaultReason.NameMissing => new(
            ["The certificate has a common name only, which has not counted since RFC 9525.", "You connect by an address, and the certificate has DNS names only."],
            ["Make the certificate anew with a subjectAltName.", Probe]),
        FaultReason.NameConstraintViolated => new(
            ["The server's certificate was issued by an authority that may not issue for that name."],
            ["Ask the authority's operator which names it may certify.", Show]),
        FaultReason.NameConstraintUnsupported => new(
            ["The authority constrains directory names, mail addresses or URIs."],
            ["Use an authority whose constraints are on DNS names, or none.", Show]),
        FaultReason.CertificateNotYetValid => new(
            ["This machine's clock is slow, or was never set.", "The certificate was issued a moment ago on a machine whose clock is fast."],
            ["date -u", Probe]),
        FaultReason.CertificateExpired => new(
            ["The server's operator forgot to renew it.", "The server sends an old intermediate certificate beside its new one.", "This machine's clock is fast."],
            ["date -u", Probe]),
        _ => null,
    };

    private static FaultArticle? Usage(FaultReason reason) => reason switch
    {
        FaultReason.KeyUsageForbids => new(
            [MadeBadly, "A certificate for encryption only, or an authority's, is used as the server's."],
            [Show, "Make it anew with keyUsage digitalSignature (servers) or keyCertSign (authorities)."]),
        FaultReason.ExtendedKeyUsageForbids => new(
            ["A client's certificate is used by a server.", "The intermediate authority may issue for clients only."],
            [Show, "Make it anew with extKeyUsage serverAuth."]),
        FaultReason.NotACertificateAuthority => new(
            ["A certificate was issued with the key of an ordinary one.", "The authority's certificate was made without basicConstraints CA:TRUE."],
            [Show, "Make the authority's certificate anew: 'thimble cert ca' does it right."]),
        FaultReason.PathTooLong => new(
            ["An authority that may have no further ones below it has one (pathLenConstraint)."],
            [Show, "Issue from an authority that may."]),
        FaultReason.PolicyUnsupported => new(
            ["The chain belongs to a government's or a bank's PKI, which demands that policies are processed."],
            ["Use a chain without requireExplicitPolicy."]),
        FaultReason.UnknownCriticalExtension => new(
            ["The certificate is for a special purpose, which its critical extension restricts it to."],
            [Show, "Use a certificate without it, or with the extension not critical."]),
        _ => null,
    };

    private static FaultArticle? Keys(FaultReason reason) => reason switch
    {
        FaultReason.KeyTooWeak => new(
            ["The server is old, or a device's own web page: RSA with 1,024 bits can be broken."],
            ["Issue it anew with EC P-256 or RSA 2048."]),
        FaultReason.KeyAboveProfileLimit or FaultReason.SignatureAboveProfileLimit => new(
            ["The chain, or its root, has a longer key than the profile plans for: many public roots are RSA-4096 or P-384."],
            [Probe, "thimble plan --profile rsa4096-p384", "Trust the intermediate authority instead of the root: then the root's key is never needed."]),
        FaultReason.KeyUnsupported => new(
            ["The profile excludes that kind of key (RSA, EC or Ed25519).", "The key is of a rare kind: a Brainpool curve, DSA, RSA-PSS only, or post-quantum."],
            [Probe, Advise]),
        FaultReason.KeyInvalid => new(
            [MadeBadly, "Somebody tries an attack with a malformed key."],
            [Show]),
        FaultReason.SignatureAlgorithmUnsupported => new(
            ["The certificate is signed with SHA-1 or MD5.", "It is signed with an algorithm that the profile leaves out."],
            [Probe, "Have it issued anew over SHA-256."]),
        FaultReason.SignatureHashAboveProfileLimit => new(
            ["An authority of the chain signs with SHA-384 or SHA-512, as those with P-384 keys do."],
            [Probe, "thimble plan --max-hash 384"]),
        FaultReason.SignatureNotStreamable or FaultReason.SignedPartAboveProfileLimit => new(
            ["An authority of the chain has an Ed25519 key: its signatures are over the whole certificate, which must be kept for that."],
            [Probe, "thimble plan --max-ed25519-tbs 1024", "Use ECDSA P-256 for authorities: its signatures are verified while the certificate passes."]),
        FaultReason.Ed25519NotInProfile => new(
            ["The server has an Ed25519 key, and no named profile plans for one."],
            [Probe, "thimble plan --ed25519"]),
        FaultReason.SignatureLength => new(
            ["The certificate was altered.", "It was issued by another key of the same name."],
            [Probe, Show]),
        _ => null,
    };

    private static FaultArticle? Form(FaultReason reason) => reason switch
    {
        FaultReason.CertificateMalformed or FaultReason.CertificateVersion or FaultReason.DuplicateExtension or FaultReason.SignatureAlgorithmMismatch or FaultReason.SerialNumberInvalid
            or FaultReason.SubjectInvalid or FaultReason.IssuerEmpty or FaultReason.ValidityMalformed or FaultReason.ExtensionMalformed => new(
            [MadeBadly, "The bytes were changed on the way or in the server's file.", "Somebody tries an attack with a malformed certificate."],
            [Show, "Have it issued anew: 'thimble cert' makes certificates that every strict reader takes."]),
        _ => null,
    };
}
