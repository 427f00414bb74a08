using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Cli.Demo;
using Thimble.Testing;
using Thimble.Tests.Facade;
using Xunit;

namespace Thimble.Tests.Demo;

public sealed class DemoBrokerTests : IAsyncLifetime
{
    private readonly DemoPki _pki = DemoPki.Create(DemoKeys.P256, DemoKeys.P256, DateTimeOffset.UtcNow);
    private DemoBroker _broker = null!;

    public Task InitializeAsync()
    {
        _broker = DemoBroker.Start(_pki);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _broker.DisposeAsync();
        _pki.Dispose();
    }

    [Fact]
    public async Task A_message_comes_back_to_its_subscriber()
    {
        await using SslStream client = await ConnectAsync();
        await client.WriteAsync(new byte[] { 0x10, 13, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4, 2, 0, 60, 0, 1, (byte)'c' });
        Assert.Equal([0x20, 2, 0, 0], await ReadAsync(client, 4));
        await client.WriteAsync(new byte[] { 0x82, 6, 0, 9, 0, 1, (byte)'t', 0 });
        Assert.Equal([0x90, 3, 0, 9, 0], await ReadAsync(client, 5));
        byte[] publish = [0x30, 5, 0, 1, (byte)'t', 1, 2];
        await client.WriteAsync(publish);
        Assert.Equal(publish, await ReadAsync(client, publish.Length));
        await client.WriteAsync(new byte[] { 0xC0, 0 });
        Assert.Equal([0xD0, 0], await ReadAsync(client, 2));
        await client.WriteAsync(new byte[] { 0xE0, 0 });
        Assert.Equal(0, await client.ReadAsync(new byte[1]));
    }

    [Theory]
    [InlineData("3000")] // PUBLISH before CONNECT
    [InlineData("10FFFFFFFF7F")] // a remaining length of five bytes
    [InlineData("10FFFFFF7F")] // a packet of 268 MB
    [InlineData("100D00044D5154540403003C000163")] // the reserved flag
    [InlineData("100D00044D5154540402003C00FF63")] // a client identifier that goes on behind the packet
    [InlineData("100D00044D5154540402003C0001FF")] // a client identifier that is not UTF-8
    public async Task Whatever_breaks_the_protocol_ends_the_connection(string hex)
    {
        await using SslStream client = await ConnectAsync();
        await client.WriteAsync(Convert.FromHexString(hex));
        Assert.Equal(0, await EndOfAsync(client));
    }

    [Fact]
    public async Task A_client_without_a_certificate_is_refused()
    {
        using var socket = new TcpClient("127.0.0.1", _broker.Port);
        await using var client = new SslStream(socket.GetStream());
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await client.AuthenticateAsClientAsync(Options([]));
            await client.ReadExactlyAsync(new byte[1]);
        });
    }

    [PeerFact("mosquitto_pub", "mosquitto_sub")]
    public async Task Mosquittos_clients_can_use_the_broker()
    {
        using var folder = new TemporaryFolder();
        string[] common =
        [
            "-h", "127.0.0.1", "-p", _broker.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "-t", "demo/topic", "-V", "mqttv311",
            "--cafile", folder.Write("ca.pem", _pki.Anchor.ExportCertificatePem()),
            "--cert", folder.Write("cert.pem", _pki.ClientCertificate.ExportCertificatePem()),
            "--key", folder.Write("key.pem", _pki.ClientKey.ExportPkcs8PrivateKeyPem()), "--insecure",
        ];
        using Process subscriber = Start("mosquitto_sub", [.. common, "-C", "1", "-W", "20"]);
        for (int i = 0; i < 200 && !_broker.Notes.Any(note => note.Contains("subscribed", StringComparison.Ordinal)); i++)
        {
            await Task.Delay(50);
        }

        using Process publisher = Start("mosquitto_pub", [.. common, "-m", "hello", "-q", "1"]);
        Assert.Equal("hello\n", await subscriber.StandardOutput.ReadToEndAsync());
        await publisher.WaitForExitAsync();
        Assert.Equal(0, publisher.ExitCode);
    }

    private static Process Start(string program, string[] arguments) =>
        Process.Start(new ProcessStartInfo(Testing.Peers.Find(program)!, arguments) { RedirectStandardOutput = true })!;

    private async Task<SslStream> ConnectAsync()
    {
        var socket = new TcpClient("127.0.0.1", _broker.Port);
        var client = new SslStream(socket.GetStream());
        using X509Certificate2 certificate = _pki.ClientCertificate.CopyWithPrivateKey((ECDsa)_pki.ClientKey);
        await client.AuthenticateAsClientAsync(Options([certificate]));
        return client;
    }

    private SslClientAuthenticationOptions Options(X509CertificateCollection certificates)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.Add(_pki.Anchor);
        return new SslClientAuthenticationOptions
        {
            TargetHost = DemoPki.ServerName,
            ClientCertificates = certificates,
            EnabledSslProtocols = SslProtocols.Tls12,
            CertificateChainPolicy = policy,
        };
    }

    private static async Task<byte[]> ReadAsync(Stream stream, int bytes)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        byte[] read = new byte[bytes];
        await stream.ReadExactlyAsync(read, patience.Token);
        return read;
    }

    private static async Task<int> EndOfAsync(Stream stream)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            return await stream.ReadAsync(new byte[1], patience.Token);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
