using System;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>What every fault must look like from outside.</summary>
internal static class ScriptedFault
{
    /// <summary>Runs a handshake that must end in exactly this fault.</summary>
    public static void Fails(
        ScriptedServer server, FaultReason reason, AlertDescription? alert, Phase phase, uint expected = 0, uint actual = 0, ScriptedClient? client = null)
    {
        using (server)
        {
            client = (client ?? new ScriptedClient()).Prepare();
            Assert.Equal(TlsStatus.Faulted, client.Connect(server));
            Check(client, server, reason, alert, phase, expected, actual);
        }
    }

    /// <summary>The fault with all its members; the alert as the last and only thing that went out; no secret; no way back.</summary>
    public static void Check(
        ScriptedClient client, ScriptedServer server, FaultReason reason, AlertDescription? alert, Phase phase, uint expected = 0, uint actual = 0)
    {
        Fault fault = client.Fault;
        Assert.Equal((reason, expected, actual, phase), (fault.Reason, fault.Expected, fault.Actual, fault.Phase));
        if (alert is AlertDescription description)
        {
            Assert.Equal((byte)description, fault.Alert);
            Assert.Equal([Wire.Alert, 2, (byte)description], LastRecord(server));
        }
        else
        {
            Assert.DoesNotContain(server.Received, static record => record.Type == Wire.Alert);
        }

        Assert.Equal(Fault.NoDepth, fault.Depth);
        StaysFaulted(client);
        AssertWiped(client);
    }

    /// <summary>The type and the content of the last record that the server took, apart from the handshake's.</summary>
    public static byte[] LastRecord(ScriptedServer server) => [server.Received[^1].Type, .. server.Received[^1].Content];

    /// <summary>Whatever is called afterwards, nothing more is taken, given, or changed.</summary>
    public static void StaysFaulted(ScriptedClient client)
    {
        int written = client.Output.Count;
        Fault before = client.Fault;
        byte[] rest = Wire.Record(Wire.Handshake, Wire.Message(Wire.HelloRequest));
        Assert.Equal(TlsStatus.Faulted, client.Handshake(rest, out int consumed));
        Assert.Equal(0, consumed);
        Assert.Equal(TlsStatus.Faulted, client.Read(rest));
        Assert.Equal(TlsStatus.Faulted, client.Write([1]));
        Assert.Equal(TlsStatus.Faulted, client.SourceEnded());
        client.Close();
        client.Flush();
        Assert.Equal(before, client.Fault);
        Assert.Equal(written, client.Output.Count);
    }

    /// <summary>Every region that may have held a secret is zero.</summary>
    public static void AssertWiped(ScriptedClient client)
    {
        MemoryPlan plan = client.Plan;
        for (RegionId id = RegionId.InWindow; (int)id < PlanAudit.Length; id++)
        {
            if (plan.Lifetime(id).Contains(client.Phase))
            {
                Assert.False(client.Region(id).ContainsAnyExcept((byte)0), $"{id} holds something.");
            }
        }
    }

    /// <summary>A connection that is complete, with its server.</summary>
    public static (ScriptedClient Client, ScriptedServer Server) Connected(ushort suite = ScriptedSuite.EcdsaAes128, ScriptedClient? client = null)
    {
        ScriptedIdentity identity = ScriptedIdentity.Of(suite is 0xC02F or 0xC030 or 0xCCA8 ? "RSA-2048" : "P-256");
        var server = new ScriptedServer { Suite = suite, Identity = identity };
        client = (client ?? new ScriptedClient { Image = identity.Image(null) }).Prepare();
        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        client.Output.Clear();
        return (client, server);
    }

    /// <summary>Reads records that must end the connection in this fault.</summary>
    public static void ReadFails(
        ScriptedClient client, ScriptedServer server, byte[] records, FaultReason reason, AlertDescription? alert, uint expected = 0, uint actual = 0)
    {
        Assert.Equal(TlsStatus.Faulted, client.Read(records));
        client.Flush();
        server.Answer(client.Output.ToArray());
        Check(client, server, reason, alert, Phase.Connected, expected, actual);
    }
}
