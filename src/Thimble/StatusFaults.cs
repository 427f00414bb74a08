using System;
using System.Globalization;
using Thimble.Memory;

namespace Thimble;

/// <summary>Explains why a stapled status, or its absence, ended a handshake.</summary>
internal static class StatusFaults
{
    private const string Renew = "The server must fetch a new status from its authority's responder: look into its stapling configuration and its log.";
    private const string Altered = "Either it was altered on the way, or the responder has a fault. Ask the server's operator.";

    public static FaultExplanation? Explain(in Fault fault) => Verdict(fault) ?? Responder(fault) ?? Form(fault);

    private static FaultExplanation? Verdict(in Fault fault) => fault.Reason switch
    {
        FaultReason.CertificateRevoked => new(
            $"The server's certificate was revoked on {Minute(fault.Expected)}, says its authority: {Cause(fault.Actual)}.",
            "Do not trust this server. Its operator must get a new certificate, and a new key if the old one was stolen."),
        FaultReason.StatusUnknown => new(
            "The responder of the server's authority does not know the server's certificate.",
            "Was it issued just now? Then try again later; otherwise do not trust it."),
        FaultReason.StatusExpired => new(
            $"The stapled status of the server's certificate counted until {Minute(fault.Expected)}, and it is {Minute(fault.Actual)} (UTC).",
            "Check the clock of this machine first. " + Renew),
        FaultReason.StatusNotYetValid => new(
            $"The stapled status of the server's certificate counts from {Minute(fault.Expected)} on, and it is {Minute(fault.Actual)} (UTC).",
            "Check the clock of this machine first; then those of the server and of its authority's responder."),
        FaultReason.StatusMissing when fault.Actual != 0 => new(
            $"The server's certificate demands a stapled status (RFC 7633), and the responder had none: {ResponseStatus(fault.Actual)}.",
            Renew),
        FaultReason.StatusMissing => new(
            "The server's certificate demands a stapled status (RFC 7633), and the server sent none.",
            Renew),
        FaultReason.StatusOfOtherCertificate => new(
            $"The stapled status speaks of {fault.Actual} other certificates, and not of the server's.",
            Renew),
        _ => null,
    };

    private static FaultExplanation? Responder(in Fault fault) => fault.Reason switch
    {
        FaultReason.StatusSignatureInvalid => new(
            "The stapled status bears a signature that its responder's key did not make.",
            Altered),
        FaultReason.StatusResponderInvalid when fault.Actual != 0 => new(
            $"The stapled status is signed by a responder whose certificate is refused: {(FaultReason)fault.Actual}.",
            "A responder needs a certificate that the server's own authority issued for that purpose (id-kp-OCSPSigning), and that is valid now."),
        FaultReason.StatusResponderInvalid => new(
            "The stapled status is signed neither by the server's authority nor by a responder that it appointed: the certificate that came first with it is another one's, or none came.",
            "Ask the server's operator where the status comes from."),
        FaultReason.StatusIssuerUnknown => new(
            "The server's certificate is itself the trust anchor, so that the key which would verify its stapled status is not known.",
            "Trust the certificate's issuer instead, or ask for no status."),
        FaultReason.StatusAlgorithmUnsupported when fault.Actual != 0 => new(
            $"The stapled status needs {fault.Actual} bits for its signature, and the profile plans for {fault.Expected}.",
            "Raise --max-hash, --max-rsa or --max-ecdsa."),
        FaultReason.StatusAlgorithmUnsupported => new(
            "The stapled status is signed with an algorithm that is not supported.",
            "The responder must sign with ECDSA or RSA over SHA-256, SHA-384 or SHA-512; SHA-1 is never accepted for that."),
        _ => null,
    };

    private static FaultExplanation? Form(in Fault fault) => fault.Reason switch
    {
        FaultReason.StatusMalformed => new(
            $"The stapled status is no OCSP response in strict DER: 0x{fault.Expected:X2} was expected where 0x{fault.Actual:X2} stands.",
            Altered),
        FaultReason.StatusExtensionCritical => new(
            "The stapled status has a critical extension that is not known here, so that its meaning cannot be ignored.",
            "Ask the server's operator for a status without it."),
        FaultReason.StatusTypeNotOffered => new(
            $"The server stapled a status of type {fault.Actual}, and type {fault.Expected} (OCSP) was asked for.",
            "The server breaks the protocol: try its newest version, and report it there."),
        FaultReason.StatusTooLong => new(
            $"The server stapled a status of {fault.Actual} bytes, and no more than {fault.Expected} are read.",
            "Use a responder that answers for one certificate at a time."),
        _ => null,
    };

    private static string Minute(uint minutesSince1970) =>
        DateTime.UnixEpoch.AddMinutes(minutesSince1970).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>CRLReason (RFC 5280 §5.3.1).</summary>
    private static string Cause(uint reason) => reason switch
    {
        0 => "no cause is told",
        1 => "its key was compromised",
        2 => "the authority was compromised",
        3 => "its holder's affiliation changed",
        4 => "it was superseded",
        5 => "its holder ceased to operate",
        6 => "it is on hold",
        9 => "its privilege was withdrawn",
        10 => "the attribute authority was compromised",
        _ => $"cause {reason}",
    };

    private static string ResponseStatus(uint status) => status switch
    {
        1 => "malformedRequest",
        2 => "internalError",
        3 => "tryLater",
        5 => "sigRequired",
        6 => "unauthorized",
        _ => $"status {status}",
    };
}
