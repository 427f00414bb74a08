using System;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Memory;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>The platform's own TLS as the server, in this process.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class SslStreamTests(PeerPki pki)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("rsa-1", "p256", SslProtocols.Tls12)]
    [InlineData("rsa-4", "rsa", SslProtocols.Tls12)]
    [InlineData("p256", "p256", SslProtocols.Tls12)]
    [InlineData("p384", "rsa", SslProtocols.Tls12)]
    [InlineData("ec-under-rsa", "p256", SslProtocols.Tls12)]
    [InlineData("rsa-4", "p256", SslProtocols.Tls13)]
    [InlineData("p256", "rsa", SslProtocols.Tls13)]
    [InlineData("p384", "p256", SslProtocols.Tls13)]
    [InlineData("p256", "ed25519", SslProtocols.Tls13)]
    public async Task Data_is_echoed_over_mutual_TLS(string chain, string client, SslProtocols version)
    {
        PeerIdentity server = pki.Server(chain);
        PeerIdentity device = pki.Client(client)!;
        using var patience = new CancellationTokenSource(Patience);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = PlatformServer.Serve(listener, server, device, version, patience.Token);

        // The engine is asked synchronously, on a thread of its own.
        await Task.Run(() => Talk(((IPEndPoint)listener.LocalEndpoint).Port, server, device, version), patience.Token);
        await serving;
    }

    /// <summary>Where the platform's server issues tickets, as that of Linux does, they serve.</summary>
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_session_goes_on(SslProtocols version)
    {
        PeerIdentity server = pki.Server("p256");
        using var patience = new CancellationTokenSource(Patience);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        SslServerAuthenticationOptions options = new()
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(
                PlatformServer.WithKey(server.Leaf), [.. server.Chain.Skip(1).Select(issuer => issuer.Certificate)], offline: true),
            EnabledSslProtocols = version,
        };
        Task serving = Task.Run(async () =>
        {
            await PlatformServer.Serve(listener, options, patience.Token);
            await PlatformServer.Serve(listener, options, patience.Token);
        });
        await Task.Run(() => GoOn(((IPEndPoint)listener.LocalEndpoint).Port, server), patience.Token);
        await serving;
    }

    private static void GoOn(int port, PeerIdentity server)
    {
        ClientSetup setup = ClientSetup.For(server);
        setup = setup with { Profile = setup.Profile.Offering(TlsVersions.Tls12 | TlsVersions.Tls13) };
        byte[] session = [];
        foreach (bool resumed in new[] { false, true })
        {
            using AuditedClient tls = AuditedClient.To(port, setup with { Session = session, Profile = setup.Profile with { MaxTicketBytes = 2048, InWindowBytes = 16_384 } });
            tls.Connect();
            Assert.Equal(resumed && OperatingSystem.IsLinux(), tls.Resumed);
            tls.AssertEchoes(500, reversed: false);
            Assert.True(tls.HasSession || !OperatingSystem.IsLinux());
            session = tls.HasSession ? tls.TakeSession() : [];
            Assert.True(tls.Close());
        }
    }

    private static void Talk(int port, PeerIdentity server, PeerIdentity device, SslProtocols version)
    {
        ClientSetup setup = ClientSetup.For(server, device);
        Profile both = setup.Profile.Offering(TlsVersions.Tls12 | TlsVersions.Tls13) with { InWindowBytes = 16_384 };
        using AuditedClient tls = AuditedClient.To(port, version == SslProtocols.Tls13 ? setup with { Profile = both } : setup);
        tls.Connect();
        Assert.True(tls.SentClientCertificate);
        Assert.Equal(version == SslProtocols.Tls13, tls.Suite >> 8 == 0x13);
        foreach (int length in (int[])[1, 511, 512, 5000])
        {
            tls.AssertEchoes(length, reversed: false);
        }

        Assert.True(tls.Close());
        Assert.Equal(FaultReason.None, tls.Fault.Reason);
    }
}
