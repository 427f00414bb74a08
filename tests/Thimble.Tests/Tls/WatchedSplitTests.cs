using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>A handshake that is watched sends and ends as one that is not, and passes through the same states, however its input is cut.</summary>
public sealed class WatchedSplitTests
{
    private static readonly Lazy<Recording> Tls12 = new(static () =>
    {
        ScriptedReplay replay = ScriptedReplay.Record(new ScriptedServer { AsksForCertificate = true, Alpn = "mqtt", MaxFragmentLength = 2 }, static () => Unwatched12);
        return new Recording(static watched => Client(Unwatched12, watched), replay.Whole, replay.Outcome);
    });

    private static readonly Lazy<Recording> Tls13 = new(static () =>
    {
        Scripted13Replay replay = Scripted13Replay.Record(
            new ScriptedServer13 { Group = ScriptedGroup.P256, Cookie = [1, 2, 3], AsksForCertificate = true, Alpn = "mqtt" }, static () => Unwatched13);
        return new Recording(static watched => Client(Unwatched13, watched), replay.Whole, replay.Outcome);
    });

    public static TheoryData<bool> Versions() => [false, true];

    private static ScriptedClient Unwatched12 => new() { Image = ScriptedIdentity.Of("P-256").Image("P-256"), Alpn = "mqtt" };

    private static ScriptedClient Unwatched13 => new() { Profile = Scripted13.Both, Image = ScriptedIdentity.Of("P-256").Image("P-256"), Alpn = "mqtt" };

    [Theory]
    [MemberData(nameof(Versions))]
    public void Whole_it_passes_through_every_state_once(bool tls13)
    {
        Recording recording = Of(tls13);
        (string outcome, string states) = recording.Play([recording.Whole]);
        Assert.StartsWith("Closed True None", outcome, StringComparison.Ordinal);
        Assert.Equal(recording.Outcome, outcome);
        Assert.EndsWith(nameof(ClientState.Connected), states, StringComparison.Ordinal);
        Assert.Equal(tls13 ? 1 : 0, Occurrences(states, nameof(ClientState.SendRetryChangeCipherSpec)));
        Assert.Equal(1, Occurrences(states, tls13 ? nameof(ClientState.AgreeOnSecret13) : nameof(ClientState.AgreeOnSecret)));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void In_every_two_parts(bool tls13)
    {
        Recording recording = Of(tls13);
        string states = recording.States;
        for (int at = 1; at < recording.Whole.Length; at++)
        {
            AssertSame(recording, states, ScriptedReplay.Cut(recording.Whole, at));
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Byte_by_byte_and_in_200_random_ways(bool tls13)
    {
        Recording recording = Of(tls13);
        string states = recording.States;
        AssertSame(recording, states, recording.Whole.Chunk(1));
        var random = new Random(6);
        for (int round = 0; round < 200; round++)
        {
            IEnumerable<int> cuts = Enumerable.Range(0, random.Next(2, 40)).Select(_ => random.Next(recording.Whole.Length)).Order();
            AssertSame(recording, states, ScriptedReplay.Cut(recording.Whole, [.. cuts]));
        }
    }

    private static Recording Of(bool tls13) => tls13 ? Tls13.Value : Tls12.Value;

    private static void AssertSame(Recording recording, string states, IEnumerable<byte[]> pieces)
    {
        (string outcome, string passed) = recording.Play(pieces);
        Assert.Equal(recording.Outcome, outcome);
        Assert.Equal(states, passed);
    }

    private static int Occurrences(string states, string state) => states.Split(' ').Count(name => name == state);

    private static ScriptedClient Client(ScriptedClient like, Action<ScriptedClient> watch) => new()
    {
        Profile = like.Profile,
        Image = like.Image,
        Alpn = like.Alpn,
        Watched = true,
        Observe = watch,
    };

    /// <summary>What a server said, what a client that nobody watches made of it, and a way to make one that is watched.</summary>
    private sealed record Recording(Func<Action<ScriptedClient>, ScriptedClient> MakeClient, byte[] Whole, string Outcome)
    {
        /// <summary>The states that it passes through when all comes in one piece.</summary>
        public string States => Play([Whole]).States;

        public (string Outcome, string States) Play(IEnumerable<byte[]> pieces)
        {
            var states = new List<ClientState>();
            ScriptedClient client = MakeClient(client =>
            {
                ClientState state = client.Lens().State;
                if (states.Count == 0 || states[^1] != state)
                {
                    states.Add(state);
                }
            });
            string outcome = ScriptedReplay.Play(client, pieces).Outcome;
            return (outcome, string.Join(' ', states));
        }
    }
}
