using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;

namespace Thimble.Cli.Timeline;

/// <summary>The course of a handshake over its plan: what came, went and was computed, and which regions were alive meanwhile.</summary>
/// <param name="Events">The events in their order.</param>
/// <param name="Map">The plan of the version that was negotiated, with what was used of it.</param>
/// <param name="IsComplete">Whether it came to its end.</param>
internal sealed record HandshakeTimeline(IReadOnlyList<TimelineEvent> Events, MemoryMap Map, bool IsComplete)
{
    /// <summary>The phases that were passed through, in their order.</summary>
    public IReadOnlyList<Phase> Phases => [.. Events.Select(item => item.Phase).Distinct()];

    /// <summary>The most that was alive at once in the phases that were passed through.</summary>
    public int LiveAtPeak => Phases.Count == 0 ? 0 : Phases.Max(Map.LiveBytes);

    /// <summary>The phase in which most was in use; another may bind the plan.</summary>
    public Phase BusiestPhase => Map.Phases.MaxBy(Map.UsedIn);

    /// <summary>How long the handshake took, waiting included.</summary>
    public TimeSpan Total => Events.Count == 0 ? TimeSpan.Zero : Events[^1].Ended;

    /// <summary>How long the engine worked.</summary>
    public TimeSpan Engine => Events.Aggregate(TimeSpan.Zero, (sum, item) => sum + item.Duration);

    /// <summary>Makes events of steps: those of one state belong together, and those that did nothing to what follows.</summary>
    public static HandshakeTimeline Of(IReadOnlyList<HandshakeStep> steps, MemoryMap map)
    {
        var events = new List<TimelineEvent>();
        int begin = 0;
        for (int end = 1; end <= steps.Count; end++)
        {
            bool ends = end == steps.Count || steps[end].State != steps[end - 1].State || steps[end].Phase != steps[end - 1].Phase;
            if (ends && DoesSomething(steps, begin, end))
            {
                events.Add(Event(steps, begin, end));
                begin = end;
            }
        }

        return new HandshakeTimeline(events, map, steps.Count > 0 && steps[^1].Next == ClientState.Connected);
    }

    /// <summary>A state that was left without a byte and without work is only a place on the way.</summary>
    private static bool DoesSomething(IReadOnlyList<HandshakeStep> steps, int begin, int end)
    {
        for (int at = begin; at < end; at++)
        {
            if (steps[at].BytesRead != 0 || steps[at].BytesWritten != 0 || steps[at].Work != 0 || !IsPassedOver(steps[at]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPassedOver(in HandshakeStep step) => step.State == step.Next || step.State is ClientState.Connected;

    private static TimelineEvent Event(IReadOnlyList<HandshakeStep> steps, int begin, int end)
    {
        HandshakeStep last = steps[end - 1];
        long ticks = 0;
        int read = 0, written = 0, work = 0;
        for (int at = begin; at < end; at++)
        {
            HandshakeStep step = steps[at];
            read += step.BytesRead;
            written += step.BytesWritten;
            work += step.Work;
            ticks += step.End - step.Begin;
        }

        (string name, EventKind kind) = StateNames.Of(last.State, last.Next, last.MessageType, written > 0);
        long origin = steps[0].Begin;
        return new TimelineEvent(
            name, kind, last.Phase, read, written, end - begin, work,
            Stopwatch.GetElapsedTime(origin, steps[begin].Begin), Stopwatch.GetElapsedTime(origin, last.End), Stopwatch.GetElapsedTime(0, ticks));
    }
}
