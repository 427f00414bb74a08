using System;
using Thimble.Mqtt;
using Xunit;
using static Thimble.Core.Tests.Mqtt.BrokerPackets;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>A store that an enemy can write to: what is accepted of it is a session that an honest broker can bring to its end.</summary>
public sealed class MqttStoreAttackTests
{
    private const int Mutations = 40_000;

    [Fact]
    public void Whatever_value_a_byte_of_the_store_has_it_is_refused_or_can_be_worked_off()
    {
        byte[] stored = Stored();
        for (int at = 0; at < stored.Length; at++)
        {
            for (int value = 0; value < 256; value++)
            {
                byte[] damaged = [.. stored];
                damaged[at] = (byte)value;
                WorkOff(damaged);
            }
        }
    }

    [Fact]
    public void Whatever_the_store_holds_it_is_refused_or_can_be_worked_off()
    {
        byte[] stored = Stored();
        var random = new Random(1883);
        int accepted = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] damaged = [.. stored];
            for (int changes = random.Next(1, 5); changes > 0; changes--)
            {
                damaged[random.Next(damaged.Length)] = (byte)(random.Next(2) == 0 ? random.Next(256) : 1 << random.Next(8));
            }

            accepted += WorkOff(damaged) ? 1 : 0;
        }

        Assert.InRange(accepted, Mutations / 20, Mutations);
    }

    // Each stage once, and two identifiers of QoS 2.
    private static byte[] Stored()
    {
        Desk desk = Desk.Accepted(keep: true);
        desk.Publish(1, MqttQos.AtLeastOnce);
        desk.Publish(2, MqttQos.ExactlyOnce);
        desk.Publish(3, MqttQos.ExactlyOnce);
        desk.Publish(4, MqttQos.ExactlyOnce);
        desk.Feed(Acknowledgement(5, 3));
        desk.SendOwed();
        desk.Feed(Acknowledgement(5, 4));
        desk.Feed([.. Publish(MqttVersion.V5, "x", 2, 500, [1]), .. Publish(MqttVersion.V5, "x", 2, 501, [1])]);
        byte[] stored = new byte[desk.Session.StoredBytes];
        Assert.True(desk.Session.TryStore(stored, out _));
        return stored;
    }

    private static bool WorkOff(byte[] stored)
    {
        var desk = new Desk(Desk.Profile5());
        if (desk.Session.Restore(stored) != MqttStatus.Complete)
        {
            return false;
        }

        string told = Convert.ToHexString(stored);
        desk.Reconnect(MqttVersion.V5);
        for (int turns = 0; desk.Session.InFlight > 0; turns++)
        {
            Assert.True(turns < 8, $"{told}: {desk.Session.InFlight} messages stay in flight");
            Release(desk);
            if (desk.Session.Poll(0, out _) == MqttStatus.RedeliveryDue)
            {
                Redeliver(desk, told);
            }
        }

        Assert.Equal((told, Thimble.Memory.FaultReason.None), (told, desk.Session.Fault.Reason));
        Assert.True(desk.Session.PublishQuota > 0, told);
        return true;
    }

    private static void Release(Desk desk)
    {
        byte[] sent = desk.SendOwed();
        for (int at = 0; at < sent.Length; at += 4)
        {
            Assert.Equal(0x62, sent[at]);
            desk.Feed(Acknowledgement(7, (sent[at + 2] << 8) | sent[at + 3]));
        }
    }

    private static void Redeliver(Desk desk, string told)
    {
        byte[] destination = new byte[64];
        foreach (MqttQos qos in new[] { MqttQos.AtLeastOnce, MqttQos.ExactlyOnce })
        {
            var options = new MqttPublishOptions { Topic = "a"u8, Qos = qos, Token = desk.Session.RedeliveryToken, Redelivers = true };
            if (desk.Session.Publish(options, [], destination, out _) == MqttStatus.Complete)
            {
                desk.Feed(Acknowledgement(qos == MqttQos.AtLeastOnce ? 4 : 5, (destination[5] << 8) | destination[6]));
                return;
            }
        }

        Assert.Fail($"{told}: the message that is due cannot be sent");
    }
}
