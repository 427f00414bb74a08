using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Thimble.Memory;
using Thimble.Mqtt;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>MQTT in records larger than the window, in both versions (RULES 1 and 5): what is not vouched for has no consequence.</summary>
public sealed class StreamedMqttTests
{
    public static TheoryData<string> All => StreamedDataTests.All;

    public static TheoryData<string> Versions => ["1.2 GCM", "1.3 GCM"];

    [Theory]
    [MemberData(nameof(All))]
    public void Messages_in_one_record_count_and_are_acknowledged_at_its_last_byte(string kind)
    {
        byte[][] payloads = [Payload(3_000), [], Payload(12_000), Payload(1_300)];
        byte[] content = [.. payloads.SelectMany(static (payload, i) => MqttOnRecords.Publish(i + 1, payload))];
        Assert.InRange(content.Length, 16_300, 16_384);
        foreach (int piece in new[] { 1, 333, 20_000 })
        {
            var mqtt = new MqttOnRecords(kind);
            byte[] record = mqtt.Peer.Seal(Wire.ApplicationData, content);
            Assert.Equal(TlsStatus.NeedMoreData, mqtt.Take(record.AsSpan(0, record.Length - 1), piece));
            Assert.Empty(mqtt.TakeMessages());
            Assert.Empty(mqtt.Peer.TakeSent());
            Assert.Equal(TlsStatus.NeedMoreData, mqtt.Take(record.AsSpan(record.Length - 1)));
            Assert.Equal(payloads, mqtt.TakeMessages().Select(static message => message.Payload));
            Assert.Equal(Enumerable.Range(1, 4).SelectMany(MqttOnRecords.Puback), mqtt.Peer.TakeSent());
            Assert.Empty(mqtt.Events);
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_message_of_a_megabyte_passes_in_records_of_16_kB(string kind)
    {
        var mqtt = new MqttOnRecords(kind);
        byte[] payload = Payload(1_000_000);
        byte[] packet = MqttOnRecords.Publish(7, payload);
        foreach (byte[] content in packet.Chunk(16_384).SkipLast(1))
        {
            mqtt.TakeRecord(content);
        }

        Assert.Empty(mqtt.Peer.TakeSent());
        mqtt.TakeRecord(packet.Chunk(16_384).Last());
        Assert.Equal(payload, Assert.Single(mqtt.TakeMessages()).Payload);
        Assert.Equal(MqttOnRecords.Puback(7), mqtt.Peer.TakeSent());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void However_packets_lie_in_records_the_messages_are_the_same(string kind)
    {
        var sizes = from messages in Gen.ArrayOf(Gen.Choose(0, 20_000)) from seed in Gen.Choose(0, int.MaxValue) select (messages, seed);
        Prop.ForAll(sizes.ToArbitrary(), p =>
        {
            var random = new Random(p.seed);
            var mqtt = new MqttOnRecords(kind, acknowledgements: 250);
            byte[][] payloads = [.. p.messages.Select(Payload)];
            ReadOnlySpan<byte> stream = [.. payloads.SelectMany(static (payload, i) => MqttOnRecords.Publish(i + 1, payload, MqttOnRecords.Topic + i))];
            while (!stream.IsEmpty)
            {
                int bytes = Math.Min(random.Next(4) == 0 ? random.Next(1, 100) : random.Next(1, 16_385), stream.Length);
                Assert.Equal(TlsStatus.NeedMoreData, mqtt.TakeRecord(stream[..bytes].ToArray()));
                stream = stream[bytes..];
            }

            Assert.Equal(payloads, mqtt.TakeMessages().Select(static message => message.Payload));
            Assert.Equal(Enumerable.Range(1, payloads.Length).SelectMany(MqttOnRecords.Puback), mqtt.Peer.TakeSent());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void After_a_flip_of_any_byte_all_is_as_before_the_record_and_only_the_alert_goes_out(string kind)
    {
        var mqtt = new MqttOnRecords(kind);
        byte[] first = MqttOnRecords.Publish(1, Payload(900));
        mqtt.TakeRecord(first[..400]); // the record begins in the middle of a message
        byte[] content = [.. first[400..], .. MqttOnRecords.Publish(2, Payload(300), "another"), .. MqttOnRecords.Publish(3, [])];
        byte[] record = mqtt.Peer.Seal(Wire.ApplicationData, content);
        Assert.InRange(content.Length, 600, 1_000);
        byte[] memory = mqtt.Peer.Client.Memory.ToArray();
        byte[] before = mqtt.Remembered;
        for (int at = 5; at < record.Length; at++)
        {
            memory.CopyTo(mqtt.Peer.Client.Memory);
            byte[] flipped = [.. record];
            flipped[at] ^= (byte)(1 << (at % 8));
            Assert.Equal(TlsStatus.Faulted, mqtt.Take(flipped));
            Assert.Equal(FaultReason.BadRecordMac, mqtt.Peer.Client.Fault.Reason);
            Assert.Equal(before, mqtt.Remembered);
            Assert.Equal(FaultReason.None, mqtt.Session.Fault.Reason);
            Assert.Empty(mqtt.TakeMessages());
            Assert.Empty(mqtt.Peer.Client.Output);
        }

        mqtt.Peer.Client.Flush();
        Assert.Empty(mqtt.Peer.TakeSent());
        Assert.Empty(mqtt.Events);
        memory.CopyTo(mqtt.Peer.Client.Memory);
        Assert.Equal(TlsStatus.NeedMoreData, mqtt.Take(record));
        Assert.Equal([Payload(900), Payload(300), []], mqtt.TakeMessages().Select(static message => message.Payload));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void An_end_within_the_record_is_an_abort_wherever_it_comes(string kind)
    {
        var mqtt = new MqttOnRecords(kind);
        byte[] record = mqtt.Peer.Seal(Wire.ApplicationData, [.. MqttOnRecords.Publish(1, Payload(500)), .. MqttOnRecords.Publish(2, Payload(200))]);
        byte[] memory = mqtt.Peer.Client.Memory.ToArray();
        byte[] before = mqtt.Remembered;
        for (int end = 0; end < record.Length; end += 5)
        {
            memory.CopyTo(mqtt.Peer.Client.Memory);
            Assert.Equal(TlsStatus.NeedMoreData, mqtt.Take(record.AsSpan(0, end)));
            Assert.Equal(TlsStatus.Faulted, mqtt.Peer.Client.SourceEnded());
            mqtt.Session.Abort();
            Assert.Equal(before, mqtt.Remembered);
            Assert.Empty(mqtt.TakeMessages());
            Assert.Equal(MqttEvent.Faulted, mqtt.Session.ReceiveEnd());
            Assert.Equal((FaultReason.MqttConnectionLost, 0u), (mqtt.Session.Fault.Reason, mqtt.Session.Fault.Actual));
        }

        Assert.Empty(mqtt.Peer.TakeSent());
    }

    [Fact]
    public void Tickets_that_were_read_as_messages_leave_no_trace()
    {
        byte[] packet = MqttOnRecords.Publish(1, Payload(700));
        for (int at = 1; at < packet.Length; at += 3)
        {
            var mqtt = new MqttOnRecords("1.3 GCM");
            mqtt.TakeRecord(packet[..at]);
            mqtt.Take(mqtt.Peer.Seal(Wire.Handshake, Scripted13Replay.Ticket(3_000)), 1_000);
            Assert.False(mqtt.Session.IsProvisional);
            mqtt.TakeRecord(packet[at..]);
            Assert.Equal(Payload(700), Assert.Single(mqtt.TakeMessages()).Payload);
            Assert.Equal(MqttOnRecords.Puback(1), mqtt.Peer.TakeSent());
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_packet_against_the_rules_counts_at_the_tag_and_not_before(string kind)
    {
        byte[] content = [.. MqttOnRecords.Publish(1, Payload(100)), 0xF0, .. new byte[2_000]];
        foreach (bool genuine in new[] { true, false })
        {
            var mqtt = new MqttOnRecords(kind);
            byte[] record = mqtt.Peer.Seal(Wire.ApplicationData, content);
            record[^1] ^= (byte)(genuine ? 0 : 1);
            Assert.Equal(TlsStatus.NeedMoreData, mqtt.Take(record.AsSpan(0, record.Length - 1), 100));
            Assert.Equal(FaultReason.None, mqtt.Session.Fault.Reason);
            Assert.Equal(genuine ? TlsStatus.NeedMoreData : TlsStatus.Faulted, mqtt.Take(record.AsSpan(record.Length - 1)));
            Assert.Equal(genuine ? FaultReason.MqttUnexpectedPacket : FaultReason.None, mqtt.Session.Fault.Reason);
            Assert.Equal(genuine ? FaultReason.None : FaultReason.BadRecordMac, mqtt.Peer.Client.Fault.Reason);
            Assert.Empty(mqtt.Peer.TakeSent());
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void More_messages_in_a_record_than_acknowledgements_can_be_owed_are_a_fault_at_its_tag(string kind)
    {
        foreach (int messages in new[] { 8, 9 })
        {
            var mqtt = new MqttOnRecords(kind);
            byte[] record = mqtt.Peer.Seal(Wire.ApplicationData, [.. Enumerable.Range(1, messages).SelectMany(static i => MqttOnRecords.Publish(i, Payload(100)))]);
            Assert.Equal(TlsStatus.NeedMoreData, mqtt.Take(record.AsSpan(0, record.Length - 1)));
            Assert.Equal(FaultReason.None, mqtt.Session.Fault.Reason);
            mqtt.Take(record.AsSpan(record.Length - 1));
            FaultReason reason = messages == 8 ? FaultReason.None : FaultReason.MqttAcknowledgementsOwed;
            Assert.Equal((reason, messages - 8u + (messages == 9 ? 8u : 0)), (mqtt.Session.Fault.Reason, mqtt.Session.Fault.Actual));
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void The_memory_to_go_back_to_is_used_to_nine_tenths_by_a_topic_as_long_as_the_profile_allows(string kind)
    {
        foreach (ushort poison in new ushort[] { 0x31, 0xA6 })
        {
            string topic = new('t', 64);
            var mqtt = new MqttOnRecords(kind, poison: poison);
            byte[] packet = MqttOnRecords.Publish(0x1234, Payload(1_400), topic);
            mqtt.TakeRecord(packet[..100]);
            mqtt.Take(mqtt.Peer.Seal(Wire.ApplicationData, packet[100..]));
            Assert.Equal((topic, 1_400), mqtt.TakeMessages().Select(static m => (m.Topic, m.Payload.Length)).Single());
            mqtt.Peer.Client.Lens().SurveyMemory();
            foreach (RegionId region in new[] { RegionId.MqttSession, RegionId.MqttTopic, RegionId.MqttRollback })
            {
                int bytes = mqtt.Peer.Client.Region(region).Length;
                Assert.InRange(mqtt.Peer.Client.Audit[(int)region], (region == RegionId.MqttSession ? MqttSession.StateBytes + 2 : bytes) * 9 / 10, bytes);
            }
        }
    }

    private static byte[] Payload(int length) => [.. Enumerable.Range(0, length).Select(static i => (byte)((i * 7) + (i >> 8)))];
}
