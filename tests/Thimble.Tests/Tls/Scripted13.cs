using System;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Clients of TLS 1.3, and what each connection and each fault of one must look like from outside.</summary>
internal static class Scripted13
{
    /// <summary>All that can be offered in TLS 1.3, with an in window that takes the certificates of a test whole.</summary>
    public static readonly Profile Only13 = ScriptedClient.Everything with
    {
        Versions = TlsVersions.Tls13,
        InWindowBytes = 8192,
    };

    /// <summary>The same with TLS 1.2 beside it.</summary>
    public static readonly Profile Both = Only13 with { Versions = TlsVersions.Tls12 | TlsVersions.Tls13 };

    /// <summary>Runs a handshake that must end in exactly this fault.</summary>
    public static void Fails(
        ScriptedServer13 server, FaultReason reason, AlertDescription? alert, Phase phase, uint expected = 0, uint actual = 0, ScriptedClient? client = null)
    {
        using (server)
        {
            client = (client ?? new ScriptedClient { Profile = Both }).Prepare();
            Assert.Equal(TlsStatus.Faulted, client.Connect(server));
            Check(client, server, reason, alert, phase, expected, actual);
        }
    }

    /// <summary>The fault with all its members; the alert as the last and only thing that went out; no secret; no way back.</summary>
    public static void Check(
        ScriptedClient client, ScriptedServer13 server, FaultReason reason, AlertDescription? alert, Phase phase, uint expected = 0, uint actual = 0)
    {
        Fault fault = client.Fault;
        Assert.Equal((reason, expected, actual, phase), (fault.Reason, fault.Expected, fault.Actual, fault.Phase));
        if (alert is AlertDescription description)
        {
            Assert.Equal((byte)description, fault.Alert);
            Assert.Equal([Wire.Alert, 2, (byte)description], [server.Received[^1].Type, .. server.Received[^1].Content]);
        }
        else
        {
            Assert.DoesNotContain(server.Received, static record => record.Type == Wire.Alert);
        }

        Assert.False(server.SawFinished && phase != Phase.Connected);
        ScriptedFault.StaysFaulted(client);
        ScriptedFault.AssertWiped(client);
    }

    /// <summary>A connection that is complete, with its server.</summary>
    public static (ScriptedClient Client, ScriptedServer13 Server) Connected(ScriptedServer13? server = null, ScriptedClient? client = null)
    {
        server ??= new ScriptedServer13();
        client = (client ?? new ScriptedClient { Profile = Both }).Prepare();
        TlsStatus status = client.Connect(server);
        Assert.True(status == TlsStatus.Complete, $"{status} {client.Fault.Reason} {client.Fault.Expected} {client.Fault.Actual} {client.Fault.Phase}");
        client.Output.Clear();
        return (client, server);
    }

    /// <summary>Reads records that must end the connection in this fault.</summary>
    public static void ReadFails(
        ScriptedClient client, ScriptedServer13 server, byte[] records, FaultReason reason, AlertDescription? alert, uint expected = 0, uint actual = 0)
    {
        Assert.Equal(TlsStatus.Faulted, client.Read(records));
        client.Flush();
        server.Answer(client.Output.ToArray());
        Check(client, server, reason, alert, Phase.Connected, expected, actual);
    }

    /// <summary>Each side says something, and then both end in good order.</summary>
    public static void AssertDataBothWays(ScriptedClient client, ScriptedServer13 server)
    {
        byte[] message = [.. Enumerable.Range(0, 5000).Select(static i => (byte)(i * 7))];
        client.Output.Clear();
        client.Data.Clear();
        Assert.Equal(TlsStatus.Complete, client.Write(message));
        server.Answer(client.Output.ToArray());
        Assert.Equal(message, server.ReceivedData);
        Assert.Equal(TlsStatus.NeedMoreData, client.Read(server.Seal(Wire.ApplicationData, message[..700])));
        Assert.Equal(message[..700], client.Data);
        client.Output.Clear();
        client.Close();
        server.Answer(client.Output.ToArray());
        Assert.Equal([Wire.Alert, 1, 0], [server.Received[^1].Type, .. server.Received[^1].Content]);
        Assert.Equal(TlsStatus.Closed, client.Read(server.Seal(Wire.Alert, [1, 0])));
        ScriptedFault.AssertWiped(client);
    }
}
