using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace Thimble.Bench.Many;

/// <summary>The process that is measured: it makes the connections of one kind, and prints one line of JSON.</summary>
internal static class ManyClients
{
    public const byte KeepAliveSeconds = 240;

    private const int AtOnce = 16;
    /// <summary>Connections that come and go first: the code that they need is compiled, and the threads are there, before anything is measured.</summary>
    public const int WarmUp = 400;

    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(3);

    public static string NameOf(int device) => "device-" + device.ToString("D5", CultureInfo.InvariantCulture);

    /// <summary>Arguments: kind, connections, folder, port.</summary>
    public static async Task RunAsync(string kind, int connections, string folder, int port)
    {
        using DeviceCertificates certificates = DeviceCertificates.Open(folder);
        await using IClients clients = kind switch
        {
            "thimble" => new ThimbleClients(certificates, port, connections + WarmUp),
            "sslstream" => new SslStreamClients(certificates, port, connections + WarmUp),
            "socket" => new SocketClients(port, connections + WarmUp),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind."),
        };
        await ForEachAsync($"{kind}: warm up", Enumerable.Range(connections, WarmUp).ToArray(), async device =>
        {
            await clients.ConnectAsync(device);
            _ = await clients.EchoAsync(device);
            await clients.CloseAsync(device);
        });
        int[] devices = [.. Enumerable.Range(0, connections)];
        (long before, long heapBefore, long committedBefore) = ProcessMemory.Settled();

        var clock = Stopwatch.StartNew();
        int tenth = connections / 10;
        await ForEachAsync($"{kind}: connect a tenth", devices[..tenth], clients.ConnectAsync);
        double connectSeconds = clock.Elapsed.TotalSeconds;
        (long idleTenth, _, _) = ProcessMemory.Settled();
        clock.Restart();
        await ForEachAsync($"{kind}: connect the rest", devices[tenth..], clients.ConnectAsync);
        connectSeconds += clock.Elapsed.TotalSeconds;
        await Task.Delay(s_idle);
        int working = clients.WorkingBuffers;
        (long idle, long heapIdle, long committedIdle) = ProcessMemory.Settled();

        int messages = 0;
        clock.Restart();
        await ForEachAsync($"{kind}: message", devices, async device => Interlocked.Add(ref messages, await clients.EchoAsync(device) ? 1 : 0));
        double messageSeconds = clock.Elapsed.TotalSeconds;
        (long after, _, _) = ProcessMemory.Settled();
        var result = new ManyResult(
            kind, connections, connectSeconds, PerConnection(idle - before), Math.Round((double)(idle - idleTenth) / (connections - tenth)),
            PerConnection(heapIdle - heapBefore), PerConnection(committedIdle - committedBefore), clients.SlotBytes, messages, messageSeconds, PerConnection(after - before), working);
        Console.WriteLine(JsonSerializer.Serialize(result));
        await ForEachAsync($"{kind}: close", devices, device => clients.CloseAsync(device).AsTask());

        double PerConnection(long bytes) => Math.Round((double)bytes / connections);
    }

    private static async Task ForEachAsync(string what, int[] devices, Func<int, Task> action)
    {
        int done = 0;
        await Parallel.ForEachAsync(devices, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (device, _) =>
        {
            await action(device);
            int now = Interlocked.Increment(ref done);
            if (what.Length > 0 && (now % 250 == 0 || now == devices.Length))
            {
                await Console.Error.WriteAsync($"\r{what} {now}/{devices.Length} [{new string('#', 30 * now / devices.Length).PadRight(30)}]{(now == devices.Length ? "\n" : "")}");
            }
        });
    }
}
