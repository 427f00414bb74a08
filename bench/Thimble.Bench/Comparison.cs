using System;
using BenchmarkDotNet.Attributes;

namespace Thimble.Bench;

/// <summary>One operation done by Thimble and by the platform, measured by BenchmarkDotNet or by the quick table.</summary>
public abstract class Comparison : IDisposable
{
    /// <summary>How many operations one call of <see cref="Thimble"/> or <see cref="Platform"/> does.</summary>
    public virtual int OperationsPerCall => 1;

    /// <summary>Makes keys and buffers, and checks that both sides agree.</summary>
    [GlobalSetup]
    public abstract void Setup();

    /// <summary>What a call consumes and must have, outside the measurement; only where <see cref="OperationsPerCall"/> is not 1.</summary>
    public virtual void Prepare()
    {
    }

    /// <summary>The operation as the platform offers it, on objects made beforehand.</summary>
    [Benchmark(Baseline = true)]
    public abstract void Platform();

    /// <summary>The same by Thimble.</summary>
    [Benchmark]
    public abstract void Thimble();

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what <see cref="Setup"/> made.</summary>
    protected virtual void Release()
    {
    }

    /// <summary>A benchmark that computes something wrong measures nothing.</summary>
    protected static void Require(bool condition)
    {
        if (!condition)
        {
            throw new InvalidOperationException("A measured operation gave a wrong result.");
        }
    }
}
