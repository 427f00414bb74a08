using Thimble.Memory;

namespace Thimble;

/// <summary>Explains why a server's certificate chain was refused: each reason tells itself from every other.</summary>
internal static class CertificateFaults
{
    private const string AskOperator = "Ask the server's operator for a correct certificate.";

    public static FaultExplanation? Explain(in Fault fault, FaultContext context)
    {
        string who = Words.Certificate(fault, context);
        return Trust(fault, context) ?? Names(fault, context, who) ?? Usage(fault, who) ?? Keys(fault, context, who) ?? Form(fault, who);
    }

    private static FaultExplanation? Trust(in Fault fault, FaultContext context) => fault.Reason switch
    {
        FaultReason.CertificateMissing => new(
            "The server sent no certificate.",
            "A TLS server must show one: check that this is the right port, and the server's configuration."),
        FaultReason.IssuerUnknown => new(
            $"The server's chain ends at '{Named(context.Text)}'; {Words.Anchors(context)}.",
            $"Add the certificate of '{Named(context.Text)}' to --cafile if you trust it, or let the server send the certificates that lead to an anchor of yours."),
        FaultReason.PinMissing => new(
            $"No key on the way from the server's certificate to {(context.AnchorNames.Count == 0 ? "the end of its chain" : "a trust anchor")} is pinned. {Words.Pins(context)}",
            "If you trust one of the keys that the server showed, pin it; otherwise this is not the server you know, or it changed its keys."),
        FaultReason.ServerRefused => new(
            $"The server '{PrintableText.Of(context.ServerName)}' was verified, and your own code refused it: '{PrintableText.Of(context.Refusal)}'.",
            "Look into the code that was given as JudgeServer."),
        FaultReason.ChainOutOfOrder => new(
            $"The certificate at depth {fault.Depth} is not the issuer of the one before it, which names '{Named(context.Text)}'.",
            "The server's certificate file must hold its own certificate first, then that one's issuer, and so on."),
        FaultReason.ChainTooLong => new(
            $"The server's chain has more than {fault.Expected} certificates, and no trust anchor issued any of them.",
            "Add the right anchor to --cafile, or shorten the chain at the server."),
        FaultReason.CertificateSignatureInvalid => new(
            $"{Words.Certificate(fault, context)} bears a signature that its issuer's key did not make.",
            "Either it was altered on the way, or the issuer renewed its key under the same name: get the issuer's current certificate."),
        _ => null,
    };

    private static FaultExplanation? Names(in Fault fault, FaultContext context, string who) => fault.Reason switch
    {
        FaultReason.NameMismatch => new(
            $"The server's certificate is for '{Named(context.Text)}', and you asked for '{context.ServerName}'.",
            "Connect to the name in the certificate, or give it with --servername."),
        FaultReason.NameMissing => new(
            $"The server's certificate names no server of the kind that you asked for ('{context.ServerName}'): it has no such entry in subjectAltName, and the common name has not counted since RFC 9525.",
            "Make the certificate anew with a subjectAltName."),
        FaultReason.NameConstraintViolated => new(
            $"{who} may not vouch for '{context.ServerName}': its name constraints leave that name out.",
            "Use a name that the authority may certify, or another authority."),
        FaultReason.NameConstraintUnsupported => new(
            $"{who} constrains names of a form that cannot be judged while the chain streams, and such names occur below it.",
            "Use an authority whose constraints are on DNS names, or none."),
        FaultReason.CertificateNotYetValid => new(
            $"{who} is valid from {Words.Date(fault.Expected)} on, and today is {Words.Date(fault.Actual)} (UTC).",
            "Check the clock of this machine first; then the server's certificate."),
        FaultReason.CertificateExpired => new(
            $"{who} expired on {Words.Date(fault.Expected)}, and today is {Words.Date(fault.Actual)} (UTC).",
            "Check the clock of this machine first; otherwise the certificate must be renewed."),
        _ => null,
    };

    private static FaultExplanation? Usage(in Fault fault, string who) => fault.Reason switch
    {
        FaultReason.KeyUsageForbids => new(
            $"{who} may be used for {Words.KeyUsage(fault.Actual)} only, and {Words.KeyUsage(fault.Expected)} is needed.",
            AskOperator),
        FaultReason.ExtendedKeyUsageForbids => new(
            $"{who} may not be used by a TLS server: its extKeyUsage leaves serverAuth out.",
            "Is it a client's certificate by mistake? " + AskOperator),
        FaultReason.NotACertificateAuthority => new(
            $"{who} issued another one, but is no certificate authority: its basicConstraints do not say so.",
            AskOperator),
        FaultReason.PathTooLong => new(
            $"{who} allows {fault.Expected} intermediate authorities below it (pathLenConstraint), and there are {fault.Actual}.",
            AskOperator),
        FaultReason.PolicyUnsupported => new(
            $"{who} demands that certificate policies are processed, which is not done while the chain streams.",
            "Use a chain whose authorities do not demand it."),
        FaultReason.UnknownCriticalExtension => new(
            $"{who} has a critical extension that is not known here, so that its meaning cannot be ignored.",
            "Use a certificate without it."),
        _ => null,
    };

    private static FaultExplanation? Keys(in Fault fault, FaultContext context, string who) => fault.Reason switch
    {
        FaultReason.KeyTooWeak => new(
            $"{who} has an RSA key of {fault.Actual} bits, and fewer than {fault.Expected} are not safe.",
            "It must be issued anew with a longer key."),
        FaultReason.KeyAboveProfileLimit => new(
            $"{who} has a key of {fault.Actual} bits, and the profile plans for {fault.Expected}.",
            Raise(fault.Actual)),
        FaultReason.KeyUnsupported => new(
            $"{who} has a key whose algorithm or curve is not supported, or not in this profile (RSA up to {context.Profile.MaxRsaBits} bits, EC up to {context.Profile.MaxEcdsaBits}).",
            "If it is RSA, P-256, P-384 or P-521, raise --max-rsa or --max-ecdsa; otherwise the server needs another certificate."),
        FaultReason.KeyInvalid => new(
            $"{who} has a key that is not well-formed: an even or unfit modulus or exponent, or a point off its curve.",
            AskOperator),
        FaultReason.SignatureAlgorithmUnsupported => new(
            $"{who} is signed with an algorithm that is not supported, or not in the profile.",
            "It must be issued anew with Ed25519, or with ECDSA or RSA over SHA-256, SHA-384 or SHA-512; SHA-1 and MD5 are never accepted."),
        FaultReason.SignatureHashAboveProfileLimit => new(
            $"{who} is signed over a digest of {fault.Actual} bits, and the profile plans for {fault.Expected}.",
            $"Raise MaxSignatureHashBits (--max-hash {fault.Actual})."),
        FaultReason.SignatureAboveProfileLimit => new(
            $"{who} is signed with a key of {fault.Actual} bits, and the profile plans for {fault.Expected}.",
            Raise(fault.Actual)),
        FaultReason.SignatureNotStreamable when fault.Actual != 0 => new(
            $"{who} is signed with Ed25519, which cannot be verified while the certificate streams, and the profile plans no room for the {fault.Actual} bytes that were signed.",
            $"Plan for them (MaxEd25519TbsBytes, --max-ed25519-tbs {fault.Actual}), or use a chain signed with ECDSA or RSA."),
        FaultReason.SignatureNotStreamable => new(
            $"{who} is signed with Ed448, which cannot be verified while the certificate streams.",
            "Use a chain signed with ECDSA or RSA."),
        FaultReason.SignedPartAboveProfileLimit => new(
            $"{who} is signed with Ed25519 over {fault.Actual} bytes, and the profile plans for {fault.Expected}.",
            $"Raise MaxEd25519TbsBytes (--max-ed25519-tbs {fault.Actual})."),
        FaultReason.Ed25519NotInProfile => new(
            $"{who} has an Ed25519 key, and the profile does not plan for one.",
            "Allow it in the profile (Ed25519, --ed25519), or let the server use another key."),
        FaultReason.SignatureLength => new(
            $"{who} bears a signature of {fault.Actual} bytes, and its issuer's key makes {fault.Expected}.",
            "Either it was altered on the way, or it was not issued by that key."),
        _ => null,
    };

    private static FaultExplanation? Form(in Fault fault, string who) => fault.Reason switch
    {
        FaultReason.CertificateMalformed => new(
            $"{who} is not strict DER: 0x{fault.Expected:X2} was expected where 0x{fault.Actual:X2} stands.",
            AskOperator),
        FaultReason.CertificateVersion => new(
            $"{who} is of X.509 version {fault.Actual}, and only version 3 can say what a certificate may be used for.",
            AskOperator),
        FaultReason.DuplicateExtension => new(
            $"{who} has the same extension twice.",
            AskOperator),
        FaultReason.SignatureAlgorithmMismatch => new(
            $"{who} names one signature algorithm inside and another one outside.",
            "It was altered or made by faulty software. " + AskOperator),
        FaultReason.SerialNumberInvalid => new(
            $"{who} has a serial number that is not a positive number of at most 20 octets.",
            AskOperator),
        FaultReason.SubjectInvalid => new(
            $"{who} has an empty subject without a critical subjectAltName, or an empty subjectAltName.",
            AskOperator),
        FaultReason.IssuerEmpty => new(
            $"{who} does not name its issuer.",
            AskOperator),
        FaultReason.ValidityMalformed => new(
            $"{who} has a validity time in neither of the two forms of RFC 5280.",
            AskOperator),
        FaultReason.ExtensionMalformed => new(
            $"{who} has an extension ({(fault.Actual < 0x80 ? $"id-ce {fault.Actual}" : "TLS feature")}) whose value is not what its definition says.",
            AskOperator),
        _ => null,
    };

    private static string Named(string text) => text.Length > 0 ? PrintableText.Of(text) : "(a name that was not kept)";

    /// <summary>No curve has more than 521 bits, and no RSA key that is trusted has fewer than 2048.</summary>
    private static string Raise(uint bits) => bits switch
    {
        <= 384 or 521 => $"Raise MaxEcdsaBits (--max-ecdsa {bits}).",
        <= 1024 => "No profile allows that curve: the server needs another certificate.",
        <= 3072 => "Raise MaxRsaBits (--max-rsa 3072).",
        <= 4096 => "Raise MaxRsaBits (--max-rsa 4096).",
        _ => "No profile allows RSA keys above 4096 bits: the server needs another certificate.",
    };
}
