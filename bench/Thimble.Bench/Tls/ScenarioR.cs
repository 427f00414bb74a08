using System;
using System.Collections.Concurrent;
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
    /// <summary>A chain of that many bytes is what a resumed handshake leaves out.</summary>
    public const int ChainBytes = DemoPki.AwsChainBytes;

    /// <summary>The platform's server puts the client's certificate into the ticket.</summary>
    private const int MaxTicketBytes = 2048;

    private static readonly Lazy<ScenarioR> s_shared = new(() => new ScenarioR());

    private readonly DemoPki _pki = DemoPki.Create(DemoKeys.Rsa2048, DemoKeys.P256, DateTimeOffset.UtcNow);
    private readonly Credentials _credentials;
    private readonly SslStreamCertificateContext _serverCertificate;
    private readonly SslStreamCertificateContext _clientCertificate;
    private readonly ConcurrentDictionary<HandshakeKind, SslServerAuthenticationOptions> _serverOptions = new();

    private ScenarioR()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("The platform's TLS can be told of suites and groups on Linux only.");
        }

        _credentials = _pki.ClientCredentials();
        _serverCertificate = _pki.ServerContext();
        X509Certificate2 clientCertificate = _pki.ClientCertificate.CopyWithPrivateKey((ECDsa)_pki.ClientKey);
        _clientCertificate = SslStreamCertificateContext.Create(clientCertificate, null, offline: true);
    }

    /// <summary>The one of this process: making seven keys takes a while.</summary>
    public static ScenarioR Shared => s_shared.Value;

    /// <summary>What the platform's client is told. SslStream resumes nothing where it has a certificate, so then neither client shows one.</summary>
    public SslClientAuthenticationOptions ClientOptions(HandshakeKind kind) => new()
    {
        TargetHost = DemoPki.ServerName,
        ClientCertificateContext = kind.Resumed ? null : _clientCertificate,
        CertificateChainPolicy = AnchorOnly(),
        EnabledSslProtocols = kind.Protocol,
        AllowTlsResume = kind.Resumed,
    };

    /// <summary>Thimble's client with the windows of the scenario, or with others.</summary>
    public ThimbleClient CreateClient(HandshakeKind kind, int windowBytes = 512)
    {
        Profile profile = _credentials.Fit(Profiles.Rsa2048.Profile with
        {
            Versions = kind.Version,
            Groups = kind.Group,
            InWindowBytes = windowBytes,
            OutWindowBytes = windowBytes,
            MaxTicketBytes = kind.Resumed ? MaxTicketBytes : 0,
        });
        DateTimeOffset now = DateTimeOffset.UtcNow;
        return new ThimbleClient(profile, _credentials.BuildRomImage(now), DemoPki.ServerName, now.ToUnixTimeSeconds());
    }

    /// <summary>A connection whose server has begun to listen: the client's end, and the server once it is authenticated.</summary>
    public (PipeStream Client, Task<SslStream> Server) Connect(HandshakeKind kind)
    {
        var toServer = new MemoryPipe();
        var toClient = new MemoryPipe();
        var server = new SslStream(new PipeStream(toServer, toClient));
        SslServerAuthenticationOptions options = _serverOptions.GetOrAdd(kind, ServerOptions);
        Task<SslStream> accepted = Task.Run(() =>
        {
            server.AuthenticateAsServer(options);
            return server;
        });
        return (new PipeStream(toClient, toServer), accepted);
    }

    private SslServerAuthenticationOptions ServerOptions(HandshakeKind kind) => new()
    {
        ServerCertificateContext = _serverCertificate,
        ClientCertificateRequired = !kind.Resumed,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null || kind.Resumed,
        EnabledSslProtocols = kind.Protocol,
        AllowTlsResume = kind.Resumed,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
    };

    private X509ChainPolicy AnchorOnly() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { _pki.Anchor },
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };
}
