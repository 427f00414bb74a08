using System;
using System.Linq;
using System.Threading.Tasks;
using Xunit;
using Xunit.Abstractions;

namespace Thimble.Tests.Bogo;

/// <summary>The runner starts a shim for each of some thousand tests, so the start should take less than 100 ms.</summary>
public sealed class ShimStartTests(BogoPki pki, ITestOutputHelper output) : IClassFixture<BogoPki>
{
    private const int Starts = 20;

    /// <summary>Says how long it takes; the bound leaves room for other tests beside this one, and for a shim that no C compiler linked.</summary>
    [Fact]
    public async Task ClientHello_follows_the_start_at_once()
    {
        double[] milliseconds = new double[Starts];
        for (int i = 0; i < Starts; i++)
        {
            milliseconds[i] = (await ShimRun.TimeToHello("-trust-cert", pki.Rsa.RootFile)).TotalMilliseconds;
        }

        double[] sorted = [.. milliseconds.Order()];
        double median = (sorted[(Starts / 2) - 1] + sorted[Starts / 2]) / 2;
        output.WriteLine($"from the start to ClientHello, {Starts} times: median {median:F0} ms, least {sorted[0]:F0} ms, most {sorted[^1]:F0} ms");
        Assert.InRange(median, 0, 500);
    }
}
