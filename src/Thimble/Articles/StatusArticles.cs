using Thimble.Memory;

namespace Thimble;

/// <summary>The articles of faults in a stapled status.</summary>
internal static class StatusArticles
{
    private const string Probe = "thimble probe HOST:PORT";
    private const string Show = "openssl s_client -connect HOST:PORT -status";
    private const string ServerLog = "Look into the server's log: it fetches the status from its authority's responder.";

    public static FaultArticle? Of(FaultReason reason) => reason switch
    {
        FaultReason.CertificateRevoked => new(
            ["The server's key was lost or stolen.", "The operator replaced the certificate, and the server still shows the old one."],
            ["Do not go on with this server.", "Tell its operator."]),
        FaultReason.StatusUnknown => new(
            ["The certificate was issued minutes ago.", "The responder belongs to another authority.", "The certificate was never issued by that authority: a forgery."],
            [Show, "Try again in an hour."]),
        FaultReason.StatusExpired or FaultReason.StatusNotYetValid => new(
            ["This machine's clock is wrong.", "The server staples a status that it fetched long ago, and cannot reach the responder."],
            ["date -u", Show, ServerLog]),
        FaultReason.StatusMissing => new(
            ["The certificate demands stapling (must-staple) and the server's stapling is not switched on.", "The server was just started, and has not fetched a status yet.", "Somebody strips the status off to hide a revocation."],
            [Probe, Show, ServerLog]),
        FaultReason.StatusOfOtherCertificate => new(
            ["The server was given a new certificate, and staples the old one's status."],
            [Show, ServerLog]),
        FaultReason.StatusIssuerUnknown => new(
            ["The server's own certificate is the trust anchor."],
            ["Trust its issuer instead, or ask for no status."]),
        FaultReason.StatusAlgorithmUnsupported => new(
            ["The responder signs with SHA-1, or with a longer key than the profile plans for."],
            [Show, "thimble plan --profile rsa4096-p384 --stapled-status"]),
        FaultReason.StatusTooLong => new(
            ["The responder answers for many certificates at once, or encloses a long chain."],
            [Show]),
        FaultReason.StatusSignatureInvalid or FaultReason.StatusResponderInvalid or FaultReason.StatusMalformed or FaultReason.StatusExtensionCritical or FaultReason.StatusTypeNotOffered => new(
            ["The responder is of faulty or unusual software.", "The status was altered on the way."],
            [Show, "Report it to the server's operator."]),
        _ => null,
    };
}
