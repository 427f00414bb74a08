using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Thimble.Bench.Many;

/// <summary>
/// <c>--many N [--sslstream M] [--tls 1.2|1.3] [--json]</c>: N idle mutual-TLS connections to Mosquitto, one message through each, and beside them M of
/// <c>SslStream</c> and N bare sockets. Each kind has a fresh process, and all of them one broker.
/// </summary>
internal static class ManyTable
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public static void Print(string[] args)
    {
        int connections = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10_000;
        int others = int.Parse(Option(args, "--sslstream") ?? Math.Min(connections, 1000).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        string version = Option(args, "--tls") ?? "1.3";
        DirectoryInfo folder = Directory.CreateTempSubdirectory("thimble-many-");
        try
        {
            var clock = Stopwatch.StartNew();
            DeviceCertificates.Write(folder.FullName, Math.Max(connections, others) + ManyClients.WarmUp);
            Console.Error.WriteLine($"{Math.Max(connections, others)} device certificates, each with a P-256 key of its own: {clock.Elapsed.TotalSeconds:0.0} s");
            using Broker broker = Broker.Start(folder.FullName, version);
            (string Kind, int Count)[] kinds = [("thimble", connections), ("sslstream", others), ("socket", connections)];
            List<ManyResult> results = [.. kinds.Where(kind => kind.Count > 0).Select(kind => Measure(kind.Kind, kind.Count, folder.FullName, broker.Port))];
            if (args.Contains("--json"))
            {
                Console.WriteLine(JsonSerializer.Serialize(results, s_indented));
            }
            else
            {
                Print(results, version);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Print(List<ManyResult> results, string version)
    {
        Console.WriteLine($"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSArchitecture}, {Environment.ProcessorCount} processors, Mosquitto, TLS {version}, a certificate with its own P-256 key for each connection.");
        Console.WriteLine("Private memory of the process per connection, in bytes (Private_Dirty of /proc/self/smaps_rollup), against the same process before, in which 400 had come and gone.");
        Console.WriteLine();
        Console.WriteLine("| connections | count | idle | idle, each further one | heap objects | heap committed | slot | after a message each | messages | connect, s | messages, s |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (ManyResult r in results)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {r.Kind} | {r.Connections} | {r.IdleBytes:0} | {r.FurtherBytes:0} | {r.IdleHeapBytes:0} | {r.CommittedHeapBytes:0} | {r.SlotBytes} | {r.AfterBytes:0} | {r.Messages} | {r.ConnectSeconds:0.0} | {r.MessageSeconds:0.0} |"));
        }

        Console.WriteLine();
        Console.WriteLine($"Working buffers that idle Thimble connections held: {results[0].WorkingBuffers}.");
    }

    private static ManyResult Measure(string kind, int count, string folder, int port)
    {
        string self = Environment.ProcessPath!;
        string[] arguments = ["--many-clients", kind, count.ToString(CultureInfo.InvariantCulture), folder, port.ToString(CultureInfo.InvariantCulture)];
        bool isHost = Path.GetFileNameWithoutExtension(self) == "dotnet";
        using Process process = Process.Start(new ProcessStartInfo(self, isHost ? [typeof(ManyTable).Assembly.Location, .. arguments] : arguments) { RedirectStandardOutput = true })!;
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<ManyResult>(said)!
            : throw new InvalidOperationException($"The process with {count} connections of {kind} failed with {process.ExitCode}. Each needs a descriptor, in it and in the broker: see ulimit -Hn.");
    }

    private static string? Option(string[] args, string name)
    {
        int at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }
}
