using System.Diagnostics;
using System.Linq;
using Thimble.Cli.Timeline;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tool.Tests.Timeline;

/// <summary>How steps of the engine become events.</summary>
public sealed class HandshakeTimelineTests
{
    private const byte ServerHello = 2, Certificate = 11, ServerHelloDone = 14;

    private static readonly MemoryMap Map = MemoryMap.Of(Profiles.Rsa2048.Profile, 32);

    [Fact]
    public void Steps_of_one_state_are_one_event_with_their_sums()
    {
        HandshakeTimeline timeline = HandshakeTimeline.Of(
        [
            Step(ClientState.WaitCertificate, ClientState.WaitCertificate, Phase.Certificates, ServerHello, read: 0, work: 0, begin: 0),
            Step(ClientState.WaitCertificate, ClientState.WaitCertificate, Phase.Certificates, Certificate, read: 900, work: 256, begin: 10),
            Step(ClientState.WaitCertificate, ClientState.WaitServerKeyExchange, Phase.Certificates, Certificate, read: 100, work: 40, begin: 30),
        ], Map);
        TimelineEvent certificate = Assert.Single(timeline.Events);
        Assert.Equal(("Certificate", EventKind.Received, 1000, 296, 3), (certificate.Name, certificate.Kind, certificate.BytesRead, certificate.Work, certificate.Calls));
        Assert.Equal(Stopwatch.GetElapsedTime(0, 3), certificate.Duration);
        Assert.Equal(Stopwatch.GetElapsedTime(0, 31), timeline.Total);
        Assert.False(timeline.IsComplete);
    }

    [Fact]
    public void A_message_that_was_optional_has_the_name_of_the_one_that_came_for_it()
    {
        HandshakeTimeline timeline = HandshakeTimeline.Of([Step(ClientState.WaitCertificateRequest, ClientState.MakeKeyShare, Phase.KeyExchange, ServerHelloDone, read: 9, work: 0, begin: 0)], Map);
        Assert.Equal("ServerHelloDone", Assert.Single(timeline.Events).Name);
    }

    [Fact]
    public void A_hello_that_asks_for_another_is_a_retry()
    {
        HandshakeTimeline timeline = HandshakeTimeline.Of([Step(ClientState.WaitServerHello, ClientState.SendRetryChangeCipherSpec, Phase.KeyShare13, ServerHello, read: 90, work: 0, begin: 0)], Map);
        Assert.Equal("HelloRetryRequest", Assert.Single(timeline.Events).Name);
    }

    [Fact]
    public void The_same_state_in_another_phase_is_another_event()
    {
        HandshakeTimeline timeline = HandshakeTimeline.Of(
        [
            Step(ClientState.WaitServerHello, ClientState.WaitServerHello, Phase.Hello, 0, read: 5, work: 0, begin: 0),
            Step(ClientState.WaitServerHello, ClientState.AgreeOnSecret13, Phase.KeyShare13, ServerHello, read: 90, work: 0, begin: 5),
            Step(ClientState.AgreeOnSecret13, ClientState.Connected, Phase.KeyAgreement13, ServerHello, read: 0, work: 9, begin: 7),
        ], Map);
        Assert.Equal([Phase.Hello, Phase.KeyShare13, Phase.KeyAgreement13], timeline.Phases);
        Assert.Equal([5, 90, 0], timeline.Events.Select(item => item.BytesRead));
        Assert.True(timeline.IsComplete);
    }

    [Fact]
    public void Nothing_seen_is_no_event()
    {
        HandshakeTimeline timeline = HandshakeTimeline.Of([], Map);
        Assert.Empty(timeline.Events);
        Assert.Equal(0, timeline.Total.Ticks);
    }

    private static HandshakeStep Step(ClientState state, ClientState next, Phase phase, byte message, int read, int work, long begin) =>
        new(state, next, phase, message, read, 0, work, begin, begin + 1);
}
