using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>What the engine does to memory: what it uses, what it leaves behind, and what it never allocates.</summary>
public sealed class ScriptedMemoryTests
{
    [Theory]
    [InlineData(ScriptedSuite.EcdsaAes128, ScriptedGroup.P256, "P-256")]
    [InlineData(ScriptedSuite.RsaAes256, ScriptedGroup.P384, "P-384")]
    [InlineData(ScriptedSuite.RsaChaCha, ScriptedGroup.P256, "RSA-2048")]
    [InlineData(ScriptedSuite.EcdsaAes256, ScriptedGroup.Curve25519, null)]
    public void Two_poisons_give_the_same_connection_within_the_plan(ushort suite, ushort group, string? clientKind)
    {
        ScriptedIdentity identity = ScriptedIdentity.Of(suite is 0xC02F or 0xC030 or 0xCCA8 ? "RSA-2048" : "P-256");
        ScriptedReplay replay = ScriptedReplay.Record(
            new ScriptedServer { Suite = suite, Group = group, Identity = identity, AsksForCertificate = clientKind is not null },
            () => new ScriptedClient { Image = identity.Image(clientKind) });
        string expected = replay.Play([replay.Whole]).Outcome;
        foreach (ushort poison in new ushort[] { 0, 0x5A, 0xFF3C })
        {
            foreach (int work in new[] { 0, 3 })
            {
                (string outcome, ScriptedClient client) = ScriptedReplay.Play(
                    new ScriptedClient { Image = identity.Image(clientKind), Poison = poison, Work = work }, replay.Whole.Chunk(work == 0 ? 1000 : 11));
                Assert.Equal(expected, outcome);
                MemoryPlan plan = client.Plan;
                for (int id = 1; id < PlanAudit.Length; id++)
                {
                    Assert.InRange(client.Audit[id], 0, plan[(RegionId)id].Bytes);
                }

                Assert.InRange(client.Audit[(int)RegionId.Transcript], 90, 208);
            }
        }
    }

    [Theory]
    [InlineData(ScriptedSuite.EcdsaAes128)]
    [InlineData(ScriptedSuite.RsaChaCha)]
    public void Once_connected_only_the_traffic_keys_are_left_and_once_closed_not_even_they(ushort suite)
    {
        ScriptedIdentity identity = ScriptedIdentity.Of(suite == ScriptedSuite.RsaChaCha ? "RSA-2048" : "P-256");
        using var server = new ScriptedServer { Suite = suite, Identity = identity, AsksForCertificate = true };
        var seen = new Dictionary<string, byte[]>();
        ScriptedClient client = new ScriptedClient { Image = identity.Image("P-256"), Work = 1, Observe = c => Remember(c, seen) }.Prepare();
        Assert.Equal(TlsStatus.Complete, client.Connect(server));

        seen["premaster"] = server.Premaster;
        seen["master"] = server.MasterSecret;
        Assert.Equal(["Drbg", "EphemeralKey", "MasterSecret", "Randoms", "SigningInput", "master", "premaster"], seen.Keys.Order(StringComparer.Ordinal));
        foreach ((string name, byte[] secret) in seen)
        {
            AssertAbsent(client, secret, name);
        }

        int keyBytes = (server.KeyBlock.Length / 2) - (suite == ScriptedSuite.RsaChaCha ? 12 : 4);
        Assert.NotEqual(-1, client.Memory.IndexOf(server.KeyBlock.AsSpan(0, keyBytes)));
        Assert.Equal(TlsStatus.Closed, client.Read([.. server.Seal(Wire.ApplicationData, [.. Enumerable.Repeat((byte)0x77, 64)]), .. server.Seal(Wire.Alert, [1, 0])]));
        client.Flush();
        AssertAbsent(client, server.KeyBlock.AsSpan(0, keyBytes), "client key");
        AssertAbsent(client, server.KeyBlock.AsSpan(keyBytes, keyBytes), "server key");
        AssertAbsent(client, [.. Enumerable.Repeat((byte)0x77, 16)], "data");
    }

    [Fact]
    public void A_fault_in_any_phase_leaves_no_secret()
    {
        for (int step = 1; step < 400; step += 7)
        {
            using var server = new ScriptedServer { AsksForCertificate = true };
            var seen = new Dictionary<string, byte[]>();
            int left = step;
            ScriptedClient client = new ScriptedClient { Image = ScriptedIdentity.Of("P-256").Image("P-256"), Work = 60, Observe = c => Remember(c, seen) }.Prepare();
            client.Handshake(default);
            byte[] flight = server.Answer([.. client.Output]);
            ReadOnlySpan<byte> rest = flight;
            byte[] destination = new byte[4096];
            while (left-- > 0)
            {
                client.Lens().Handshake(rest, destination, out int consumed, out _);
                rest = rest[consumed..];
                Remember(client, seen);
            }

            client.SourceEnded();
            client.Flush();
            Assert.Equal(FaultReason.TruncatedByPeer, client.Fault.Reason);
            ScriptedFault.AssertWiped(client);
            seen.Remove(nameof(RegionId.Randoms)); // both hellos carried them in the clear, and ClientHello may still stand in the out window
            foreach ((string name, byte[] secret) in seen)
            {
                AssertAbsent(client, secret, name);
            }
        }
    }

    [Fact]
    public void No_call_allocates_on_the_heap()
    {
        ScriptedIdentity identity = ScriptedIdentity.Of("P-256");
        ScriptedReplay replay = ScriptedReplay.Record(new ScriptedServer { AsksForCertificate = true }, () => new ScriptedClient { Image = identity.Image("P-256") });
        byte[] input = replay.Whole;
        byte[] destination = new byte[4096];
        byte[] name = System.Text.Encoding.ASCII.GetBytes("broker.example.com");
        long least = long.MaxValue; // of several: what the engine took it would take each time, the runtime's own tables grow but once
        for (int round = 0; round < 5; round++)
        {
            ScriptedClient client = replay.MakeClient().Prepare();
            byte[] seed = [.. Enumerable.Range(0, 48).Select(static i => (byte)i)];
            Span<byte> memory = client.Memory;
            long before = GC.GetAllocatedBytesForCurrentThread();
            Run(memory, client, name, seed, input, destination);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            least = Math.Min(least, allocated);
            Assert.Equal(FaultReason.None, client.Fault.Reason);
        }

        Assert.Equal(0, least);
    }

    /// <summary>Only a fault in the machine can do this: it must end the handshake, and not be tried for ever.</summary>
    [Fact]
    public void A_key_share_whose_registers_are_damaged_ends_the_handshake()
    {
        ScriptedReplay replay = ScriptedReplay.Record(new ScriptedServer(), () => new ScriptedClient { Image = ScriptedIdentity.Of("P-256").Image("P-256") });
        ScriptedClient client = replay.MakeClient().Prepare();
        byte[] seed = [.. Enumerable.Range(0, 48).Select(static i => (byte)i)];
        byte[] name = System.Text.Encoding.ASCII.GetBytes("broker.example.com");
        byte[] destination = new byte[4096];
        int at = 0;
        TlsStatus status;
        do
        {
            var tls = new TlsClient(client.Memory, new TlsConfig
            {
                Profile = ref client.ProfileReference, RomImage = client.Image, ServerName = name, Seed = seed, NowUnixSeconds = client.Now, WorkPerCall = 1,
            });
            status = tls.Handshake(replay.First.AsSpan(at), destination, out int consumed, out _);
            at += consumed;
            Span<byte> progress = client.Region(RegionId.AgreementOperation)[..8];
            if (tls.Phase == Phase.KeyExchange && progress.ContainsAnyExcept((byte)0))
            {
                progress.Fill(0xFF);
            }
        }
        while (status is TlsStatus.MoreWork or TlsStatus.NeedMoreData);

        Assert.Equal(TlsStatus.Faulted, status);
        Assert.Equal(FaultReason.SigningFailed, client.Fault.Reason);
    }

    private static void Run(Span<byte> memory, ScriptedClient client, byte[] name, byte[] seed, byte[] input, byte[] destination)
    {
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

    /// <summary>The last contents of regions with secrets that this phase holds.</summary>
    private static void Remember(ScriptedClient client, Dictionary<string, byte[]> seen)
    {
        MemoryPlan plan = client.Plan;
        foreach (RegionId id in new[] { RegionId.EphemeralKey, RegionId.PremasterSecret, RegionId.MasterSecret, RegionId.Drbg, RegionId.SigningInput, RegionId.Randoms })
        {
            if (plan.Lifetime(id).Contains(client.Phase))
            {
                byte[] bytes = client.Region(id)[..32].ToArray();
                if (bytes.Distinct().Count() > 16)
                {
                    seen[id.ToString()] = bytes;
                }
            }
        }
    }

    private static void AssertAbsent(ScriptedClient client, ReadOnlySpan<byte> secret, string name)
    {
        for (int at = 0; at + 16 <= secret.Length; at += 16)
        {
            Assert.True(client.Memory.IndexOf(secret.Slice(at, 16)) < 0, $"{name} is still there.");
        }
    }
}
