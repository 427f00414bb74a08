using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Thimble.Mqtt;

namespace Thimble.Bench.Mqtt;

/// <summary>
/// Publishing over TLS to Mosquitto: the client's and <c>mosquitto_pub -l</c>'s by turns, in MQTT 5. What counts is the processor time of the whole process that
/// publishes; of <c>mosquitto_pub</c> that of its start and its handshake is taken off.
/// </summary>
internal static class MqttTable
{
    private const int Rounds = 5;
    private const int Publishers = 20;   // as many as mosquitto_pub has in flight

    private static readonly byte[] s_filler = [.. Enumerable.Repeat((byte)'x', 1024)];

    /// <summary>Prints it.</summary>
    public static async Task PrintAsync()
    {
        using var server = new MosquittoServer();
        using Credentials credentials = Credentials.Load(server.CertificateFile);
        await using var client = new MqttClient(new MqttClientOptions { Server = new Uri($"mqtts://localhost:{server.Port}"), Credentials = credentials });
        _ = await client.ConnectAsync();
        Console.WriteLine($"Publishing over TLS to Mosquitto, MQTT 5, medians of {Rounds} rounds. Processor time of the process that publishes, per message.");
        Console.WriteLine();
        Console.WriteLine("| QoS | payload | Thimble, us | mosquitto_pub -l, us | ratio | Thimble, messages/s | mosquitto_pub | GC bytes |");
        Console.WriteLine("|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (int bytes in (int[])[64, 1024])
        {
            foreach (MqttQos qos in (MqttQos[])[MqttQos.AtMostOnce, MqttQos.AtLeastOnce, MqttQos.ExactlyOnce])
            {
                await PrintRowAsync(server, client, qos, bytes);
            }
        }
    }

    private static async Task PrintRowAsync(MosquittoServer server, MqttClient client, MqttQos qos, int bytes)
    {
        int messages = qos == MqttQos.AtMostOnce ? 100_000 : 20_000;
        string one = server.Path("one"), many = server.Path("many");
        string line = new('x', bytes);
        File.WriteAllLines(one, [line]);
        File.WriteAllLines(many, Enumerable.Repeat(line, messages));
        var ours = new Cost[Rounds];
        var theirs = new Cost[Rounds];
        _ = await OursAsync(client, qos, bytes, messages); // compiled well before it is measured
        for (int i = 0; i < Rounds; i++)
        {
            ours[i] = await OursAsync(client, qos, bytes, messages);
            Cost start = Theirs(server, one, qos);
            theirs[i] = Theirs(server, many, qos) - start;
        }

        Cost our = Median(ours), their = Median(theirs);
        Console.WriteLine(
            $"| {(int)qos} | {bytes} B | {our.CpuMicroseconds / messages:0.00} | {their.CpuMicroseconds / messages:0.00} | {our.CpuMicroseconds / their.CpuMicroseconds:0.00} "
            + $"| {messages / our.Seconds:N0} | {messages / their.Seconds:N0} | {our.GcBytes / messages:0.0} |");
    }

    private static async Task<Cost> OursAsync(MqttClient client, MqttQos qos, int bytes, int messages)
    {
        ReadOnlyMemory<byte> payload = s_filler.AsMemory(0, bytes);
        long gc = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        int publishers = qos == MqttQos.AtMostOnce ? 1 : Publishers;
        await Task.WhenAll(Enumerable.Range(0, publishers).Select(_ => PublishAsync(client, payload, qos, messages / publishers)));
        if (qos == MqttQos.AtMostOnce)
        {
            _ = await client.PublishAsync("thimble/bench", payload, MqttQos.AtLeastOnce); // the broker has all that went before
        }

        return new Cost(Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds, GC.GetTotalAllocatedBytes(precise: true) - gc);
    }

    private static async Task PublishAsync(MqttClient client, ReadOnlyMemory<byte> payload, MqttQos qos, int messages)
    {
        for (int i = 0; i < messages; i++)
        {
            _ = await client.PublishAsync("thimble/bench", payload, qos).ConfigureAwait(false);
        }
    }

    private static Cost Theirs(MosquittoServer server, string lines, MqttQos qos)
    {
        TimeSpan cpu = ChildrenCpu.Time;
        long start = Stopwatch.GetTimestamp();
        server.Publish(lines, (int)qos);
        return new Cost(Stopwatch.GetElapsedTime(start).TotalSeconds, (ChildrenCpu.Time - cpu).TotalMicroseconds, 0);
    }

    private static Cost Median(Cost[] costs) => costs.OrderBy(cost => cost.CpuMicroseconds).ElementAt(costs.Length / 2);

    private readonly record struct Cost(double Seconds, double CpuMicroseconds, double GcBytes)
    {
        public static Cost operator -(Cost a, Cost b) => new(a.Seconds - b.Seconds, a.CpuMicroseconds - b.CpuMicroseconds, a.GcBytes - b.GcBytes);
    }
}
