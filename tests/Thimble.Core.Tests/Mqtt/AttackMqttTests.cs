using System;
using System.Collections.Generic;
using System.Text;
using Thimble.Mqtt;
using Xunit;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>A caller that does not keep to the order of calls, and a broker that lies about lengths.</summary>
public sealed class AttackMqttTests
{
    [Theory]
    [InlineData(3, 5)]
    [InlineData(5, 3)]
    [InlineData(1, 100)]
    public void A_Publish_that_goes_on_with_a_payload_of_another_length_is_refused(int first, int second)
    {
        for (int room = 1; room < 6; room++)
        {
            Desk desk = Desk.Connected();
            Assert.Equal(MqttStatus.DestinationTooSmall, desk.Session.Publish("ab"u8, new byte[first], false, new byte[room], out int written));
            Assert.Equal(room, written);
            Assert.Equal(MqttStatus.InvalidArgument, desk.Session.Publish("ab"u8, new byte[second], false, new byte[64], out written));
            Assert.Equal(0, written);
            Assert.Equal(MqttStatus.Complete, desk.Session.Publish("ab"u8, new byte[first], false, new byte[64], out written));
            Assert.Equal(6 + first - room, written);
        }
    }

    [Fact]
    public void Whatever_is_called_in_whatever_order_the_broker_sees_whole_packets()
    {
        for (int seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            Desk desk = Desk.Connected();
            var sent = new List<byte>();
            for (int call = 0; call < 60; call++)
            {
                byte[] destination = new byte[random.Next(4) == 0 ? random.Next(4) : random.Next(40)];
                MqttStatus status = Call(desk.Session, random, destination, out int written);
                Assert.InRange(written, 0, destination.Length);
                Assert.True(written == 0 || status is MqttStatus.Complete or MqttStatus.DestinationTooSmall, $"seed {seed}: {status} wrote {written}");
                sent.AddRange(destination[..written]);
                desk.AssertGuards();
            }

            AssertPackets(sent, seed);
        }
    }

    private static MqttStatus Call(MqttSession session, Random random, byte[] destination, out int written)
    {
        byte[] topic = Encoding.ASCII.GetBytes(new string((char)('a' + random.Next(2)), random.Next(0, 4)));
        int payload = random.Next(3) == 0 ? random.Next(120, 140) : random.Next(4);
        switch (random.Next(5))
        {
            case 0:
                return session.Publish(topic, new byte[payload], random.Next(8) == 0, destination, out written);
            case 1:
                return session.PublishBegin(new MqttPublishOptions { Topic = topic }, (uint)payload, destination, out written);
            case 2:
                return session.PublishData(new byte[random.Next(30)], destination, out _, out written);
            case 3:
                return session.Subscribe(topic, destination, out written);
            default:
                return session.Ping(destination, out written);
        }
    }

    private static void AssertPackets(List<byte> sent, int seed)
    {
        byte[] stream = [.. sent];
        int at = 0;
        while (at < stream.Length)
        {
            int length = 0, shift = 0, header = at + 1;
            while (header < stream.Length && stream[header] >= 0x80)
            {
                length |= (stream[header++] & 0x7F) << shift;
                shift += 7;
            }

            int end = header >= stream.Length ? int.MaxValue : header + 1 + (length | (stream[header] << shift));
            Assert.True((stream[at] & 0xFE) == 0x30 || stream[at] is 0x82 or 0xC0, $"seed {seed}: a packet begins with {stream[at]:X2}");
            if (end > stream.Length)
            {
                return;
            }

            byte[] packet = stream[at..end];
            switch (packet[0] >> 4)
            {
                case 3:
                    Assert.InRange(BrokerCodec.ReadPublish(packet).Topic.Length, 1, 3);
                    break;
                case 8:
                    Assert.InRange(BrokerCodec.ReadSubscribe(packet).Filter.Length, 1, 3);
                    break;
                default:
                    Assert.Equal(2, packet.Length);
                    break;
            }

            at = end;
        }
    }
}
