using System.Threading;
using System.Threading.Tasks;

namespace Thimble;

/// <summary>
/// Where one connection waits between <see cref="TlsConnection.ParkAsync"/> and <see cref="TlsConnection.ResumeAsync"/>: a row of a
/// database, a file, a place in memory.
/// </summary>
/// <remarks>
/// A parked connection may be resumed once. Two connections from one parked state would use the same keys with the same
/// nonces, which gives away what they say and lets others forge them. So each parking has a generation of its own, and the store
/// answers for two things, over crashes, restarts and restored backups too: a generation is given out once, and the connection
/// of a generation is taken once. A store that can be set back to an earlier state must remember the last generation taken where it
/// cannot be set back, and give out nothing that is not newer.
/// </remarks>
public interface IParkedConnectionStore
{
    /// <summary>A number that this store never gave before. It is durable when the task completes.</summary>
    ValueTask<ulong> NextGenerationAsync(CancellationToken cancellationToken);

    /// <summary>Keeps the connection until it is taken, in place of one that is still there.</summary>
    ValueTask PutAsync(ParkedConnection parked, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the connection away, atomically: whoever asks second gets null, and so does whoever asks where none is. That it is gone is
    /// durable when the task completes, for from then on records may be sealed with its keys.
    /// </summary>
    ValueTask<ParkedConnection?> TakeAsync(CancellationToken cancellationToken);
}
