using System;
using System.Linq;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Tests.X509;

namespace Thimble.Tests.Peers;

/// <summary>The platform's own TLS as a server that demands one client's certificate.</summary>
internal static class PlatformServer
{
    /// <summary>Takes one connection, and sends everything back until the client closes.</summary>
    public static Task Serve(TcpListener listener, PeerIdentity server, PeerIdentity device, SslProtocols version, CancellationToken stop) =>
        Serve(listener, Options(server, device, version), stop);

    /// <summary>The same with the platform's own options.</summary>
    public static async Task Serve(TcpListener listener, SslServerAuthenticationOptions options, CancellationToken stop)
    {
        using TcpClient accepted = await listener.AcceptTcpClientAsync(stop);
        await using var tls = new SslStream(accepted.GetStream());
        await tls.AuthenticateAsServerAsync(options, stop);
        byte[] received = new byte[4096];
        for (int read; (read = await tls.ReadAsync(received, stop)) > 0;)
        {
            await tls.WriteAsync(received.AsMemory(0, read), stop);
        }

        await tls.ShutdownAsync();
    }

    private static SslServerAuthenticationOptions Options(PeerIdentity server, PeerIdentity device, SslProtocols version) => new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(
            WithKey(server.Leaf), [.. server.Chain.Skip(1).Select(issuer => issuer.Certificate)], offline: true),
        EnabledSslProtocols = version,
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            certificate is not null && certificate.GetRawCertData().AsSpan().SequenceEqual(device.Leaf.Der),
    };

    /// <summary>The certificate with its key, as the platform wants it.</summary>
    public static X509Certificate2 WithKey(TestCertificate leaf) => leaf.Key is RSA rsa
        ? leaf.Certificate.CopyWithPrivateKey(rsa)
        : leaf.Certificate.CopyWithPrivateKey((ECDsa)leaf.Key);
}
