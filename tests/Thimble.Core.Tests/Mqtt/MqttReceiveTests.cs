using System;
using System.Linq;
using System.Text;
using Thimble.Memory;
using Thimble.Mqtt;
using Xunit;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>What a broker sends, against bytes put together by hand from MQTT 3.1.1 §3, in every split.</summary>
public class MqttReceiveTests
{
    // CONNACK; PUBLISH of "a/b" with "hi"; SUBACK of packet 1; retained PUBLISH of U+1F980 and U+00E9 without payload; PINGRESP;
    // PUBLISH of 130 bytes in all.
    private static readonly byte[] _session =
    [
        0x20, 0x02, 0x00, 0x00,
        0x30, 0x07, 0x00, 0x03, 0x61, 0x2F, 0x62, 0x68, 0x69,
        0x90, 0x03, 0x00, 0x01, 0x00,
        0x31, 0x08, 0x00, 0x06, 0xF0, 0x9F, 0xA6, 0x80, 0xC3, 0xA9,
        0xD0, 0x00,
        0x30, 0x82, 0x01, 0x00, 0x01, 0x74, .. Enumerable.Repeat((byte)0x5A, 127),
    ];

    private static readonly string[] _events =
    [
        "Connected",
        "PublishBegin a/b 2 retained=False", "PublishEnd 6869",
        "Subscribed",
        "PublishBegin \U0001F980\u00E9 0 retained=True", "PublishEnd ",
        "PingResponse",
        "PublishBegin t 127 retained=False", "PublishEnd " + string.Concat(Enumerable.Repeat("5A", 127)),
    ];

    [Fact]
    public void A_session_gives_the_same_events_in_every_split()
    {
        foreach (int[] cuts in Splits.Of(_session.Length))
        {
            var desk = new Desk();
            desk.SendConnect();

            // What the client sends depends on what it has received, so the stream is cut at the CONNACK too.
            desk.Feed(_session.AsSpan(0, 4), cuts.Where(c => c <= 4));
            Assert.Equal(MqttStatus.Complete, desk.Session.Subscribe("#"u8, new byte[16], out _));
            Assert.Equal(MqttStatus.Complete, desk.Session.Ping(new byte[16], out _));
            desk.Feed(_session.AsSpan(4), cuts.Where(c => c > 4).Select(c => c - 4));

            Assert.Equal(_events, desk.Events);
        }
    }

    [Fact]
    public void A_payload_is_handed_on_where_it_lies_and_its_size_costs_nothing()
    {
        const int PayloadBytes = 3_000_000;
        Desk desk = Desk.Connected(topicBytes: 1);
        byte[] packet = BrokerCodec.Publish("t"u8.ToArray(), new byte[PayloadBytes]);
        ReadOnlySpan<byte> source = packet;
        Assert.Equal(MqttEvent.PublishBegin, desk.Session.Receive(source, out int header, out _));
        source = source[header..];
        int received = 0;
        while (received < PayloadBytes)
        {
            ReadOnlySpan<byte> piece = source[..Math.Min(512, source.Length)];
            Assert.Equal(MqttEvent.PublishData, desk.Session.Receive(piece, out int consumed, out ReadOnlySpan<byte> data));
            Assert.True(data == piece[..consumed]);
            received += consumed;
            source = source[consumed..];
            Assert.Equal((uint)(PayloadBytes - received), desk.Session.PayloadBytes);
        }

        Assert.Equal(MqttEvent.PublishEnd, desk.Session.Receive([], out _, out _));
        Assert.Equal(MqttEvent.NeedMoreData, desk.Session.Receive([], out _, out _));
    }

    [Fact]
    public void A_topic_may_fill_its_region_to_the_last_byte()
    {
        byte[] topic = Encoding.ASCII.GetBytes(new string('x', 64));
        Desk desk = Desk.Connected(topicBytes: 64);
        desk.Feed(BrokerCodec.Publish(topic, [7]));

        Assert.Equal([$"PublishBegin {new string('x', 64)} 1 retained=False", "PublishEnd 07"], desk.Events);
    }

    [Fact]
    public void The_remaining_length_need_not_be_minimal()
    {
        Desk desk = Desk.Pinging();
        desk.Feed([0xD0, 0x80, 0x80, 0x80, 0x00]);

        Assert.Equal(["PingResponse"], desk.Events);
    }

    [Fact]
    public void A_refused_subscription_leaves_the_session_open()
    {
        Desk desk = Desk.Subscribing();
        desk.Feed(BrokerCodec.Suback(1, 0x80));
        Assert.Equal(MqttStatus.Complete, desk.Session.Subscribe("c"u8, new byte[64], out _));
        desk.Feed(BrokerCodec.Suback(2, 0));

        Assert.Equal(["SubscriptionRefused", "Subscribed"], desk.Events);
    }

    [Fact]
    public void The_end_of_the_transport_is_in_order_after_Disconnect()
    {
        Desk desk = Desk.Connected();
        desk.Session.Disconnect(new byte[2], out _);

        Assert.Equal(MqttEvent.Disconnected, desk.Session.ReceiveEnd());
        Assert.Equal(FaultReason.None, desk.Session.Fault.Reason);
    }

    [Fact]
    public void The_end_of_the_transport_before_Disconnect_names_what_was_awaited()
    {
        var connecting = new Desk();
        connecting.SendConnect();
        AssertLost(connecting, awaited: 2, missing: 0);
        AssertLost(Desk.Subscribing(), awaited: 9, missing: 0);
        AssertLost(Desk.Pinging(), awaited: 13, missing: 0);

        Desk receiving = Desk.Connected();
        receiving.Feed([0x30, 0x07, 0x00, 0x03, 0x61]);
        AssertLost(receiving, awaited: 0, missing: 4);
    }

    [Fact]
    public void The_state_is_88_bytes_and_the_topic_what_the_profile_says()
    {
        Assert.Equal(88, MqttSession.StateBytes);
        Assert.Equal(88, System.Runtime.CompilerServices.Unsafe.SizeOf<MqttSessionState>());
        Assert.Equal(16, System.Runtime.CompilerServices.Unsafe.SizeOf<MqttPacketCursor>());
        Assert.Equal(40, System.Runtime.CompilerServices.Unsafe.SizeOf<MqttRollbackState>());
        Assert.Equal(24, System.Runtime.CompilerServices.Unsafe.SizeOf<MqttPropertyCursor>());
        Assert.Equal(16, System.Runtime.CompilerServices.Unsafe.SizeOf<MqttServerLimits>());
        Assert.Equal(Mqtt5Incoming.Bytes, System.Runtime.CompilerServices.Unsafe.SizeOf<Mqtt5Incoming>());
        Assert.Equal(48, MqttSession.TopicBytes(new Profile { MaxMqttTopicBytes = 48 }));
        Assert.Equal(65_535, MqttSession.TopicBytes(new Profile { MaxMqttTopicBytes = 1 << 20 }));
    }

    private static void AssertLost(Desk desk, uint awaited, uint missing)
    {
        Assert.Equal(MqttEvent.Faulted, desk.Session.ReceiveEnd());
        desk.AssertFault(FaultReason.MqttConnectionLost, awaited, missing);
    }
}
