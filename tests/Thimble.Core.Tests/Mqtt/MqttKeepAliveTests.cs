using Thimble.Memory;
using Thimble.Mqtt;
using Xunit;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>The keep-alive of MQTT 3.1.1 §3.1.2.10, with a clock that the test turns.</summary>
public class MqttKeepAliveTests
{
    private readonly byte[] _destination = new byte[64];

    [Fact]
    public void A_ping_is_due_when_three_quarters_of_the_interval_were_silent()
    {
        MqttSession session = Desk.Connected(keepAlive: 60).Session;

        Assert.Equal((MqttStatus.Complete, 45_000u), Poll(session, 0));
        Assert.Equal((MqttStatus.Complete, 1u), Poll(session, 44_999));
        Assert.Equal((MqttStatus.PingDue, 0u), Poll(session, 45_000));
        Assert.Equal(MqttStatus.Complete, session.Ping(_destination, out _));
        Assert.Equal((MqttStatus.Complete, 60_000u), Poll(session, 45_000));
    }

    [Fact]
    public void Whatever_is_sent_postpones_the_ping()
    {
        MqttSession session = Desk.Connected(keepAlive: 60).Session;
        Poll(session, 44_000);
        session.Publish("a"u8, [1], false, _destination, out _);

        Assert.Equal((MqttStatus.Complete, 1u), Poll(session, 88_999));
        Assert.Equal(MqttStatus.PingDue, Poll(session, 89_000).Status);
    }

    [Fact]
    public void A_call_that_writes_nothing_postpones_nothing()
    {
        MqttSession session = Desk.Connected(keepAlive: 60).Session;
        Poll(session, 44_000);
        session.PublishData([], _destination, out _, out _);
        session.PublishData([1], [], out _, out _);

        Assert.Equal(MqttStatus.PingDue, Poll(session, 45_000).Status);
    }

    [Fact]
    public void A_response_in_time_lets_the_session_go_on()
    {
        Desk desk = Desk.Connected(keepAlive: 60);
        Poll(desk.Session, 45_000);
        desk.Session.Ping(_destination, out _);
        Assert.Equal((MqttStatus.Complete, 1u), Poll(desk.Session, 104_999));
        desk.Feed(BrokerCodec.Pingresp());

        Assert.Equal(MqttStatus.PingDue, Poll(desk.Session, 105_000).Status);
        Assert.Equal(MqttStatus.Complete, desk.Session.Ping(_destination, out _));
    }

    [Fact]
    public void A_missing_response_is_a_fault_after_one_interval()
    {
        Desk desk = Desk.Connected(keepAlive: 60);
        Poll(desk.Session, 45_000);
        desk.Session.Ping(_destination, out _);

        Assert.Equal(MqttStatus.Faulted, Poll(desk.Session, 105_001).Status);
        desk.AssertFault(FaultReason.MqttKeepAliveExpired, 60_000, 60_001);
    }

    [Fact]
    public void A_missing_Connack_is_a_fault_after_one_interval()
    {
        var desk = new Desk(now: 1_000);
        desk.SendConnect(keepAlive: 10);

        Assert.Equal((MqttStatus.Complete, 1u), Poll(desk.Session, 10_999));
        Assert.Equal(MqttStatus.Faulted, Poll(desk.Session, 11_000).Status);
        desk.AssertFault(FaultReason.MqttKeepAliveExpired, 10_000, 10_000);
    }

    [Fact]
    public void A_missing_Suback_is_a_fault_although_pings_are_answered()
    {
        Desk desk = Desk.Connected(keepAlive: 10);
        desk.Session.Subscribe("a"u8, _destination, out _);
        Assert.Equal(MqttStatus.PingDue, Poll(desk.Session, 7_500).Status);
        desk.Session.Ping(_destination, out _);
        desk.Feed(BrokerCodec.Pingresp());

        Assert.Equal(MqttStatus.Faulted, Poll(desk.Session, 10_000).Status);
        desk.AssertFault(FaultReason.MqttKeepAliveExpired, 10_000, 10_000);
    }

    [Fact]
    public void The_clock_may_wrap()
    {
        const uint Start = uint.MaxValue - 1_000;
        var desk = new Desk(now: Start);
        desk.SendConnect(keepAlive: 10);
        desk.Feed(BrokerCodec.Connack(0, 0));

        Assert.Equal((MqttStatus.Complete, 1u), Poll(desk.Session, unchecked(Start + 7_499)));
        Assert.Equal(MqttStatus.PingDue, Poll(desk.Session, unchecked(Start + 7_500)).Status);
    }

    [Fact]
    public void No_ping_interrupts_a_packet_that_is_half_sent()
    {
        MqttSession session = Desk.Connected(keepAlive: 10).Session;
        session.PublishBegin(new MqttPublishOptions { Topic = "a"u8 }, 1, _destination, out _);
        Assert.Equal(MqttStatus.Complete, Poll(session, 9_000).Status);

        session.PublishData([1], _destination, out _, out _);
        Assert.Equal(MqttStatus.PingDue, Poll(session, 16_500).Status);
    }

    [Fact]
    public void An_interval_of_zero_turns_the_keep_alive_off()
    {
        Assert.Equal((MqttStatus.Complete, uint.MaxValue), Poll(Desk.Connected().Session, 4_000_000_000));
        Assert.Equal((MqttStatus.Complete, uint.MaxValue), Poll(new Desk().Session, 4_000_000_000));
    }

    [Fact]
    public void The_longest_interval_does_not_overflow()
    {
        MqttSession session = Desk.Connected(keepAlive: 65_535).Session;

        Assert.Equal((MqttStatus.Complete, 1u), Poll(session, 49_151_249));
        Assert.Equal(MqttStatus.PingDue, Poll(session, 49_151_250).Status);
    }

    private static (MqttStatus Status, uint Wait) Poll(MqttSession session, uint now)
    {
        MqttStatus status = session.Poll(now, out uint wait);
        return (status, wait);
    }
}
