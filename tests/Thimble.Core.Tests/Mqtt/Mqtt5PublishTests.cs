using System;
using System.Linq;
using System.Text;
using Thimble.Memory;
using Thimble.Mqtt;
using Xunit;
using static Thimble.Core.Tests.Mqtt.BrokerPackets;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>PUBLISH of MQTT 5 both ways: properties, topic aliases, what the broker does not do, and the packet's largest size.</summary>
public class Mqtt5PublishTests
{
    private static readonly byte[][] _properties =
    [
        Byte(1, 1), Long(2, 0xFFFF_FFFE), Short(35, 2), Text(8, "answer/here"), Binary(9, [0, 255, 7]), User("n", ""), User("", "v"), User("", ""), Variable(11, 1), Variable(11, 268_435_455),
        Text(3, ""),
    ];

    private static readonly string[] _told =
    [
        "Property PayloadFormatIndicator 1", "Property MessageExpiryInterval 4294967294", "Property TopicAlias 2", "Property ResponseTopic answer/here",
        "Property CorrelationData \0\u00FF\u0007", "Property UserProperty n=", "Property UserProperty =v", "Property UserProperty =", "Property SubscriptionIdentifier 1",
        "Property SubscriptionIdentifier 268435455", "Property ContentType ",
    ];

    [Fact]
    public void A_message_with_every_property_gives_the_same_events_in_any_split()
    {
        byte[] publish = Publish(MqttVersion.V5, "a/b", 1, 9, [1, 2, 3], retain: true, properties: _properties);
        foreach (int[] cuts in Splits.Of(publish.Length))
        {
            Desk desk = Ready();
            desk.Feed(publish, cuts);
            Assert.Equal(["PublishBegin a/b 3 retained=True", .. _told, "PublishEnd 010203"], desk.Events);
            Assert.Equal(Acknowledgement(4, 9), desk.SendOwed());
        }
    }

    [Fact]
    public void An_alias_stands_for_its_topic_from_its_property_on()
    {
        Desk desk = Ready();
        desk.Feed(Publish(MqttVersion.V5, "first/topic", 0, 0, [], properties: Short(35, 1)));
        desk.Feed(Publish(MqttVersion.V5, "other", 0, 0, [], properties: Short(35, 3)));
        desk.TakeEvents();
        byte[] publish = Publish(MqttVersion.V5, "", 0, 0, [5], properties: [Byte(1, 0), Short(35, 1), User("a", "b")]);
        foreach (int[] cuts in Splits.Of(publish.Length).Take(publish.Length + 3))
        {
            desk.Feed(publish, cuts);
            Assert.Equal(["PublishBegin  1 retained=False", "Property PayloadFormatIndicator 0", "Property TopicAlias 1", "Property UserProperty a=b", "PublishEnd 05"], desk.TakeEvents());
            Assert.Equal("first/topic", Encoding.UTF8.GetString(desk.Session.Topic));
        }

        desk.Feed(Publish(MqttVersion.V5, "anew", 0, 0, [], properties: Short(35, 1)));
        desk.Feed(Publish(MqttVersion.V5, "", 0, 0, [], properties: Short(35, 1)));
        Assert.Equal("anew", Encoding.UTF8.GetString(desk.Session.Topic));
        desk.Feed(Publish(MqttVersion.V5, "", 0, 0, [], properties: Short(35, 3)));
        Assert.Equal("other", Encoding.UTF8.GetString(desk.Session.Topic));
        desk.Feed(Publish(MqttVersion.V5, "", 0, 0, [], properties: Short(35, 2)));
        desk.AssertFault(FaultReason.MqttTopicAliasUnknown, 0, 2);
    }

    [Fact]
    public void Aliases_do_not_outlive_their_connection()
    {
        Desk desk = Desk.Accepted(keep: true);
        desk.Feed(Publish(MqttVersion.V5, "t", 0, 0, [], properties: Short(35, 1)));
        desk.Reconnect(MqttVersion.V5);
        desk.Feed(Publish(MqttVersion.V5, "", 0, 0, [], properties: Short(35, 1)));
        desk.AssertFault(FaultReason.MqttTopicAliasUnknown, 0, 1);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(4, 3)]
    [InlineData(1, 0)]
    [InlineData(65_535, 3)]
    public void An_alias_that_was_not_allowed_is_a_fault(int alias, int planned)
    {
        Desk desk = Desk.Accepted(change: p => p with { MaxMqttTopicAliases = planned });
        desk.Feed(Publish(MqttVersion.V5, "t", 0, 0, [], properties: Short(35, alias)));
        desk.AssertFault(FaultReason.MqttTopicAliasInvalid, (uint)planned, (uint)alias);
    }

    [Fact]
    public void Our_properties_and_alias_go_behind_the_identifier()
    {
        Desk desk = Desk.Accepted(connack: [Short(34, 10)]);
        Span<byte> memory = new byte[128];
        var properties = new MqttPropertyWriter(memory);
        properties.Add(MqttProperty.PayloadFormatIndicator, 1);
        properties.Add(MqttProperty.MessageExpiryInterval, 70_000);
        properties.Add(MqttProperty.ResponseTopic, "r/t"u8);
        properties.Add(MqttProperty.CorrelationData, [1, 2]);
        properties.AddUserProperty("k"u8, "v"u8);
        properties.AddUserProperty("k"u8, "w"u8);
        byte[][] written = [Short(35, 10), Byte(1, 1), Long(2, 70_000), Text(8, "r/t"), Binary(9, [1, 2]), User("k", "v"), User("k", "w")];
        byte[] d = new byte[128];
        foreach (string topic in new[] { "a/b", "" })
        {
            var options = new MqttPublishOptions { Topic = Encoding.UTF8.GetBytes(topic), TopicAlias = 10, Properties = properties.Written, Qos = MqttQos.AtLeastOnce, Retain = true };
            Assert.Equal(MqttStatus.Complete, desk.Session.Publish(options, [7], d, out int bytes));
            Assert.Equal(Publish(MqttVersion.V5, topic, 1, topic.Length == 0 ? 2 : 1, [7], retain: true, properties: written), d[..bytes]);
        }
    }

    [Theory]
    [InlineData("230001")] // an alias goes into its own argument
    [InlineData("0B01")] // no subscription identifier ([MQTT-3.3.4-6])
    [InlineData("080003612F23")] // a wildcard in the response topic
    [InlineData("01010101")]
    [InlineData("0102")]
    [InlineData("0200")]
    [InlineData("1F000161")]
    [InlineData("0300ED")]
    public void Properties_that_our_Publish_may_not_have_are_refused(string properties)
    {
        Desk desk = Desk.Accepted();
        var options = new MqttPublishOptions { Topic = "a"u8, Properties = Convert.FromHexString(properties) };
        Assert.Equal(MqttStatus.InvalidArgument, desk.Session.Publish(options, [], new byte[64], out int written));
        Assert.Equal(0, written);
    }

    [Fact]
    public void MQTT_311_has_neither_properties_nor_aliases()
    {
        Desk desk = Desk.Accepted(MqttVersion.V311);
        byte[] d = new byte[64];
        Assert.Equal(MqttStatus.InvalidArgument, desk.Session.Publish(new MqttPublishOptions { Topic = "a"u8, TopicAlias = 1 }, [], d, out _));
        Assert.Equal(MqttStatus.InvalidArgument, desk.Session.Publish(new MqttPublishOptions { Topic = "a"u8, Properties = Byte(1, 1) }, [], d, out _));
        Assert.Equal(MqttStatus.InvalidArgument, desk.Session.Publish(new MqttPublishOptions(), [], d, out _));
    }

    [Fact]
    public void What_the_broker_does_not_do_is_not_sent()
    {
        Desk desk = Desk.Accepted(connack: [Byte(36, 1), Byte(37, 0), Short(34, 2)]);
        byte[] d = new byte[64];
        NotAvailable(desk, new MqttPublishOptions { Topic = "a"u8, Qos = MqttQos.ExactlyOnce });
        NotAvailable(desk, new MqttPublishOptions { Topic = "a"u8, Retain = true });
        NotAvailable(desk, new MqttPublishOptions { Topic = "a"u8, TopicAlias = 3 });
        Assert.Equal(MqttStatus.Complete, desk.Session.Publish(new MqttPublishOptions { Topic = "a"u8, Qos = MqttQos.AtLeastOnce, TopicAlias = 2 }, [], d, out _));
        Desk none = Desk.Accepted(connack: [Byte(36, 0)]);
        NotAvailable(none, new MqttPublishOptions { Topic = "a"u8, Qos = MqttQos.AtLeastOnce });
        Desk plain = Desk.Accepted();
        NotAvailable(plain, new MqttPublishOptions { Topic = "a"u8, TopicAlias = 1 });
    }

    [Fact]
    public void A_packet_that_the_broker_does_not_take_is_refused_before_a_byte_is_sent()
    {
        Desk desk = Desk.Accepted(connack: [Long(39, 20)]);
        byte[] d = new byte[64];
        var options = new MqttPublishOptions { Topic = "a/b"u8, Qos = MqttQos.AtLeastOnce };
        Assert.Equal(MqttStatus.PacketTooLarge, desk.Session.Publish(options, new byte[11], d, out int written));
        Assert.Equal((0, 0), (written, desk.Session.InFlight));
        Assert.Equal(MqttStatus.Complete, desk.Session.Publish(options, new byte[10], d, out written));
        Assert.Equal(20, written);
        Assert.Equal(MqttStatus.PacketTooLarge, desk.Session.Subscribe("a/long/filter"u8, d, out _));
    }

    [Fact]
    public void A_packet_larger_than_the_window_is_a_fault_unless_it_can_be_read_provisionally()
    {
        static Profile Windowed(Profile p) => p with { ProvisionalMqtt = false, InWindowBytes = 20 };
        byte[] fits = Publish(MqttVersion.V5, "a", 0, 0, new byte[14]), tooLarge = Publish(MqttVersion.V5, "a", 0, 0, new byte[15]);
        Assert.Equal(20, fits.Length);
        Desk desk = Desk.Accepted(change: Windowed);
        desk.Feed(fits);
        desk.Feed(tooLarge);
        desk.AssertFault(FaultReason.MqttPacketTooLarge, 20, 21);
        Desk provisional = Desk.Accepted(change: static p => p with { InWindowBytes = 20 });
        provisional.Feed(tooLarge);
        Assert.Equal(FaultReason.None, provisional.Session.Fault.Reason);
        Desk old = Desk.Accepted(MqttVersion.V311, Windowed);
        old.Feed(Publish(MqttVersion.V311, "a", 0, 0, new byte[100]));
        Assert.Equal(FaultReason.None, old.Session.Fault.Reason);
    }

    [Fact]
    public void A_property_writer_that_overran_is_refused_by_every_packet()
    {
        var writer = new MqttPropertyWriter(new byte[4]);
        writer.Add(MqttProperty.PayloadFormatIndicator, 1);
        Assert.False(writer.IsRefused);
        writer.Add(MqttProperty.MessageExpiryInterval, 1);
        Assert.True(writer.IsRefused);
        Desk desk = Desk.Accepted();
        Assert.Equal(MqttStatus.InvalidArgument, desk.Session.Publish(new MqttPublishOptions { Topic = "a"u8, Properties = writer.Written }, [], new byte[64], out _));
        AssertRefused(static (ref MqttPropertyWriter w) => w.Add(MqttProperty.PayloadFormatIndicator, 256));
        AssertRefused(static (ref MqttPropertyWriter w) => w.Add(MqttProperty.TopicAlias, 65_536));
        AssertRefused(static (ref MqttPropertyWriter w) => w.Add(MqttProperty.SubscriptionIdentifier, 268_435_456));
        AssertRefused(static (ref MqttPropertyWriter w) => w.Add(MqttProperty.ContentType, 1));
        AssertRefused(static (ref MqttPropertyWriter w) => w.Add(MqttProperty.UserProperty, "a"u8));
        AssertRefused(static (ref MqttPropertyWriter w) => w.Add(MqttProperty.ContentType, new byte[65_536]));
        AssertRefused(static (ref MqttPropertyWriter w) => w.Add((MqttProperty)43, 1));
        AssertRefused(static (ref MqttPropertyWriter w) => w.Add(MqttProperty.None, "a"u8));
    }

    private delegate void Writes(ref MqttPropertyWriter writer);

    private static void AssertRefused(Writes writes)
    {
        var writer = new MqttPropertyWriter(new byte[70_000]);
        writes(ref writer);
        Assert.True(writer.IsRefused);
        Assert.Equal([0], writer.Written.ToArray());
    }

    private static void NotAvailable(Desk desk, in MqttPublishOptions options)
    {
        Assert.Equal(MqttStatus.NotAvailable, desk.Session.Publish(options, [1], new byte[64], out int written));
        Assert.Equal((0, 0), (written, desk.Session.InFlight));
    }

    private static Desk Ready()
    {
        Desk desk = Desk.Accepted();
        desk.SubscribeToAll(MqttQos.ExactlyOnce);
        return desk;
    }
}
