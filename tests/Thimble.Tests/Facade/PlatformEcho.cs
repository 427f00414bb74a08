using System;
using System.Collections.Concurrent;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Memory;

namespace Thimble.Tests.Facade;

/// <summary>
/// <see cref="SslStream"/> on a free port of the loopback: any number of connections at once, each served by what the test says, or
/// else sent back what it sends.
/// </summary>
internal sealed class PlatformEcho : IAsyncDisposable
{
    public const string ServerName = "localhost";

    private static readonly Lazy<X509Certificate2> s_certificate = new(Make);
    private static readonly Lazy<Credentials> s_credentials = new(static () => Credentials.From([X509CertificateLoader.LoadCertificate(s_certificate.Value.RawData)]));

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly SslProtocols _version;
    private readonly bool _asksForCertificate;
    private readonly Func<SslStream, Task> _serve;
    private readonly Task _accepting;
    private readonly ConcurrentBag<Task> _connections = [];

    public PlatformEcho(SslProtocols version, Func<SslStream, Task>? serve = null, bool asksForCertificate = false)
    {
        _version = version;
        _asksForCertificate = asksForCertificate;
        _serve = serve ?? Echo;
        _listener.Start(1000);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public TlsConnectionOptions Options { get; } = new()
    {
        Credentials = s_credentials.Value,
        Profile = s_credentials.Value.Fit(Profiles.General.Profile with { InWindowBytes = 1 << 14, OutWindowBytes = 2048, MaxTicketBytes = 2048 }),
        ServerName = ServerName,
    };

    /// <summary>Every connection that came so far has ended.</summary>
    public Task IdleAsync() => Task.WhenAll(_connections).WaitAsync(TimeSpan.FromSeconds(60));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _end.Dispose();
    }

    private static async Task Echo(SslStream stream)
    {
        byte[] buffer = new byte[1 << 14];
        int bytes;
        while ((bytes = await stream.ReadAsync(buffer)) > 0)
        {
            await stream.WriteAsync(buffer.AsMemory(0, bytes));
        }

        await stream.ShutdownAsync();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_end.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException) // the last where it listens no more
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await using CancellationTokenRegistration end = _end.Token.Register(socket.Dispose);
        try
        {
            await stream.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificate = s_certificate.Value,
                    EnabledSslProtocols = _version,
                    ClientCertificateRequired = _asksForCertificate,
                    RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null || !_asksForCertificate,
                    ApplicationProtocols = [SslApplicationProtocol.Http11],
                },
                _end.Token);
            await _serve(stream);
        }
        catch (Exception e) when (e is IOException or AuthenticationException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // The client went away, or the test is over.
        }
    }

    private static X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(ServerName);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null); // with its key where the platform wants it
    }
}
