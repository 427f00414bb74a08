using System;
using System.Linq;
using System.Text;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>What TLS 1.3 does to memory: what it uses, what it leaves behind, and what it never allocates.</summary>
public sealed class Scripted13MemoryTests
{
    [Theory]
    [InlineData(ScriptedKeys13.Aes128, ScriptedGroup.Curve25519, null)]
    [InlineData(ScriptedKeys13.Aes256, ScriptedGroup.P384, "P-384")]
    [InlineData(ScriptedKeys13.ChaCha, ScriptedGroup.P256, "RSA-2048")]
    public void Three_poisons_give_the_same_connection_within_the_plan(ushort suite, ushort group, string? clientKind)
    {
        Func<ScriptedClient> make = () => new ScriptedClient { Profile = Scripted13.Both, Image = ScriptedIdentity.Of("P-256").Image(clientKind) };
        Scripted13Replay replay = Scripted13Replay.Record(new ScriptedServer13 { Suite = suite, Group = group, AsksForCertificate = clientKind is not null }, make);
        foreach (ushort poison in new ushort[] { 0, 0x5A, 0xFF3C })
        {
            foreach (int work in new[] { 0, 3 })
            {
                (string outcome, ScriptedClient client) = ScriptedReplay.Play(
                    new ScriptedClient { Profile = Scripted13.Both, Image = ScriptedIdentity.Of("P-256").Image(clientKind), Poison = poison, Work = work }, replay.Whole.Chunk(work == 0 ? 1000 : 11));
                Assert.Equal(replay.Outcome, outcome);
                MemoryPlan plan = client.Plan;
                for (int id = 1; id < PlanAudit.Length; id++)
                {
                    Assert.InRange(client.Audit[id], 0, plan[(RegionId)id].Bytes);
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public void A_fault_in_any_phase_leaves_no_secret(int work)
    {
        Scripted13Replay replay = Scripted13Replay.Record(
            new ScriptedServer13 { Group = ScriptedGroup.P256, AsksForCertificate = true },
            static () => new ScriptedClient { Profile = Scripted13.Both, Image = ScriptedIdentity.Of("P-256").Image("P-256") });
        var seen = new System.Collections.Generic.HashSet<Phase>();
        byte[] destination = new byte[4096];
        for (int step = 1; step < 4000; step += work == 1 ? 97 : 5)
        {
            ScriptedClient client = new ScriptedClient { Profile = Scripted13.Both, Image = ScriptedIdentity.Of("P-256").Image("P-256"), Work = work }.Prepare();
            ReadOnlySpan<byte> rest = replay.Handshake;
            TlsStatus status = TlsStatus.MoreWork;
            for (int left = step; left > 0 && status == TlsStatus.MoreWork; left--)
            {
                status = client.Lens().Handshake(rest, destination, out int consumed, out _);
                rest = rest[consumed..];
            }

            seen.Add(client.Phase);
            client.SourceEnded();
            client.Flush();
            Assert.Equal(FaultReason.TruncatedByPeer, client.Fault.Reason);
            ScriptedFault.AssertWiped(client);
        }

        Assert.Superset(new System.Collections.Generic.HashSet<Phase> { Phase.KeyShare13, Phase.Certificates13, Phase.ServerVerify13, Phase.ClientAuth13, Phase.Connected }, seen);
    }

    /// <summary>The out window's bytes serve the verification then; the alert has a place of its own, and fills it.</summary>
    [Fact]
    public void A_handshake_that_is_given_up_while_the_server_proves_itself_ends_with_close_notify()
    {
        Scripted13Replay replay = Scripted13Replay.Record(
            new ScriptedServer13 { Group = ScriptedGroup.P256 }, static () => new ScriptedClient { Profile = Scripted13.Both, Image = ScriptedIdentity.Of("P-256").Image(null) });
        var alertBytes = new System.Collections.Generic.Dictionary<Phase, int>();
        byte[] destination = new byte[4096];
        for (int step = 1; step < 4000; step += 97)
        {
            ScriptedClient client = new ScriptedClient { Profile = Scripted13.Both, Image = ScriptedIdentity.Of("P-256").Image(null), Work = 1 }.Prepare();
            ReadOnlySpan<byte> rest = replay.Handshake;
            for (int left = step; left > 0 && client.Lens().Handshake(rest, destination, out int consumed, out _) == TlsStatus.MoreWork; left--)
            {
                rest = rest[consumed..];
            }

            if (client.Plan.Lifetime(RegionId.AlertRecord).Contains(client.Phase))
            {
                Phase phase = client.Phase;
                Assert.Equal(TlsStatus.Complete, client.Lens().Close(destination, out int written));
                alertBytes[phase] = written;
                Assert.Equal((byte)(phase == Phase.KeyAgreement13 ? 21 : 23), destination[0]);
            }
        }

        Assert.Equal(
            [(Phase.KeyAgreement13, 7), (Phase.Certificates13, 24), (Phase.ServerVerify13, 24)],
            alertBytes.OrderBy(static pair => pair.Key).Select(static pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void Old_traffic_secrets_are_gone_after_a_key_update()
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected();
        byte[] before = client.Region(RegionId.TrafficSecrets).ToArray();
        byte[] keys = client.Region(RegionId.TrafficKeys).ToArray();
        client.Read(server.UpdateKey(1));
        client.Flush();
        server.Answer([.. client.Output]);
        foreach (byte[] old in before.Chunk(16).Concat(keys[16..48].Chunk(16)).Where(static chunk => chunk.AsSpan().ContainsAnyExcept((byte)0)))
        {
            Assert.True(client.Memory.IndexOf(old) < 0, "An old key is still there.");
        }

        Scripted13.AssertDataBothWays(client, server);
    }

    [Fact]
    public void No_call_allocates_on_the_heap()
    {
        Scripted13Replay replay = Scripted13Replay.Record(
            new ScriptedServer13 { AsksForCertificate = true }, static () => new ScriptedClient { Profile = Scripted13.Both, Image = ScriptedIdentity.Of("P-256").Image("P-256") });
        byte[] destination = new byte[4096];
        byte[] name = Encoding.ASCII.GetBytes("broker.example.com");
        long least = long.MaxValue; // of several: what the engine took it would take each time, the runtime's own tables grow but once
        for (int round = 0; round < 5; round++)
        {
            ScriptedClient client = replay.MakeClient().Prepare();
            byte[] seed = [.. Enumerable.Range(0, 48).Select(static i => (byte)i)];
            long before = GC.GetAllocatedBytesForCurrentThread();
            Run(client, name, seed, replay.Whole, destination);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal((FaultReason.None, Phase.Connected), (client.Fault.Reason, client.Phase));
        }

        Assert.Equal(0, least);
    }

    private static void Run(ScriptedClient client, byte[] name, byte[] seed, byte[] input, byte[] destination)
    {
        Span<byte> memory = client.Memory;
        var config = new TlsConfig { Profile = ref client.ProfileReference, RomImage = client.Image, ServerName = name, Seed = seed, NowUnixSeconds = client.Now, WorkPerCall = 20 };
        TlsStatus status;
        int at = 0;
        do
        {
            status = new TlsClient(memory, config).Handshake(input.AsSpan(at), destination, out int consumed, out _);
            at += consumed;
        }
        while (status is TlsStatus.MoreWork or TlsStatus.NeedMoreData);

        new TlsClient(memory, config).Write([1, 2, 3], destination, out _, out _);
        new TlsClient(memory, config).Read(input.AsSpan(at), destination, out _, out _);
        new TlsClient(memory, config).Close(destination, out _);
    }
}
