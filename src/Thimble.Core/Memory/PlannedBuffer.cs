using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Thimble.Memory;

/// <summary>
/// A lens over a buffer that begins with its plan. Every span that the engine works in comes from here, and a region
/// is handed out only while it is alive: outside its lifetime the span is empty, so that any access fails at once.
/// </summary>
public readonly ref struct PlannedBuffer
{
    private readonly Span<byte> _memory;
    private readonly Span<ushort> _audit;

    /// <summary>
    /// Looks at <paramref name="memory"/>, which a plan has prepared. <paramref name="audit"/> is empty, or takes one
    /// counter for each region (see <see cref="PlanAudit"/>), which costs time and changes nothing else.
    /// </summary>
    public PlannedBuffer(Span<byte> memory, Span<ushort> audit)
    {
        _memory = memory;
        _audit = audit;
    }

    /// <summary>The phase of the connection.</summary>
    public Phase Phase => Header.Phase;

    /// <summary>A mark of the seed that the last connection in this buffer began with (RULES 24); 0 before the first.</summary>
    public uint SeedMark
    {
        get => Header.SeedMark;
        set => Header.SeedMark = value;
    }

    /// <summary>The bytes of a region, or none where the phase lies outside its lifetime or the plan leaves it out.</summary>
    public Span<byte> this[RegionId id]
    {
        get
        {
            Region region = At(id);
            return Lifetimes.Include(id, Phase) ? _memory.Slice(region.Offset, region.Bytes) : default;
        }
    }

    /// <summary>The digest of the profile that the buffer was planned for.</summary>
    internal uint ProfileDigest => Header.ProfileDigest;

    private ref PlanHeader Header => ref MemoryMarshal.AsRef<PlanHeader>(_memory);

    private Region At(RegionId id) => new PlanTable(_memory.Slice(PlanHeader.Bytes))[id];

    /// <summary>
    /// Begins a connection in <paramref name="memory"/>: refuses a buffer that is smaller than
    /// <paramref name="totalBytes"/> or misaligned, wipes it, and writes the plan at its start. Where it was planned for the same
    /// profile before, <see cref="RegionId.MqttInFlight"/> stays as it is, since it outlives a connection.
    /// </summary>
    public static bool TryPrepare(Span<byte> memory, in RegionSet regions, int totalBytes, uint profileDigest, ref Fault fault)
    {
        if (!CanHold(memory, totalBytes, ref fault))
        {
            return false;
        }

        bool again = IsPreparedAgain(memory, totalBytes, profileDigest);
        PlanTable.Write(memory.Slice(PlanHeader.Bytes), regions);
        Begin(memory, totalBytes, profileDigest, again);
        return true;
    }

    /// <summary>The same with the table of regions as it stands in the buffer.</summary>
    internal static bool TryPrepare(Span<byte> memory, ReadOnlySpan<byte> table, int totalBytes, uint profileDigest, ref Fault fault)
    {
        if (!CanHold(memory, totalBytes, ref fault))
        {
            return false;
        }

        bool again = IsPreparedAgain(memory, totalBytes, profileDigest);
        table.CopyTo(memory.Slice(PlanHeader.Bytes));
        Begin(memory, totalBytes, profileDigest, again);
        return true;
    }

    private static bool IsPreparedAgain(ReadOnlySpan<byte> memory, int totalBytes, uint profileDigest)
        => Features.MqttInFlight && IsPrepared(memory, profileDigest) && MemoryMarshal.AsRef<PlanHeader>(memory).TotalBytes == totalBytes;

    /// <summary>The table stands in its place: wipes what is behind it, besides what outlives a connection, and writes the header.</summary>
    private static void Begin(Span<byte> memory, int totalBytes, uint profileDigest, bool again)
    {
        var table = new PlanTable(memory.Slice(PlanHeader.Bytes));
        int planBytes = PlanHeader.Bytes + table.Bytes;
        Region kept = again ? table[RegionId.MqttInFlight] : default;
        int start = kept.Bytes != 0 ? kept.Offset : planBytes;
        CryptographicOperations.ZeroMemory(memory.Slice(planBytes, start - planBytes));
        CryptographicOperations.ZeroMemory(memory.Slice(start + kept.Bytes, totalBytes - start - kept.Bytes));
        ref PlanHeader header = ref MemoryMarshal.AsRef<PlanHeader>(memory);
        header.SeedMark = header.Magic == PlanHeader.ExpectedMagic ? header.SeedMark : 0;
        header.Magic = PlanHeader.ExpectedMagic;
        header.Version = PlanHeader.ExpectedVersion;
        header.Phase = Phase.None;
        header.TotalBytes = (ushort)totalBytes;
        header.ProfileDigest = profileDigest;
    }

    /// <summary>Whether <paramref name="memory"/> begins with the plan of the profile with that digest, and holds all of it.</summary>
    public static bool IsPrepared(ReadOnlySpan<byte> memory, uint profileDigest)
    {
        if (memory.Length < PlanHeader.Bytes + PlanTable.LeastBytes)
        {
            return false;
        }

        ref readonly PlanHeader header = ref MemoryMarshal.AsRef<PlanHeader>(memory);
        return header.Magic == PlanHeader.ExpectedMagic && header.Version == PlanHeader.ExpectedVersion
            && header.TotalBytes <= memory.Length && header.ProfileDigest == profileDigest;
    }

    /// <summary>
    /// Goes to another phase: every region whose lifetime ends is wiped, and only then do those begin that share its bytes. In
    /// <see cref="Phase.None"/> no region lives but <see cref="RegionId.MqttInFlight"/>, so that nothing else is left but the plan.
    /// </summary>
    public void Enter(Phase next)
    {
        Phase current = Phase;
        for (int i = 1; i < RegionSet.Count; i++)
        {
            if (Lifetimes.Include((RegionId)i, current) && !Lifetimes.Include((RegionId)i, next))
            {
                End((RegionId)i, At((RegionId)i));
            }
        }

        Header.Phase = next;
        for (int i = 1; i < RegionSet.Count; i++)
        {
            Region region = At((RegionId)i);
            if (Lifetimes.Include((RegionId)i, next) && !Lifetimes.Include((RegionId)i, current))
            {
                PlanAudit.Paint(_audit, _memory.Slice(region.Offset, region.Bytes));
            }
        }
    }

    /// <summary>Wipes a region before its lifetime ends, because what it held is used up. It stays alive.</summary>
    public void Wipe(RegionId id)
    {
        Span<byte> bytes = this[id];
        if (!bytes.IsEmpty)
        {
            PlanAudit.Survey(_audit, id, bytes);
            CryptographicOperations.ZeroMemory(bytes);
            PlanAudit.Paint(_audit, bytes);
        }
    }

    /// <summary>
    /// Wipes all that a connection which is over may hold, besides what is still read or sent: the fault with its text,
    /// the MQTT session, what it goes back to and what it keeps in flight, and the out window, which holds ciphertext and alerts.
    /// </summary>
    public void WipeSecrets()
    {
        for (int i = (int)RegionId.InWindow; i < RegionSet.Count; i++)
        {
            Wipe((RegionId)i);
        }
    }

    /// <summary>Brings the audit up to date for the regions that are alive. Without an audit, nothing happens.</summary>
    public void Survey()
    {
        for (int i = 1; i < RegionSet.Count; i++)
        {
            PlanAudit.Survey(_audit, (RegionId)i, this[(RegionId)i]);
        }
    }

    private static unsafe bool CanHold(Span<byte> memory, int totalBytes, ref Fault fault)
    {
        if (memory.Length < totalBytes)
        {
            fault.Reason = FaultReason.BufferTooSmall;
            fault.Expected = (uint)totalBytes;
            fault.Actual = (uint)memory.Length;
            return false;
        }

        // The address is only looked at, and its low bits do not change: a collector moves objects by multiples of eight.
        uint remainder = (uint)((nuint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(memory)) % Region.Alignment);
        if (remainder != 0)
        {
            fault.Reason = FaultReason.BufferMisaligned;
            fault.Expected = Region.Alignment;
            fault.Actual = remainder;
            return false;
        }

        return true;
    }

    private void End(RegionId id, Region region)
    {
        Span<byte> bytes = _memory.Slice(region.Offset, region.Bytes);
        PlanAudit.Survey(_audit, id, bytes);
        CryptographicOperations.ZeroMemory(bytes);
    }
}
