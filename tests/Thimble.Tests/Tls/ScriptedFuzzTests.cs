using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Seeded random changes of what a server says: never an exception, a hang, a write outside, or trust in what was changed.</summary>
public sealed class ScriptedFuzzTests
{
    private static readonly Lazy<ScriptedReplay> Replay = new(() => ScriptedReplay.Record(
        new ScriptedServer { AsksForCertificate = true, Alpn = "mqtt", MaxFragmentLength = 2, AuthorityBytes = 40 },
        () => new ScriptedClient { Image = ScriptedIdentity.Of("P-256").Image("P-256"), Alpn = "mqtt" }));

    [Fact]
    public void Twenty_thousand_changes_of_the_server_s_bytes_end_in_a_fault_or_a_wait()
    {
        var random = new Random(20261122);
        ScriptedReplay replay = Replay.Value;
        byte[] whole = replay.Whole;
        string delivered = Convert.ToHexString([.. replay.Play([whole]).Client.Data]);
        int handshakeBytes = replay.First.Length + replay.Second.Length;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] changed = Change(whole, random, out int at);
            (string outcome, ScriptedClient client) = replay.Play([changed]);
            if (at < handshakeBytes && !IsFirstRecordsVersion(at))
            {
                Assert.False(outcome.StartsWith("Closed", StringComparison.Ordinal) || client.Phase == Phase.Connected, $"Change {i} at {at} was not noticed.");
            }

            Assert.StartsWith(Convert.ToHexString([.. client.Data]), delivered, StringComparison.Ordinal);
            Assert.True(client.Output.Count < 4096);
            if (client.Fault.Reason != FaultReason.None)
            {
                ScriptedFault.AssertWiped(client);
            }
        }
    }

    [Fact]
    public void Random_bytes_end_in_a_fault_or_a_wait()
    {
        var random = new Random(7);
        for (int i = 0; i < 3000; i++)
        {
            byte[] bytes = new byte[random.Next(1, 300)];
            random.NextBytes(bytes);
            bytes = i % 2 == 0 ? bytes : [22, 3, 3, .. Wire.Vector16([2, .. Wire.Vector24(bytes)])];
            (_, ScriptedClient client) = Replay.Value.Play([bytes]);
            Assert.NotEqual(Phase.Connected, client.Phase);
        }
    }

    /// <summary>
    /// Of the bytes before Finished, the transcript covers every handshake message. Record headers it does not cover, and
    /// one of their fields has more than one legal value: the low version byte before the version is agreed (RFC 5246 §E.1).
    /// </summary>
    private static bool IsFirstRecordsVersion(int at) => at == 2;

    private static byte[] Change(byte[] whole, Random random, out int at)
    {
        at = random.Next(whole.Length);
        byte value = (byte)random.Next(256);
        switch (random.Next(4))
        {
            case 0:
                return whole[..at];
            case 1:
                value = (byte)(value == whole[at] ? value + 1 : value); // or the end of a run of equal bytes would stay the same
                return [.. whole[..at], value, .. whole[at..]];
            default:
                byte[] changed = [.. whole];
                changed[at] ^= (byte)(random.Next(2) == 0 ? 1 << random.Next(8) : value | 1);
                return changed;
        }
    }
}
