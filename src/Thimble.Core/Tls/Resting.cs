using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// Moves an idle connection between a buffer, which many connections use in turn, and a slot of its own, which holds only what
/// outlives a record: no plan, no window, no scratch. A slot is memory like the buffer is, and its secrets stand in
/// it as they stand there; for storage that others may read there is <see cref="Parking"/>. Integers are little-endian.
/// <code>
///  0 u32 profile digest    6 u8 version of the layout
///  4 u16 bytes of all      7 u8 1 while a connection rests in it    8 regions
/// </code>
/// Leaks: what the header says.
/// </summary>
internal static class Resting
{
    private const int HeaderBytes = 8;
    private const int BytesAt = 4;
    private const int VersionAt = 6;
    private const int OccupiedAt = 7;

    /// <summary>
    /// What is kept, in this order. Not the topic of a message that is being received, nor what provisional bytes are rolled back to: an
    /// MQTT session rests between two packets, and <see cref="Parking.Judge"/> lets nothing provisional rest.
    /// </summary>
    private static ReadOnlySpan<RegionId> Kept =>
    [
        RegionId.Control, RegionId.MqttSession, RegionId.MqttInFlight, RegionId.TrafficSecrets, RegionId.TrafficKeys, RegionId.SessionSecret, RegionId.ExporterSecret,
    ];

    /// <summary>The size of a slot.</summary>
    public static int Bytes(ref RegionSet regions)
    {
        int sum = HeaderBytes;
        foreach (RegionId id in Kept)
        {
            sum += regions[id].Bytes;
        }

        return sum;
    }

    /// <summary>The size of a slot for this connection.</summary>
    public static int Bytes(scoped in Connection connection)
    {
        int sum = HeaderBytes;
        foreach (RegionId id in Kept)
        {
            sum += connection.Buffer[id].Length;
        }

        return sum;
    }

    /// <summary>Moves the connection into <paramref name="slot"/>, which has its size, and wipes the whole buffer.</summary>
    public static void Rest(scoped in Connection connection, Span<byte> slot)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(slot, connection.Buffer.ProfileDigest);
        BinaryPrimitives.WriteUInt16LittleEndian(slot.Slice(BytesAt), (ushort)slot.Length);
        slot[VersionAt] = PlanHeader.ExpectedVersion;
        slot[OccupiedAt] = 1;
        Span<byte> rest = slot.Slice(HeaderBytes);
        foreach (RegionId id in Kept)
        {
            ReadOnlySpan<byte> region = connection.Buffer[id];
            region.CopyTo(rest);
            rest = rest.Slice(region.Length);
        }

        connection.Buffer.Wipe(RegionId.MqttInFlight); // which outlives a phase, and would stay for the next connection in this buffer
        connection.Buffer.Enter(Phase.None);
    }

    /// <summary>Moves what rests in <paramref name="slot"/> into the regions of a fresh buffer, and wipes the slot. False after a fault, and then nothing was moved.</summary>
    public static bool Wake(scoped in Connection connection, Span<byte> slot)
    {
        if (!IsFor(connection, slot))
        {
            return false;
        }

        connection.Buffer.Enter(Phase.Connected);
        Span<byte> rest = slot.Slice(HeaderBytes, Bytes(connection) - HeaderBytes);
        foreach (RegionId id in Kept)
        {
            Span<byte> region = connection.Buffer[id];
            rest.Slice(0, region.Length).CopyTo(region);
            rest = rest.Slice(region.Length);
        }

        CryptographicOperations.ZeroMemory(slot);
        return true;
    }

    private static bool IsFor(scoped in Connection connection, ReadOnlySpan<byte> slot)
    {
        if (slot.Length < HeaderBytes || slot[OccupiedAt] != 1)
        {
            return connection.Fail(FaultReason.ParkedStateInvalid);
        }

        uint digest = BinaryPrimitives.ReadUInt32LittleEndian(slot);
        uint bytes = BinaryPrimitives.ReadUInt16LittleEndian(slot.Slice(BytesAt));
        if (slot[VersionAt] != PlanHeader.ExpectedVersion)
        {
            return connection.Fail(FaultReason.ParkedVersionMismatch, PlanHeader.ExpectedVersion, slot[VersionAt]);
        }

        return digest != connection.Buffer.ProfileDigest ? connection.Fail(FaultReason.ParkedProfileMismatch, connection.Buffer.ProfileDigest, digest)
            : bytes <= slot.Length || connection.Fail(FaultReason.ParkedStateInvalid, bytes, (uint)slot.Length);
    }
}
