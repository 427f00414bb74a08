using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Thimble.Memory;
using Thimble.Mqtt;
using Xunit;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>Properties over generated packets, random bytes and mutations.</summary>
public class MqttPropertyTests
{
    private static readonly Gen<string> _text =
        from characters in Gen.ArrayOf(Gen.Elements('a', 'Z', '/', ' ', '$', '\u00E9', '\u20AC', '\uFEFF'))
        from astral in Gen.Elements(string.Empty, "\U0001F980")
        select new string(characters) + astral;

    private static readonly Gen<byte[]> _bytes = Gen.ArrayOf(Gen.Choose(0, 255).Select(b => (byte)b));

    [Fact]
    public void A_Connect_is_read_back_by_an_independent_codec()
    {
        var packets = from clientId in _text from userName in _text from password in _bytes from keepAlive in Gen.Choose(0, 65_535)
                      select (clientId, userName, password: userName.Length == 0 ? [] : password, keepAlive);
        Prop.ForAll(packets.ToArbitrary(), p =>
        {
            byte[] destination = new byte[2048];
            var options = new MqttConnectOptions
            {
                ClientId = Encoding.UTF8.GetBytes(p.clientId),
                UserName = Encoding.UTF8.GetBytes(p.userName),
                Password = p.password,
                KeepAliveSeconds = (ushort)p.keepAlive,
            };
            Assert.Equal(MqttStatus.Complete, new Desk().Session.Connect(options, destination, out int written));

            BrokerCodec.ConnectBody read = BrokerCodec.ReadConnect(destination[..written]);
            Assert.Equal((p.clientId, p.userName, p.keepAlive), (read.ClientId, read.UserName ?? string.Empty, read.KeepAlive));
            Assert.Equal(p.password, read.Password ?? []);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_Publish_is_read_back_by_an_independent_codec()
    {
        var packets = from topic in _text from payload in _bytes from retain in Gen.Elements(true, false)
                      from size in Gen.Choose(1, 40) select (topic: topic + "t", payload, retain, size);
        Prop.ForAll(packets.ToArbitrary(), p =>
        {
            byte[] topic = Encoding.UTF8.GetBytes(p.topic), destination = new byte[p.size];
            MqttSession session = Desk.Connected().Session;
            var sent = new List<byte>();
            MqttStatus status;
            do
            {
                status = session.Publish(topic, p.payload, p.retain, destination, out int written);
                sent.AddRange(destination[..written]);
            }
            while (status == MqttStatus.DestinationTooSmall);

            Assert.Equal(MqttStatus.Complete, status);
            (byte[] readTopic, byte[] readPayload, bool readRetain) = BrokerCodec.ReadPublish([.. sent]);
            Assert.Equal(topic, readTopic);
            Assert.Equal(p.payload, readPayload);
            Assert.Equal(p.retain, readRetain);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Publishes_from_an_independent_codec_arrive_in_random_pieces()
    {
        var message = from topic in _text from payload in _bytes from retain in Gen.Elements(0, 1)
                      select (topic: topic + "t", payload, retain);
        var streams = from messages in Gen.ArrayOf(message) from seed in Gen.Choose(0, int.MaxValue) select (messages, seed);
        Prop.ForAll(streams.ToArbitrary(), p =>
        {
            byte[] stream = p.messages
                .SelectMany(m => BrokerCodec.Publish(Encoding.UTF8.GetBytes(m.topic), m.payload, m.retain)).ToArray();
            var random = new Random(p.seed);
            Desk desk = Desk.Connected(topicBytes: 1024);
            desk.Feed(stream, Enumerable.Range(0, 10).Select(_ => random.Next(stream.Length + 1)).Order());

            Assert.Equal(
                p.messages.SelectMany(m => new[]
                {
                    $"PublishBegin {m.topic} {m.payload.Length} retained={m.retain == 1}",
                    $"PublishEnd {Convert.ToHexString(m.payload)}",
                }),
                desk.Events);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Packets_in_records_of_any_size_some_of_them_forged_first_give_the_same_messages()
    {
        var message = from topic in _text from bytes in Gen.Choose(0, 40_000) from identifier in Gen.Choose(0, 65_535)
                      select (topic: topic + "t", bytes, identifier);
        var streams = from messages in Gen.ArrayOf(message) from seed in Gen.Choose(0, int.MaxValue) select (messages, seed);
        Prop.ForAll(streams.ToArbitrary(), p =>
        {
            var random = new Random(p.seed);
            byte[][] packets = [.. p.messages.Select(m => Packet(m.topic, m.identifier, new byte[m.bytes]))];
            Desk one = Provisional();
            foreach (byte[] packet in packets)
            {
                one.Feed(packet);
                one.Acknowledge();
            }

            Desk many = Provisional();
            byte[] stream = [.. packets.SelectMany(packet => packet)];
            for (int at = 0; at < stream.Length;)
            {
                int record = Math.Min(random.Next(1, 16_385), stream.Length - at);
                if (record > 512)
                {
                    FeedLargeRecord(many, stream.AsSpan(at, record).ToArray(), random);
                }
                else
                {
                    many.Feed(stream.AsSpan(at, record));
                }

                many.Acknowledge();
                at += record;
            }

            Assert.Equal(one.Events, many.Events);
            Assert.Equal(one.Acknowledged, many.Acknowledged);
            Assert.Equal(one.Remembered, many.Remembered);
        }).QuickCheckThrowOnFailure();
    }

    private static byte[] Packet(string topic, int identifier, byte[] payload) => identifier == 0
        ? BrokerCodec.Publish(Encoding.UTF8.GetBytes(topic), payload)
        : BrokerCodec.Publish(Encoding.UTF8.GetBytes(topic), (ushort)identifier, payload);

    private static Desk Provisional()
    {
        Desk desk = Desk.Connected(topicBytes: 1024, acknowledgements: 200, provisional: true);
        Assert.Equal(MqttStatus.Complete, desk.Session.Subscribe("#"u8, MqttQos.AtLeastOnce, new byte[64], out _));
        return desk;
    }

    // As it comes through the window: at most 512 bytes at a time. One in two is mangled and withdrawn before.
    private static void FeedLargeRecord(Desk desk, byte[] record, Random random)
    {
        if (random.Next(2) == 0)
        {
            byte[] forged = [.. record];
            forged[random.Next(forged.Length)] ^= (byte)random.Next(1, 256);
            desk.BeginProvisional();
            desk.Feed(forged, Enumerable.Range(1, (forged.Length - 1) / 512).Select(static i => i * 512));
            desk.Abort();
        }

        desk.BeginProvisional();
        desk.Feed(record, Enumerable.Range(1, (record.Length - 1) / 512).Select(static i => i * 512));
        Assert.Equal(MqttStatus.Complete, desk.Commit());
    }

    [Fact]
    public void Random_bytes_end_in_a_fault_or_wait_for_more_and_stay_inside_the_memory()
    {
        var random = new Random(7);
        byte[] headers = [0x20, 0x30, 0x31, 0x90, 0xD0];
        for (int i = 0; i < 20_000; i++)
        {
            byte[] stream = new byte[random.Next(1, 40)];
            random.NextBytes(stream);
            stream[0] = random.Next(4) == 0 ? stream[0] : headers[random.Next(headers.Length)];
            if (stream.Length > 2 && random.Next(4) != 0)
            {
                stream[1] = (byte)random.Next(stream.Length);
            }

            AssertSplitInvariant(stream, random);
        }
    }

    [Fact]
    public void Mutations_of_a_good_session_give_the_same_events_in_any_split_and_stay_inside_the_memory()
    {
        byte[] good =
        [
            .. BrokerCodec.Publish("a/b"u8.ToArray(), new byte[9]), .. BrokerCodec.Suback(1, 0),
            .. BrokerCodec.Publish("caf\u00E9"u8.ToArray(), [1, 2]), .. BrokerCodec.Publish("x"u8.ToArray(), new byte[130], 1),
        ];
        var random = new Random(11);
        for (int bit = 0; bit < good.Length * 8; bit++)
        {
            byte[] mutant = (byte[])good.Clone();
            mutant[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertSplitInvariant(mutant, random);
        }
    }

    private static void AssertSplitInvariant(byte[] stream, Random random)
    {
        Desk whole = Feed(stream, []);
        Desk parted = Feed(stream, Enumerable.Range(0, 6).Select(_ => random.Next(stream.Length + 1)).Order());
        Desk bytes = Feed(stream, Enumerable.Range(0, stream.Length));
        Assert.Equal(whole.Events, parted.Events);
        Assert.Equal(whole.Events, bytes.Events);
        Assert.True(whole.Session.Fault.Reason is FaultReason.None or (>= FaultReason.MqttFixedHeaderFlags and <= FaultReason.MqttPublishQos));
    }

    private static Desk Feed(byte[] stream, IEnumerable<int> cuts)
    {
        Desk desk = Desk.Subscribing();
        desk.Feed(stream, cuts);
        return desk;
    }
}
