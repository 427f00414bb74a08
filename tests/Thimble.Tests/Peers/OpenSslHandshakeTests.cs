using System;
using System.Linq;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.Testing;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>Every chain with every suite, group and kind of client key, against OpenSSL.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class OpenSslHandshakeTests(PeerPki pki)
{
    /// <summary>How the engine is fed varies from suite to suite: whole, in pieces, and by the byte with the least work per call.</summary>
    private static readonly (int PieceBytes, int WorkPerCall)[] Feedings = [(16_384, 0), (61, 300), (1, 1)];

    public static TheoryData<string, string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, string>();
            foreach (string group in (string[])["P-256", "P-384", "X25519"])
            {
                foreach (string chain in (string[])["rsa-1", "rsa-4", "rsa-8", "p256", "p384", "ec-under-rsa"])
                {
                    foreach (string client in (string[])["none", "p256", "rsa"])
                    {
                        cases.Add(chain, group, client);
                    }
                }
            }

            return cases;
        }
    }

    [PeerTheory("openssl")]
    [MemberData(nameof(Cases))]
    public void Every_suite_that_fits_carries_data_both_ways(string chain, string group, string client)
    {
        PeerIdentity server = pki.Server(chain);
        PeerIdentity? device = pki.Client(client);
        ClientSetup setup = ClientSetup.For(server, device);

        // An EC client key must be on a curve of the server's own list.
        string groups = group == "P-256" ? group : group + ":P-256";
        using OpenSslServer peer = OpenSslServer.Start(server, ["-serverpref", "-groups", groups, .. OpenSslServer.DemandClient(pki, device)]);
        CipherSuites[] suites = [.. Enum.GetValues<CipherSuites>().Where(suite => suite != CipherSuites.None && setup.Profile.Suites.HasFlag(suite))];
        Assert.Equal(3, suites.Length);
        foreach ((CipherSuites suite, (int pieceBytes, int workPerCall)) in suites.Zip(Feedings))
        {
            using AuditedClient tls = AuditedClient.To(peer.Port, setup with
            {
                Profile = setup.Profile with { Suites = suite, Groups = GroupOf(group).Offered },
                PieceBytes = pieceBytes,
                WorkPerCall = workPerCall,
            });
            tls.Connect();
            Assert.Equal(NumberOf(suite), tls.Suite);
            Assert.Equal(GroupOf(group).Named, tls.Group);
            Assert.Equal(device is not null, tls.SentClientCertificate);
            foreach (int length in (int[])[1, 511, 512, 3000])
            {
                tls.AssertEchoes(length, reversed: true);
            }

            Assert.True(tls.Close());
            Assert.Equal(FaultReason.None, tls.Fault.Reason);
        }
    }

    /// <summary>OpenSSL demands that the curve of the client's key is among the groups that the client offers.</summary>
    [PeerTheory("openssl")]
    [InlineData("p256", "P-256")]
    [InlineData("p384", "P-384")]
    public void The_clients_key_may_be_on_a_curve_that_nothing_else_needs(string client, string curve)
    {
        PeerIdentity device = pki.Client(client)!;
        ClientSetup setup = ClientSetup.For(pki.Server("rsa-1"), device);
        using OpenSslServer peer = OpenSslServer.Start(
            pki.Server("rsa-1"), ["-serverpref", "-groups", "X25519:" + curve, .. OpenSslServer.DemandClient(pki, device)]);
        using AuditedClient tls = AuditedClient.To(peer.Port, setup with { Profile = setup.Profile with { Groups = Groups.X25519 } });
        tls.Connect();
        Assert.Equal(NamedGroup.X25519, tls.Group);
        Assert.True(tls.SentClientCertificate);
        Assert.True(tls.Close());
    }

    [PeerFact("openssl")]
    public void An_address_serves_as_the_servers_name()
    {
        using OpenSslServer peer = OpenSslServer.Start(pki.Server("p256"));
        using AuditedClient tls = AuditedClient.To(peer.Port, ClientSetup.For(pki.Server("p256")) with { ServerName = "127.0.0.1" });
        tls.Connect();
        Assert.True(tls.Close());
    }

    /// <summary>The numbers that IANA assigned, from RFC 5289 and RFC 7905.</summary>
    private static ushort NumberOf(CipherSuites suite) => suite switch
    {
        CipherSuites.EcdheEcdsaAes128GcmSha256 => 0xC02B,
        CipherSuites.EcdheEcdsaAes256GcmSha384 => 0xC02C,
        CipherSuites.EcdheRsaAes128GcmSha256 => 0xC02F,
        CipherSuites.EcdheRsaAes256GcmSha384 => 0xC030,
        CipherSuites.EcdheRsaChaCha20Poly1305Sha256 => 0xCCA8,
        _ => 0xCCA9,
    };

    private static (Groups Offered, NamedGroup Named) GroupOf(string group) => group switch
    {
        "P-256" => (Groups.Secp256r1, NamedGroup.Secp256r1),
        "P-384" => (Groups.Secp384r1, NamedGroup.Secp384r1),
        _ => (Groups.X25519, NamedGroup.X25519),
    };
}
