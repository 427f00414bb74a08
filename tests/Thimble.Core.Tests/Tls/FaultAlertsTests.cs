using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;
using static Thimble.Memory.FaultReason;

namespace Thimble.Core.Tests.Tls;

/// <summary>The alert of every fault, decided a second time: a new reason without a line here fails.</summary>
public sealed class FaultAlertsTests
{
    private static readonly Dictionary<AlertDescription, FaultReason[]> Decisions = new()
    {
        [AlertDescription.UnexpectedMessage] = [UnexpectedMessage, UnexpectedRecord, RecordTypeUnknown, MessageAcrossKeyChange, ChangeCipherSpecInvalid, FaultReason.Flood, SecondHelloRetryRequest, ContentTypeMissing],
        [AlertDescription.BadRecordMac] = [BadRecordMac],
        [AlertDescription.RecordOverflow] = [RecordOverflow, RecordLargerThanWindow],
        [AlertDescription.HandshakeFailure] = [ExtendedMasterSecretMissing, RenegotiationInfoMissing, RenegotiationInfoInvalid, NoCommonSignatureScheme, PreSharedKeyRefused],
        [AlertDescription.BadCertificate] =
        [
            CertificateMalformed, CertificateVersion, ChainOutOfOrder, KeyUsageForbids, ExtendedKeyUsageForbids, NotACertificateAuthority, PathTooLong,
            DuplicateExtension, KeyInvalid, SignatureAlgorithmMismatch, CertificateSignatureInvalid, SignatureLength, NameConstraintViolated, SerialNumberInvalid,
            SubjectInvalid, ValidityMalformed, ExtensionMalformed, PolicyUnsupported, IssuerEmpty,
        ],
        [AlertDescription.UnsupportedCertificate] =
            [KeyUnsupported, KeyAboveProfileLimit, SignatureHashAboveProfileLimit, SignatureAboveProfileLimit, SignatureAlgorithmUnsupported, SignatureNotStreamable, SignedPartAboveProfileLimit, Ed25519NotInProfile, UnknownCriticalExtension, NameConstraintUnsupported],
        [AlertDescription.CertificateExpired] = [CertificateExpired, CertificateNotYetValid],
        [AlertDescription.CertificateUnknown] = [NameMismatch, NameMissing, ServerRefused],
        [AlertDescription.IllegalParameter] =
        [
            SuiteNotOffered, CompressionNotOffered, MaxFragmentLengthMismatch, GroupNotOffered, KeyShareInvalid, SignatureSchemeNotOffered, KeyDoesNotFitSuite,
            AlpnNotOffered, DuplicateHelloExtension, PointFormatMissing, VersionNotOffered, DowngradeDetected, RetryChangesNothing, SuiteChangedAfterRetry, SessionIdMismatch,
            ExtensionMisplaced, KeyUpdateInvalid, SessionSuiteChanged, PskHashMismatch, PskIdentityNotOffered, PskModeNotOffered, RecordSizeLimitTooSmall, TwoRecordLimits,
        ],
        [AlertDescription.CertificateRevoked] = [CertificateRevoked],
        [AlertDescription.BadCertificateStatusResponse] =
        [
            StatusMalformed, StatusUnknown, StatusExpired, StatusNotYetValid, StatusOfOtherCertificate, StatusSignatureInvalid, StatusResponderInvalid,
            StatusMissing, StatusExtensionCritical, StatusAlgorithmUnsupported, StatusIssuerUnknown, StatusTypeNotOffered, StatusTooLong,
        ],
        [AlertDescription.UnknownCa] = [IssuerUnknown, ChainTooLong, PinMissing],
        [AlertDescription.DecodeError] = [MessageMalformed, HelloExtensionMalformed, AlertMalformed, CertificateMissing],
        [AlertDescription.DecryptError] = [ServerKeyExchangeSignatureInvalid, CertificateVerifyInvalid, FinishedMismatch],
        [AlertDescription.ProtocolVersion] = [RecordVersion, VersionUnsupported],
        [AlertDescription.InsufficientSecurity] = [KeyTooWeak],
        [AlertDescription.InternalError] = [SequenceExhausted, SigningFailed, CookieTooLong, ProvidedSignatureInvalid, NoSignatureProvided],
        [AlertDescription.MissingExtension] = [ExtensionMissing],
        [AlertDescription.UnsupportedExtension] = [ExtensionNotOffered],
    };

    private static readonly FaultReason[] Silent =
    [
        None, BufferTooSmall, BufferMisaligned, PlanTooLarge, BufferNotPlanned, RomImageInvalid, NoTrustAnchor, SeedUnusable, TimeUnknown, ClockBeforeBakeDate, ServerNameInvalid,
        ProfileOffersNothing, ClientKeyNotInProfile, AlpnInvalid, NotInThisBuild, AlertReceived, TruncatedByPeer, SessionInvalid, PreSharedKeyInvalid,
        ParkedStateInvalid, ParkedProfileMismatch, ParkedVersionMismatch, GenerationUsed,
    ];

    private const FaultReason FirstOfMqtt = (FaultReason)300;

    [Fact]
    public void Every_reason_below_those_of_MQTT_has_one_decision()
    {
        IEnumerable<FaultReason> decided = Decisions.Values.SelectMany(static reasons => reasons).Concat(Silent).Order();
        Assert.Equal(Enum.GetValues<FaultReason>().Where(static reason => reason < FirstOfMqtt).Order(), decided);
    }

    [Fact]
    public void Each_alert_is_the_one_that_was_decided()
    {
        foreach ((AlertDescription alert, FaultReason[] reasons) in Decisions)
        {
            Assert.All(reasons, reason => Assert.Equal((reason, alert, true), (reason, FaultAlerts.For(reason), FaultAlerts.IsSent(reason))));
        }

        Assert.All(Silent, reason => Assert.False(FaultAlerts.IsSent(reason), reason.ToString()));
    }
}
