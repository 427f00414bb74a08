using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using Thimble.Bench;
using Thimble.Bench.Mqtt;
using Thimble.Memory;

// The default is a BenchmarkDotNet run of everything (its own options, such as --filter, pass through);
// --quick prints two tables in a few minutes.
// --mqtt prints what publishing costs, beside mosquitto_pub.
// --handshakes prints the handshakes alone. OpenSSL takes its group once, so each has a process: the second is --handshakes X25519.
bool isX25519 = args is ["--handshakes", "X25519"];
OpenSslGroups.Use(isX25519 ? "X25519" : "P-256");
if (args is ["--quick" or "--handshakes", ..])
{
    if (args[0] == "--quick")
    {
        QuickTable.Print();
    }

    HandshakeTable.Print(isX25519 ? Groups.X25519 : Groups.Secp256r1);
    return;
}

if (args is ["--mqtt"])
{
    await MqttTable.PrintAsync();
    return;
}

Job job = Job.Default
    .WithToolchain(InProcessEmitToolchain.Instance)
    .WithWarmupCount(3)
    .WithIterationCount(7)
    .WithIterationTime(TimeInterval.FromMilliseconds(100));
ManualConfig config = ManualConfig.CreateEmpty()
    .AddJob(job)
    .AddLogger(ConsoleLogger.Default)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .AddExporter(MarkdownExporter.GitHub)
    .AddDiagnoser(MemoryDiagnoser.Default);
BenchmarkSwitcher.FromAssembly(typeof(Comparison).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args, config);
