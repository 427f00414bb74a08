using System;
using System.Linq;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Handshakes that succeed, in every combination of what can be negotiated.</summary>
public sealed class ScriptedHandshakeTests
{
    public static TheoryData<ushort, ushort, string?, bool> Combinations()
    {
        var data = new TheoryData<ushort, ushort, string?, bool>();
        foreach (ushort suite in new ushort[] { 0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8 })
        {
            foreach (ushort group in new[] { ScriptedGroup.P256, ScriptedGroup.P384, ScriptedGroup.Curve25519 })
            {
                foreach (string? client in new[] { null, "P-256", "P-384", "RSA-2048" })
                {
                    data.Add(suite, group, client, true);
                    data.Add(suite, group, client, false);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Every_suite_group_client_key_and_master_secret_connects(ushort suite, ushort group, string? clientKind, bool extendedMasterSecret)
    {
        ScriptedIdentity identity = ScriptedIdentity.Of(suite is 0xC02F or 0xC030 or 0xCCA8 ? "RSA-2048" : "P-256");
        using var server = new ScriptedServer
        {
            Suite = suite, Group = group, Identity = identity, AsksForCertificate = clientKind is not null, ExtendedMasterSecret = extendedMasterSecret,
        };
        var client = new ScriptedClient { Image = identity.Image(clientKind), Profile = ScriptedClient.Everything with { AllowLegacyMasterSecret = true } }.Prepare();

        Assert.Equal((TlsStatus.Complete, FaultReason.None), (client.Connect(server), client.Fault.Reason));

        TlsClient lens = client.Lens();
        Assert.Equal(suite, lens.Suite);
        Assert.Equal((NamedGroup)group, lens.Group);
        Assert.Equal(clientKind is not null, lens.SentClientCertificate);
        Assert.Equal(clientKind is not null, server.SawCertificateVerify);
        Assert.True(server.SawFinished);
        AssertDataBothWays(client, server);
    }

    [Theory]
    [InlineData(ScriptedSuite.EcdsaAes128Ccm)]
    [InlineData(ScriptedSuite.EcdsaAes256Ccm)]
    [InlineData(ScriptedSuite.EcdsaAes128Ccm8)]
    [InlineData(ScriptedSuite.EcdsaAes256Ccm8)]
    public void Every_suite_of_CCM_connects(ushort suite)
    {
        using var server = new ScriptedServer { Suite = suite, AsksForCertificate = true };
        var client = new ScriptedClient { Image = ScriptedIdentity.Of("P-256").Image("P-256") }.Prepare();
        Assert.Equal((TlsStatus.Complete, FaultReason.None), (client.Connect(server), client.Fault.Reason));
        Assert.Equal((suite, true), (client.Lens().Suite, server.SawFinished));
        AssertDataBothWays(client, server);
    }

    [Theory]
    [InlineData("P-256", 0x0403)]
    [InlineData("P-256", 0x0503)]
    [InlineData("P-256", 0x0603)]
    [InlineData("P-384", 0x0403)]
    [InlineData("P-384", 0x0503)]
    [InlineData("P-384", 0x0603)]
    [InlineData("RSA-2048", 0x0804)]
    [InlineData("RSA-2048", 0x0805)]
    [InlineData("RSA-2048", 0x0806)]
    [InlineData("RSA-2048", 0x0401)]
    [InlineData("RSA-2048", 0x0501)]
    [InlineData("RSA-2048", 0x0601)]
    public void Every_offered_scheme_may_sign_the_key_exchange(string kind, int scheme)
    {
        ScriptedIdentity identity = ScriptedIdentity.Of(kind);
        using var server = new ScriptedServer { Suite = identity.IsRsa ? ScriptedSuite.RsaAes128 : ScriptedSuite.EcdsaAes128, Identity = identity, Scheme = (ushort)scheme };
        var client = new ScriptedClient { Image = identity.Image(null) }.Prepare();

        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        Assert.Contains(Convert.ToHexString(Wire.U16(scheme)), Convert.ToHexString(server.ClientHello));
    }

    [Theory]
    [InlineData("P-256", new[] { 0x0403 }, true)]
    [InlineData("P-256", new[] { 0x0503 }, true)]
    [InlineData("RSA-2048", new[] { 0x0401 }, true)]
    [InlineData("RSA-2048", new[] { 0x0501 }, true)]
    [InlineData("RSA-2048", new[] { 0x0805 }, true)]
    [InlineData("P-256", new[] { 0x0403 }, false)]
    [InlineData("RSA-2048", new[] { 0x0203, 0x0401 }, false)]
    public void The_client_signs_with_what_the_server_accepts(string kind, int[] accepted, bool second)
    {
        using var server = new ScriptedServer { AsksForCertificate = true, RequestedSchemes = accepted };
        var client = new ScriptedClient { Image = ScriptedIdentity.Of("P-256").Image(kind), Profile = ScriptedClient.Everything with { SecondTranscript = second } }.Prepare();

        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        Assert.True(server.SawCertificateVerify);
    }

    [Fact]
    public void A_client_without_a_certificate_sends_an_empty_list()
    {
        using var server = new ScriptedServer { AsksForCertificate = true };
        var client = new ScriptedClient().Prepare();

        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        Assert.True(server.SawClientCertificate);
        Assert.False(server.SawCertificateVerify);
        Assert.False(client.Lens().SentClientCertificate);
    }

    [Theory]
    [InlineData("mqtt", true)]
    [InlineData(null, false)]
    public void Alpn_is_negotiated_where_the_server_takes_it(string? chosen, bool negotiated)
    {
        using var server = new ScriptedServer { Alpn = chosen };
        var client = new ScriptedClient { Alpn = "mqtt" }.Prepare();

        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        Assert.Equal(negotiated, client.Lens().AlpnNegotiated);
    }

    [Theory]
    [InlineData(1024, 2, 1024)]
    [InlineData(1023, 1, 512)]
    [InlineData(512, 1, 512)]
    [InlineData(4096, 4, 4096)]
    [InlineData(8192, 4, 4096)]
    public void Max_fragment_length_binds_what_the_client_sends(int window, byte code, int limit)
    {
        using var server = new ScriptedServer { MaxFragmentLength = code, AsksForCertificate = true };
        var client = new ScriptedClient
        {
            Image = ScriptedIdentity.Of("P-256").Image("RSA-2048"),
            Profile = ScriptedClient.Everything with { InWindowBytes = window, OutWindowBytes = 5000 },
        }.Prepare();

        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        byte[] data = new byte[9000];
        Assert.Equal(TlsStatus.Complete, client.Write(data));
        server.Answer(client.Output.ToArray().AsSpan()[^(9000 + (29 * ((9000 + limit - 1) / limit)))..]);
        Assert.Equal(data, server.ReceivedData);
        Assert.Equal(limit, server.LongestRecord);
    }

    [Theory]
    [InlineData(511)]
    [InlineData(16384)]
    public void Max_fragment_length_is_not_offered_where_it_does_not_help(int window)
    {
        using var server = new ScriptedServer();
        var client = new ScriptedClient { Profile = ScriptedClient.Everything with { InWindowBytes = window } }.Prepare();

        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        Assert.DoesNotContain("0001000101", Convert.ToHexString(server.ClientHello.AsSpan(40)));
    }

    [Fact]
    public void The_session_id_may_have_any_length_that_is_legal()
    {
        for (int length = 0; length <= 32; length++)
        {
            using var server = new ScriptedServer { SessionId = new byte[length] };
            Assert.Equal(TlsStatus.Complete, new ScriptedClient().Prepare().Connect(server));
        }
    }

    internal static void AssertDataBothWays(ScriptedClient client, ScriptedServer server)
    {
        byte[] toServer = [.. Enumerable.Range(0, 2500).Select(static i => (byte)(i * 7))];
        byte[] toClient = [.. Enumerable.Range(0, 1500).Select(static i => (byte)(i * 11))];
        int heard = client.Output.Count;
        Assert.Equal(TlsStatus.Complete, client.Write(toServer));
        server.Answer(client.Output.ToArray().AsSpan(heard));
        Assert.Equal(toServer, server.ReceivedData);

        byte[] records = Wire.Join(toClient.Chunk(700).Select(part => server.Seal(Wire.ApplicationData, part)));
        Assert.Equal(TlsStatus.NeedMoreData, client.Read(records));
        Assert.Equal(toClient, client.Data.ToArray());
    }
}
