using System;
using System.Runtime.InteropServices;

namespace Thimble.Mqtt;

/// <summary>The session state that outlives a connection, as a value that can be kept elsewhere: the header, the entries, the identifiers. Integers are little-endian.</summary>
public readonly ref partial struct MqttSession
{
    /// <summary>The size of what <see cref="TryStore"/> writes now, in bytes; 0 where the profile keeps nothing.</summary>
    public int StoredBytes
    {
        get
        {
            MqttInFlightTable table = InFlightTable;
            return table.Exists ? MqttInFlightHeader.Bytes + table.Entries.Length + table.Identifiers.Length : 0;
        }
    }

    /// <summary>
    /// Copies the state that outlives the connection, to be kept where it survives a reset: a version byte, the messages in flight with their tokens, and
    /// the identifiers of QoS 2. It is no secret, and nothing authenticates it. <c>false</c> where the destination is smaller than
    /// <see cref="StoredBytes"/>, no broker has accepted the session yet, bytes are provisional, or the profile keeps nothing. Bounded by the profile.
    /// </summary>
    public bool TryStore(scoped Span<byte> destination, out int written)
    {
        written = 0;
        MqttInFlightTable table = InFlightTable;
        if (!table.Exists || table.Header.Version != MqttInFlightHeader.ExpectedVersion || table.Header.Provisional || destination.Length < StoredBytes)
        {
            return false;
        }

        MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref table.Header, 1)).CopyTo(destination);
        table.Entries.CopyTo(destination[MqttInFlightHeader.Bytes..]);
        table.Identifiers.CopyTo(destination[(MqttInFlightHeader.Bytes + table.Entries.Length)..]);
        written = StoredBytes;
        return true;
    }

    /// <summary>
    /// Says for <see cref="Continue"/> that nothing is in flight here, whatever session the broker keeps: for a client that never sent anything in it, or has given up
    /// what it sent. <see cref="MqttStatus.InvalidArgument"/> where the profile keeps nothing.
    /// </summary>
    public MqttStatus RestoreEmpty()
    {
        MqttInFlightTable table = InFlightTable;
        table.Clear();
        table.Establish(sessionPresent: false);
        return table.Exists ? MqttStatus.Complete : MqttStatus.InvalidArgument;
    }

    /// <summary>
    /// Takes back what <see cref="TryStore"/> wrote, for <see cref="Continue"/>. <see cref="MqttStatus.InvalidArgument"/>: it is of another version,
    /// contradicts itself, or is larger than the profile plans for; then nothing was changed. Bounded by the square of the messages in flight.
    /// </summary>
    public MqttStatus Restore(scoped ReadOnlySpan<byte> stored)
    {
        MqttInFlightTable table = InFlightTable;
        if (!table.Exists || stored.Length < MqttInFlightHeader.Bytes)
        {
            return MqttStatus.InvalidArgument;
        }

        MqttInFlightHeader header = MemoryMarshal.Read<MqttInFlightHeader>(stored);
        stored = stored[MqttInFlightHeader.Bytes..];
        int entries = header.Outbound * MqttInFlightEntry.Bytes;
        bool fits = header.Version == MqttInFlightHeader.ExpectedVersion && !header.Provisional && header.VerifiedInbound == header.Inbound
            && header.Outbound <= table.Capacity && header.Inbound <= table.InboundCapacity
            && stored.Length == entries + (header.Inbound * sizeof(ushort));
        if (!fits || !MqttInFlightTable.AreSound(stored[..entries]) || !MqttInFlightTable.AreSoundIdentifiers(stored[entries..]))
        {
            return MqttStatus.InvalidArgument;
        }

        table.Clear();
        table.Header = header;
        stored[..entries].CopyTo(table.Entries);
        stored[entries..].CopyTo(table.Identifiers);
        return MqttStatus.Complete;
    }
}
