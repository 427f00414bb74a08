using System;
using System.Linq;
using Thimble.Memory;
using Thimble.Mqtt;
using Xunit;
using static Thimble.Core.Tests.Mqtt.BrokerPackets;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>SUBSCRIBE and UNSUBSCRIBE of several filters, their options, their answers, and what the broker does not do.</summary>
public class MqttRequestTests
{
    public static TheoryData<MqttVersion> Versions => [MqttVersion.V311, MqttVersion.V5];

    [Fact]
    public void Several_filters_go_out_with_their_options_in_any_pieces()
    {
        Span<byte> memory = new byte[64];
        var list = new MqttSubscriptionWriter(memory);
        list.Add("a/+"u8, new MqttSubscribeOptions { Qos = MqttQos.ExactlyOnce, NoLocal = true, RetainAsPublished = true, RetainHandling = MqttRetainHandling.DoNotSend });
        list.Add("$share/group/b"u8, new MqttSubscribeOptions { Qos = MqttQos.AtLeastOnce, RetainHandling = MqttRetainHandling.SendIfNew });
        byte[] expected = BrokerCodec.Frame(0x82,
            [0, 1, 3, .. Variable(11, 200), .. Field("a/+"u8.ToArray()), 0x2E, .. Field("$share/group/b"u8.ToArray()), 0x11]);
        foreach (int piece in new[] { 1, 2, 7, 64 })
        {
            Desk desk = Desk.Accepted();
            byte[] sent = new byte[expected.Length];
            int at = 0;
            MqttStatus status;
            do
            {
                byte[] d = new byte[piece];
                status = desk.Session.Subscribe(list.Written, Variable(11, 200), d, out int written);
                d.AsSpan(0, written).CopyTo(sent.AsSpan(at));
                at += written;
            }
            while (status == MqttStatus.DestinationTooSmall);
            Assert.Equal((MqttStatus.Complete, expected.Length), (status, at));
            Assert.Equal(expected, sent);
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Suback_tells_every_code_and_then_the_outcome(MqttVersion version)
    {
        foreach ((byte[] codes, string outcome, int reason) in new[]
        {
            (new byte[] { 2, 0, 1 }, "Subscribed", 0), ([1, 1, 2], "Subscribed", 1), ([1, 0x80, 0], "SubscriptionRefused", 0x80), ([0x80, 0x80, 0x80], "SubscriptionRefused", 0x80),
        })
        {
            byte[] suback = Suback(version, 1, codes, version == MqttVersion.V5 ? [Text(31, "so"), User("a", "b")] : []);
            foreach (int[] cuts in Splits.Of(suback.Length).Take(suback.Length + 3))
            {
                Desk desk = Asked(version, 3);
                desk.Feed(suback, cuts);
                Assert.Equal(codes, desk.Codes);
                Assert.Equal(outcome, desk.Events[^1]);
                Assert.Equal(version == MqttVersion.V5 ? ["Property ReasonString so", "Property UserProperty a=b", outcome] : [outcome], desk.Events);
                Assert.Equal(reason, (int)desk.Session.ReasonCode);
                Assert.Equal(MqttStatus.Complete, desk.Session.Subscribe("a"u8, new byte[64], out _));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Suback_must_answer_every_filter_and_grant_no_more_than_was_asked(MqttVersion version)
    {
        Assert.Equal(FaultReason.MqttRemainingLengthWrong, FaultOf(Asked(version, 3), Suback(version, 1, [0, 0])));
        Assert.Equal(FaultReason.MqttRemainingLengthWrong, FaultOf(Asked(version, 3), Suback(version, 1, [0, 0, 0, 0])));
        Assert.Equal(FaultReason.MqttPacketIdentifier, FaultOf(Asked(version, 3), Suback(version, 2, [0, 0, 0])));
        Assert.Equal(FaultReason.MqttReturnCode, FaultOf(Asked(version, 1, MqttQos.AtLeastOnce), Suback(version, 1, [2])));
        Assert.Equal(version == MqttVersion.V5 ? FaultReason.MqttReasonCodeInvalid : FaultReason.MqttReturnCode, FaultOf(Asked(version, 1), Suback(version, 1, [3])));
        Assert.Equal(version == MqttVersion.V5 ? FaultReason.None : FaultReason.MqttReturnCode, FaultOf(Asked(version, 1), Suback(version, 1, [0x87])));
        Assert.Equal(FaultReason.MqttUnexpectedPacket, FaultOf(Asked(version, 1), Unsuback(version, 1, [0])));
        Assert.Equal(FaultReason.MqttUnexpectedPacket, FaultOf(Asked(version, 1), [.. Suback(version, 1, [0]), .. Suback(version, 1, [0])]));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Filters_are_taken_back_and_Unsuback_tells_how(MqttVersion version)
    {
        var list = new MqttUnsubscriptionWriter(new byte[64]);
        list.Add("a/#"u8);
        list.Add("b"u8);
        byte[] d = new byte[64];
        byte[] none = version == MqttVersion.V5 ? [0] : [];
        foreach ((byte[] codes, string outcome) in new[] { (new byte[] { 0, 0x11 }, "Unsubscribed"), ([0x11, 0x87], "UnsubscriptionRefused") })
        {
            Desk desk = Desk.Accepted(version);
            Assert.Equal(MqttStatus.Complete, desk.Session.Unsubscribe(list.Written, default, d, out int written));
            Assert.Equal(BrokerCodec.Frame(0xA2, [0, 1, .. none, .. Field("a/#"u8.ToArray()), .. Field("b"u8.ToArray())]), d[..written]);
            Assert.Equal(MqttStatus.WrongState, desk.Session.Subscribe("a"u8, d, out _));
            Assert.Equal(MqttStatus.WrongState, desk.Session.Unsubscribe(list.Written, default, d, out _));
            desk.Feed(Unsuback(version, 1, codes));
            Assert.Equal(version == MqttVersion.V5 ? outcome : "Unsubscribed", desk.Events.Single());
            Assert.Equal(version == MqttVersion.V5 ? codes : [], desk.Codes);
        }

        Desk waiting = Desk.Accepted(version, keepAlive: 10);
        waiting.Session.Unsubscribe(list.Written, default, d, out _);
        Assert.Equal(MqttStatus.Faulted, waiting.Session.Poll(10_000, out _));
    }

    [Fact]
    public void Unsuback_may_not_carry_a_code_of_Suback()
    {
        Desk desk = Desk.Accepted();
        var list = new MqttUnsubscriptionWriter(new byte[64]);
        list.Add("b"u8);
        Assert.Equal(MqttStatus.Complete, desk.Session.Unsubscribe(list.Written, default, new byte[64], out _));
        desk.Feed(Unsuback(MqttVersion.V5, 1, [1]));
        desk.AssertFault(FaultReason.MqttReasonCodeInvalid, 11, 1);
    }

    [Theory]
    [InlineData("$share/g/a", true)]
    [InlineData("$share/g/+/#", true)]
    [InlineData("$share/g//", true)]
    [InlineData("$share/g/", false)]
    [InlineData("$share/g", false)]
    [InlineData("$share//a", false)]
    [InlineData("$share/", false)]
    [InlineData("$share/+/a", false)]
    [InlineData("$share/g#/a", false)]
    [InlineData("$share/#", false)]
    [InlineData("$share/g/a#", false)]
    [InlineData("$shared/a", true)]
    [InlineData("$share", true)]
    public void Filters_of_shared_subscriptions_have_a_name_and_a_filter(string filter, bool valid)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(filter);
        Assert.Equal(valid ? MqttStatus.Complete : MqttStatus.InvalidArgument, Desk.Accepted().Session.Subscribe(bytes, new byte[64], out _));
    }

    [Fact]
    public void No_Local_is_not_for_shared_subscriptions()
    {
        var list = new MqttSubscriptionWriter(new byte[64]);
        list.Add("$share/g/a"u8, new MqttSubscribeOptions { NoLocal = true });
        Assert.Equal(MqttStatus.InvalidArgument, Desk.Accepted().Session.Subscribe(list.Written, [], new byte[64], out _));
    }

    [Fact]
    public void Options_of_MQTT_5_are_not_for_MQTT_311_and_reserved_ones_for_none()
    {
        foreach (MqttSubscribeOptions options in new MqttSubscribeOptions[]
        {
            new() { NoLocal = true }, new() { RetainAsPublished = true }, new() { RetainHandling = MqttRetainHandling.SendIfNew },
        })
        {
            var list = new MqttSubscriptionWriter(new byte[64]);
            list.Add("a"u8, options);
            Assert.Equal(MqttStatus.InvalidArgument, Desk.Accepted(MqttVersion.V311).Session.Subscribe(list.Written, [], new byte[64], out _));
            Assert.Equal(MqttStatus.Complete, Desk.Accepted().Session.Subscribe(list.Written, [], new byte[64], out _));
        }

        foreach (byte reserved in new byte[] { 0x30, 0x40, 0x80, 0x03 })
        {
            byte[] list = [0, 1, (byte)'a', reserved];
            Assert.Equal(MqttStatus.InvalidArgument, Desk.Accepted().Session.Subscribe(list, [], new byte[64], out _));
        }
    }

    [Fact]
    public void A_list_that_is_empty_or_cut_short_or_holds_a_bad_filter_is_refused()
    {
        byte[] good = [0, 1, (byte)'a', 0, 0, 3, (byte)'b', (byte)'/', (byte)'#', 1];
        Desk desk = Desk.Accepted();
        for (int bytes = 0; bytes < good.Length; bytes++)
        {
            MqttStatus expected = bytes == 4 ? MqttStatus.Complete : MqttStatus.InvalidArgument;
            Assert.Equal((bytes, expected), (bytes, Desk.Accepted().Session.Subscribe(good.AsSpan(0, bytes), [], new byte[64], out _)));
        }

        Assert.Equal(MqttStatus.InvalidArgument, desk.Session.Subscribe([0, 2, (byte)'a', (byte)'#', 0], [], new byte[64], out _));
        Assert.Equal(MqttStatus.InvalidArgument, desk.Session.Subscribe([0, 0, 0], [], new byte[64], out _));
        Assert.Equal(MqttStatus.InvalidArgument, desk.Session.Unsubscribe([0, 2, (byte)'a', (byte)'#'], default, new byte[64], out _));
        Assert.Equal(MqttStatus.InvalidArgument, desk.Session.Unsubscribe(default, default, new byte[64], out _));
        var overrun = new MqttSubscriptionWriter(new byte[3]);
        overrun.Add("a"u8, default);
        Assert.True(overrun.Overrun);
        Assert.Equal(MqttStatus.InvalidArgument, desk.Session.Subscribe(overrun.Written, [], new byte[64], out _));
        Assert.Equal(MqttStatus.Complete, desk.Session.Subscribe(good, [], new byte[64], out _));
    }

    [Theory]
    [InlineData("0B00")] // 0
    [InlineData("0B010B02")] // twice
    [InlineData("0B8000")] // not the shortest
    [InlineData("0B8080808001")]
    [InlineData("1F000161")]
    [InlineData("0101")]
    public void Properties_that_Subscribe_may_not_have_are_refused(string properties)
        => Assert.Equal(MqttStatus.InvalidArgument, Desk.Accepted().Session.Subscribe([0, 1, (byte)'a', 0], Convert.FromHexString(properties), new byte[64], out _));

    [Fact]
    public void What_the_broker_does_not_do_is_not_asked()
    {
        Desk desk = Desk.Accepted(connack: [Byte(40, 0), Byte(41, 0), Byte(42, 0)]);
        byte[] d = new byte[64];
        Assert.Equal(MqttStatus.NotAvailable, desk.Session.Subscribe("a/+"u8, d, out _));
        Assert.Equal(MqttStatus.NotAvailable, desk.Session.Subscribe("#"u8, d, out _));
        Assert.Equal(MqttStatus.NotAvailable, desk.Session.Subscribe("$share/g/a"u8, d, out _));
        Assert.Equal(MqttStatus.NotAvailable, desk.Session.Subscribe([0, 1, (byte)'a', 0], Variable(11, 1), d, out _));
        Assert.Equal(MqttStatus.Complete, desk.Session.Unsubscribe([0, 1, (byte)'#'], default, d, out _));
        Assert.Equal(MqttStatus.Complete, Desk.Accepted(connack: [Byte(40, 0), Byte(41, 0), Byte(42, 0)]).Session.Subscribe([0, 1, (byte)'a', 0], User("a", "b"), d, out _));
    }

    private static Desk Asked(MqttVersion version, int filters, MqttQos qos = MqttQos.ExactlyOnce)
    {
        Desk desk = Desk.Accepted(version);
        var list = new MqttSubscriptionWriter(new byte[64]);
        for (int i = 0; i < filters; i++)
        {
            list.Add("f"u8, new MqttSubscribeOptions { Qos = qos });
        }

        Assert.Equal(MqttStatus.Complete, desk.Session.Subscribe(list.Written, [], new byte[64], out _));
        return desk;
    }

    private static FaultReason FaultOf(Desk desk, byte[] packets)
    {
        desk.Feed(packets);
        return desk.Session.Fault.Reason;
    }
}
