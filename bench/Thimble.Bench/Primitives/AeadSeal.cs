using BenchmarkDotNet.Attributes;

namespace Thimble.Bench.Primitives;

/// <summary>Encrypts and authenticates.</summary>
public class AeadSeal : AeadBenchmark
{
    [Benchmark(Baseline = true)]
    public override void Platform() => PlatformSeal();

    [Benchmark]
    public override void Thimble() => ThimbleSeal();
}
