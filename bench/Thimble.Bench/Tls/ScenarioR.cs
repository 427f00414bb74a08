using System;
using System.IO;
using System.Linq;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Thimble.Cli.Demo;
using Thimble.Memory;

namespace Thimble.Bench.Tls;

/// <summary>
/// Scenario R of the design: four RSA-2048 certificates of 4,924 bytes, ECDHE P-256, AES-128-GCM, and a client key on
/// P-256. The server is always the platform's, in this process and on a thread of its own.
/// </summary>
internal sealed class ScenarioR
{
    private static readonly Lazy<ScenarioR> s_shared = new(() => new ScenarioR());

    private static readonly CipherSuitesPolicy Suite = OperatingSystem.IsLinux()
        ? new CipherSuitesPolicy([TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256])
        : throw new PlatformNotSupportedException("The platform's TLS takes a cipher suite on Linux only.");

    private readonly DemoPki _pki = DemoPki.Create(DemoKeys.Rsa2048, DemoKeys.P256, DateTimeOffset.UtcNow);
    private readonly Credentials _credentials;
    private readonly SslServerAuthenticationOptions _serverOptions;

    private ScenarioR()
    {
        _credentials = _pki.ClientCredentials();
        X509Certificate2 clientCertificate = _pki.ClientCertificate.CopyWithPrivateKey((ECDsa)_pki.ClientKey);
        _serverOptions = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = _pki.ServerContext(),
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
            EnabledSslProtocols = SslProtocols.Tls12,
            CipherSuitesPolicy = Suite,
            AllowTlsResume = false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        ClientOptions = new SslClientAuthenticationOptions
        {
            TargetHost = DemoPki.ServerName,
            ClientCertificateContext = SslStreamCertificateContext.Create(clientCertificate, null, offline: true),
            CertificateChainPolicy = AnchorOnly(),
            EnabledSslProtocols = SslProtocols.Tls12,
            CipherSuitesPolicy = Suite,
            AllowTlsResume = false,
        };
    }

    /// <summary>The one of this process: making seven keys takes a while.</summary>
    public static ScenarioR Shared => s_shared.Value;

    /// <summary>What the platform's client is told.</summary>
    public SslClientAuthenticationOptions ClientOptions { get; }

    /// <summary>Thimble's client with the windows of the scenario, or with others.</summary>
    public ThimbleClient CreateClient(int windowBytes = 512)
    {
        Profile profile = _credentials.Fit(Profiles.Rsa2048.Profile with
        {
            Groups = Groups.Secp256r1,
            InWindowBytes = windowBytes,
            OutWindowBytes = windowBytes,
        });
        DateTimeOffset now = DateTimeOffset.UtcNow;
        return new ThimbleClient(profile, _credentials.BuildRomImage(now), DemoPki.ServerName, now.ToUnixTimeSeconds());
    }

    /// <summary>A connection whose server has begun to listen: the client's end, and the server once it is authenticated.</summary>
    public (PipeStream Client, Task<SslStream> Server) Connect()
    {
        var toServer = new MemoryPipe();
        var toClient = new MemoryPipe();
        var server = new SslStream(new PipeStream(toServer, toClient));
        Task<SslStream> accepted = Task.Run(() =>
        {
            server.AuthenticateAsServer(_serverOptions);
            return server;
        });
        return (new PipeStream(toClient, toServer), accepted);
    }

    private X509ChainPolicy AnchorOnly() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { _pki.Anchor },
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };
}
