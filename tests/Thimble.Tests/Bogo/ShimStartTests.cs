using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;
using Xunit.Abstractions;

namespace Thimble.Tests.Bogo;

/// <summary>The runner starts a shim for each of some thousand tests, so the start should take less than 100 ms.</summary>
public sealed class ShimStartTests(BogoPki pki, ITestOutputHelper output) : IClassFixture<BogoPki>
{
    private const int Starts = 20;

    /// <summary>The bound is for the processor's time, because other tests run beside this one; a shim that no C compiler linked has more of it.</summary>
    [Fact]
    public async Task ClientHello_follows_the_start_at_once()
    {
        bool isNative = !File.Exists(Path.Combine(ShimRun.Folder, "bin", "shim", "BogoShim.dll"));
        double[] passed = new double[Starts];
        double processor = 0;
        for (int i = 0; i < Starts; i++)
        {
            (TimeSpan Passed, TimeSpan Processor) time = await ShimRun.TimeToHello("-trust-cert", pki.Rsa.RootFile);
            passed[i] = time.Passed.TotalMilliseconds;
            processor += time.Processor.TotalMilliseconds / Starts;
        }

        double[] sorted = [.. passed.Order()];
        double median = (sorted[(Starts / 2) - 1] + sorted[Starts / 2]) / 2;
        output.WriteLine($"from the start to ClientHello, {Starts} times: median {median:F0} ms, least {sorted[0]:F0} ms, most {sorted[^1]:F0} ms; of the processor {processor:F0} ms on average");
        Assert.InRange(processor, 0, isNative ? 100 : 300);
    }
}
