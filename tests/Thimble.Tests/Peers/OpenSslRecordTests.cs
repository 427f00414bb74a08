using System;
using System.Linq;
using Thimble.Memory;
using Thimble.Testing;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>How records are cut, how connections end, and what comes between, with OpenSSL.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class OpenSslRecordTests(PeerPki pki)
{
    private const string SmallFragments = "-max_send_frag 512 -split_send_frag 512";

    [PeerTheory("openssl")]
    [InlineData("rsa-8", SmallFragments, 16_384)]
    [InlineData("rsa-long", SmallFragments, 16_384)]
    [InlineData("rsa-long", SmallFragments, 3)]
    [InlineData("rsa-long", "", 16_384)]
    [InlineData("rsa-long", "", 100)]
    public void A_chain_may_come_in_records_of_any_size(string chain, string options, int pieceBytes)
    {
        PeerIdentity server = pki.Server(chain);
        ClientSetup setup = ClientSetup.For(server);

        // Without max_fragment_length OpenSSL fills records of 16 kB.
        setup = setup with { PieceBytes = pieceBytes, Profile = setup.Profile with { InWindowBytes = 511 } };
        Assert.True(chain != "rsa-long" || server.ChainBytes > 16_384, "The chain is meant to be longer than a record.");
        using OpenSslServer peer = OpenSslServer.Start(server, options.Split(' ').Where(option => option.Length > 0));
        using AuditedClient tls = AuditedClient.To(peer.Port, setup);
        tls.Connect();
        tls.AssertEchoes(400, reversed: true);
        Assert.True(tls.Close());
    }

    [PeerFact("openssl")]
    public void The_plan_does_not_grow_with_the_chain()
    {
        int one = MemoryPlan.For(ClientSetup.For(pki.Server("rsa-1")).Profile).TotalBytes;
        Assert.Equal(one, MemoryPlan.For(ClientSetup.For(pki.Server("rsa-8")).Profile).TotalBytes);
        Assert.Equal(one, MemoryPlan.For(ClientSetup.For(pki.Server("rsa-long")).Profile).TotalBytes);
    }

    [PeerTheory("openssl")]
    [InlineData(511)]
    [InlineData(512)]
    public void A_record_above_the_window_is_refused_unless_the_server_agreed_to_its_size(int windowBytes)
    {
        PeerIdentity server = pki.Server("p256");
        ClientSetup setup = ClientSetup.For(server);
        using OpenSslServer peer = OpenSslServer.Start(server);
        using AuditedClient tls = AuditedClient.To(peer.Port, setup with { Profile = setup.Profile with { InWindowBytes = windowBytes } });
        tls.Connect();
        if (windowBytes == 512)
        {
            tls.AssertEchoes(2000, reversed: true);
            return;
        }

        tls.WriteLine(new string('x', 2000));
        Assert.Equal(-1, tls.Read(new byte[4096]));
        Assert.Equal((FaultReason.RecordLargerThanWindow, 511u, 2001u), (tls.Fault.Reason, tls.Fault.Expected, tls.Fault.Actual));
    }

    [PeerTheory("openssl")]
    [InlineData("mqtt", "mqtt", true)]
    [InlineData("h2,mqtt", "mqtt", true)]
    [InlineData("", "mqtt", false)]
    [InlineData("mqtt", "", false)]
    public void An_application_protocol_is_agreed_or_not(string server, string client, bool agreed)
    {
        string[] options = server.Length == 0 ? [] : ["-alpn", server];
        using OpenSslServer peer = OpenSslServer.Start(pki.Server("p256"), options);
        using AuditedClient tls = AuditedClient.To(peer.Port, ClientSetup.For(pki.Server("p256")) with { Alpn = client });
        tls.Connect();
        Assert.Equal(agreed, tls.AlpnNegotiated);
        Assert.True(tls.Close());
    }

    [PeerFact("openssl")]
    public void The_server_may_close_first()
    {
        using OpenSslServer peer = OpenSslServer.Start(pki.Server("p256"));
        using AuditedClient tls = AuditedClient.To(peer.Port, ClientSetup.For(pki.Server("p256")));
        tls.Connect();
        tls.WriteLine("CLOSE");
        Assert.Equal(0, tls.Read(new byte[100]));
        Assert.Equal(FaultReason.None, tls.Fault.Reason);
        peer.Process.WaitFor("CONNECTION CLOSED");
    }

    [PeerFact("openssl")]
    public void The_client_may_close_first()
    {
        using OpenSslServer peer = OpenSslServer.Start(pki.Server("p256"));
        using AuditedClient tls = AuditedClient.To(peer.Port, ClientSetup.For(pki.Server("p256")));
        tls.Connect();
        Assert.True(tls.Close());
        peer.Process.WaitFor("CONNECTION CLOSED");
        Assert.DoesNotContain("error", peer.Process.Output, StringComparison.Ordinal);
    }

    [PeerFact("openssl")]
    public void A_server_that_dies_has_cut_the_data_off()
    {
        using OpenSslServer peer = OpenSslServer.Start(pki.Server("p256"));
        using AuditedClient tls = AuditedClient.To(peer.Port, ClientSetup.For(pki.Server("p256")));
        tls.Connect();
        tls.AssertEchoes(20, reversed: true);
        peer.Process.Kill();
        Assert.Equal(-1, tls.Read(new byte[100]));
        Assert.Equal(FaultReason.TruncatedByPeer, tls.Fault.Reason);
    }

    [PeerTheory("openssl")]
    [InlineData("r")]
    [InlineData("R")]
    public void A_request_to_renegotiate_is_ignored_and_the_connection_goes_on(string command)
    {
        using OpenSslServer peer = OpenSslServer.StartInteractive(pki.Server("p256"), "-msg");
        using AuditedClient tls = AuditedClient.To(peer.Port, ClientSetup.For(pki.Server("p256")));
        tls.Connect();
        tls.WriteLine("before");
        peer.Process.WaitFor("(?m)^before$");
        peer.Process.Input.WriteLine("first");
        peer.Process.Input.Flush();
        Assert.Equal("first\n", tls.ReadText(6));

        // RFC 5246 §7.4.1.1: a client may ignore HelloRequest.
        peer.Process.Input.WriteLine(command);
        peer.Process.Input.Flush();
        peer.Process.WaitFor("HelloRequest");
        peer.Process.Input.WriteLine("second");
        peer.Process.Input.Flush();
        Assert.Equal("second\n", tls.ReadText(7));
        tls.WriteLine("after");
        peer.Process.WaitFor("(?m)^after$");
    }
}
