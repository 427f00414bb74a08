using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;

namespace Thimble.Cli.Advise;

/// <summary>Knobs that together bring a plan to a target, or as near as they go.</summary>
/// <param name="Target">The bytes that were asked for.</param>
/// <param name="Steps">What is changed, in this order.</param>
/// <param name="Profile">The profile at the end.</param>
/// <param name="Map">Its plan.</param>
internal sealed record Combination(int Target, IReadOnlyList<CombinationStep> Steps, Profile Profile, MemoryMap Map)
{
    /// <summary>A bound on the steps, should knobs ever undo one another.</summary>
    private const int MostSteps = 32;

    /// <summary>Whether the target is reached.</summary>
    public bool IsReached => Map.PlannedBytes <= Target;

    /// <summary>
    /// Greedy: of the cheapest price that has any, the knob that saves most, again and again; and where none saves alone, two that
    /// save together. Then every step that is not needed for what was reached is left out again, the dearest first.
    /// </summary>
    public static Combination For(Profile profile, int wordBits, int target)
    {
        var chosen = new List<Knob>();
        Profile at = profile;
        while (chosen.Count < MostSteps && Planned(at, wordBits) > target && Next(at, wordBits) is { Count: > 0 } next)
        {
            chosen.AddRange(next);
            at = Apply(at, next);
        }

        int reached = int.Max(target, Planned(at, wordBits));
        foreach (Knob knob in Enumerable.Reverse(chosen.ToArray()).OrderByDescending(knob => knob.Price))
        {
            Knob[] without = [.. chosen.Where(other => !ReferenceEquals(other, knob))];
            if (Planned(Apply(profile, without), wordBits) <= reached)
            {
                _ = chosen.RemoveAll(other => ReferenceEquals(other, knob));
            }
        }

        return Of(profile, wordBits, target, chosen);
    }

    private static Combination Of(Profile profile, int wordBits, int target, List<Knob> chosen)
    {
        var steps = new List<CombinationStep>();
        Profile at = profile;
        foreach (Knob knob in chosen)
        {
            Knob step = AsSeenFrom(at, knob);
            int before = Planned(at, wordBits);
            at = step.Apply(at);
            int after = Planned(at, wordBits);
            steps.Add(new CombinationStep(step, before - after, after));
        }

        return new Combination(target, steps, at, MemoryMap.Of(at, wordBits));
    }

    /// <summary>The same setting in the words of where it is turned: steps before it, which it made needless, are gone.</summary>
    private static Knob AsSeenFrom(Profile at, Knob knob) =>
        Knobs.Of(at).FirstOrDefault(other => other.Setting == knob.Setting && other.Apply(at).Digest == knob.Apply(at).Digest) ?? knob;

    private static IReadOnlyList<Knob> Next(Profile profile, int wordBits)
    {
        int before = Planned(profile, wordBits);
        IReadOnlyList<Knob> knobs = Knobs.Of(profile);
        foreach (IGrouping<Price, Knob> priced in knobs.GroupBy(knob => knob.Price).OrderBy(group => group.Key))
        {
            Knob best = priced.MinBy(knob => Planned(knob.Apply(profile), wordBits))!;
            if (Planned(best.Apply(profile), wordBits) < before)
            {
                return [best];
            }
        }

        return Pair(profile, knobs, wordBits, before);
    }

    /// <summary>Two phases may bind with the same bytes: then it takes two knobs to save any.</summary>
    private static IReadOnlyList<Knob> Pair(Profile profile, IReadOnlyList<Knob> knobs, int wordBits, int before)
    {
        IReadOnlyList<Knob> best = [];
        int least = before;
        foreach (Knob first in knobs.OrderBy(knob => knob.Price))
        {
            Profile at = first.Apply(profile);
            foreach (Knob second in Knobs.Of(at))
            {
                int bytes = Planned(second.Apply(at), wordBits);
                if (bytes < least)
                {
                    least = bytes;
                    best = [first, second];
                }
            }
        }

        return best;
    }

    private static Profile Apply(Profile profile, IEnumerable<Knob> knobs) => knobs.Aggregate(profile, (at, knob) => knob.Apply(at));

    private static int Planned(Profile profile, int wordBits) => MemoryPlan.For(profile, wordBits).TotalBytes;
}
