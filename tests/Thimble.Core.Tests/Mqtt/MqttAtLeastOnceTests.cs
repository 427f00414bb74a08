using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Mqtt;
using Xunit;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>Receiving with QoS 1 (MQTT 3.1.1 §4.3.2): what is owed, and when it is told and sent.</summary>
public class MqttAtLeastOnceTests
{
    private static readonly byte[] _topic = "a/b"u8.ToArray();

    [Fact]
    public void The_subscription_names_its_QoS_and_may_be_granted_less()
    {
        foreach (byte granted in new byte[] { 0, 1, 0x80 })
        {
            Desk desk = Desk.Connected(acknowledgements: 2);
            byte[] destination = new byte[32];
            Assert.Equal(MqttStatus.Complete, desk.Session.Subscribe("a/b"u8, MqttQos.AtLeastOnce, destination, out int written));
            Assert.Equal([0x82, 8, 0, 1, 0, 3, 0x61, 0x2F, 0x62, 1], destination[..written]);
            desk.Feed(BrokerCodec.Suback(1, granted));
            Assert.Equal([granted == 0x80 ? "SubscriptionRefused" : "Subscribed"], desk.Events);
        }
    }

    [Fact]
    public void Nobody_can_subscribe_with_a_QoS_that_cannot_be_served()
    {
        Assert.Equal(MqttStatus.InvalidArgument, Desk.Connected().Session.Subscribe("a"u8, MqttQos.AtLeastOnce, new byte[32], out _));
        Assert.Equal(MqttStatus.InvalidArgument, Desk.Connected(acknowledgements: 2).Session.Subscribe("a"u8, (MqttQos)2, new byte[32], out _));
    }

    [Fact]
    public void A_grant_above_what_was_asked_is_a_fault_even_if_an_earlier_one_asked_for_more()
    {
        Desk desk = Desk.AtLeastOnce();
        Assert.Equal(MqttStatus.Complete, desk.Session.Subscribe("c"u8, new byte[32], out _));
        desk.Feed(BrokerCodec.Suback(2, 1));
        desk.AssertFault(FaultReason.MqttReturnCode, 0, 1);
    }

    [Fact]
    public void A_message_may_come_before_its_Suback()
    {
        Desk desk = Desk.Connected(acknowledgements: 2);
        desk.Session.Subscribe("a/b"u8, MqttQos.AtLeastOnce, new byte[32], out _);
        desk.Feed([.. BrokerCodec.Publish(_topic, 9, [1]), .. BrokerCodec.Suback(1, 1)]);
        Assert.Equal(["PublishBegin a/b 1 retained=False", "PublishEnd 01", "Subscribed"], desk.Events);
    }

    [Fact]
    public void Messages_are_acknowledged_in_their_order_in_every_split_and_through_any_destination()
    {
        byte[] stream =
        [
            .. BrokerCodec.Publish(_topic, 0x0102, [1, 2]), .. BrokerCodec.Publish(_topic, [3]),
            .. BrokerCodec.Publish(_topic, 0xFFFF, [], flags: 9), .. BrokerCodec.Publish(_topic, 1, [4]),
        ];
        int destinationBytes = 0;
        foreach (int[] cuts in Splits.Of(stream.Length))
        {
            Desk desk = Desk.AtLeastOnce();
            desk.Feed(stream, cuts);
            Assert.Equal(3, desk.Session.AcknowledgementsDue);
            desk.Acknowledge((destinationBytes++ % 14) + 1);
            Assert.Equal([0x0102, 0xFFFF, 1], desk.Acknowledged);
            Assert.Equal(
                [
                    "PublishBegin a/b 2 retained=False", "PublishEnd 0102", "PublishBegin a/b 1 retained=False", "PublishEnd 03",
                    "PublishBegin a/b 0 retained=True", "PublishEnd ", "PublishBegin a/b 1 retained=False", "PublishEnd 04",
                ],
                desk.Events);
        }
    }

    [Fact]
    public void The_flags_of_a_message_are_told()
    {
        Desk desk = Desk.AtLeastOnce();
        Assert.Equal(MqttEvent.PublishBegin, desk.Session.Receive(BrokerCodec.Publish(_topic, 7, [1], flags: 9), out _, out _));
        Assert.Equal((MqttQos.AtLeastOnce, true, true, 1u), (desk.Session.Qos, desk.Session.Duplicate, desk.Session.Retained, desk.Session.PayloadBytes));
        desk = Desk.AtLeastOnce();
        Assert.Equal(MqttEvent.PublishBegin, desk.Session.Receive(BrokerCodec.Publish(_topic, [1]), out _, out _));
        Assert.Equal((MqttQos.AtMostOnce, false, false), (desk.Session.Qos, desk.Session.Duplicate, desk.Session.Retained));
    }

    [Fact]
    public void A_full_queue_stops_the_reader_and_loses_nothing()
    {
        Desk desk = Desk.AtLeastOnce(acknowledgements: 2);
        byte[] stream = [.. Enumerable.Range(1, 7).SelectMany(i => BrokerCodec.Publish(_topic, (ushort)i, [(byte)i]))];
        var found = new List<MqttEvent>();
        ReadOnlySpan<byte> rest = stream;
        do
        {
            found.Add(desk.Session.Receive(rest, out int consumed, out _));
            rest = rest[consumed..];
        }
        while (found[^1] != MqttEvent.AcknowledgementDue);
        Assert.Equal((2, 2), (found.Count(static e => e == MqttEvent.PublishEnd), desk.Session.AcknowledgementsDue));
        Assert.Equal(MqttEvent.AcknowledgementDue, desk.Session.Receive(rest, out int none, out _));
        Assert.Equal(0, none);

        desk.Feed(rest); // sends what is due whenever the session says so
        desk.Acknowledge();
        Assert.Equal(Enumerable.Range(1, 7).Select(static i => (ushort)i), desk.Acknowledged);
    }

    [Fact]
    public void Poll_tells_that_acknowledgements_are_due_and_puts_them_before_a_ping()
    {
        Desk desk = Desk.AtLeastOnce(keepAlive: 60);
        desk.Feed(BrokerCodec.Publish(_topic, 5, []));
        Assert.Equal(MqttStatus.AcknowledgementDue, desk.Session.Poll(50_000, out uint wait));
        Assert.Equal(0u, wait);
        Assert.Equal(MqttStatus.DestinationTooSmall, desk.Session.Acknowledge(new byte[2], out _));
        Assert.Equal(MqttStatus.AcknowledgementDue, desk.Session.Poll(50_001, out _));
        byte[] rest = new byte[4];
        Assert.Equal(MqttStatus.Complete, desk.Session.Acknowledge(rest, out int written));
        Assert.Equal([0, 5], rest[..written]);
        Assert.Equal(MqttStatus.Complete, desk.Session.Poll(50_002, out _));
    }

    [Fact]
    public void A_packet_that_is_half_sent_comes_first()
    {
        Desk desk = Desk.AtLeastOnce();
        desk.Session.PublishBegin(new MqttPublishOptions { Topic = "a"u8 }, 1, new byte[16], out _);
        desk.Feed(BrokerCodec.Publish(_topic, 5, []));
        Assert.Equal(MqttStatus.Complete, desk.Session.Poll(1, out _));
        Assert.Equal(MqttStatus.WrongState, desk.Session.Acknowledge(new byte[16], out int written));
        Assert.Equal(0, written);
        desk.Session.PublishData([1], new byte[1], out _, out _);
        desk.Acknowledge();
        Assert.Equal([5], desk.Acknowledged);
    }

    [Fact]
    public void A_payload_that_nobody_wants_is_skipped_reported_and_acknowledged()
    {
        byte[] stream = [.. BrokerCodec.Publish(_topic, 3, new byte[300]), .. BrokerCodec.Publish(_topic, 4, [9])];
        for (int cut = 1; cut < stream.Length; cut++)
        {
            Desk desk = Desk.AtLeastOnce();
            var found = new List<MqttEvent>();
            foreach (byte[] piece in new[] { stream[..cut], stream[cut..] })
            {
                ReadOnlySpan<byte> rest = piece;
                do
                {
                    found.Add(desk.Session.Receive(rest, out int consumed, out _));
                    rest = rest[consumed..];
                    if (found[^1] == MqttEvent.PublishBegin && desk.Session.PayloadBytes == 300)
                    {
                        desk.Session.SkipPayload();
                    }
                }
                while (found[^1] != MqttEvent.NeedMoreData);
            }

            Assert.Equal(
                [MqttEvent.PublishBegin, MqttEvent.PublishSkipped, MqttEvent.PublishBegin, MqttEvent.PublishData, MqttEvent.PublishEnd],
                found.Where(static e => e != MqttEvent.NeedMoreData));
            desk.Acknowledge();
            Assert.Equal([3, 4], desk.Acknowledged);
        }
    }

    [Fact]
    public void There_is_nothing_to_skip_between_messages()
    {
        Desk desk = Desk.AtLeastOnce();
        byte[] before = desk.Remembered;
        desk.Session.SkipPayload();
        Assert.Equal(before, desk.Remembered);
    }

    [Theory]
    [InlineData("32070003612F620000", FaultReason.MqttPublishIdentifierZero, 0, 0)] // [MQTT-2.3.1-1]
    [InlineData("32060003612F6201", FaultReason.MqttRemainingLengthWrong, 7, 6)]
    [InlineData("32050003612F62", FaultReason.MqttRemainingLengthWrong, 7, 5)]
    [InlineData("34070003612F620001", FaultReason.MqttPublishQos, 1, 2)]
    [InlineData("36070003612F620001", FaultReason.MqttFixedHeaderFlags, 0, 0x36)]
    public void A_message_against_the_rules_gives_its_fault(string packet, FaultReason reason, uint expected, uint actual)
    {
        byte[] stream = Convert.FromHexString(packet);
        foreach (int[] cuts in Splits.Of(stream.Length))
        {
            Desk desk = Desk.AtLeastOnce();
            desk.Feed(stream, cuts);
            desk.AssertFault(reason, expected, actual);
        }
    }
}
