using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>The alert that tells the peer of each fault (RFC 5246 §7.2.2), chosen once and here.</summary>
internal static class FaultAlerts
{
    /// <summary>The alert for a fault.</summary>
    public static AlertDescription For(FaultReason reason)
    {
        switch (reason)
        {
            case FaultReason.CertificateExpired:
            case FaultReason.CertificateNotYetValid:
                return AlertDescription.CertificateExpired;
            case FaultReason.IssuerUnknown:
            case FaultReason.ChainTooLong:
            case FaultReason.PinMissing:
                return AlertDescription.UnknownCa;
            case FaultReason.KeyUnsupported:
            case FaultReason.KeyAboveProfileLimit:
            case FaultReason.SignatureAboveProfileLimit:
            case FaultReason.SignatureHashAboveProfileLimit:
            case FaultReason.SignatureAlgorithmUnsupported:
            case FaultReason.SignatureNotStreamable:
            case FaultReason.SignedPartAboveProfileLimit:
            case FaultReason.Ed25519NotInProfile:
            case FaultReason.UnknownCriticalExtension:
            case FaultReason.NameConstraintUnsupported:
                return AlertDescription.UnsupportedCertificate;
            case FaultReason.CertificateRevoked:
                return AlertDescription.CertificateRevoked;
            case FaultReason.StatusTooLong:
            case FaultReason.StatusTypeNotOffered:
            case FaultReason.StatusIssuerUnknown:
                return AlertDescription.BadCertificateStatusResponse;
            case FaultReason.KeyTooWeak:
                return AlertDescription.InsufficientSecurity;
            case FaultReason.NameMismatch:
            case FaultReason.NameMissing:
            case FaultReason.ServerRefused:
                return AlertDescription.CertificateUnknown;
            case FaultReason.UnexpectedMessage:
            case FaultReason.UnexpectedRecord:
            case FaultReason.RecordTypeUnknown:
            case FaultReason.MessageAcrossKeyChange:
            case FaultReason.ChangeCipherSpecInvalid:
            case FaultReason.Flood:
            case FaultReason.SecondHelloRetryRequest:
            case FaultReason.ContentTypeMissing:
                return AlertDescription.UnexpectedMessage;
            case FaultReason.RecordOverflow:
            case FaultReason.RecordLargerThanWindow:
                return AlertDescription.RecordOverflow;
            case FaultReason.BadRecordMac:
                return AlertDescription.BadRecordMac;
            case FaultReason.RecordVersion:
            case FaultReason.VersionUnsupported:
                return AlertDescription.ProtocolVersion;
            case FaultReason.MessageMalformed:
            case FaultReason.HelloExtensionMalformed:
            case FaultReason.AlertMalformed:
            case FaultReason.CertificateMissing:
                return AlertDescription.DecodeError;
            case FaultReason.SuiteNotOffered:
            case FaultReason.CompressionNotOffered:
            case FaultReason.MaxFragmentLengthMismatch:
            case FaultReason.GroupNotOffered:
            case FaultReason.KeyShareInvalid:
            case FaultReason.SignatureSchemeNotOffered:
            case FaultReason.KeyDoesNotFitSuite:
            case FaultReason.AlpnNotOffered:
            case FaultReason.DuplicateHelloExtension:
            case FaultReason.PointFormatMissing:
            case FaultReason.VersionNotOffered:
            case FaultReason.DowngradeDetected:
            case FaultReason.RetryChangesNothing:
            case FaultReason.SuiteChangedAfterRetry:
            case FaultReason.SessionSuiteChanged:
            case FaultReason.SessionIdMismatch:
            case FaultReason.ExtensionMisplaced:
            case FaultReason.KeyUpdateInvalid:
            case FaultReason.PskHashMismatch:
            case FaultReason.PskIdentityNotOffered:
            case FaultReason.PskModeNotOffered:
            case FaultReason.RecordSizeLimitTooSmall:
            case FaultReason.TwoRecordLimits:
                return AlertDescription.IllegalParameter;
            case FaultReason.ExtensionNotOffered:
                return AlertDescription.UnsupportedExtension;
            case FaultReason.ExtensionMissing:
                return AlertDescription.MissingExtension;
            case FaultReason.ExtendedMasterSecretMissing:
            case FaultReason.RenegotiationInfoMissing:
            case FaultReason.RenegotiationInfoInvalid:
            case FaultReason.NoCommonSignatureScheme:
            case FaultReason.PreSharedKeyRefused:
                return AlertDescription.HandshakeFailure;
            case FaultReason.ServerKeyExchangeSignatureInvalid:
            case FaultReason.CertificateVerifyInvalid:
            case FaultReason.FinishedMismatch:
                return AlertDescription.DecryptError;
            default:
                return IsAboutStatus(reason) ? AlertDescription.BadCertificateStatusResponse
                    : IsAboutCertificate(reason) ? AlertDescription.BadCertificate : AlertDescription.InternalError;
        }
    }

    /// <summary>
    /// Whether anyone is told: a fault before ClientHello, or one that the peer announced or made by leaving, stays silent, and
    /// so does a resumption that fails, because there is no connection.
    /// </summary>
    public static bool IsSent(FaultReason reason) =>
        reason is not (FaultReason.AlertReceived or FaultReason.TruncatedByPeer or FaultReason.SessionInvalid or FaultReason.PreSharedKeyInvalid
            or (>= FaultReason.ParkedStateInvalid and <= FaultReason.GenerationUsed))
        && (int)reason >= (int)FaultReason.CertificateMalformed;

    private static bool IsAboutStatus(FaultReason reason) =>
        reason is >= FaultReason.StatusMalformed and <= FaultReason.StatusAlgorithmUnsupported;

    private static bool IsAboutCertificate(FaultReason reason) =>
        reason is >= FaultReason.CertificateMalformed and < FaultReason.AlertReceived;
}
