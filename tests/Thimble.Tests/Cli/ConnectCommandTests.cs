using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Thimble.Cli;
using Thimble.Cli.Demo;
using Thimble.Tests.Facade;
using Xunit;

namespace Thimble.Tests.Cli;

/// <summary><c>connect</c> against the demonstration's broker, and against nobody.</summary>
public sealed class ConnectCommandTests : IAsyncLifetime, IDisposable
{
    private readonly DemoPki _pki = DemoPki.Create(DemoKeys.P256, DemoKeys.P256, DateTimeOffset.UtcNow);
    private readonly TemporaryFolder _folder = new();
    private DemoBroker _broker = null!;

    public Task InitializeAsync()
    {
        _broker = DemoBroker.Start(_pki);
        _folder.Write("ca.pem", _pki.Anchor.ExportCertificatePem());
        _folder.Write("other.pem", _pki.DeviceAuthority.ExportCertificatePem());
        _folder.Write("cert.pem", _pki.ClientCertificate.ExportCertificatePem());
        _folder.Write("key.pem", _pki.ClientKey.ExportPkcs8PrivateKeyPem());
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    public void Dispose()
    {
        _pki.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_handshake_is_reported()
    {
        CliRun run = Connect("ca.pem", DemoPki.ServerName, withClient: true);
        Assert.True(run.ExitCode == ExitCode.Good, run.Output + run.Error);
        JsonElement report = run.Json;
        Assert.True(report.GetProperty("ok").GetBoolean());
        Assert.Equal(JsonValueKind.Null, report.GetProperty("fault").ValueKind);
        JsonElement leaf = report.GetProperty("tls").GetProperty("peerChain")[0];
        Assert.Equal("CN=" + DemoPki.ServerName, leaf.GetProperty("subject").GetString());
        Assert.Equal(_pki.ServerChain[0].RawData.Length, leaf.GetProperty("bytes").GetInt32());
        Assert.Equal("EC P-256", leaf.GetProperty("key").GetString());
    }

    [Fact]
    public void Keys_are_logged_where_somebody_asks_and_with_a_warning()
    {
        string file = _folder["keys.log"];
        CliRun run = Connect("ca.pem", DemoPki.ServerName, withClient: true, "--tls", "1.3", "--keylog", file);
        Assert.True(run.ExitCode == ExitCode.Good, run.Output + run.Error);
        Assert.Matches($"^Warning: .*'{Regex.Escape(file)}'", run.Error);
        Assert.Equal(4, File.ReadAllLines(file).Length);
        Assert.All(File.ReadAllLines(file), static line => Assert.Matches("^(CLIENT|SERVER)_(HANDSHAKE_TRAFFIC_SECRET|TRAFFIC_SECRET_0) [0-9a-f]{64} [0-9a-f]{64,96}$", line));
    }

    [Fact]
    public void The_variable_names_the_key_log_but_does_not_ask_for_one()
    {
        string file = _folder["variable.log"];
        Environment.SetEnvironmentVariable("SSLKEYLOGFILE", file);
        try
        {
            Assert.Equal(ExitCode.Good, Connect("ca.pem", DemoPki.ServerName, withClient: true).ExitCode);
            Assert.False(File.Exists(file));
            Assert.Equal(ExitCode.Good, Connect("ca.pem", DemoPki.ServerName, withClient: true, "--keylog").ExitCode);
            Assert.NotEmpty(File.ReadAllLines(file));
        }
        finally
        {
            Environment.SetEnvironmentVariable("SSLKEYLOGFILE", null);
        }

        CliRun nowhere = Connect("ca.pem", DemoPki.ServerName, withClient: true, "--keylog");
        Assert.Equal(ExitCode.Usage, nowhere.ExitCode);
        Assert.Contains("SSLKEYLOGFILE", nowhere.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_log_that_cannot_be_written_stops_the_connection_before_it_begins()
    {
        CliRun run = Connect("ca.pem", DemoPki.ServerName, withClient: true, "--keylog", _folder["no/such/folder.log"]);
        Assert.Equal(ExitCode.Fault, run.ExitCode);
        Assert.Equal("KeyLogUnwritable", run.Json.GetProperty("fault").GetProperty("reason").GetString());
        Assert.Contains("cannot be written", run.Json.GetProperty("fault").GetProperty("explanation").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.2", "TLS 1.2")]
    [InlineData("1.3", "TLS 1.3")]
    public void The_version_can_be_chosen(string version, string reported)
    {
        CliRun run = Connect("ca.pem", DemoPki.ServerName, withClient: true, "--tls", version);
        Assert.True(run.ExitCode == ExitCode.Good, run.Output + run.Error);
        Assert.Equal(reported, run.Json.GetProperty("tls").GetProperty("version").GetString());
        Assert.True(run.Json.GetProperty("tls").GetProperty("clientCertificate").GetBoolean());
    }

    [Theory]
    [InlineData("1.2")]
    [InlineData("1.3")]
    public void A_status_that_was_asked_for_is_reported(string version)
    {
        CliRun run = Connect("ca.pem", DemoPki.ServerName, withClient: true, "--tls", version, "--stapled-status");
        Assert.True(run.ExitCode == ExitCode.Good, run.Output + run.Error);
        Assert.Equal("NotStapled", run.Json.GetProperty("tls").GetProperty("certificateStatus").GetString());
        run = Connect("ca.pem", DemoPki.ServerName, withClient: true, "--tls", version);
        Assert.Equal(JsonValueKind.Null, run.Json.GetProperty("tls").GetProperty("certificateStatus").ValueKind);
    }

    [Fact]
    public void An_unknown_issuer_is_told_with_both_names()
    {
        JsonElement fault = Fault(Connect("other.pem", DemoPki.ServerName, withClient: true));
        Assert.Equal("IssuerUnknown", fault.GetProperty("reason").GetString());
        Assert.Equal("Certificates13", fault.GetProperty("phase").GetString());
        Assert.Equal(48, fault.GetProperty("alert").GetInt32());
        Assert.Equal(3, fault.GetProperty("depth").GetInt32());
        Assert.Contains("'Thimble Demo Device CA'", fault.GetProperty("explanation").GetString(), StringComparison.Ordinal);
        Assert.Contains("'Thimble Demo Class 2 Public Primary Certification Authority'", fault.GetProperty("explanation").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_name_is_told_with_both_names()
    {
        JsonElement fault = Fault(Connect("ca.pem", "elsewhere.example", withClient: true));
        Assert.Equal("NameMismatch", fault.GetProperty("reason").GetString());
        Assert.Equal(0, fault.GetProperty("depth").GetInt32());
        Assert.Contains(DemoPki.ServerName, fault.GetProperty("explanation").GetString(), StringComparison.Ordinal);
        Assert.Contains("elsewhere.example", fault.GetProperty("explanation").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_where_nobody_listens_is_explained()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        int port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        CliRun run = CliRun.Of("connect", $"127.0.0.1:{port}", "--cafile", _folder["ca.pem"], "--json");
        Assert.Equal("ConnectionRefused", Fault(run).GetProperty("reason").GetString());
    }

    [Fact]
    public void A_server_that_says_nothing_is_explained()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        CliRun run = CliRun.Of("connect", $"127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}", "--cafile", _folder["ca.pem"], "--json", "--timeout", "0.5");
        Assert.Equal("TimedOut", Fault(run).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_server_that_speaks_something_else_is_explained()
    {
        using var web = new TcpListener(IPAddress.Loopback, 0);
        web.Start();
        Task answering = Task.Run(async () =>
        {
            using TcpClient client = await web.AcceptTcpClientAsync();
            NetworkStream stream = client.GetStream();
            await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
            while (await stream.ReadAsync(new byte[1000]) > 0)
            {
                // ClientHello, then the alert.
            }
        });
        CliRun run = CliRun.Of("connect", $"127.0.0.1:{((IPEndPoint)web.LocalEndpoint).Port}", "--cafile", _folder["ca.pem"], "--json");
        await answering;
        Assert.Equal("RecordTypeUnknown", Fault(run).GetProperty("reason").GetString());
    }

    [Fact]
    public void A_bad_file_is_explained_without_a_connection()
    {
        CliRun run = CliRun.Of("connect", "127.0.0.1:1", "--cafile", _folder["key.pem"], "--json");
        JsonElement fault = Fault(run);
        Assert.Equal("NoCertificate", fault.GetProperty("reason").GetString());
        Assert.Equal(JsonValueKind.Null, fault.GetProperty("depth").ValueKind);
    }

    [Fact]
    public void An_expired_anchor_is_explained()
    {
        CliRun run = CliRun.Of("connect", $"127.0.0.1:{_broker.Port}", "--cafile", _folder["ca.pem"], "--json", "--time", "2100-01-01");
        Assert.Equal("AnchorNotValidNow", Fault(run).GetProperty("reason").GetString());
    }

    [Fact]
    public void For_people_a_fault_goes_to_the_error_stream()
    {
        CliRun run = CliRun.Of("connect", $"127.0.0.1:{_broker.Port}", "--cafile", _folder["other.pem"], "--servername", DemoPki.ServerName);
        Assert.Equal(ExitCode.Fault, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.StartsWith("IssuerUnknown in the phase Certificates13, alert unknown_ca:", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pinned_key_is_trusted_alone_or_narrows_the_anchors()
    {
        string pin = KeyPin.Of(_pki.ServerChain[0]).Text, wrong = KeyPin.Of(_pki.ClientCertificate).Text;
        string[] alone = ["connect", $"127.0.0.1:{_broker.Port}", "--servername", DemoPki.ServerName, "--json", "--cert", _folder["cert.pem"], "--key", _folder["key.pem"]];
        foreach (string[] pins in (string[][])[["--pin", pin], ["--pin", wrong, "--pin", pin], ["--pin", pin, "--cafile", _folder["ca.pem"]]])
        {
            CliRun run = CliRun.Of([.. alone, .. pins]);
            Assert.True(run.ExitCode == ExitCode.Good, run.Output + run.Error);
        }

        Assert.Equal("PinMissing", Fault(CliRun.Of([.. alone, "--pin", wrong])).GetProperty("reason").GetString());
        Assert.Equal("PinMissing", Fault(CliRun.Of([.. alone, "--pin", wrong, "--cafile", _folder["ca.pem"]])).GetProperty("reason").GetString());
        Assert.Equal("IssuerUnknown", Fault(CliRun.Of([.. alone, "--pin", pin, "--cafile", _folder["other.pem"]])).GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("--pin nonsense", "'nonsense' is no pin of a key")]
    [InlineData("--pin sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= --psk 000102030405060708090a0b0c0d0e0f --psk-identity me", "give one of them")]
    [InlineData("--servername x", "--pin")]
    public void A_pin_that_makes_no_sense_is_wrong_usage(string arguments, string reason)
    {
        CliRun run = CliRun.Of([.. "connect 127.0.0.1:1".Split(' '), .. arguments.Split(' ')]);
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }

    private CliRun Connect(string anchors, string serverName, bool withClient, params string[] more)
    {
        string[] client = withClient ? ["--cert", _folder["cert.pem"], "--key", _folder["key.pem"]] : [];
        return CliRun.Of(["connect", $"127.0.0.1:{_broker.Port}", "--cafile", _folder[anchors], "--servername", serverName, "--json", .. client, .. more]);
    }

    private static JsonElement Fault(CliRun run)
    {
        Assert.Equal(ExitCode.Fault, run.ExitCode);
        Assert.False(run.Json.GetProperty("ok").GetBoolean());
        return run.Json.GetProperty("fault");
    }
}
