using System;
using System.Linq;
using Thimble.Memory;
using Thimble.Mqtt;
using Xunit;
using static Thimble.Core.Tests.Mqtt.BrokerPackets;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>What the broker publishes with QoS 1 and 2: delivered once, acknowledged in order, bounded, and refused where the caller says so.</summary>
public class MqttExactlyOnceTests
{
    private const int Puback = 4;
    private const int Pubrec = 5;
    private const int Pubrel = 6;
    private const int Pubcomp = 7;

    public static TheoryData<MqttVersion> Versions => [MqttVersion.V311, MqttVersion.V5];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_message_of_QoS_2_goes_through_all_four_packets(MqttVersion version)
    {
        Desk desk = Ready(version);
        desk.Feed(Publish(version, "a", 2, 300, [1, 2]));
        Assert.Equal(["PublishBegin a 2 retained=False", "PublishEnd 0102"], desk.TakeEvents());
        Assert.Equal(Acknowledgement(Pubrec, 300), desk.SendOwed(destinationBytes: 1));
        desk.Feed(Acknowledgement(Pubrel, 300));
        Assert.Equal(Acknowledgement(Pubcomp, 300), desk.SendOwed(destinationBytes: 3));
        Assert.Empty(desk.Events);
        desk.Feed(Publish(version, "a", 2, 300, [3]));
        Assert.Equal(["PublishBegin a 1 retained=False", "PublishEnd 03"], desk.Events);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_duplicate_of_QoS_2_is_not_delivered_again_before_Pubrel_and_is_after(MqttVersion version)
    {
        Desk desk = Ready(version);
        byte[] publish = Publish(version, "a", 2, 7, [1, 2], dup: true, properties: version == MqttVersion.V5 ? [User("a", "b")] : []);
        desk.Feed(publish);
        desk.SendOwed();
        desk.TakeEvents();
        foreach (int[] cuts in Splits.Of(publish.Length).Take(publish.Length + 3))
        {
            desk.Feed(publish, cuts);
            Assert.Empty(desk.Events);
            Assert.Equal(Acknowledgement(Pubrec, 7), desk.SendOwed());
        }

        desk.Feed(Acknowledgement(Pubrel, 7));
        desk.SendOwed();
        desk.Feed(publish);
        Assert.Contains("PublishEnd 0102", desk.Events);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Pubrel_of_an_unknown_message_is_answered(MqttVersion version)
    {
        Desk desk = Ready(version);
        desk.Feed(Acknowledgement(Pubrel, 5));
        Assert.Equal(version == MqttVersion.V5 ? Acknowledgement(Pubcomp, 5, 0x92) : Acknowledgement(Pubcomp, 5), desk.SendOwed());
    }

    [Fact]
    public void Acknowledgements_go_out_in_the_order_of_their_causes()
    {
        Desk desk = Ready(MqttVersion.V5);
        desk.Feed([.. Publish(MqttVersion.V5, "a", 2, 1, []), .. Publish(MqttVersion.V5, "a", 1, 2, []), .. Publish(MqttVersion.V5, "a", 2, 3, [])]);
        Assert.Equal([.. Acknowledgement(Pubrec, 1), .. Acknowledgement(Puback, 2), .. Acknowledgement(Pubrec, 3)], desk.SendOwed(1));
        desk.Feed([.. Acknowledgement(Pubrel, 1), .. Publish(MqttVersion.V5, "a", 1, 4, []), .. Acknowledgement(Pubrel, 3)]);
        Assert.Equal([.. Acknowledgement(Pubcomp, 1), .. Acknowledgement(Puback, 4), .. Acknowledgement(Pubcomp, 3)], desk.SendOwed(5));
    }

    [Fact]
    public void Our_Pubrel_half_sent_goes_on_before_newer_acknowledgements()
    {
        Desk desk = Ready(MqttVersion.V311);
        desk.Publish(1, MqttQos.ExactlyOnce);
        desk.Feed(Acknowledgement(Pubrec, 2));
        byte[] first = new byte[1], rest = new byte[64];
        Assert.Equal(MqttStatus.DestinationTooSmall, desk.Session.Acknowledge(first, out _));
        desk.Feed(Publish(MqttVersion.V311, "a", 1, 9, []));
        Assert.Equal(MqttStatus.Complete, desk.Session.Acknowledge(rest, out int written));
        Assert.Equal([.. Acknowledgement(Pubrel, 2), .. Acknowledgement(Puback, 9)], (byte[])[.. first, .. rest[..written]]);
    }

    [Fact]
    public void A_refused_message_is_over_with_its_acknowledgement()
    {
        Desk desk = Ready(MqttVersion.V5);
        foreach (int qos in new[] { 1, 2 })
        {
            byte[] publish = Publish(MqttVersion.V5, "a", qos, 40 + qos, [1, 2, 3]);
            desk.Feed(publish.AsSpan(0, publish.Length - 2));
            Assert.Equal(MqttStatus.InvalidArgument, desk.Session.Refuse(MqttReasonCode.Success));
            Assert.Equal(MqttStatus.InvalidArgument, desk.Session.Refuse(MqttReasonCode.ServerBusy));
            Assert.Equal(MqttStatus.Complete, desk.Session.Refuse(MqttReasonCode.QuotaExceeded));
            desk.Feed(publish.AsSpan(publish.Length - 2));
            Assert.Equal(Acknowledgement(qos == 1 ? Puback : Pubrec, 40 + qos, 0x97), desk.SendOwed(1));
        }

        Assert.Equal(MqttStatus.WrongState, desk.Session.Refuse(MqttReasonCode.QuotaExceeded));
        desk.TakeEvents();
        desk.Feed(Publish(MqttVersion.V5, "a", 2, 42, [9]));
        Assert.Contains("PublishEnd 09", desk.Events); // a new message under a free identifier
        Desk old = Ready(MqttVersion.V311);
        old.Feed(Publish(MqttVersion.V311, "a", 1, 1, [1, 2, 3]).AsSpan(0, 8));
        Assert.Equal(MqttStatus.WrongState, old.Session.Refuse(MqttReasonCode.QuotaExceeded));
    }

    [Fact]
    public void A_broker_that_sends_more_than_our_Receive_Maximum_breaks_the_protocol()
    {
        Desk desk = Ready(MqttVersion.V5, static p => p with { MaxMqttAcknowledgements = 3, MaxMqttInboundExactlyOnce = 2 });
        desk.Feed([.. Publish(MqttVersion.V5, "a", 2, 1, []), .. Publish(MqttVersion.V5, "a", 1, 2, [])]);
        desk.SendOwed();
        desk.Feed(Publish(MqttVersion.V5, "a", 1, 3, []));
        desk.Feed(Publish(MqttVersion.V5, "a", 2, 4, []));
        desk.AssertFault(FaultReason.MqttReceiveMaximumExceeded, 2, 3);
        byte[] sent = new byte[8];
        Assert.Equal(MqttStatus.Complete, desk.Session.Disconnect(sent, out int written));
        Assert.Equal([0xE0, 1, 0x93], sent[..written]);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public void A_broker_that_sends_more_than_it_was_told_is_borne_as_far_as_identifiers_were_planned_for(MqttVersion version)
    {
        const int Identifiers = 1000;
        Desk desk = Ready(version, static p => p with { MaxMqttAcknowledgements = 3, MaxMqttInboundExactlyOnce = Identifiers });
        for (int i = 1; i <= Identifiers; i++)
        {
            desk.Feed(Publish(version, "a", 2, i, []));
            Assert.Equal(Acknowledgement(Pubrec, i), desk.SendOwed());
        }

        desk.TakeEvents();
        desk.Feed(Publish(version, "a", 2, 900, [], dup: true));
        Assert.Empty(desk.Events); // it is known
        Assert.Equal(Acknowledgement(Pubrec, 900), desk.SendOwed());
        desk.Feed(Acknowledgement(Pubrel, 900));
        Assert.Equal(Acknowledgement(Pubcomp, 900), desk.SendOwed());
        desk.Feed(Publish(version, "a", 2, 900, [1]));
        Assert.Contains("PublishEnd 01", desk.Events);
        desk.SendOwed();
        desk.Feed(Publish(version, "a", 2, Identifiers + 1, []));
        desk.AssertFault(FaultReason.MqttReceiveMaximumExceeded, Identifiers, Identifiers + 1);
    }

    [Fact]
    public void More_messages_of_QoS_2_than_planned_for_are_a_fault_in_MQTT_311_too()
    {
        Desk desk = Ready(MqttVersion.V311, static p => p with { MaxMqttInboundExactlyOnce = 1 });
        desk.Feed(Publish(MqttVersion.V311, "a", 2, 1, []));
        desk.SendOwed();
        desk.Feed(Publish(MqttVersion.V311, "a", 2, 1, [], dup: true));
        desk.Feed(Publish(MqttVersion.V311, "a", 2, 2, []));
        desk.AssertFault(FaultReason.MqttReceiveMaximumExceeded, 1, 2);
    }

    [Fact]
    public void Pubrel_waits_for_room_in_what_is_owed()
    {
        Desk desk = Ready(MqttVersion.V311, static p => p with { MaxMqttAcknowledgements = 1 });
        byte[] stream = [.. Publish(MqttVersion.V311, "a", 2, 1, []), .. Acknowledgement(Pubrel, 1)];
        MqttEvent found;
        ReadOnlySpan<byte> rest = stream;
        do
        {
            found = desk.Session.Receive(rest, out int consumed, out _);
            rest = rest[consumed..];
        }
        while (found != MqttEvent.AcknowledgementDue);
        Assert.Equal(Acknowledgement(Pubrec, 1), desk.SendOwed());
        Assert.Equal(MqttEvent.NeedMoreData, desk.Session.Receive(rest, out _, out _));
        Assert.Equal(Acknowledgement(Pubcomp, 1), desk.SendOwed());
    }

    [Fact]
    public void QoS_2_needs_acknowledgements_and_identifiers()
    {
        byte[] d = new byte[64];
        Assert.Equal(MqttStatus.InvalidArgument, Desk.Accepted(change: static p => p with { MaxMqttInboundExactlyOnce = 0 }).Session.Subscribe("a"u8, MqttQos.ExactlyOnce, d, out _));
        Assert.Equal(MqttStatus.InvalidArgument, Desk.Accepted(change: static p => p with { MaxMqttAcknowledgements = 0 }).Session.Subscribe("a"u8, MqttQos.ExactlyOnce, d, out _));
        Assert.Equal(MqttStatus.InvalidArgument, Desk.Accepted().Session.Subscribe("a"u8, (MqttQos)3, d, out _));
        Desk desk = Desk.Accepted(change: static p => p with { MaxMqttInboundExactlyOnce = 0 });
        desk.SubscribeToAll(MqttQos.AtLeastOnce);
        desk.Feed(Publish(MqttVersion.V5, "a", 2, 1, []));
        desk.AssertFault(FaultReason.MqttPublishQos, 1, 2);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_broker_may_send_what_it_subscribed_for_its_client(MqttVersion version)
    {
        Desk desk = Desk.Accepted(version);
        desk.Feed([.. Publish(version, "a", 1, 7, [1]), .. Publish(version, "a", 2, 8, [2])]);
        Assert.Equal(["PublishEnd 01", "PublishEnd 02"], desk.Events.Where(static e => e.StartsWith("PublishEnd", StringComparison.Ordinal)));
        Assert.Equal([.. Acknowledgement(Puback, 7), .. Acknowledgement(Pubrec, 8)], desk.SendOwed());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_session_that_goes_on_may_get_what_an_older_one_subscribed(MqttVersion version)
    {
        Desk desk = Desk.Accepted(version, keep: true);
        desk.Reconnect(version);
        desk.TakeEvents();
        desk.Feed(Publish(version, "a", 2, 1, [1]));
        Assert.Contains("PublishEnd 01", desk.Events);
    }

    private static Desk Ready(MqttVersion version, Func<Profile, Profile>? change = null)
    {
        Desk desk = Desk.Accepted(version, change);
        desk.SubscribeToAll(desk.Profile.MaxMqttInboundExactlyOnce > 0 ? MqttQos.ExactlyOnce : MqttQos.AtLeastOnce);
        return desk;
    }
}
