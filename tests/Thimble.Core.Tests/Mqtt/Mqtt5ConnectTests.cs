using System;
using System.Linq;
using Thimble.Memory;
using Thimble.Mqtt;
using Xunit;
using static Thimble.Core.Tests.Mqtt.BrokerPackets;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>CONNECT and CONNACK: what the plan allows is told, and what the broker allows is obeyed.</summary>
public class Mqtt5ConnectTests
{
    private static readonly byte[] _head = [0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T'];

    [Fact]
    public void The_smallest_Connect_of_MQTT_5_has_no_properties()
    {
        var desk = new Desk(new Profile { MaxMqttTopicBytes = 8, MqttVersions = MqttVersions.V5 });
        Assert.Equal(Frame([.. _head, 5, 2, 0, 0, 0, .. Field("thimble"u8.ToArray())]), desk.Open(MqttVersion.None));
        Assert.Equal(MqttVersion.V5, desk.Session.Version);
    }

    [Fact]
    public void Connect_tells_the_limits_that_follow_from_the_plan_before_the_callers_properties()
    {
        var desk = new Desk(Desk.Profile5(static p => p with { ProvisionalMqtt = false, InWindowBytes = 512 }));
        byte[] properties = [.. Short(33, 4), .. Long(39, 512), .. Short(34, 3), .. Long(17, 60)];
        Assert.Equal(
            Frame([.. _head, 5, 0, 0, 30, (byte)properties.Length, .. properties, .. Field("thimble"u8.ToArray())]),
            desk.Open(MqttVersion.V5, Long(17, 60), keep: true, keepAlive: 30));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(5, 0, 5)]
    [InlineData(5, 3, 3)]
    [InlineData(2, 9, 2)]
    public void The_Receive_Maximum_is_what_acknowledgements_and_identifiers_hold(int acknowledgements, int inbound, int expected)
    {
        var desk = new Desk(new Profile
        {
            MaxMqttTopicBytes = 8, MqttVersions = MqttVersions.V5, ProvisionalMqtt = true, InWindowBytes = 512,
            MaxMqttAcknowledgements = acknowledgements, MaxMqttInboundExactlyOnce = inbound,
        });
        byte[] properties = expected == 0 ? [] : Short(33, expected);
        Assert.Equal(Frame([.. _head, 5, 2, 0, 0, (byte)properties.Length, .. properties, .. Field("thimble"u8.ToArray())]), desk.Open(MqttVersion.V5));
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public void A_will_goes_behind_the_client_identifier_with_its_flags(MqttVersion version)
    {
        var desk = new Desk(new Profile { MaxMqttTopicBytes = 8, MqttVersions = MqttVersions.V5 | MqttVersions.V311 });
        byte[] delay = version == MqttVersion.V5 ? [.. Long(24, 5), .. User("k", "v")] : [];
        var will = new MqttWill { Topic = "w/t"u8, Payload = [9, 8], Qos = MqttQos.ExactlyOnce, Retain = true, Properties = delay };
        var options = new MqttConnectOptions { ClientId = "c"u8, UserName = "u"u8, Password = [0], Version = version };
        byte[] whole = new byte[128];
        Assert.Equal(MqttStatus.Complete, desk.Session.Connect(options, will, whole, out int written));
        byte[] none = version == MqttVersion.V5 ? [0] : [];
        byte[] length = version == MqttVersion.V5 ? [(byte)delay.Length] : [];
        Assert.Equal(
            Frame([.. _head, (byte)version, 0xF6, 0, 0, .. none, 0, 1, (byte)'c', .. length, .. delay, .. Field("w/t"u8.ToArray()), 0, 2, 9, 8, 0, 1, (byte)'u', 0, 1, 0]),
            whole[..written]);

        var again = new Desk(desk.Profile);
        byte[] pieces = new byte[whole.Length];
        int at = 0, piece;
        MqttStatus status;
        do
        {
            status = again.Session.Connect(options, will, pieces.AsSpan(at, 1), out piece);
            at += piece;
        }
        while (status == MqttStatus.DestinationTooSmall);
        Assert.Equal(whole[..written], pieces[..at]);
    }

    [Fact]
    public void A_will_that_breaks_a_rule_is_refused_before_a_byte_is_written()
    {
        MqttSession session = new Desk(Desk.Profile5()).Session;
        byte[] d = new byte[128];
        var v5 = new MqttConnectOptions { Version = MqttVersion.V5 };
        var v311 = new MqttConnectOptions { Version = MqttVersion.V311 };
        Refused(session.Connect(v5, new MqttWill { Topic = "a/#"u8 }, d, out int written), written);
        Refused(session.Connect(v5, new MqttWill { Payload = [1] }, d, out written), written);
        Refused(session.Connect(v5, new MqttWill { Qos = MqttQos.AtLeastOnce }, d, out written), written);
        Refused(session.Connect(v5, new MqttWill { Retain = true }, d, out written), written);
        Refused(session.Connect(v5, new MqttWill { Topic = "a"u8, Qos = (MqttQos)3 }, d, out written), written);
        Refused(session.Connect(v5, new MqttWill { Topic = "a"u8, Properties = Short(35, 1) }, d, out written), written);
        Refused(session.Connect(v5, new MqttWill { Topic = "a"u8, Payload = new byte[65_536] }, d, out written), written);
        Refused(session.Connect(v311, new MqttWill { Topic = "a"u8, Properties = Long(24, 1) }, d, out written), written);
        Assert.Equal(MqttStatus.Complete, session.Connect(v5, new MqttWill { Topic = "a"u8 }, d, out _));
    }

    [Fact]
    public void User_name_and_password_may_come_alone_in_MQTT_5_and_a_password_may_not_in_MQTT_311()
    {
        byte[] d = new byte[64];
        var options = new MqttConnectOptions { Password = [7], Version = MqttVersion.V5 };
        Assert.Equal(MqttStatus.Complete, new Desk(Desk.Profile5(static p => p with { MaxMqttAcknowledgements = 0, MaxMqttTopicAliases = 0 })).Session.Connect(options, d, out int written));
        Assert.Equal(Frame([.. _head, 5, 0x42, 0, 0, 0, 0, 0, 0, 1, 7]), d[..written]);
        Refused(new Desk(Desk.Profile5()).Session.Connect(new MqttConnectOptions { Password = [7], Version = MqttVersion.V311 }, d, out written), written);
    }

    [Fact]
    public void A_version_that_the_profile_does_not_name_is_not_spoken()
    {
        byte[] d = new byte[64];
        Refused(new Desk().Session.Connect(new MqttConnectOptions { Version = MqttVersion.V5 }, d, out int written), written);
        Refused(new Desk(new Profile { MaxMqttTopicBytes = 8, MqttVersions = MqttVersions.V5 }).Session.Connect(new MqttConnectOptions { Version = MqttVersion.V311, ClientId = "a"u8 }, d, out written), written);
        Refused(new Desk().Session.Connect(new MqttConnectOptions { Properties = Long(17, 1) }, d, out written), written);
    }

    [Fact]
    public void A_kept_session_of_MQTT_311_needs_a_client_identifier()
    {
        byte[] d = new byte[64];
        Refused(new Desk().Session.Connect(new MqttConnectOptions { KeepSession = true }, d, out int written), written);
        Assert.Equal(MqttStatus.Complete, new Desk(Desk.Profile5()).Session.Connect(new MqttConnectOptions { KeepSession = true, Version = MqttVersion.V5 }, d, out _));
        Assert.Equal(MqttStatus.Complete, new Desk().Session.Connect(new MqttConnectOptions { KeepSession = true, ClientId = "a"u8 }, d, out _));
        Assert.Equal(0, d[9]);
    }

    [Theory]
    [InlineData("21000A")] // Receive Maximum is the session's
    [InlineData("2700000200")] // Maximum Packet Size too
    [InlineData("220001")] // Topic Alias Maximum too
    [InlineData("130001")] // Server Keep Alive is the broker's
    [InlineData("1800000001")] // the will's delay does not belong here
    [InlineData("1100000001110000000A")] // twice
    [InlineData("1702")] // neither 0 nor 1
    [InlineData("16000101")] // data without a method
    [InlineData("150002C328")] // not UTF-8
    [InlineData("1500")] // cut short
    [InlineData("00")]
    [InlineData("2B00")]
    public void Properties_that_Connect_may_not_have_are_refused(string properties)
    {
        byte[] d = new byte[64];
        var options = new MqttConnectOptions { Version = MqttVersion.V5, Properties = Convert.FromHexString(properties) };
        Refused(new Desk(Desk.Profile5()).Session.Connect(options, d, out int written), written);
    }

    [Fact]
    public void Everything_that_Connack_says_is_told_and_what_matters_is_kept()
    {
        byte[][] properties =
        [
            Long(17, 100), Short(33, 2), Byte(36, 1), Byte(37, 0), Long(39, 1000), Text(18, "given"), Short(34, 7), Text(31, "because"), User("a", "b"), User("a", "c"),
            Byte(40, 0), Byte(41, 0), Byte(42, 0), Short(19, 9), Text(26, "resp/"), Text(28, "other:1883"),
        ];
        byte[] connack = Connack(MqttVersion.V5, 0, 0, properties);
        string[] expected =
        [
            "Property SessionExpiryInterval 100", "Property ReceiveMaximum 2", "Property MaximumQos 1", "Property RetainAvailable 0", "Property MaximumPacketSize 1000",
            "Property AssignedClientIdentifier given", "Property TopicAliasMaximum 7", "Property ReasonString because", "Property UserProperty a=b", "Property UserProperty a=c",
            "Property WildcardSubscriptionAvailable 0", "Property SubscriptionIdentifierAvailable 0", "Property SharedSubscriptionAvailable 0", "Property ServerKeepAlive 9",
            "Property ResponseInformation resp/", "Property ServerReference other:1883", "Connected",
        ];
        foreach (int[] cuts in Splits.Of(connack.Length))
        {
            var desk = new Desk(Desk.Profile5());
            desk.Open(MqttVersion.V5, Byte(25, 1), keepAlive: 60);
            desk.Feed(connack, cuts);
            Assert.Equal(expected, desk.Events);
            MqttServerLimits limits = desk.Session.Limits;
            Assert.Equal((100u, 1000u, (ushort)2, (ushort)7), (limits.SessionExpirySeconds, limits.MaximumPacketBytes, limits.ReceiveMaximum, limits.TopicAliasMaximum));
            Assert.Equal((MqttQos.AtLeastOnce, false, false, false, false), (limits.MaximumQos, limits.RetainAvailable, limits.WildcardsAvailable, limits.SubscriptionIdentifiersAvailable, limits.SharedSubscriptionsAvailable));
            Assert.Equal(9, desk.Session.KeepAliveSeconds);
        }
    }

    [Fact]
    public void Where_Connack_says_nothing_the_defaults_hold()
    {
        foreach (MqttVersion version in new[] { MqttVersion.V311, MqttVersion.V5 })
        {
            Desk desk = Desk.Accepted(version, connect: version == MqttVersion.V5 ? Long(17, 77) : null, keepAlive: 30);
            MqttServerLimits limits = desk.Session.Limits;
            Assert.Equal((uint.MaxValue, ushort.MaxValue, (ushort)0, MqttQos.ExactlyOnce), (limits.MaximumPacketBytes, limits.ReceiveMaximum, limits.TopicAliasMaximum, limits.MaximumQos));
            Assert.True(limits.RetainAvailable && limits.WildcardsAvailable && limits.SubscriptionIdentifiersAvailable && limits.SharedSubscriptionsAvailable);
            Assert.Equal((version == MqttVersion.V5 ? 77u : 0, (ushort)30), (limits.SessionExpirySeconds, desk.Session.KeepAliveSeconds));
        }
    }

    [Fact]
    public void The_brokers_keep_alive_counts()
    {
        Desk desk = Desk.Accepted(connack: [Short(19, 4)], keepAlive: 60);
        Assert.Equal(MqttStatus.Complete, desk.Session.Poll(2_999, out uint wait));
        Assert.Equal(1u, wait);
        Assert.Equal(MqttStatus.PingDue, desk.Session.Poll(3_000, out _));
        Desk off = Desk.Accepted(connack: [Short(19, 0)], keepAlive: 60);
        Assert.Equal(MqttStatus.Complete, off.Session.Poll(1_000_000, out wait));
        Assert.Equal(uint.MaxValue, wait);
    }

    [Theory]
    [InlineData(0x80)]
    [InlineData(0x84)]
    [InlineData(0x86)]
    [InlineData(0x8A)]
    [InlineData(0x8C)]
    [InlineData(0x9C)]
    [InlineData(0x9F)]
    public void A_refusal_is_told_after_its_properties(int code)
    {
        byte[] connack = Connack(MqttVersion.V5, 0, code, Text(31, "no"), Text(28, "elsewhere"));
        foreach (int[] cuts in Splits.Of(connack.Length))
        {
            var desk = new Desk(Desk.Profile5());
            desk.Open(MqttVersion.V5);
            desk.Feed(connack, cuts);
            Assert.Equal(["Property ReasonString no", "Property ServerReference elsewhere", $"Faulted MqttConnectionRefused 0 {code}"], desk.Events);
            Assert.Equal(MqttStatus.Faulted, desk.Session.Disconnect(new byte[8], out _));
        }
    }

    [Theory]
    [InlineData(MqttVersion.V311, 0)]
    [InlineData(MqttVersion.V5, 0)]
    [InlineData(MqttVersion.V311, 1)]
    [InlineData(MqttVersion.V5, 1)]
    public void A_session_that_the_broker_kept_is_gone_on_with_only_where_it_is_known_here(MqttVersion version, int present)
    {
        var fresh = new Desk(Desk.Profile5());
        fresh.Open(version, keep: true);
        fresh.Feed(Connack(version, present, 0));
        Assert.Equal(present == 0 ? "Connected" : "Faulted MqttSessionUnknown 0 1", fresh.Events.Single());

        Desk known = Desk.Accepted(version, keep: true);
        known.Reconnect(version, present == 1);
        Assert.Equal(present == 0 ? ["SessionLost", "Connected"] : ["Connected"], known.Events);
        Assert.Equal(present == 1, known.Session.SessionPresent);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public void A_session_is_not_present_with_a_refusal_nor_where_a_clean_one_was_asked_for(MqttVersion version)
    {
        var clean = new Desk(Desk.Profile5());
        clean.Open(version);
        clean.Feed(Connack(version, 1, 0));
        clean.AssertFault(FaultReason.MqttAcknowledgeFlags, 0, 1);

        Desk refused = Desk.Accepted(version, keep: true);
        refused.Session.Continue(0);
        refused.Open(version, keep: true);
        refused.Feed(Connack(version, 1, version == MqttVersion.V5 ? 0x87 : 5));
        refused.AssertFault(FaultReason.MqttAcknowledgeFlags, 0, 1);
    }

    [Fact]
    public void A_profile_that_keeps_nothing_may_go_on_with_a_session()
    {
        var desk = new Desk(new Profile { MaxMqttTopicBytes = 8 });
        desk.Reconnect(MqttVersion.V311);
        Assert.Equal(["Connected"], desk.Events);
        Assert.True(desk.Session.SessionPresent);
    }

    private static byte[] Frame(byte[] body) => BrokerCodec.Frame(0x10, body);

    private static void Refused(MqttStatus status, int written) => Assert.Equal((MqttStatus.InvalidArgument, 0), (status, written));
}
