using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using Thimble.Mqtt;
using Xunit;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>
/// A client and a model of a broker exchange messages of QoS 1 and 2 over a transport that is lost at any byte. When it stays at last,
/// nothing is missing, and nothing of QoS 2 came twice ([MQTT-4.3.2-1], [MQTT-4.3.3-1], [MQTT-4.4.0-1]).
/// </summary>
public class MqttExchangeModelTests
{
    private enum Act
    {
        Publish,
        Send,
        ToBroker,
        ToClient,
        Step,
        Lose,
        LoseAndForget,
    }

    private static readonly Gen<Act> _act = Gen.Frequency(
        (4, Gen.Constant(Act.Publish)), (4, Gen.Constant(Act.Send)), (12, Gen.Constant(Act.ToBroker)), (12, Gen.Constant(Act.ToClient)), (16, Gen.Constant(Act.Step)),
        (1, Gen.Constant(Act.Lose)), (1, Gen.Constant(Act.LoseAndForget)));

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public void Nothing_is_lost_and_nothing_of_QoS_2_comes_twice(MqttVersion version)
    {
        var scripts = from acts in Gen.ListOf(_act, 400) from seed in Gen.Choose(0, int.MaxValue) select (acts, seed);
        Prop.ForAll(scripts.ToArbitrary(), s => Run(version, s.acts, s.seed)).Check(Config.QuickThrowOnFailure.WithMaxTest(150));
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public void The_connection_may_be_lost_at_every_single_step_of_an_exchange(MqttVersion version)
    {
        Act[] exchange = [.. Enumerable.Repeat(new[] { Act.Publish, Act.Send, Act.Publish, Act.Send }, 1).SelectMany(static a => a), .. Enumerable.Repeat(new[] { Act.Step, Act.ToBroker, Act.ToClient }, 60).SelectMany(static a => a)];
        for (int at = 0; at < exchange.Length; at++)
        {
            foreach (Act loss in new[] { Act.Lose, Act.LoseAndForget })
            {
                foreach (int seed in new[] { 0, 1 })
                {
                    Run(version, [.. exchange[..at], loss, .. exchange[at..]], seed);
                }
            }
        }
    }

    private static void Run(MqttVersion version, IEnumerable<Act> acts, int seed)
    {
        var random = new Random(seed);
        var broker = new ModelBroker(version, window: 3);
        var client = new ModelClient(version, Desk.Profile5(static p => p with { MaxMqttAcknowledgements = 4 }));
        var published = new List<(int Qos, uint Token)>();
        var sent = new List<(int Qos, int Payload)>();
        client.Connect(first: true, stored: false);
        foreach (Act act in acts)
        {
            switch (act)
            {
                case Act.Publish when client.CanPublish:
                    published.Add((random.Next(1, 3), (uint)published.Count + 1));
                    client.Publish(published[^1].Token, (MqttQos)published[^1].Qos);
                    break;
                case Act.Send:
                    sent.Add((random.Next(1, 3), sent.Count + 1));
                    broker.Send(sent[^1].Qos, sent[^1].Payload);
                    break;
                case Act.Lose or Act.LoseAndForget when client.IsEstablished:
                    broker.Lose();
                    client.Connect(first: false, stored: act == Act.LoseAndForget);
                    break;
                default:
                    Move(client, broker, act, random.Next(1, 9));
                    break;
            }
        }

        for (int i = 0; i < 100_000 && !(client.IsIdle && broker.IsIdle); i++)
        {
            Move(client, broker, (Act)((int)Act.ToBroker + (i % 3)), 50);
        }

        Assert.True(client.IsIdle && broker.IsIdle);
        AssertArrived(published.Select(static p => (p.Qos, (int)p.Token)), broker.Delivered);
        AssertArrived(sent, client.Delivered);
        Assert.Equal(published.Select(static p => p.Token).Order(), client.Acknowledged.Order());
    }

    private static void Move(ModelClient client, ModelBroker broker, Act act, int bytes)
    {
        if (act == Act.Step && client.IsConnected)
        {
            client.Step();
        }
        else if (act == Act.ToBroker)
        {
            broker.Receive(Take(client.Output, bytes));
        }
        else if (act == Act.ToClient)
        {
            client.Receive(Take(broker.Output, bytes));
        }
    }

    private static byte[] Take(List<byte> from, int bytes)
    {
        byte[] taken = CollectionsMarshal.AsSpan(from)[..Math.Min(bytes, from.Count)].ToArray();
        from.RemoveRange(0, taken.Length);
        return taken;
    }

    private static void AssertArrived(IEnumerable<(int Qos, int Payload)> sent, List<(int Qos, int Payload)> delivered)
    {
        Assert.Equal(sent.Where(static m => m.Qos == 2).Select(static m => m.Payload).Order(), delivered.Where(static m => m.Qos == 2).Select(static m => m.Payload).Order());
        Assert.Equal(sent.Where(static m => m.Qos == 1).Select(static m => m.Payload).Order(), delivered.Where(static m => m.Qos == 1).Select(static m => m.Payload).Distinct().Order());
    }
}
