using System;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Handshakes of TLS 1.3 that succeed, with a server written from RFC 8446.</summary>
public sealed class Scripted13HandshakeTests
{
    [Theory]
    [InlineData(ScriptedKeys13.Aes128)]
    [InlineData(ScriptedKeys13.Aes256)]
    [InlineData(ScriptedKeys13.ChaCha)]
    [InlineData(ScriptedKeys13.Aes128Ccm)]
    [InlineData(ScriptedKeys13.Aes128Ccm8)]
    public void Each_suite(int suite) => Connects(new ScriptedServer13 { Suite = (ushort)suite });

    [Theory]
    [InlineData(Groups.X25519, ScriptedGroup.Curve25519)]
    [InlineData(Groups.Secp256r1, ScriptedGroup.P256)]
    [InlineData(Groups.Secp384r1, ScriptedGroup.P384)]
    public void Each_group_offered_at_once(Groups groups, int group)
    {
        using var server = new ScriptedServer13 { Group = (ushort)group };
        Connects(server, new ScriptedClient { Profile = Scripted13.Only13 with { Groups = groups } });
        Assert.Single(server.ClientHellos);
    }

    /// <summary>TLS 1.2 has one list for all uses (RFC 8422 §5.1), and TLS 1.3 reads it too: so its first curve has a share.</summary>
    [Fact]
    public void A_curve_that_is_offered_for_keys_only_serves_the_agreement_of_both_versions()
    {
        ScriptedClient Client() => new() { Profile = Scripted13.Both with { Groups = Groups.None, MaxEcdsaBits = 256, ClientEcdsaBits = 0 } };
        using var server = new ScriptedServer13 { Group = ScriptedGroup.P256 };
        Connects(server, Client());
        Assert.Single(server.ClientHellos);
        using var older = new ScriptedServer { Group = ScriptedGroup.P256, SessionId = [] };
        ScriptedClient client = Client().Prepare();
        Assert.Equal(TlsStatus.Complete, client.Connect(older));
        ScriptedClient only13 = new ScriptedClient { Profile = Scripted13.Only13 with { Groups = Groups.None } }.Prepare();
        Assert.Equal((TlsStatus.Faulted, FaultReason.ProfileOffersNothing), (only13.Handshake(default), only13.Fault.Reason));
    }

    [Theory]
    [InlineData(ScriptedGroup.P256, ScriptedKeys13.Aes128)]
    [InlineData(ScriptedGroup.P384, ScriptedKeys13.Aes256)]
    [InlineData(ScriptedGroup.P384, ScriptedKeys13.ChaCha)]
    public void Each_group_after_a_retry(int group, int suite)
    {
        using var server = new ScriptedServer13 { Group = (ushort)group, Suite = (ushort)suite };
        Connects(server);
        Assert.Equal(2, server.ClientHellos.Count);
    }

    [Theory]
    [InlineData(ScriptedGroup.Curve25519, 1)]
    [InlineData(ScriptedGroup.Curve25519, 500)]
    [InlineData(ScriptedGroup.P256, 32)]
    public void A_cookie_comes_back_with_the_same_share_or_another_one(int group, int bytes) => Connects(
        new ScriptedServer13 { Group = (ushort)group, Cookie = [.. Enumerable.Range(0, bytes).Select(static i => (byte)(i + 1))] });

    [Theory]
    [InlineData("P-256", 0x0403)]
    [InlineData("P-384", 0x0503)]
    [InlineData("RSA-2048", 0x0804)]
    [InlineData("RSA-2048", 0x0805)]
    [InlineData("RSA-2048", 0x0806)]
    public void Each_signature_scheme_of_the_server(string kind, int scheme) => Connects(
        new ScriptedServer13 { Identity = ScriptedIdentity.Of(kind), Scheme = scheme }, new ScriptedClient { Profile = Scripted13.Only13, Image = ScriptedIdentity.Of(kind).Image(null) });

    [Theory]
    [InlineData("P-256", new[] { 0x0403 })]
    [InlineData("P-384", new[] { 0x0403, 0x0503 })]
    [InlineData("RSA-2048", new[] { 0x0401, 0x0804 })]
    [InlineData("RSA-2048", new[] { 0x0806 })]
    [InlineData(null, new[] { 0x0403 })]
    public void Each_client_key_and_none(string? kind, int[] schemes)
    {
        using var server = new ScriptedServer13 { AsksForCertificate = true, RequestedSchemes = schemes };
        Connects(server, new ScriptedClient { Profile = Scripted13.Both, Image = ScriptedIdentity.Of("P-256").Image(kind) });
        Assert.Equal((true, kind is not null), (server.SawClientCertificate, server.SawCertificateVerify));
    }

    [Fact]
    public void A_certificate_request_with_a_retry_and_other_extensions() => Connects(
        new ScriptedServer13
        {
            Group = ScriptedGroup.P256, AsksForCertificate = true, RequestExtensions = static list => { list.Insert(0, (47, new byte[300])); list.Add((50, [0, 2, 4, 3])); },
        },
        new ScriptedClient { Profile = Scripted13.Both, Image = ScriptedIdentity.Of("P-256").Image("P-256") });

    [Fact]
    public void Alpn_is_read_from_the_encrypted_extensions()
    {
        using var server = new ScriptedServer13 { Alpn = "mqtt" };
        (ScriptedClient client, _) = Scripted13.Connected(server, new ScriptedClient { Profile = Scripted13.Both, Alpn = "mqtt" });
        Assert.True(client.Lens().AlpnNegotiated);
        Assert.Equal(TlsVersions.Tls13, client.Lens().Version);
    }

    [Fact]
    public void Max_fragment_length_binds_in_both_directions()
    {
        using var server = new ScriptedServer13 { EncryptedExtensions = static list => list.Add((1, [1])) };
        (ScriptedClient client, _) = Scripted13.Connected(server, new ScriptedClient { Profile = Scripted13.Both with { InWindowBytes = 900 } });
        Assert.Equal(TlsStatus.Complete, client.Write(new byte[2000]));
        server.Answer(client.Output.ToArray());
        Assert.Equal(512, server.LongestRecord);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(5000)]
    public void Protected_messages_in_records_of_any_length(int bytes) => Connects(new ScriptedServer13
    {
        AsksForCertificate = true,
        Flight = (server, messages) => Wire.Join(Wire.Join(messages).Chunk(bytes).Select(piece => server.Seal(Wire.Handshake, piece))),
    });

    [Fact]
    public void Server_hello_in_single_bytes_and_padded_records() => Connects(new ScriptedServer13
    {
        HelloRecords = static hello => Wire.Records(Wire.Handshake, hello, 1),
        Flight = static (server, messages) => Wire.Join(messages.Select((m, i) => server.Seal(Wire.Handshake, m, 300 * i))),
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    public void Change_cipher_spec_means_nothing_however_often_it_comes(int times) => Connects(new ScriptedServer13
    {
        HelloRecords = hello => [.. Wire.Record(Wire.Handshake, hello), .. Wire.Join(Enumerable.Repeat(Wire.Record(Wire.ChangeCipherSpec, [1]), times))],
        Flight = static (server, messages) => Wire.Join(messages.Select(m => (byte[])[.. Wire.Record(Wire.ChangeCipherSpec, [1]), .. server.Seal(Wire.Handshake, m)])),
    });

    [Fact]
    public void A_client_that_offers_both_talks_to_a_server_of_TLS_1_2()
    {
        using var server = new ScriptedServer { AsksForCertificate = true };
        ScriptedClient client = new ScriptedClient { Profile = Scripted13.Both, Image = ScriptedIdentity.Of("P-256").Image("P-256") }.Prepare();
        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        Assert.Equal(TlsVersions.Tls12, client.Lens().Version);
        ScriptedHandshakeTests.AssertDataBothWays(client, server);
    }

    [Fact]
    public void Little_work_and_little_room_for_each_call() => Connects(
        new ScriptedServer13 { Group = ScriptedGroup.P256, AsksForCertificate = true },
        new ScriptedClient { Profile = Scripted13.Both with { OutWindowBytes = 64 }, Image = ScriptedIdentity.Of("P-256").Image("P-256"), Work = 1, DestinationBytes = 3 });

    [Fact]
    public void The_hello_offers_what_the_profile_says_and_hides_as_a_resumption()
    {
        using var server = new ScriptedServer13();
        Scripted13.Connected(server, new ScriptedClient { Profile = Scripted13.Both });
        Assert.Equal([4, 3, 4, 3, 3], server.Offered[43]);
        Assert.Equal([0, 1, 10, 11, 13, 23, 28, 43, 51, 0xFF01], server.Offered.Keys.Order());
        using var only = new ScriptedServer13();
        Scripted13.Connected(only, new ScriptedClient { Profile = Scripted13.Only13 });
        Assert.Equal([2, 3, 4], only.Offered[43]);
        Assert.DoesNotContain(only.Offered.Keys, static type => type is 11 or 23 or 0xFF01 or 41 or 45 or 42);
    }

    private static void Connects(ScriptedServer13 server, ScriptedClient? client = null)
    {
        using (server)
        {
            (client, _) = Scripted13.Connected(server, client);
            Scripted13.AssertDataBothWays(client, server);
        }
    }

    /// <summary>A server that took its name for an offer could choose no suite of it.</summary>
    [Theory]
    [InlineData(CipherSuites.EcdheEcdsaAes128GcmSha256, TlsVersions.Tls12)]
    [InlineData(CipherSuites.Aes128GcmSha256, TlsVersions.Tls13)]
    public void A_version_without_a_suite_is_not_named(CipherSuites suites, TlsVersions version)
    {
        Profile both = Scripted13.Both with { Suites = suites };
        Assert.Equal(Hello(both with { Versions = version }), Hello(both));
        Assert.NotEqual(Hello(Scripted13.Both), Hello(Scripted13.Both with { Versions = version }));

        static byte[] Hello(Profile profile)
        {
            ScriptedClient client = new ScriptedClient { Profile = profile }.Prepare();
            while (client.Handshake(default) == TlsStatus.MoreWork)
            {
            }

            return [.. client.Output];
        }
    }
}
