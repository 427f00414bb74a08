using System;
using Thimble.Memory;
using Thimble.Mqtt;
using Thimble.Tls;

namespace Thimble;

/// <summary>
/// The memory of one connection, computed from its profile before anything runs: every region, its size, its lifetime
/// and its place. The peer cannot change it, so no handshake can run out of memory half-way.
/// </summary>
public struct MemoryPlan
{
    private RegionSet _regions;
    private uint _profileDigest;
    private PhaseSet _phases;

    /// <summary>The size of the buffer, in bytes.</summary>
    public int TotalBytes { readonly get; private set; }

    /// <summary>The machine's word in bits, 32 or 64: registers of public-key operations differ a little.</summary>
    public int WordBits { readonly get; private set; }

    /// <summary>The plan of <paramref name="profile"/> on the machine that runs this. Bounded work; needs no heap.</summary>
    public static MemoryPlan For(in Profile profile) => For(profile, nuint.Size * 8);

    /// <summary>The plan of <paramref name="profile"/> for a machine with words of 32 or 64 bits.</summary>
    public static MemoryPlan For(in Profile profile, int wordBits)
    {
#pragma warning disable THM0011 // Computed before a connection begins, when nothing else is on the stack.
        MemoryPlan plan = default;
#pragma warning restore THM0011
        plan.WordBits = wordBits;
        plan._profileDigest = profile.Digest;
        plan._phases = profile.Phases;
        TlsRegions.Add(ref plan._regions, profile, wordBits / 8);
        MqttRegions.Add(ref plan._regions, profile);
        plan.TotalBytes = plan._regions.Pack(plan._phases);
        return plan;
    }

    /// <summary>The region of that name; of no bytes where the profile does not need it.</summary>
    public Region this[RegionId id] => _regions[id];

    /// <summary>The phases that the profile's versions pass through.</summary>
    public readonly PhaseSet Phases => _phases;

    /// <summary>The phases in which a region is alive, of those that the profile's versions pass through.</summary>
    public readonly PhaseSet Lifetime(RegionId id) => Lifetimes.Of(id).And(_phases);

    /// <summary>The bytes that are alive in <paramref name="phase"/>; none where no connection of the profile passes through it.</summary>
    public readonly int LiveBytes(Phase phase) => _phases.Contains(phase) ? _regions.LiveBytes(phase) : 0;

    /// <summary>The phase with the most live bytes: what binds the size of the whole.</summary>
    public readonly Phase PeakPhase => _regions.Peak(_phases);

    /// <summary>The most bytes that are alive at once of the regions kept at <paramref name="placement"/>, for a host that keeps them apart.</summary>
    public int BytesAt(Placement placement)
    {
        int most = 0;
        for (Phase phase = Phase.Hello; phase <= Phase.Connected; phase++)
        {
            int live = 0;
            for (int i = 0; i < RegionSet.Count; i++)
            {
                Region region = _regions[(RegionId)i];
                live += Lifetime((RegionId)i).Contains(phase) && Placements.Of((RegionId)i) == placement ? region.Bytes : 0;
            }

            most = live > most ? live : most;
        }

        return most;
    }

    /// <summary>
    /// What <see cref="TlsClient.Park"/> makes of a connection at most, in bytes: its secrets, its sequence numbers, where it
    /// stands, and the MQTT session. Keys that follow from the secrets are not kept.
    /// </summary>
    public int ParkedBytes => Parking.MaxBytes(ref _regions, _phases.Contains(Phase.Finished));

    /// <summary>What <see cref="TlsClient.Rest"/> leaves of an idle connection, in bytes: all that each of many connections keeps that use the same buffers in turn.</summary>
    public int RestingBytes => Resting.Bytes(ref _regions);

    /// <summary>
    /// Begins a connection in <paramref name="memory"/>: wipes it and writes the plan at its start. What MQTT keeps in flight
    /// (<see cref="RegionId.MqttInFlight"/>) stays where the buffer was prepared for the same profile before. A buffer that is
    /// smaller than <see cref="TotalBytes"/> or misaligned is refused, with both numbers in <paramref name="fault"/>, and so is a plan that is not <see cref="IsUsable"/>.
    /// </summary>
    public readonly bool TryPrepare(Span<byte> memory, ref Fault fault)
    {
        if (!IsUsable)
        {
            fault.Reason = FaultReason.PlanTooLarge;
            fault.Depth = Fault.NoDepth;
            fault.Expected = Region.MaxBytes;
            fault.Actual = (uint)TotalBytes;
            return false;
        }

        return PlannedBuffer.TryPrepare(memory, _regions, TotalBytes, _profileDigest, ref fault);
    }

    /// <summary>Whether the whole fits into <see cref="Region.MaxBytes"/>, as it must: windows, topics and tickets of many kilobytes may not, together.</summary>
    public readonly bool IsUsable => TotalBytes <= Region.MaxBytes;

    /// <summary>The most that <see cref="TryWrite"/> writes, in bytes.</summary>
    public const int MaxBakedBytes = BakedPlan.MostBytes;

    /// <summary>
    /// Writes the plan in the form that a device carries in flash for <see cref="TryPrepareBaked"/>, so that it need not
    /// carry the planner. <c>false</c> where <paramref name="destination"/> is too short or the plan is not <see cref="IsUsable"/>; <see cref="MaxBakedBytes"/> are enough for any.
    /// </summary>
    public readonly bool TryWrite(Span<byte> destination, out int written)
    {
        written = 0;
        int bytes = BakedPlan.BytesOf(_regions);
        if (destination.Length < bytes || !IsUsable)
        {
            return false;
        }

        BakedPlan.Write(destination, _regions, WordBits, TotalBytes, _profileDigest);
        written = bytes;
        return true;
    }

    /// <summary>
    /// Begins a connection in <paramref name="memory"/> like <see cref="TryPrepare"/>, with a plan that was computed
    /// elsewhere by the same version of this assembly, for this <paramref name="profile"/> and a machine of this word.
    /// Any other is <see cref="FaultReason.BufferNotPlanned"/>, and then nothing was written.
    /// </summary>
    public static bool TryPrepareBaked(ReadOnlySpan<byte> baked, in Profile profile, Span<byte> memory, ref Fault fault)
    {
        var plan = new BakedPlan(baked);
        if (!plan.IsFor(profile))
        {
            fault.Reason = FaultReason.BufferNotPlanned;
            fault.Depth = Fault.NoDepth;
            return false;
        }

        return PlannedBuffer.TryPrepare(memory, plan.Table, plan.TotalBytes, profile.Digest, ref fault);
    }
}
