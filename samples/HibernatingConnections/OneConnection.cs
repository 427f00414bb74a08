using System.Threading;
using System.Threading.Tasks;

namespace Thimble.Samples;

/// <summary>A place in memory for one parked connection. One in a database keeps the same two promises: a generation is given out once, and a connection is taken once.</summary>
internal sealed class OneConnection : IParkedConnectionStore
{
    private static ulong s_generation; // of the key, which all of them share
    private ParkedConnection? _parked;

    /// <summary>The size of what is parked here.</summary>
    public int Bytes => _parked?.Bytes.Length ?? 0;

    public ValueTask<ulong> NextGenerationAsync(CancellationToken cancellationToken) => new(Interlocked.Increment(ref s_generation));

    public ValueTask PutAsync(ParkedConnection parked, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _parked, parked);
        return ValueTask.CompletedTask;
    }

    public ValueTask<ParkedConnection?> TakeAsync(CancellationToken cancellationToken) => new(Interlocked.Exchange(ref _parked, null));
}
