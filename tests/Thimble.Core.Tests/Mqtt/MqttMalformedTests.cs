using System;
using System.Collections.Generic;
using Thimble.Memory;
using Thimble.Mqtt;
using Xunit;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>Every packet that breaks a rule gives the fault of that rule, in every split, and the fault stays.</summary>
public class MqttMalformedTests
{
    public enum Situation
    {
        Begun,
        Connecting,
        Connected,
        Subscribing,
        Pinging,
    }

    public static TheoryData<Situation, string, FaultReason, uint, uint> Packets => new()
    {
        // [MQTT-3.2.0-1]: CONNACK comes first and once; nothing comes before CONNECT.
        { Situation.Begun, "20020000", FaultReason.MqttUnexpectedPacket, 0, 2 },
        { Situation.Connecting, "D000", FaultReason.MqttUnexpectedPacket, 2, 13 },
        { Situation.Connecting, "3003000161", FaultReason.MqttUnexpectedPacket, 2, 3 },
        { Situation.Connected, "20020000", FaultReason.MqttUnexpectedPacket, 0, 2 },

        // CONNACK (§3.2).
        { Situation.Connecting, "21020000", FaultReason.MqttFixedHeaderFlags, 0, 0x21 },
        { Situation.Connecting, "200100", FaultReason.MqttRemainingLengthWrong, 2, 1 },
        { Situation.Connecting, "2003000000", FaultReason.MqttRemainingLengthWrong, 2, 3 },
        { Situation.Connecting, "20020100", FaultReason.MqttAcknowledgeFlags, 0, 1 },
        { Situation.Connecting, "20020200", FaultReason.MqttAcknowledgeFlags, 0, 2 },
        { Situation.Connecting, "20020001", FaultReason.MqttConnectionRefused, 0, 1 },
        { Situation.Connecting, "20020005", FaultReason.MqttConnectionRefused, 0, 5 },
        { Situation.Connecting, "20020006", FaultReason.MqttReturnCode, 5, 6 },
        { Situation.Connecting, "200200FF", FaultReason.MqttReturnCode, 5, 255 },

        // Packets that no broker sends (§2.2.1), or that answer nothing.
        { Situation.Connected, "0000", FaultReason.MqttUnexpectedPacket, 0, 0 },
        { Situation.Connected, "1000", FaultReason.MqttUnexpectedPacket, 0, 1 },
        { Situation.Connected, "40020001", FaultReason.MqttUnexpectedPacket, 0, 4 },
        { Situation.Connected, "82", FaultReason.MqttUnexpectedPacket, 0, 8 },
        { Situation.Connected, "9003000100", FaultReason.MqttUnexpectedPacket, 0, 9 },
        { Situation.Connected, "B0020001", FaultReason.MqttUnexpectedPacket, 0, 11 },
        { Situation.Connected, "C000", FaultReason.MqttUnexpectedPacket, 0, 12 },
        { Situation.Connected, "D000", FaultReason.MqttUnexpectedPacket, 0, 13 },
        { Situation.Connected, "E000", FaultReason.MqttUnexpectedPacket, 0, 14 },
        { Situation.Connected, "F000", FaultReason.MqttUnexpectedPacket, 0, 15 },

        // The remaining length (§2.2.3).
        { Situation.Connected, "3080808080", FaultReason.MqttRemainingLengthMalformed, 4, 5 },
        { Situation.Connected, "30FFFFFFFF7F", FaultReason.MqttRemainingLengthMalformed, 4, 5 },

        // SUBACK (§3.9) of packet 1.
        { Situation.Subscribing, "9103000100", FaultReason.MqttFixedHeaderFlags, 0, 0x91 },
        { Situation.Subscribing, "90020001", FaultReason.MqttRemainingLengthWrong, 3, 2 },
        { Situation.Subscribing, "900400010000", FaultReason.MqttRemainingLengthWrong, 3, 4 },
        { Situation.Subscribing, "9003000000", FaultReason.MqttPacketIdentifier, 1, 0 },
        { Situation.Subscribing, "9003010000", FaultReason.MqttPacketIdentifier, 1, 256 },
        { Situation.Subscribing, "9003000101", FaultReason.MqttReturnCode, 0, 1 },
        { Situation.Subscribing, "9003000102", FaultReason.MqttReturnCode, 0, 2 },
        { Situation.Subscribing, "9003000103", FaultReason.MqttReturnCode, 0, 3 },
        { Situation.Subscribing, "9003000181", FaultReason.MqttReturnCode, 0, 0x81 },
        { Situation.Subscribing, "90030001009003000100", FaultReason.MqttUnexpectedPacket, 0, 9 },

        // PINGRESP (§3.13).
        { Situation.Pinging, "D100", FaultReason.MqttFixedHeaderFlags, 0, 0xD1 },
        { Situation.Pinging, "D00100", FaultReason.MqttRemainingLengthWrong, 0, 1 },
        { Situation.Pinging, "D000D000", FaultReason.MqttUnexpectedPacket, 0, 13 },

        // PUBLISH (§3.3): its flags.
        { Situation.Connected, "3803000161", FaultReason.MqttFixedHeaderFlags, 0, 0x38 },
        { Situation.Connected, "3603000161", FaultReason.MqttFixedHeaderFlags, 0, 0x36 },
        { Situation.Connected, "3F03000161", FaultReason.MqttFixedHeaderFlags, 0, 0x3F },
        { Situation.Connected, "32050001610001", FaultReason.MqttPublishQos, 0, 1 },
        { Situation.Connected, "3D050001610001", FaultReason.MqttPublishQos, 0, 2 },

        // PUBLISH: its lengths.
        { Situation.Connected, "3000", FaultReason.MqttRemainingLengthWrong, 2, 0 },
        { Situation.Connected, "300100", FaultReason.MqttRemainingLengthWrong, 2, 1 },
        { Situation.Connected, "30020000", FaultReason.MqttTopicInvalid, 0, 0 },
        { Situation.Connected, "3003000261", FaultReason.MqttRemainingLengthWrong, 4, 3 },
        { Situation.Connected, "3003FFFF61", FaultReason.MqttRemainingLengthWrong, 65_537, 3 },
        { Situation.Connected, "30430041", FaultReason.MqttTopicTooLong, 64, 65 },
        { Situation.Connected, "30818004FFFF", FaultReason.MqttTopicTooLong, 64, 65_535 },

        // PUBLISH: wildcards ([MQTT-3.3.2-2]).
        { Situation.Connected, "3003000123", FaultReason.MqttTopicInvalid, 0, 0x23 },
        { Situation.Connected, "30050003612F2B", FaultReason.MqttTopicInvalid, 2, 0x2B },

        // PUBLISH: UTF-8 ([MQTT-1.5.3-1], [MQTT-1.5.3-2]).
        { Situation.Connected, "3003000100", FaultReason.MqttTopicNotUtf8, 0, 0x00 },
        { Situation.Connected, "3003000180", FaultReason.MqttTopicNotUtf8, 0, 0x80 },
        { Situation.Connected, "30040002C1BF", FaultReason.MqttTopicNotUtf8, 0, 0xC1 },
        { Situation.Connected, "30050003E09FBF", FaultReason.MqttTopicNotUtf8, 1, 0x9F },
        { Situation.Connected, "30050003EDA080", FaultReason.MqttTopicNotUtf8, 1, 0xA0 },
        { Situation.Connected, "30060004F08FBFBF", FaultReason.MqttTopicNotUtf8, 1, 0x8F },
        { Situation.Connected, "30060004F4908080", FaultReason.MqttTopicNotUtf8, 1, 0x90 },
        { Situation.Connected, "30060004F5808080", FaultReason.MqttTopicNotUtf8, 0, 0xF5 },
        { Situation.Connected, "30050003E2822F", FaultReason.MqttTopicNotUtf8, 2, 0x2F },
        { Situation.Connected, "30050002C3C3A9", FaultReason.MqttTopicNotUtf8, 1, 0xC3 },
        { Situation.Connected, "3006000261C3A900", FaultReason.MqttTopicNotUtf8, 2, 0xC3 },
    };

    [Theory]
    [MemberData(nameof(Packets))]
    public void A_packet_against_the_rules_gives_its_fault(Situation situation, string packet, FaultReason reason, uint expected, uint actual)
    {
        byte[] stream = Convert.FromHexString(packet);
        foreach (int[] cuts in Splits.Of(stream.Length))
        {
            Desk desk = Arrange(situation);
            desk.Feed(stream, cuts);
            desk.AssertFault(reason, expected, actual);
        }
    }

    [Fact]
    public void The_first_fault_stays_and_nothing_is_consumed_after_it()
    {
        Desk desk = Desk.Connected();
        desk.Feed([0xF0]);

        Assert.Equal(MqttEvent.Faulted, desk.Session.Receive([0x30, 0x00], out int consumed, out _));
        Assert.Equal(0, consumed);
        Assert.Equal(MqttEvent.Faulted, desk.Session.ReceiveEnd());
        desk.AssertFault(FaultReason.MqttUnexpectedPacket, 0, 15);
    }

    [Fact]
    public void Every_flag_combination_of_every_type_is_judged()
    {
        var accepted = new List<int>();
        for (int header = 0; header < 256; header++)
        {
            Desk desk = Desk.Subscribing();
            desk.Session.Ping(new byte[2], out _);
            desk.Feed([(byte)header]);
            if (desk.Session.Fault.Reason == FaultReason.None)
            {
                accepted.Add(header);
            }
        }

        Assert.Equal([0x30, 0x31, 0x90, 0xD0], accepted);
    }

    [Fact]
    public void Begin_forgets_a_fault()
    {
        Desk desk = Desk.Connected();
        desk.Feed([0xF0]);
        desk.Session.Begin(0);
        desk.SendConnect();
        desk.Feed(BrokerCodec.Connack(0, 0));

        Assert.Equal("Connected", desk.Events[^1]);
    }

    private static Desk Arrange(Situation situation)
    {
        if (situation >= Situation.Connected)
        {
            return situation switch
            {
                Situation.Subscribing => Desk.Subscribing(),
                Situation.Pinging => Desk.Pinging(),
                _ => Desk.Connected(),
            };
        }

        var desk = new Desk();
        if (situation == Situation.Connecting)
        {
            desk.SendConnect();
        }

        return desk;
    }
}
