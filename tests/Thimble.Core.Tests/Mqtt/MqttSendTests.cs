using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Thimble.Mqtt;
using Xunit;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>Each packet of the client against bytes put together by hand from the figures of MQTT 3.1.1 §3.</summary>
public class MqttSendTests
{
    private delegate MqttStatus Send(MqttSession session, Span<byte> destination, out int written);

    [Fact]
    public void Connect_is_figure_3_1_with_a_clean_session_and_nothing_optional()
    {
        byte[] packet = Whole(new Desk(), (MqttSession s, Span<byte> to, out int n)
            => s.Connect(new MqttConnectOptions { ClientId = "ab"u8, KeepAliveSeconds = 60 }, to, out n));

        Assert.Equal("100E" + "00044D515454" + "04" + "02" + "003C" + "00026162", Convert.ToHexString(packet));
    }

    [Fact]
    public void Connect_carries_user_name_and_password_after_the_client_identifier()
    {
        byte[] packet = Whole(new Desk(), (MqttSession s, Span<byte> to, out int n)
            => s.Connect(new MqttConnectOptions { UserName = "u"u8, Password = [0, 255] }, to, out n));

        Assert.Equal("1013" + "00044D515454" + "04" + "C2" + "0000" + "0000" + "000175" + "000200FF", Convert.ToHexString(packet));
    }

    [Fact]
    public void Connect_carries_a_user_name_without_a_password()
    {
        byte[] packet = Whole(new Desk(), (MqttSession s, Span<byte> to, out int n)
            => s.Connect(new MqttConnectOptions { UserName = "u"u8 }, to, out n));

        Assert.Equal("100F" + "00044D515454" + "04" + "82" + "0000" + "0000" + "000175", Convert.ToHexString(packet));
    }

    [Fact]
    public void Publish_has_no_packet_identifier()
    {
        byte[] packet = Whole(Desk.Connected(), (MqttSession s, Span<byte> to, out int n)
            => s.Publish("a/b"u8, "hello"u8, retain: false, to, out n));

        Assert.Equal("300A" + "0003612F62" + "68656C6C6F", Convert.ToHexString(packet));
    }

    [Fact]
    public void Publish_sets_the_retain_flag_and_may_be_empty()
    {
        byte[] packet = Whole(Desk.Connected(), (MqttSession s, Span<byte> to, out int n)
            => s.Publish("a"u8, [], retain: true, to, out n));

        Assert.Equal("3103" + "000161", Convert.ToHexString(packet));
    }

    [Theory]
    [InlineData(127 - 3, "7F")]
    [InlineData(128 - 3, "8001")]
    [InlineData(16_383 - 3, "FF7F")]
    [InlineData(16_384 - 3, "808001")]
    [InlineData(2_097_151 - 3, "FFFF7F")]
    [InlineData(2_097_152 - 3, "80808001")]
    [InlineData(268_435_455 - 3, "FFFFFF7F")]
    public void The_remaining_length_is_table_2_4(int payloadBytes, string length)
    {
        byte[] destination = new byte[16];
        MqttStatus status = Desk.Connected().Session.PublishBegin(new MqttPublishOptions { Topic = "a"u8 }, (uint)payloadBytes, destination, out int written);

        Assert.Equal(MqttStatus.Complete, status);
        Assert.Equal("30" + length + "000161", Convert.ToHexString(destination, 0, written));
    }

    [Fact]
    public void Subscribe_asks_for_QoS_0_with_a_packet_identifier()
    {
        byte[] packet = Whole(Desk.Connected(), (MqttSession s, Span<byte> to, out int n) => s.Subscribe("a/#"u8, to, out n));

        Assert.Equal("8208" + "0001" + "0003612F23" + "00", Convert.ToHexString(packet));
    }

    [Fact]
    public void Packet_identifiers_count_up_and_pass_over_zero()
    {
        Desk desk = Desk.Connected();
        byte[] destination = new byte[64];
        for (int i = 1; i <= 65_537; i++)
        {
            Assert.Equal(MqttStatus.Complete, desk.Session.Subscribe("a"u8, destination, out int written));
            (int identifier, _) = BrokerCodec.ReadSubscribe(destination[..written]);
            Assert.Equal(i <= 65_535 ? i : i - 65_535, identifier);
            Assert.Equal(MqttEvent.ReasonCodes, desk.Session.Receive(BrokerCodec.Suback(identifier, 0), out _, out _));
            Assert.Equal(MqttEvent.Subscribed, desk.Session.Receive([], out _, out _));
        }
    }

    [Fact]
    public void Ping_and_Disconnect_are_two_bytes()
    {
        Desk desk = Desk.Connected();

        Assert.Equal("C000", Convert.ToHexString(Whole(desk, (MqttSession s, Span<byte> to, out int n) => s.Ping(to, out n))));
        Assert.Equal("E000", Convert.ToHexString(Whole(desk, (MqttSession s, Span<byte> to, out int n) => s.Disconnect(to, out n))));
        Assert.Equal(MqttState.Disconnected, desk.Session.State);
    }

    [Fact]
    public void Every_packet_is_the_same_through_destinations_of_any_size()
    {
        Same(() => new Desk(), (MqttSession s, Span<byte> to, out int n)
            => s.Connect(new MqttConnectOptions { ClientId = "client"u8, UserName = "user"u8, Password = "secret"u8 }, to, out n));
        Same(() => Desk.Connected(), (MqttSession s, Span<byte> to, out int n) => s.Publish("topic"u8, new byte[300], true, to, out n));
        Same(() => Desk.Connected(), (MqttSession s, Span<byte> to, out int n) => s.Subscribe("topic/+/#"u8, to, out n));
        Same(() => Desk.Connected(), (MqttSession s, Span<byte> to, out int n) => s.Ping(to, out n));
        Same(() => Desk.Connected(), (MqttSession s, Span<byte> to, out int n) => s.Disconnect(to, out n));
    }

    [Fact]
    public void A_payload_may_come_in_pieces_that_its_destination_need_not_hold()
    {
        byte[] payload = Enumerable.Range(0, 1000).Select(i => (byte)i).ToArray();
        MqttSession session = Desk.Connected().Session;
        var sent = new List<byte>();
        byte[] destination = new byte[64];
        Assert.Equal(MqttStatus.Complete, session.PublishBegin(new MqttPublishOptions { Topic = "t"u8 }, 1000, destination, out int written));
        sent.AddRange(destination[..written]);
        foreach (byte[] piece in payload.Chunk(90))
        {
            ReadOnlySpan<byte> rest = piece;
            MqttStatus status;
            do
            {
                status = session.PublishData(rest, destination, out int consumed, out written);
                rest = rest[consumed..];
                sent.AddRange(destination[..written]);
            }
            while (status == MqttStatus.DestinationTooSmall);
            Assert.Equal(MqttStatus.Complete, status);
        }

        Assert.Equal(payload, BrokerCodec.ReadPublish([.. sent]).Payload);
        Assert.Equal(MqttStatus.InvalidArgument, session.PublishData([1], destination, out _, out _));
        Assert.Equal(MqttStatus.Complete, session.Ping(destination, out _));
    }

    [Fact]
    public void Nothing_comes_between_the_parts_of_a_packet()
    {
        MqttSession session = Desk.Connected().Session;
        byte[] destination = new byte[64];
        Assert.Equal(MqttStatus.DestinationTooSmall, session.Publish("topic"u8, "payload"u8, false, destination.AsSpan(0, 4), out _));
        AssertBusy(session);
        Assert.Equal(MqttStatus.WrongState, session.PublishData("p"u8, destination, out _, out _));
        Assert.Equal(MqttStatus.InvalidArgument, session.Publish("other/topic"u8, "payload"u8, false, destination, out _));

        Assert.Equal(MqttStatus.DestinationTooSmall, session.Publish("topic"u8, "payload"u8, false, destination.AsSpan(0, 7), out _));
        AssertBusy(session);
        Assert.Equal(MqttStatus.InvalidArgument, session.Publish("topic"u8, "short"u8, false, destination, out _));

        Assert.Equal(MqttStatus.Complete, session.Publish("topic"u8, "payload"u8, false, destination, out int written));
        Assert.Equal("yload", Encoding.UTF8.GetString(destination, 0, written));
    }

    [Fact]
    public void Only_Connect_is_sent_before_the_broker_accepts_and_nothing_after_Disconnect()
    {
        var desk = new Desk();
        AssertBusy(desk.Session);
        desk.SendConnect();
        AssertBusy(desk.Session);
        Assert.Equal(MqttStatus.WrongState, desk.Session.Connect(default, new byte[64], out _));

        desk.Feed(BrokerCodec.Connack(0, 0));
        Assert.Equal(MqttStatus.Complete, desk.Session.Disconnect(new byte[2], out _));
        AssertBusy(desk.Session);
        desk.Feed(BrokerCodec.Publish("a"u8.ToArray(), [1]));
        Assert.Equal("Disconnected", desk.Events[^1]);
    }

    [Fact]
    public void One_Subscribe_and_one_Ping_may_be_unanswered()
    {
        Assert.Equal(MqttStatus.WrongState, Desk.Subscribing().Session.Subscribe("c"u8, new byte[64], out _));
        Assert.Equal(MqttStatus.WrongState, Desk.Pinging().Session.Ping(new byte[64], out _));
    }

    [Fact]
    public void What_the_specification_forbids_is_refused_before_a_byte_is_written()
    {
        byte[] destination = new byte[128];
        MqttSession session = Desk.Connected().Session;
        Assert.Equal(MqttStatus.InvalidArgument, session.Publish("a/+"u8, [], false, destination, out _));
        Assert.Equal(MqttStatus.InvalidArgument, session.Publish(""u8, [], false, destination, out _));
        Assert.Equal(MqttStatus.InvalidArgument, session.PublishBegin(new MqttPublishOptions { Topic = "a"u8 }, 268_435_453, destination, out _));
        Assert.Equal(MqttStatus.InvalidArgument, session.PublishBegin(new MqttPublishOptions { Topic = "a"u8 }, uint.MaxValue, destination, out _));
        Assert.Equal(MqttStatus.InvalidArgument, session.Subscribe("a#"u8, destination, out _));

        session = new Desk().Session;
        Assert.Equal(MqttStatus.InvalidArgument, session.Connect(new MqttConnectOptions { Password = "p"u8 }, destination, out _));
        Assert.Equal(MqttStatus.InvalidArgument, session.Connect(new MqttConnectOptions { ClientId = [0] }, destination, out _));
        Assert.Equal(MqttStatus.InvalidArgument, session.Connect(new MqttConnectOptions { UserName = [0xFF] }, destination, out _));
        Assert.Equal(MqttStatus.InvalidArgument, session.Connect(new MqttConnectOptions { UserName = "u"u8, Password = new byte[65_536] }, destination, out _));
        Assert.Equal(-1, destination.AsSpan().IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void A_failed_session_sends_nothing()
    {
        Desk desk = Desk.Connected();
        desk.Feed([0xFF]);
        byte[] destination = new byte[64];

        Assert.Equal(MqttStatus.Faulted, desk.Session.Publish("a"u8, [1], false, destination, out int a));
        Assert.Equal(MqttStatus.Faulted, desk.Session.PublishData([1], destination, out _, out int b));
        Assert.Equal(MqttStatus.Faulted, desk.Session.Subscribe("a"u8, destination, out int c));
        Assert.Equal(MqttStatus.Faulted, desk.Session.Ping(destination, out int d));
        Assert.Equal(MqttStatus.Faulted, desk.Session.Disconnect(destination, out int e));
        Assert.Equal(MqttStatus.Faulted, desk.Session.Poll(1, out _));
        Assert.Equal(0, a + b + c + d + e);
    }

    private static void AssertBusy(MqttSession session)
    {
        byte[] destination = new byte[64];
        Assert.Equal(MqttStatus.WrongState, session.Subscribe("a"u8, destination, out int a));
        Assert.Equal(MqttStatus.WrongState, session.Ping(destination, out int b));
        Assert.Equal(MqttStatus.WrongState, session.Disconnect(destination, out int c));
        Assert.Equal(0, a + b + c);
    }

    private static byte[] Whole(Desk desk, Send send)
    {
        byte[] destination = new byte[512];
        Assert.Equal(MqttStatus.Complete, send(desk.Session, destination, out int written));
        return destination[..written];
    }

    private static void Same(Func<Desk> desk, Send send)
    {
        byte[] whole = Whole(desk(), send);
        for (int size = 1; size <= whole.Length; size++)
        {
            Assert.Equal(whole, Join(desk(), send, size));
        }
    }

    private static byte[] Join(Desk desk, Send send, int size)
    {
        var sent = new List<byte>();
        byte[] destination = new byte[size];
        MqttStatus status = send(desk.Session, [], out _);
        Assert.Equal(MqttStatus.DestinationTooSmall, status);
        do
        {
            status = send(desk.Session, destination, out int written);
            sent.AddRange(destination[..written]);
            Assert.True(written != 0 && sent.Count <= 512);
        }
        while (status == MqttStatus.DestinationTooSmall);
        Assert.Equal(MqttStatus.Complete, status);
        return [.. sent];
    }
}
