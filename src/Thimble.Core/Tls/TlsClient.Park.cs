using System;

namespace Thimble.Tls;

/// <summary>A live connection moves out of its buffer and into another one, and is never in two places (RULES 6).</summary>
public ref partial struct TlsClient
{
    /// <summary>The size of a key for <see cref="Park"/>.</summary>
    public const int ParkingKeyBytes = Parking.KeyBytes;

    /// <summary>
    /// Seals the connection under <paramref name="key"/> into <paramref name="destination"/> and wipes the whole buffer,
    /// which is then as <see cref="MemoryPlan.TryPrepare"/> leaves it. Only when Connected, between records, with nothing to
    /// send: otherwise the status says what is in the way, and nothing has changed. The transport is the caller's, and
    /// goes on to whoever resumes.
    /// </summary>
    /// <param name="key">32 secret bytes. A key and a generation belong together once: two connections under one key need generations that differ.</param>
    /// <param name="generation">A number that was never used with this key.</param>
    /// <param name="destination">Room for <see cref="MemoryPlan.ParkedBytes"/>. It holds secrets in the clear while the call lasts.</param>
    /// <param name="written">The size of the parked connection; 0 where it was not parked.</param>
    /// <remarks>Bounded: by the size. Leaks: the profile, the cipher, the generation and the size.</remarks>
    public readonly ParkStatus Park(ReadOnlySpan<byte> key, ulong generation, Span<byte> destination, out int written)
    {
        written = 0;
        ParkStatus status = !_prepared ? ParkStatus.NotConnected : !Parking.IsKey(key) ? ParkStatus.KeyUnusable : Parking.Judge(_connection);
        if (status != ParkStatus.Parked)
        {
            return status;
        }

        int bytes = Parking.Bytes(_connection);
        if (destination.Length < bytes)
        {
            return ParkStatus.DestinationTooSmall;
        }

        Parking.Seal(_connection, key, generation, destination.Slice(0, bytes));
        written = bytes;
        return ParkStatus.Parked;
    }

    /// <summary>
    /// Goes on with a connection that <see cref="Park"/> sealed, in a buffer that was prepared for it with the same profile and
    /// not used yet; a buffer in use stays as it is. <see cref="TlsStatus.Complete"/>, or <see cref="TlsStatus.Faulted"/> and the
    /// fault says why.
    /// </summary>
    /// <param name="key">The key that it was parked under.</param>
    /// <param name="consumedGeneration">
    /// The generation of the parked connection, which the caller's store has just marked as used, durably, so that nobody is
    /// given it again, whatever fails from here on. Two connections from one parked state would seal different records with the same
    /// nonces, which gives away what they say and lets others forge them.
    /// </param>
    /// <param name="parked">The parked bytes. They are opened in their place, and wiped.</param>
    /// <remarks>Bounded: by the size. Leaks: whether the key and the bytes are genuine, and what <see cref="Park"/> leaks.</remarks>
    public readonly TlsStatus Resume(ReadOnlySpan<byte> key, ulong consumedGeneration, Span<byte> parked)
    {
        bool fresh = _prepared && _connection.Buffer.Phase == Memory.Phase.Hello && _connection.State.State == ClientState.Start;
        return fresh && Parking.Open(_connection, key, consumedGeneration, parked) ? TlsStatus.Complete : TlsStatus.Faulted;
    }
}
