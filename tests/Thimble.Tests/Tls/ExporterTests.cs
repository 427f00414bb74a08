using System;
using System.Linq;
using System.Text;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Keying material of both versions (RFC 5705, RFC 8446 §7.5), against servers that compute it with the platform's primitives.</summary>
public sealed class ExporterTests
{
    private static readonly Profile Exports12 = ScriptedClient.Everything with { ExportsKeys = true, AllowLegacyMasterSecret = true };
    private static readonly Profile Exports13 = Scripted13.Both with { ExportsKeys = true };

    public static TheoryData<string, int, int> Requests() => new()
    {
        { "EXPERIMENTAL-thimble", -1, 32 }, { "EXPERIMENTAL-thimble", 0, 32 }, { "EXPERIMENTAL-thimble", 7, 1 }, { "x", 65_535, 48 },
        { "EXPORTER-Channel-Binding", 0, 32 }, { new string('L', 249), 100, 8160 }, { "client finishe", -1, 12 },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public void The_server_exports_the_same_in_TLS_1_2(string label, int contextBytes, int bytes)
    {
        byte[]? context = Context(contextBytes);
        foreach (ushort suite in new[] { ScriptedSuite.EcdsaAes128, ScriptedSuite.EcdsaAes256, ScriptedSuite.EcdsaChaCha })
        {
            (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected(suite, new ScriptedClient { Profile = Exports12, Poison = 0x5A });
            Assert.Equal(server.Export(label, context, bytes), Export(client, label, context, bytes));
            AssertScratchIsGone(client);
            client.Lens().SurveyMemory();
            Assert.InRange(client.Audit[(int)RegionId.ExporterSecret], 101, 112); // a byte in 256 looks like the paint
            ScriptedHandshakeTests.AssertDataBothWays(client, server);
            Assert.Equal(server.Export(label, context, bytes), Export(client, label, context, bytes));
        }
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void The_server_exports_the_same_in_TLS_1_3(string label, int contextBytes, int bytes)
    {
        byte[]? context = Context(contextBytes);
        foreach (ushort suite in new[] { ScriptedKeys13.Aes128, ScriptedKeys13.Aes256, ScriptedKeys13.ChaCha })
        {
            (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected(
                new ScriptedServer13 { Suite = suite, AsksForCertificate = true }, new ScriptedClient { Profile = Exports13 with { Versions = TlsVersions.Tls13 }, Poison = 0x5A, Image = ScriptedIdentity.Of("P-256").Image("P-256") });
            Assert.Equal(server.Export(label, context, bytes), Export(client, label, context, bytes));
            AssertScratchIsGone(client);
            client.Lens().SurveyMemory();
            Assert.InRange(client.Audit[(int)RegionId.ExporterSecret], suite == ScriptedKeys13.Aes256 ? 44 : 29, 48);
            client.Read(server.UpdateKey(1));
            client.Flush();
            Assert.Equal(server.Export(label, context, bytes), Export(client, label, context, bytes)); // keys change, this does not
            Assert.Equal(TlsStatus.Complete, client.Write([1, 2, 3]));
            server.Answer([.. client.Output]);
            Assert.Equal([1, 2, 3], server.ReceivedData);
        }
    }

    [Fact]
    public void A_profile_with_both_versions_exports_in_either()
    {
        (ScriptedClient newer, ScriptedServer13 server13) = Scripted13.Connected(client: new ScriptedClient { Profile = Exports13 });
        Assert.Equal(server13.Export("a label", [1], 20), Export(newer, "a label", [1], 20));
        (ScriptedClient older, ScriptedServer server12) = ScriptedFault.Connected(client: new ScriptedClient { Profile = Exports13 });
        Assert.Equal(server12.Export("a label", [1], 20), Export(older, "a label", [1], 20));
    }

    [Theory]
    [InlineData("")]
    [InlineData("client finished")]
    [InlineData("server finished")]
    [InlineData("master secret")]
    [InlineData("extended master secret")]
    [InlineData("key expansion")]
    [InlineData("key expansion, and more")]
    [InlineData("a tab\t")]
    [InlineData("é")]
    public void A_label_that_is_none_is_refused_in_both_versions(string label)
    {
        Assert.Null(Export(Connected12(), label, null, 32));
        Assert.Null(Export(Connected13(), label, null, 32));
    }

    [Theory]
    [InlineData(250, 0, 32)]
    [InlineData(10, 65_536, 32)]
    [InlineData(10, 0, 0)]
    [InlineData(10, 0, 8161)]
    public void A_length_beyond_what_TLS_allows_is_refused_in_both_versions(int labelBytes, int contextBytes, int bytes)
    {
        Assert.Null(Export(Connected12(), new string('a', labelBytes), new byte[contextBytes], bytes));
        Assert.Null(Export(Connected13(), new string('a', labelBytes), new byte[contextBytes], bytes));
    }

    [Fact]
    public void A_context_that_is_said_not_to_be_there_is_refused()
    {
        byte[] output = new byte[32];
        Assert.False(Connected13().Lens().TryExport("label"u8, [1], hasContext: false, output));
        Assert.Equal(new byte[32], output);
    }

    /// <summary>RULES 16.</summary>
    [Fact]
    public void Without_the_extended_master_secret_there_is_nothing_to_export()
    {
        using var server = new ScriptedServer { ExtendedMasterSecret = false };
        ScriptedClient client = new ScriptedClient { Profile = Exports12 }.Prepare();
        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        Assert.Null(Export(client, "label", null, 32));
        Assert.False(client.Region(RegionId.ExporterSecret).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void Without_the_profile_s_word_there_is_nothing_to_export()
    {
        Assert.Null(Export(ScriptedFault.Connected().Client, "label", null, 32));
        Assert.Null(Export(Scripted13.Connected().Client, "label", null, 32));
    }

    [Fact]
    public void Nothing_is_exported_before_the_handshake_is_complete()
    {
        bool asked = false;
        using var server = new ScriptedServer13 { AsksForCertificate = true };
        ScriptedClient client = new ScriptedClient
        {
            Profile = Exports13,
            Image = ScriptedIdentity.Of("P-256").Image("P-256"),
            Work = 50,
            Observe = c =>
            {
                if (c.Phase != Phase.Connected)
                {
                    asked = true;
                    Assert.Null(Export(c, "label", null, 32));
                }
            },
        }.Prepare();
        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        Assert.True(asked);
        Assert.NotNull(Export(client, "label", null, 32));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_is_exported_from_a_connection_that_is_over_and_its_secret_is_gone(bool fault)
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected(client: new ScriptedClient { Profile = Exports13 });
        byte[] secret = client.Region(RegionId.ExporterSecret)[..32].ToArray();
        Assert.Equal(server.ExporterSecret, secret);
        client.Close();
        client.Read(fault ? [99, 3, 3] : server.Seal(Wire.Alert, [1, 0]));
        client.Flush();
        Assert.Null(Export(client, "label", null, 32));
        Assert.True(client.Memory.IndexOf(secret) < 0);
        ScriptedFault.AssertWiped(client);
    }

    internal static byte[]? Export(ScriptedClient client, string label, byte[]? context, int bytes)
    {
        byte[] output = new byte[bytes];
        bool exported = client.Lens().TryExport(Encoding.UTF8.GetBytes(label), context, context is not null, output);
        Assert.True(exported || !output.AsSpan().ContainsAnyExcept((byte)0));
        return exported ? output : null;
    }

    private static ScriptedClient Connected12() => ScriptedFault.Connected(client: new ScriptedClient { Profile = Exports12 }).Client;

    private static ScriptedClient Connected13() => Scripted13.Connected(client: new ScriptedClient { Profile = Exports13 }).Client;

    private static byte[]? Context(int bytes) => bytes < 0 ? null : [.. Enumerable.Range(0, bytes).Select(static i => (byte)(i * 3))];

    /// <summary>Under an audit, what is wiped shows its paint: a second audit finds nothing written.</summary>
    private static void AssertScratchIsGone(ScriptedClient client)
    {
        ushort[] audit = new ushort[PlanAudit.Length];
        audit[0] = client.Audit[0];
        new PlannedBuffer(client.Memory, audit).Survey();
        Assert.Equal(0, audit[(int)RegionId.AeadScratch]);
    }
}
