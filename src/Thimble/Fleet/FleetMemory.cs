using System;
using System.Threading;
using Thimble.Memory;

namespace Thimble;

/// <summary>The memory that many connections of one profile share: a slot for each, and buffers for those of which something is in progress.</summary>
internal sealed class FleetMemory : IDisposable
{
    private readonly Profile _profile;
    private readonly StepMemory?[] _steps = new StepMemory?[2 * Environment.ProcessorCount];
    private volatile bool _disposed;

    public FleetMemory(in Profile profile)
    {
        _profile = profile;
        MemoryPlan plan = PlanCache.Of(profile);
        PlanBytes = plan.TotalBytes;
        Slab = new ConnectionSlab(plan.RestingBytes);
        Working = new WorkingBuffers(plan);
    }

    /// <summary>The profile of all connections.</summary>
    public ref readonly Profile Profile => ref _profile;

    /// <summary>The size of a working buffer.</summary>
    public int PlanBytes { get; }

    /// <summary>What idle connections keep.</summary>
    public ConnectionSlab Slab { get; }

    /// <summary>What the others use.</summary>
    public WorkingBuffers Working { get; }

    /// <summary>Memory for one turn.</summary>
    public StepMemory BorrowStep()
    {
        int first = Thread.GetCurrentProcessorId();
        for (int i = 0; i < _steps.Length; i++)
        {
            if (Interlocked.Exchange(ref _steps[(first + i) % _steps.Length], null) is { } spare)
            {
                return spare;
            }
        }

        return new StepMemory(_profile);
    }

    /// <summary>The turn is over.</summary>
    public void Return(StepMemory step)
    {
        step.Clear();
        int first = Thread.GetCurrentProcessorId();
        for (int i = 0; i < _steps.Length && !_disposed; i++)
        {
            if (Interlocked.CompareExchange(ref _steps[(first + i) % _steps.Length], step, null) is null)
            {
                return;
            }
        }

        step.Dispose();
    }

    /// <summary>Wipes all of it. No connection is left.</summary>
    public void Dispose()
    {
        _disposed = true;
        Slab.Dispose();
        Working.Dispose();
        for (int i = 0; i < _steps.Length; i++)
        {
            Interlocked.Exchange(ref _steps[i], null)?.Dispose();
        }
    }
}
