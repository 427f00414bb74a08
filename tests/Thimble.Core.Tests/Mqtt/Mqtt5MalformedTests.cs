using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Mqtt;
using Xunit;
using static Thimble.Core.Tests.Mqtt.BrokerPackets;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>Every rule of MQTT 5 for what a broker sends has its fault, in any split.</summary>
public class Mqtt5MalformedTests
{
    // The properties that CONNACK, PUBLISH, PUBACK, SUBACK, DISCONNECT and AUTH may have from a broker (table 2-4).
    private static readonly Dictionary<string, int[]> _allowed = new()
    {
        ["Connack"] = [17, 18, 19, 21, 22, 26, 28, 31, 33, 34, 36, 37, 38, 39, 40, 41, 42],
        ["Publish"] = [1, 2, 3, 8, 9, 11, 35, 38],
        ["Puback"] = [31, 38],
        ["Pubrec"] = [31, 38],
        ["Pubrel"] = [31, 38],
        ["Pubcomp"] = [31, 38],
        ["Suback"] = [31, 38],
        ["Unsuback"] = [31, 38],
        ["Disconnect"] = [28, 31, 38],
        ["Auth"] = [21, 22, 31, 38],
    };

    public static TheoryData<string> Packets => [.. _allowed.Keys];

    [Theory]
    [MemberData(nameof(Packets))]
    public void Each_packet_has_its_properties_and_no_others(string packet)
    {
        for (int id = 0; id < 256; id++)
        {
            byte[]? property = Some(id);
            Desk desk = Situation(packet);
            desk.Feed(Build(packet, property ?? [(byte)id, 0, 0]));
            FaultReason reason = desk.Session.Fault.Reason;
            if (property is null)
            {
                Assert.Equal((id, FaultReason.MqttPropertyUnknown, (uint)id), (id, reason, desk.Session.Fault.Actual));
            }
            else if (_allowed[packet].Contains(id))
            {
                Assert.True(reason is FaultReason.None or FaultReason.MqttDisconnected || packet is "Auth" or "Connack", $"{id} {reason}");
                Assert.NotEqual(FaultReason.MqttPropertyMisplaced, reason);
                Assert.True(id is 21 or 22 || desk.Events.Any(e => e.StartsWith($"Property {(MqttProperty)id} ", StringComparison.Ordinal)));
            }
            else
            {
                Assert.Equal((id, FaultReason.MqttPropertyMisplaced, (uint)id), (id, reason, desk.Session.Fault.Actual));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Packets))]
    public void A_property_stands_once_unless_it_may_be_repeated(string packet)
    {
        foreach (int id in _allowed[packet].Where(static id => id is not (21 or 22)))
        {
            Desk desk = Situation(packet);
            desk.Feed(Build(packet, [.. Some(id)!, .. Some(id)!]));
            bool repeats = id == 38 || (packet == "Publish" && id == 11);
            Assert.Equal((id, !repeats), (id, desk.Session.Fault.Reason == FaultReason.MqttPropertyRepeated));
        }
    }

    [Theory]
    [InlineData("Publish", "0102", FaultReason.MqttPropertyValue, 1, 2)]
    [InlineData("Publish", "0B00", FaultReason.MqttPropertyValue, 11, 0)]
    [InlineData("Publish", "0BFFFFFFFF", FaultReason.MqttPropertyValue, 11, 268_435_455)]
    [InlineData("Publish", "0B8100", FaultReason.MqttLengthNotShortest, 1, 2)]
    [InlineData("Publish", "0800022F23", FaultReason.MqttResponseTopicInvalid, 8, 0x23)]
    [InlineData("Publish", "0800022B61", FaultReason.MqttResponseTopicInvalid, 8, 0x2B)]
    [InlineData("Publish", "080000", FaultReason.MqttResponseTopicInvalid, 8, 0)]
    [InlineData("Publish", "0300026100", FaultReason.MqttPropertyNotUtf8, 3, 0)]
    [InlineData("Publish", "030003EDA080", FaultReason.MqttPropertyNotUtf8, 3, 0xA0)]
    [InlineData("Publish", "030001C3", FaultReason.MqttPropertyNotUtf8, 3, 0)]
    [InlineData("Publish", "260001FF0000", FaultReason.MqttPropertyNotUtf8, 38, 0xFF)]
    [InlineData("Publish", "2600000001FF", FaultReason.MqttPropertyNotUtf8, 38, 0xFF)]
    [InlineData("Publish", "02000000", FaultReason.MqttPropertyLength, 0, 1)]
    [InlineData("Publish", "01", FaultReason.MqttPropertyLength, 0, 1)]
    [InlineData("Publish", "0300", FaultReason.MqttPropertyLength, 0, 1)]
    [InlineData("Publish", "03000261", FaultReason.MqttPropertyLength, 1, 2)]
    [InlineData("Publish", "26000161", FaultReason.MqttPropertyLength, 1, 3)]
    [InlineData("Publish", "2600016100", FaultReason.MqttPropertyLength, 2, 3)]
    [InlineData("Publish", "260001610001", FaultReason.MqttPropertyLength, 0, 1)]
    [InlineData("Connack", "210000", FaultReason.MqttPropertyValue, 33, 0)]
    [InlineData("Connack", "2402", FaultReason.MqttPropertyValue, 36, 2)]
    [InlineData("Connack", "2502", FaultReason.MqttPropertyValue, 37, 2)]
    [InlineData("Connack", "2700000000", FaultReason.MqttPropertyValue, 39, 0)]
    [InlineData("Connack", "2700000005", FaultReason.MqttPropertyValue, 39, 5)]
    [InlineData("Connack", "2802", FaultReason.MqttPropertyValue, 40, 2)]
    [InlineData("Connack", "2902", FaultReason.MqttPropertyValue, 41, 2)]
    [InlineData("Connack", "2AFF", FaultReason.MqttPropertyValue, 42, 255)]
    public void A_property_that_breaks_a_rule_gives_its_fault(string packet, string property, FaultReason reason, uint expected, uint actual)
    {
        byte[] bytes = Build(packet, Convert.FromHexString(property));
        foreach (int[] cuts in Splits.Of(bytes.Length).Take(bytes.Length + 3))
        {
            Desk desk = Situation(packet);
            desk.Feed(bytes, cuts);
            desk.AssertFault(reason, expected, actual);
        }
    }

    [Theory]
    [InlineData("Connected", "30050001610300", FaultReason.MqttPropertyLength, 1, 3)] // properties longer than the packet
    [InlineData("Connected", "3008000161FFFFFFFF01", FaultReason.MqttPropertyLength, 4, 5)]
    [InlineData("Connected", "300400016180 01", FaultReason.MqttPropertyLength, 0, 1)] // the packet ends within the length
    [InlineData("Connected", "3005000161FF80 00", FaultReason.MqttPropertyLength, 0, 1)]
    [InlineData("Connected", "400400010080 00", FaultReason.MqttPropertyLength, 0, 1)]
    [InlineData("Opened", "2003000080 00", FaultReason.MqttPropertyLength, 0, 1)]
    [InlineData("Connected", "300600016181 0000", FaultReason.MqttLengthNotShortest, 1, 2)]
    [InlineData("Connected", "3003000161", FaultReason.MqttRemainingLengthWrong, 4, 3)] // no property length
    [InlineData("Connected", "3003000000", FaultReason.MqttTopicMissing, 1, 0)]
    [InlineData("Connected", "308300", FaultReason.MqttLengthNotShortest, 1, 2)]
    [InlineData("Connected", "3206000161000000", FaultReason.MqttPublishIdentifierZero, 0, 0)]
    [InlineData("Connected", "4001", FaultReason.MqttRemainingLengthWrong, 2, 1)]
    [InlineData("Connected", "4003000101", FaultReason.MqttReasonCodeInvalid, 4, 1)]
    [InlineData("Connected", "400500010000 00", FaultReason.MqttRemainingLengthWrong, 0, 1)] // something behind the properties
    [InlineData("Connected", "5003000192", FaultReason.MqttReasonCodeInvalid, 5, 0x92)]
    [InlineData("Connected", "6203000180", FaultReason.MqttReasonCodeInvalid, 6, 0x80)]
    [InlineData("Connected", "7003000110", FaultReason.MqttReasonCodeInvalid, 7, 0x10)]
    [InlineData("Connected", "60020001", FaultReason.MqttFixedHeaderFlags, 0, 0x60)]
    [InlineData("Connected", "E00104", FaultReason.MqttReasonCodeInvalid, 14, 4)] // the client's alone
    [InlineData("Connected", "E00184", FaultReason.MqttReasonCodeInvalid, 14, 0x84)]
    [InlineData("Connected", "E100", FaultReason.MqttFixedHeaderFlags, 0, 0xE1)]
    [InlineData("Connected", "E00600110000000A", FaultReason.MqttPropertyLength, 4, 17)]
    [InlineData("Connected", "E00700051100000001", FaultReason.MqttPropertyMisplaced, 14, 17)] // session expiry is the client's
    [InlineData("Connected", "F000", FaultReason.MqttUnexpectedPacket, 0, 15)]
    [InlineData("Connected", "2003000000", FaultReason.MqttUnexpectedPacket, 0, 2)]
    [InlineData("Opened", "20020000", FaultReason.MqttRemainingLengthWrong, 3, 2)]
    [InlineData("Opened", "2003000100", FaultReason.MqttReasonCodeInvalid, 2, 1)]
    [InlineData("Opened", "20030000008E", FaultReason.MqttUnexpectedPacket, 0, 8)]
    [InlineData("Opened", "2003000092", FaultReason.MqttRemainingLengthWrong, 0, 0)]
    [InlineData("Opened", "2003020000", FaultReason.MqttAcknowledgeFlags, 0, 2)]
    [InlineData("Opened", "E0018B", FaultReason.MqttUnexpectedPacket, 2, 14)]
    [InlineData("Opened", "3006000161000001", FaultReason.MqttUnexpectedPacket, 2, 3)]
    public void A_packet_that_breaks_a_rule_gives_its_fault(string situation, string packet, FaultReason reason, uint expected, uint actual)
    {
        byte[] bytes = Convert.FromHexString(packet.Replace(" ", "", StringComparison.Ordinal));
        if (packet == "2003000092")
        {
            bytes[4] = 1; // a property length beyond the end
            (reason, expected, actual) = (FaultReason.MqttPropertyLength, 0, 1);
        }

        foreach (int[] cuts in Splits.Of(bytes.Length).Take(bytes.Length + 3))
        {
            Desk desk = situation == "Opened" ? Situation("Connack") : Situation("Publish");
            desk.Feed(bytes, cuts);
            desk.AssertFault(reason, expected, actual);
        }
    }

    [Fact]
    public void Every_reason_code_of_every_packet_is_judged_by_the_specifications_tables()
    {
        // Tables 3-1, 3-4, 3-6, 3-8 and 3-10 of the specification, and §3.14.2.1 with §2.4 for a broker's DISCONNECT.
        var tables = new Dictionary<string, string>
        {
            ["Connack"] = "00 80 81 82 83 84 85 86 87 88 89 8A 8C 90 95 97 99 9A 9B 9C 9D 9F",
            ["Puback"] = "00 10 80 83 87 90 91 97 99",
            ["Pubrec"] = "00 10 80 83 87 90 91 97 99",
            ["Pubrel"] = "00 92",
            ["Pubcomp"] = "00 92",
            ["Suback"] = "00 01 02 80 83 87 8F 91 97 9E A1 A2",
            ["Unsuback"] = "00 11 80 83 87 8F 91",
            ["Disconnect"] = "00 80 81 82 83 87 89 8B 8C 8D 8E 8F 90 93 94 95 96 97 98 99 9A 9B 9C 9D 9E 9F A0 A1 A2",
            ["Auth"] = "00 18",
        };
        foreach ((string packet, string table) in tables)
        {
            byte[] allowed = Convert.FromHexString(table.Replace(" ", "", StringComparison.Ordinal));
            for (int code = 0; code < 256; code++)
            {
                Desk desk = Situation(packet);
                desk.Feed(Build(packet, [], code));
                Assert.Equal((packet, code, !allowed.Contains((byte)code)), (packet, code, desk.Session.Fault.Reason == FaultReason.MqttReasonCodeInvalid));
            }
        }
    }

    [Fact]
    public void What_Connect_asked_not_to_be_sent_is_a_fault()
    {
        foreach ((int id, byte[] property) in new[] { (31, Text(31, "a")), (38, User("a", "b")) })
        {
            Desk desk = Desk.Accepted(connect: Byte(23, 0));
            desk.Publish(1, MqttQos.AtLeastOnce);
            desk.Feed(Acknowledgement(4, 1, 0, property));
            desk.AssertFault(FaultReason.MqttPropertyUnasked, 4, (uint)id);
            Desk asked = Desk.Accepted(connect: Byte(23, 1));
            asked.Publish(1, MqttQos.AtLeastOnce);
            asked.Feed(Acknowledgement(4, 1, 0, property));
            Assert.Equal(FaultReason.None, asked.Session.Fault.Reason);
        }

        Desk message = Desk.Accepted(connect: Byte(23, 0), connack: [User("a", "b")]);
        message.Feed(Publish(MqttVersion.V5, "a", 0, 0, [], properties: User("a", "b")));
        message.Feed(Disconnect(0x8B, Text(31, "a")));
        Assert.Equal(FaultReason.MqttDisconnected, message.Session.Fault.Reason);

        var response = new Desk(Desk.Profile5());
        response.Open(MqttVersion.V5);
        response.Feed(Connack(MqttVersion.V5, 0, 0, Text(26, "r")));
        response.AssertFault(FaultReason.MqttPropertyUnasked, 2, 26);
    }

    [Fact]
    public void Random_packets_of_MQTT_5_never_leave_the_memory_and_do_the_same_in_any_split()
    {
        var random = new Random(5);
        byte[] headers = [0x20, 0x30, 0x31, 0x32, 0x34, 0x3C, 0x40, 0x50, 0x62, 0x70, 0x90, 0xB0, 0xD0, 0xE0, 0xF0];
        for (int i = 0; i < 20_000; i++)
        {
            byte[] stream = new byte[random.Next(2, 40)];
            random.NextBytes(stream);
            stream[0] = headers[random.Next(headers.Length)];
            stream[1] = (byte)random.Next(stream.Length);
            for (int at = 2; at < stream.Length; at++)
            {
                stream[at] = random.Next(3) == 0 ? stream[at] : (byte)random.Next(43);
            }

            string situation = random.Next(4) == 0 ? "Connack" : random.Next(2) == 0 ? "Suback" : "Publish";
            Desk whole = Situation(situation), bytes = Situation(situation);
            whole.Feed(stream);
            bytes.Feed(stream, Enumerable.Range(0, stream.Length));
            Assert.Equal(whole.Events, bytes.Events);
        }
    }

    // One property of each kind with a legal value; none where the identifier is none.
    private static byte[]? Some(int id) => id switch
    {
        1 or 23 or 25 or 36 or 37 or 40 or 41 or 42 => Byte(id, 1),
        19 or 33 or 34 or 35 => Short(id, 1),
        2 or 17 or 24 => Long(id, 1),
        39 => Long(id, 6),
        11 => Variable(id, 1),
        9 or 22 => Binary(id, [1]),
        3 or 8 or 18 or 21 or 26 or 28 or 31 => Text(id, "x"),
        38 => User("x", "y"),
        _ => null,
    };

    private static byte[] Build(string packet, byte[] properties, int code = 0) => packet switch
    {
        "Connack" => Connack(MqttVersion.V5, 0, code, properties),
        "Publish" => Publish(MqttVersion.V5, "a", 0, 0, [], properties: properties),
        "Puback" => Acknowledgement(4, 1, code, properties),
        "Pubrec" => Acknowledgement(5, 2, code, properties),
        "Pubrel" => Acknowledgement(6, 1, code, properties),
        "Pubcomp" => Acknowledgement(7, 3, code, properties),
        "Suback" => Suback(MqttVersion.V5, 4, [(byte)code], properties),
        "Unsuback" => Unsuback(MqttVersion.V5, 4, [(byte)code], properties),
        "Disconnect" => Disconnect(code, properties),
        _ => Auth(code, properties),
    };

    private static Desk Situation(string packet)
    {
        if (packet is "Connack" or "Auth")
        {
            var opening = new Desk(Desk.Profile5());
            opening.Open(MqttVersion.V5, packet == "Auth" ? [.. Text(21, "m"), .. Byte(25, 1)] : Byte(25, 1));
            return opening;
        }

        Desk desk = Desk.Accepted();
        desk.Publish(1, MqttQos.AtLeastOnce);
        desk.Publish(2, MqttQos.ExactlyOnce);
        desk.Publish(3, MqttQos.ExactlyOnce);
        desk.Feed(Acknowledgement(5, 3));
        desk.SendOwed();
        desk.TakeEvents();
        if (packet == "Unsuback")
        {
            Assert.Equal(MqttStatus.Complete, desk.Session.Unsubscribe([0, 1, (byte)'a'], default, new byte[64], out _));
        }
        else
        {
            Assert.Equal(MqttStatus.Complete, desk.Session.Subscribe("a"u8, MqttQos.ExactlyOnce, new byte[64], out _));
        }

        return desk;
    }
}
