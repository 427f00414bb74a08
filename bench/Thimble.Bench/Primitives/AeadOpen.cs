using BenchmarkDotNet.Attributes;

namespace Thimble.Bench.Primitives;

/// <summary>Verifies and decrypts.</summary>
public class AeadOpen : AeadBenchmark
{
    [Benchmark(Baseline = true)]
    public override void Platform() => PlatformOpen();

    [Benchmark]
    public override void Thimble() => Require(ThimbleOpen());
}
