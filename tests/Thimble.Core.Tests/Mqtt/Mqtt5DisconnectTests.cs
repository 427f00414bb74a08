using System.Collections.Generic;
using Thimble.Memory;
using Thimble.Mqtt;
using Xunit;
using static Thimble.Core.Tests.Mqtt.BrokerPackets;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>DISCONNECT of MQTT 5, ours and the broker's (§3.14, §4.13).</summary>
public class Mqtt5DisconnectTests
{
    [Fact]
    public void We_leave_with_a_reason_and_properties()
    {
        byte[] d = new byte[64];
        Desk desk = Desk.Accepted(connect: Long(17, 10));
        Assert.Equal(MqttStatus.Complete, desk.Session.Disconnect(MqttReasonCode.DisconnectWithWill, (byte[])[.. Long(17, 20), .. Text(31, "bye")], d, out int written));
        Assert.Equal(Disconnect(4, Long(17, 20), Text(31, "bye")), d[..written]);
        Assert.Equal(MqttState.Disconnected, desk.Session.State);
        Assert.Equal(MqttStatus.WrongState, desk.Session.Disconnect(d, out _));
        desk.Feed([1, 2, 3]);
        Assert.Equal(["Disconnected"], desk.Events);

        Assert.Equal(MqttStatus.Complete, Desk.Accepted().Session.Disconnect(d, out written));
        Assert.Equal([0xE0, 0], d[..written]);
    }

    [Theory]
    [InlineData(0x87, "")] // the broker's alone
    [InlineData(0x01, "")]
    [InlineData(0x8E, "")]
    [InlineData(0x00, "1C000161")] // a server reference is the broker's
    [InlineData(0x00, "1100000001")] // CONNECT let the session end with the connection
    [InlineData(0x00, "2100")]
    public void A_reason_or_a_property_that_is_not_ours_is_refused(int reason, string properties)
        => Assert.Equal(
            MqttStatus.InvalidArgument,
            Desk.Accepted().Session.Disconnect((MqttReasonCode)reason, System.Convert.FromHexString(properties), new byte[64], out _));

    [Fact]
    public void MQTT_311_has_no_reasons()
    {
        byte[] d = new byte[8];
        Desk desk = Desk.Accepted(MqttVersion.V311);
        Assert.Equal(MqttStatus.InvalidArgument, desk.Session.Disconnect(MqttReasonCode.DisconnectWithWill, default, d, out _));
        Assert.Equal(MqttStatus.Complete, desk.Session.Disconnect(MqttReasonCode.Success, default, d, out int written));
        Assert.Equal([0xE0, 0], d[..written]);
        Desk other = Desk.Accepted(MqttVersion.V311);
        other.Feed([0xE0, 0]);
        other.AssertFault(FaultReason.MqttUnexpectedPacket, 0, 14);
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x8B)]
    [InlineData(0x8E)]
    [InlineData(0x98)]
    [InlineData(0x9D)]
    [InlineData(0xA2)]
    public void The_broker_leaves_with_its_reason_which_is_the_fault(int reason)
    {
        byte[] disconnect = Disconnect(reason, Text(31, "why"), Text(28, "there"));
        foreach (int[] cuts in Splits.Of(disconnect.Length))
        {
            Desk desk = Desk.Accepted();
            desk.Feed(disconnect, cuts);
            Assert.Equal(["Property ReasonString why", "Property ServerReference there", $"Faulted MqttDisconnected 0 {reason}"], desk.Events);
            Assert.Equal(MqttStatus.Faulted, desk.Session.Disconnect(new byte[8], out _));
        }
    }

    [Fact]
    public void Disconnect_in_its_shortest_forms_is_understood()
    {
        Desk none = Desk.Accepted();
        none.Feed([0xE0, 0]);
        none.AssertFault(FaultReason.MqttDisconnected, 0, 0);
        Desk reason = Desk.Accepted();
        reason.Feed([0xE0, 1, 0x8B]);
        reason.AssertFault(FaultReason.MqttDisconnected, 0, 0x8B);
    }

    [Fact]
    public void After_a_fault_the_broker_is_told_once_why()
    {
        foreach ((byte[] packet, int code) in new Dictionary<byte[], int>
        {
            [[0x30, 0x80, 0x80, 0x80, 0x80]] = 0x81,
            [[0x36]] = 0x81,
            [Publish(MqttVersion.V5, "a#", 0, 0, [])] = 0x90,
            [Publish(MqttVersion.V5, "a", 0, 0, [], properties: Short(35, 9))] = 0x94,
            [Publish(MqttVersion.V5, "a", 0, 0, [], properties: [Byte(1, 1), Byte(1, 1)])] = 0x82,
            [[0xD0]] = 0x82,
        })
        {
            Desk desk = Desk.Accepted();
            desk.Feed(packet);
            byte[] d = new byte[8];
            Assert.Equal(MqttStatus.DestinationTooSmall, desk.Session.Disconnect(new byte[2], out int written));
            Assert.Equal(0, written);
            Assert.Equal(MqttStatus.Complete, desk.Session.Disconnect(d, out written));
            Assert.Equal([0xE0, 1, (byte)code], d[..written]);
            Assert.Equal(MqttStatus.Faulted, desk.Session.Disconnect(d, out _));
            Assert.NotEqual(FaultReason.None, desk.Session.Fault.Reason);
        }
    }

    [Fact]
    public void Nothing_is_told_where_another_packet_is_half_sent_or_nobody_listens()
    {
        byte[] d = new byte[8];
        Desk half = Desk.Accepted();
        Assert.Equal(MqttStatus.DestinationTooSmall, half.Session.Publish("a"u8, [1, 2], false, new byte[3], out _));
        half.Feed([0xD0]);
        Assert.Equal(MqttStatus.Faulted, half.Session.Disconnect(d, out _));

        Desk lost = Desk.Accepted();
        lost.Session.ReceiveEnd();
        Assert.Equal(MqttStatus.Faulted, lost.Session.Disconnect(d, out _));

        var early = new Desk(Desk.Profile5());
        early.Open(MqttVersion.V5);
        early.Feed([0xD0]);
        Assert.Equal(MqttStatus.Faulted, early.Session.Disconnect(d, out _));

        Desk old = Desk.Accepted(MqttVersion.V311);
        old.Feed([0xD0]);
        Assert.Equal(MqttStatus.Faulted, old.Session.Disconnect(d, out _));
    }
}
