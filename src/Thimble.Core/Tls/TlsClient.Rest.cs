using System;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>An idle connection leaves its buffer to others, and comes back to any buffer of its profile (RULES 6: it is never in two places).</summary>
public ref partial struct TlsClient
{
    /// <summary>
    /// Moves the connection into <paramref name="slot"/> and wipes the whole buffer, which then is as
    /// <see cref="MemoryPlan.TryPrepare"/> leaves it: another connection of the same profile may begin in it, or <see cref="Wake"/> in it, at once.
    /// Only when Connected, between records, with nothing to send: otherwise the status says what is in the way, and nothing
    /// has changed. An MQTT session in the plan is to stand between two packets: the topic of one in progress is not kept.
    /// </summary>
    /// <param name="slot">Room for <see cref="MemoryPlan.RestingBytes"/>. It holds the connection's secrets in the clear, as the buffer did.</param>
    /// <remarks>Bounded: by the size of the plan, which is wiped. Leaks: the profile.</remarks>
    public readonly ParkStatus Rest(Span<byte> slot)
    {
        ParkStatus status = !_prepared ? ParkStatus.NotConnected : Parking.Judge(_connection);
        if (status != ParkStatus.Parked)
        {
            return status;
        }

        int bytes = Resting.Bytes(_connection);
        if (slot.Length < bytes)
        {
            return ParkStatus.DestinationTooSmall;
        }

        Resting.Rest(_connection, slot.Slice(0, bytes));
        return ParkStatus.Parked;
    }

    /// <summary>
    /// Moves the connection that rests in <paramref name="slot"/> into this buffer, which was prepared with the same profile and holds no other
    /// connection; a buffer in use stays as it is. <see cref="TlsStatus.Complete"/>, and the slot is wiped; or <see cref="TlsStatus.Faulted"/>:
    /// the slot is empty or belongs to another profile.
    /// </summary>
    /// <remarks>Bounded: by the size of the slot. Leaks: the profile.</remarks>
    public readonly TlsStatus Wake(Span<byte> slot)
    {
        bool fresh = _prepared && _connection.Buffer.Phase == Phase.Hello && _connection.State.State == ClientState.Start;
        return fresh && Resting.Wake(_connection, slot) ? TlsStatus.Complete : TlsStatus.Faulted;
    }
}
