using System;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Thimble.Memory;

namespace Thimble;

/// <summary>
/// The plans of the profiles that this process has used: computing one takes a millisecond or more, and the same profile serves
/// many connections. Bounded; beyond that plans are computed each time.
/// </summary>
internal static class PlanCache
{
    private const int MostPlans = 64;

    private static readonly ConcurrentDictionary<uint, (Profile Profile, MemoryPlan Plan)> s_plans = new();

    /// <summary>The plan of <paramref name="profile"/> on this machine.</summary>
    public static MemoryPlan Of(in Profile profile)
    {
        if (s_plans.TryGetValue(profile.Digest, out (Profile Profile, MemoryPlan Plan) known) && IsSame(known.Profile, profile))
        {
            return known.Plan;
        }

        MemoryPlan plan = MemoryPlan.For(profile);
        if (s_plans.Count < MostPlans)
        {
            _ = s_plans.TryAdd(profile.Digest, (profile, plan));
        }

        return plan;
    }

    /// <summary>A digest may be shared, so the members decide.</summary>
    private static bool IsSame(in Profile a, in Profile b) =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<Profile>(in a)).SequenceEqual(MemoryMarshal.AsBytes(new ReadOnlySpan<Profile>(in b)));
}
