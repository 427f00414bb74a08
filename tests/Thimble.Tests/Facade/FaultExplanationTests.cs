using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Xunit;

namespace Thimble.Tests.Facade;

public sealed class FaultExplanationTests
{
    private static readonly FaultContext s_context = new()
    {
        Text = "Starfield Services Root CA - G2",
        ServerName = "example.org",
        AnchorNames = ["Amazon Root CA 3"],
        PeerChain = [new("example.net", 1000, "RSA 2048"), new("Demo CA", 1100, "RSA 4096")],
        Profile = Profiles.Rsa2048.Profile,
    };

    public static TheoryData<FaultReason> Reasons => [.. Enum.GetValues<FaultReason>()];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Every_reason_has_two_sentences_of_its_own(FaultReason reason)
    {
        FaultExplanation explanation = Explain(reason, 0, 0);
        Assert.DoesNotContain("no explanation yet", explanation.WhatHappened, StringComparison.Ordinal);
        Assert.Matches(@"^[A-Z].*[.?]$", explanation.WhatHappened);
        Assert.Matches(@"^[A-Z].*[.?]$", explanation.WhatToDo);
    }

    [Fact]
    public void No_two_reasons_are_explained_alike()
    {
        IEnumerable<string> happened = Enum.GetValues<FaultReason>().Select(reason => Explain(reason, 7, 9).WhatHappened);
        Assert.Empty(happened.GroupBy(sentence => sentence).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    [Theory]
    [InlineData(FaultReason.BufferTooSmall, 4096, 4000, "4000", "4096")]
    [InlineData(FaultReason.BufferMisaligned, 8, 3, "3 bytes", "8")]
    [InlineData(FaultReason.PlanTooLarge, 65_528, 70_000, "70000", "65528")]
    [InlineData(FaultReason.ClockBeforeBakeDate, 20_000, 19_999, "2024-10-04", "2024-10-03")]
    [InlineData(FaultReason.ServerNameInvalid, 64, 70, "'example.org'", "70")]
    [InlineData(FaultReason.CertificateExpired, 19_722, 20_000, "2023-12-31", "2024-10-04")]
    [InlineData(FaultReason.CertificateNotYetValid, 20_000, 19_722, "2024-10-04", "2023-12-31")]
    [InlineData(FaultReason.NameMismatch, 0, 0, "'Starfield Services Root CA - G2'", "'example.org'")]
    [InlineData(FaultReason.PathTooLong, 0, 2, "allows 0", "there are 2")]
    [InlineData(FaultReason.KeyTooWeak, 2048, 1024, "1024", "2048")]
    [InlineData(FaultReason.KeyAboveProfileLimit, 2048, 4096, "4096 bits", "--max-rsa 4096")]
    [InlineData(FaultReason.KeyAboveProfileLimit, 256, 384, "384 bits", "--max-ecdsa 384")]
    [InlineData(FaultReason.KeyAboveProfileLimit, 384, 521, "521 bits", "--max-ecdsa 521")]
    [InlineData(FaultReason.SignatureNotStreamable, 0, 412, "412 bytes", "--max-ed25519-tbs 412")]
    [InlineData(FaultReason.SignatureNotStreamable, 0, 0, "Ed448", "ECDSA or RSA")]
    [InlineData(FaultReason.SignedPartAboveProfileLimit, 400, 412, "400", "--max-ed25519-tbs 412")]
    [InlineData(FaultReason.Ed25519NotInProfile, 0, 0, "Ed25519 key", "--ed25519")]
    [InlineData(FaultReason.RecordLargerThanWindow, 512, 16384, "16384", "--window 16384")]
    [InlineData(FaultReason.VersionUnsupported, 0x303, 0x301, "TLS 1.0", "TLS 1.2")]
    [InlineData(FaultReason.UnexpectedMessage, 11, 4, "NewSessionTicket", "Certificate")]
    [InlineData(FaultReason.MessageMalformed, 2, 90, "ServerHello", "90")]
    [InlineData(FaultReason.GroupNotOffered, 0, 25, "secp521r1", "--groups")]
    [InlineData(FaultReason.KeyUsageForbids, 0x0400, 0xA000, "keyCertSign", "digitalSignature, keyEncipherment")]
    [InlineData(FaultReason.AlertReceived, 0, 48, "unknown_ca", "authority")]
    [InlineData(FaultReason.AlertReceived, 0, 40, "handshake_failure", "--cert")]
    [InlineData(FaultReason.CertificateRevoked, 29_538_000, 1, "2026-02-28 12:00", "compromised")]
    [InlineData(FaultReason.StatusExpired, 60, 1440, "1970-01-01 01:00", "1970-01-02 00:00")]
    [InlineData(FaultReason.StatusMissing, 5, 3, "RFC 7633", "tryLater")]
    [InlineData(FaultReason.StatusResponderInvalid, 0, 104, "CertificateExpired", "id-kp-OCSPSigning")]
    [InlineData(FaultReason.StatusAlgorithmUnsupported, 256, 384, "384 bits", "256")]
    [InlineData(FaultReason.MqttConnectionRefused, 0, 5, "not authorized", "client certificate")]
    [InlineData(FaultReason.MqttConnectionRefused, 0, 0x8A, "banned", "138")]
    [InlineData(FaultReason.MqttDisconnected, 0, 0x8E, "same client identifier", "of its own")]
    [InlineData(FaultReason.MqttPropertyMisplaced, 4, 35, "PUBACK", "TopicAlias (35)")]
    [InlineData(FaultReason.MqttPropertyValue, 1, 2, "PayloadFormatIndicator (1)", "value 2")]
    [InlineData(FaultReason.MqttPacketTooLarge, 512, 600, "600", "512")]
    [InlineData(FaultReason.MqttReceiveMaximumExceeded, 4, 5, "5 messages", "plans for 4")]
    [InlineData(FaultReason.MqttReasonCodeInvalid, 9, 0x92, "SUBACK", "packet identifier not found")]
    public void The_values_that_disagree_are_both_told(FaultReason reason, uint expected, uint actual, string first, string second)
    {
        string text = Explain(reason, expected, actual).ToString();
        Assert.Contains(first, text, StringComparison.Ordinal);
        Assert.Contains(second, text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_issuer_reads_as_the_design_promises()
    {
        Assert.Equal(
            "The server's chain ends at 'Starfield Services Root CA - G2'; your only trust anchor is 'Amazon Root CA 3'.",
            Explain(FaultReason.IssuerUnknown, 0, 0).WhatHappened);
    }

    [Theory]
    [InlineData(0, "The server's own certificate ('example.net') ")]
    [InlineData(1, "The CA certificate at depth 1 ('Demo CA') ")]
    [InlineData(5, "The CA certificate at depth 5 ")]
    [InlineData(Fault.NoDepth, "A certificate of the server's chain ")]
    public void The_certificate_is_named_by_depth_and_subject(byte depth, string beginning) =>
        Assert.StartsWith(beginning, Explain(FaultReason.KeyInvalid, 0, 0, depth).WhatHappened, StringComparison.Ordinal);

    [Fact]
    public void A_day_beyond_the_calendar_is_still_explained() =>
        Assert.Contains("day 4294967295", Explain(FaultReason.CertificateExpired, uint.MaxValue, uint.MaxValue).WhatHappened, StringComparison.Ordinal);

    private static FaultExplanation Explain(FaultReason reason, uint expected, uint actual, byte depth = 0) =>
        FaultExplanation.Of(new Fault { Reason = reason, Expected = expected, Actual = actual, Depth = depth, Phase = Phase.Certificates }, s_context);
}
