using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Mqtt;
using Xunit;
using static Thimble.Core.Tests.Mqtt.BrokerPackets;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>
/// Streams of valid packets with bytes changed, inserted, removed and repeated, from fixed seeds: the outcome is the same in every split, verified or provisional, and a
/// session that has failed tells nothing more. The <see cref="Desk"/> sees to guards around the memory, and to an end of the calls.
/// </summary>
public sealed class MqttMutationTests
{
    private const int Mutations = 30_000;
    private const int MaxCuts = 6;

    [Theory]
    [InlineData(MqttVersion.V311, 1)]
    [InlineData(MqttVersion.V5, 2)]
    [InlineData(MqttVersion.V5, 3)]
    public void A_mutated_stream_has_one_outcome(MqttVersion version, int seed)
    {
        var random = new Random(seed);
        int faultless = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] stream = Mutate(Stream(version, random), random);
            int[] cuts = [.. Enumerable.Range(0, random.Next(MaxCuts)).Select(_ => random.Next(stream.Length + 1)).Order()];
            string told = $"seed {seed}, mutation {i}: {Convert.ToHexString(stream)} cut at {string.Join(',', cuts)}";
            Desk whole = Opened(version);
            whole.Feed(stream);
            Desk cut = Opened(version);
            cut.Feed(stream, cuts);
            Assert.True(whole.Events.SequenceEqual(cut.Events), told);
            Desk provisional = Provisionally(version, stream, cuts, random);
            Assert.True(whole.Events.Order().SequenceEqual(provisional.Events.Order()), $"{string.Join(';', provisional.Events.Except(whole.Events))} and not {string.Join(';', whole.Events.Except(provisional.Events))}, {told}");
            string outcome = Outcome(whole);
            Assert.True(outcome == Outcome(cut), $"{told}: {outcome} or {Outcome(cut)}");
            Assert.True(outcome == Outcome(provisional), $"{told}: {outcome} or {Outcome(provisional)}");
            faultless += AssertConsistent(whole, told) ? 1 : 0;
        }

        Assert.InRange(faultless, Mutations / 50, Mutations);
    }

    // What is left when all was read, and what is sent then.
    private static string Outcome(Desk desk)
    {
        Fault fault = desk.Session.Fault;
        string outcome = $"{fault.Reason} {fault.Expected} {fault.Actual} {desk.Session.State} {desk.Session.InFlight}";
        return fault.Reason == FaultReason.None
            ? $"{outcome} {Convert.ToHexString(desk.InFlightRegion)} {desk.Session.AcknowledgementsDue}"
            : outcome;
    }

    // Whether it has not failed.
    private static bool AssertConsistent(Desk desk, string told)
    {
        Assert.InRange(desk.Session.InFlight, 0, desk.Profile.MaxMqttInFlight);
        if (desk.Session.Fault.Reason != FaultReason.None)
        {
            int events = desk.Events.Count;
            Assert.Equal(MqttEvent.Faulted, desk.Session.Receive(Publish(desk.Session.Version, "t", 0, 0, [1]), out int consumed, out ReadOnlySpan<byte> data));
            Assert.True(consumed == 0 && data.IsEmpty && desk.Events.Count == events, told);
            return false;
        }

        if (desk.Session.State == MqttState.Connected)
        {
            int due = desk.Session.AcknowledgementsDue;
            Assert.InRange(desk.SendOwed().Length, 4 * due, 5 * due);
        }

        byte[] stored = new byte[desk.Session.StoredBytes];
        if (desk.Session.TryStore(stored, out _))
        {
            Assert.Equal(MqttStatus.Complete, new Desk(desk.Profile).Session.Restore(stored));
        }

        return true;
    }

    // Some pieces come once more, forged, before they come verified.
    private static Desk Provisionally(MqttVersion version, byte[] stream, int[] cuts, Random random)
    {
        Desk desk = Opened(version);
        int from = 0;
        foreach (int to in cuts.Append(stream.Length))
        {
            if (desk.Session.Fault.Reason != FaultReason.None)
            {
                break;
            }

            if (random.Next(3) == 0)
            {
                desk.BeginProvisional();
                desk.Feed(stream.AsSpan(from, random.Next(to - from + 1)));
                desk.Abort();
            }

            desk.BeginProvisional();
            desk.Feed(stream.AsSpan(from, to - from));
            _ = desk.Commit();
            from = to;
        }

        return desk;
    }

    // An older session goes on: messages 1 to 4 are in flight in every stage, and 500 came. CONNACK is awaited.
    private static Desk Opened(MqttVersion version)
    {
        var desk = new Desk(Desk.Profile5(static p => p with { MaxMqttAcknowledgements = 64, MaxMqttInboundExactlyOnce = 12 }));
        Assert.Equal(MqttStatus.Complete, desk.Session.Restore(s_session));
        Assert.Equal(MqttStatus.Complete, desk.Session.Continue(0));
        desk.Open(version, keep: true);
        return desk;
    }

    private static readonly byte[] s_session =
    [
        2, 0, 1, 0, 1, 0, 2, 0,
        3, 0, 3, 0, 13, 0, 0, 0,
        4, 0, 4, 0, 14, 0, 0, 0,
        0xF4, 1,
    ];

    private static byte[] Stream(MqttVersion version, Random random)
    {
        bool five = version == MqttVersion.V5;
        var stream = new List<byte>(Connack(version, random.Next(4) == 0 ? 0 : 1, 0, five && random.Next(2) == 0 ? [Short(33, 3), Long(39, 100), Short(34, 2), Text(31, "ok")] : []));
        for (int packets = random.Next(1, 8); packets > 0; packets--)
        {
            stream.AddRange(Packet(version, five, random));
        }

        return [.. stream];
    }

    private static byte[] Packet(MqttVersion version, bool five, Random random)
    {
        int identifier = random.Next(3) == 0 ? 500 : random.Next(1, 6);
        byte[] payload = new byte[random.Next(4) == 0 ? random.Next(140) : random.Next(4)];
        switch (random.Next(7))
        {
            case 0:
                return Acknowledgement(random.Next(4, 8), identifier, five && random.Next(2) == 0 ? 0 : null);
            case 1:
                return Acknowledgement(6, 500);
            case 2 when five:
                return Publish(version, random.Next(2) == 0 ? "" : "al", 0, 0, payload, properties: Short(35, random.Next(1, 4)));
            case 3 when five:
                return Publish(version, "p", 0, 0, payload, properties: [Byte(1, 1), Long(2, 9), Text(3, "caf\u00E9"), Text(8, "r"), Binary(9, [0, 255]), Variable(11, 300), User("n", "v")]);
            case 4 when five && random.Next(4) == 0:
                return Disconnect(0x8B, Text(31, "bye"));
            default:
                int qos = random.Next(3);
                return Publish(version, "caf\u00E9/x", qos, identifier, payload, dup: qos > 0 && random.Next(4) == 0, retain: random.Next(4) == 0);
        }
    }

    private static byte[] Mutate(byte[] valid, Random random)
    {
        var stream = new List<byte>(valid);
        for (int changes = random.Next(3); changes > 0 && stream.Count > 0; changes--)
        {
            int at = random.Next(stream.Count);
            switch (random.Next(6))
            {
                case 0:
                    stream[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    stream[at] = (byte)random.Next(256);
                    break;
                case 2:
                    stream[at] = (byte)(random.Next(2) == 0 ? 0 : random.Next(2) == 0 ? 0x80 : 0xFF);
                    break;
                case 3:
                    stream.Insert(at, (byte)random.Next(256));
                    break;
                case 4:
                    stream.RemoveAt(at);
                    break;
                default:
                    stream.InsertRange(at, stream.GetRange(at, random.Next(stream.Count - at)));
                    break;
            }
        }

        return [.. stream];
    }
}
