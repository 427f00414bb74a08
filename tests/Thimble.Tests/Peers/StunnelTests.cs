using System;
using Thimble.Memory;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>stunnel, in front of a program that sends back what it hears.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class StunnelTests(PeerPki pki)
{
    private const int Port = 5558;

    [NamespaceTheory("stunnel4", "cat", "ip")]
    [InlineData("rsa-4", "p256", TlsVersions.Tls12)]
    [InlineData("rsa-4", "p256", TlsVersions.Tls13)]
    [InlineData("p384", "rsa", TlsVersions.Tls13)]
    [InlineData("p256", "p384", TlsVersions.Tls12)]
    public void Data_is_echoed_over_mutual_TLS(string chain, string client, TlsVersions version)
    {
        PeerIdentity server = pki.Server(chain);
        PeerIdentity device = pki.Client(client)!;
        using var network = new NetworkNamespace();
        using PeerProcess peer = network.Start("stunnel4", pki.WriteFile(Configuration(server, version)));
        peer.WaitFor("Configuration successful");
        ClientSetup setup = ClientSetup.For(server, device);
        using var tls = new AuditedClient(setup with { Profile = setup.Profile.Offering(version) with { InWindowBytes = 16_384 } }, network.ConnectWhenListening(Port));
        tls.Connect();
        Assert.True(tls.SentClientCertificate);
        foreach (int length in (int[])[1, 511, 512, 5000])
        {
            tls.AssertEchoes(length, reversed: false);
        }

        Assert.True(tls.Close());
        Assert.Equal(FaultReason.None, tls.Fault.Reason);
    }

    /// <summary>It sends an alert and says in its log why.</summary>
    [NamespaceFact("stunnel4", "cat", "ip")]
    public void A_stranger_hears_why_it_is_refused()
    {
        PeerIdentity server = pki.Server("p256");
        using var network = new NetworkNamespace();
        using PeerProcess peer = network.Start("stunnel4", pki.WriteFile(Configuration(server, TlsVersions.Tls12)));
        peer.WaitFor("Configuration successful");
        using var tls = new AuditedClient(ClientSetup.For(server, pki.Client("stranger")), network.ConnectWhenListening(Port));
        Assert.Equal(FaultReason.AlertReceived, tls.Handshake());
        Assert.Contains("unknown_ca", tls.Explanation, StringComparison.Ordinal);
        peer.WaitFor("certificate verify failed");
    }

    private string Configuration(PeerIdentity server, TlsVersions version) => $"""
        foreground = yes
        pid =
        syslog = no
        debug = 5
        [echo]
        accept = 127.0.0.1:{Port}
        exec = {Testing.Peers.Find("cat")}
        execArgs = cat
        sslVersion = {(version == TlsVersions.Tls12 ? "TLSv1.2" : "TLSv1.3")}
        cert = {server.ChainFile}
        key = {server.KeyFile}
        CAfile = {pki.ClientRootFile}
        verifyChain = yes

        """;
}
