using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>The secrets that a host may ask for, and what happens where it gives too little room for them.</summary>
public sealed class KeyLogTests
{
    [Fact]
    public void TLS_1_2_gives_the_client_s_random_and_the_master_secret()
    {
        byte[] log = new byte[1024];
        (_, ScriptedServer server) = ScriptedFault.Connected(client: new ScriptedClient { KeyLog = log });
        Assert.Equal([(KeyLogLabel.Random, Hex(server.ClientRandom)), (KeyLogLabel.MasterSecret, Hex(server.MasterSecret))], Read(log));
    }

    [Theory]
    [InlineData(ScriptedKeys13.Aes128)]
    [InlineData(ScriptedKeys13.Aes256)]
    public void TLS_1_3_gives_every_traffic_secret_and_the_exporter_s_where_it_is_kept(ushort suite)
    {
        foreach (bool exports in new[] { false, true })
        {
            byte[] log = new byte[1024];
            (_, ScriptedServer13 server) = Scripted13.Connected(
                new ScriptedServer13 { Suite = suite }, new ScriptedClient { Profile = Scripted13.Both with { ExportsKeys = exports }, KeyLog = log });
            List<(KeyLogLabel Label, string Secret)> read = Read(log);
            KeyLogLabel[] labels =
            [
                KeyLogLabel.Random, KeyLogLabel.ClientHandshakeTrafficSecret, KeyLogLabel.ServerHandshakeTrafficSecret, KeyLogLabel.ServerTrafficSecret, KeyLogLabel.ClientTrafficSecret,
            ];
            Assert.Equal(exports ? [.. labels, KeyLogLabel.ExporterSecret] : labels, read.Select(static entry => entry.Label));
            Assert.Equal(Hex(server.ClientHellos[0].AsSpan(2, 32)), read[0].Secret);
            Assert.Equal((Hex(server.ApplicationSecrets.Server), Hex(server.ApplicationSecrets.Client)), (read[3].Secret, read[4].Secret));
            Assert.Equal(exports ? Hex(server.ExporterSecret) : read[^1].Secret, read[^1].Secret);
        }
    }

    [Fact]
    public void No_call_leaves_more_than_it_may()
    {
        byte[] log = new byte[KeyLog.BytesPerCall];
        var all = new List<KeyLogLabel>();
        Scripted13.Connected(
            new ScriptedServer13 { Suite = ScriptedKeys13.Aes256 },
            new ScriptedClient
            {
                Profile = Scripted13.Both with { ExportsKeys = true },
                KeyLog = log,
                Observe = _ =>
                {
                    all.AddRange(Read(log).Select(static entry => entry.Label));
                    KeyLog.Clear(log);
                },
            });
        Assert.Equal(6, all.Count);
    }

    [Fact]
    public void What_does_not_fit_is_left_out_and_the_connection_goes_on()
    {
        for (int bytes = 0; bytes < 120; bytes++)
        {
            byte[] log = new byte[bytes];
            (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected(client: new ScriptedClient { KeyLog = log });
            Assert.Equal(bytes < 36 ? 0 : bytes < 86 ? 1 : 2, bytes < 2 ? 0 : Read(log).Count);
            ScriptedHandshakeTests.AssertDataBothWays(client, server);
        }
    }

    private static List<(KeyLogLabel Label, string Secret)> Read(byte[] bytes)
    {
        var read = new List<(KeyLogLabel, string)>();
        var log = new KeyLog(bytes);
        while (log.TryNext(out KeyLogLabel label, out ReadOnlySpan<byte> secret))
        {
            read.Add((label, Hex(secret)));
        }

        return read;
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes);
}
