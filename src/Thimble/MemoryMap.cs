using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;

namespace Thimble;

/// <summary>A plan as a host looks at it: the regions in the order of their places, and perhaps what was used of them.</summary>
/// <param name="WordBits">The machine's word, 32 or 64.</param>
/// <param name="PlannedBytes">The size of the buffer.</param>
/// <param name="ConnectionBytes">What an idle connection keeps, windows excluded.</param>
/// <param name="WindowBytes">The record windows.</param>
/// <param name="Phases">The phases that a connection of the profile may pass through, in their order.</param>
/// <param name="Regions">The regions that the plan has.</param>
public sealed record MemoryMap(int WordBits, int PlannedBytes, int ConnectionBytes, int WindowBytes, IReadOnlyList<Phase> Phases, IReadOnlyList<MapRegion> Regions)
{
    /// <summary>What the connection takes at most when it is parked (see <see cref="TlsConnection.ParkAsync"/>).</summary>
    public int ParkedBytes { get; init; }

    /// <summary>What the connection keeps while it is idle and many share their buffers (see <see cref="Tls.TlsClient.Rest"/>).</summary>
    public int RestingBytes { get; init; }

    /// <summary>The phase in which most bytes are alive.</summary>
    public Phase PeakPhase => Phases.MaxBy(LiveBytes);

    /// <summary>The most bytes that were in use in one phase, or null before anything ran.</summary>
    public int? UsedBytes => Regions.Any(region => region.UsedBytes is null) ? null : Phases.Max(UsedIn);

    /// <summary>The map of <paramref name="profile"/> on this machine, or on one with another word.</summary>
    public static MemoryMap Of(in Profile profile, int? wordBits = null)
    {
        MemoryPlan plan = wordBits is { } bits ? MemoryPlan.For(profile, bits) : MemoryPlan.For(profile);
        var regions = new List<MapRegion>();
        foreach (RegionId id in Enum.GetValues<RegionId>())
        {
            Region region = plan[id];
            if (region.Bytes > 0)
            {
                regions.Add(new MapRegion(id, region.Bytes, region.Offset, plan.Lifetime(id), Placements.Of(id), UsedBytes: null));
            }
        }

        PhaseSet reached = plan.Phases;
        return new MemoryMap(
            plan.WordBits,
            plan.TotalBytes,
            plan.BytesAt(Placement.Connection),
            plan.BytesAt(Placement.Window),
            [.. Enum.GetValues<Phase>().Where(phase => reached.Contains(phase))],
            [.. regions.OrderBy(region => region.Offset)])
        {
            ParkedBytes = plan.ParkedBytes,
            RestingBytes = plan.RestingBytes,
        };
    }

    /// <summary>The same map with what an audit counted (see <see cref="PlanAudit"/>); the plan itself is always in use.</summary>
    public MemoryMap With(IReadOnlyList<ushort> audit) => this with
    {
        Regions = [.. Regions.Select(region => region with { UsedBytes = region.Id == RegionId.Plan ? region.Bytes : audit[(int)region.Id] })],
    };

    /// <summary>The same map for a connection that has negotiated <paramref name="version"/>: it passes through no phase of another.</summary>
    public MemoryMap In(TlsVersions version)
    {
        PhaseSet reached = Memory.Phases.Of(version);
        IReadOnlyList<Phase> phases = [.. Phases.Where(phase => reached.Contains(phase))];
        return this with { Phases = phases, Regions = [.. Regions.Where(region => phases.Any(region.IsAlive))] };
    }

    /// <summary>The bytes that are alive in <paramref name="phase"/>.</summary>
    public int LiveBytes(Phase phase) => Regions.Where(region => region.IsAlive(phase)).Sum(region => region.Bytes);

    /// <summary>The bytes that were used of them.</summary>
    public int UsedIn(Phase phase) => Regions.Where(region => region.IsAlive(phase)).Sum(region => region.UsedBytes ?? 0);
}
