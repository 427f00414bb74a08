using System;
using System.Security.Cryptography;
using System.Threading;
using Thimble.Memory;

namespace Thimble;

/// <summary>
/// Prepared buffers of one plan, lent while something of a connection is in progress. Each processor finds the one that it used last; of those that come back
/// no more are kept than the machine has processors, twice. Borrowing never waits: where none is spare, another is made.
/// </summary>
internal sealed class WorkingBuffers : IDisposable
{
    private readonly PlanBuffer?[] _spare = new PlanBuffer?[2 * Environment.ProcessorCount];
    private MemoryPlan _plan;
    private int _lent;
    private volatile bool _disposed;

    public WorkingBuffers(in MemoryPlan plan) => _plan = plan;

    /// <summary>How many are lent.</summary>
    public int Lent => Volatile.Read(ref _lent);

    /// <summary>A prepared buffer that holds no connection.</summary>
    /// <exception cref="TlsFaultException">The plan cannot be prepared.</exception>
    public PlanBuffer Borrow()
    {
        PlanBuffer? found = null;
        int first = Thread.GetCurrentProcessorId();
        for (int i = 0; i < _spare.Length && found is null; i++)
        {
            found = Interlocked.Exchange(ref _spare[(first + i) % _spare.Length], null);
        }

        found ??= Prepare(new PlanBuffer(_plan.TotalBytes));
        _ = Interlocked.Increment(ref _lent);
        return found;
    }

    /// <summary>Takes a buffer back that its connection has left, so that it is prepared (<see cref="Tls.TlsClient.Rest"/>).</summary>
    public void Return(PlanBuffer buffer)
    {
        _ = Interlocked.Decrement(ref _lent);
        int first = Thread.GetCurrentProcessorId();
        for (int i = 0; i < _spare.Length && !_disposed; i++)
        {
            if (Interlocked.CompareExchange(ref _spare[(first + i) % _spare.Length], buffer, null) is null)
            {
                return;
            }
        }

        buffer.Dispose();
    }

    /// <summary>Takes a buffer back whose connection is over: all of it is wiped, and prepared anew.</summary>
    public void ReturnUsed(PlanBuffer buffer)
    {
        CryptographicOperations.ZeroMemory(buffer.Span);
        Return(Prepare(buffer));
    }

    /// <summary>Wipes the spare ones. Those that are lent are wiped when they come back.</summary>
    public void Dispose()
    {
        _disposed = true;
        for (int i = 0; i < _spare.Length; i++)
        {
            Interlocked.Exchange(ref _spare[i], null)?.Dispose();
        }
    }

    private PlanBuffer Prepare(PlanBuffer buffer)
    {
        Fault fault = default;
        if (_plan.TryPrepare(buffer.Span, ref fault))
        {
            return buffer;
        }

        buffer.Dispose();
        throw new TlsFaultException(fault, FaultExplanation.Of(fault, new FaultContext()));
    }
}
