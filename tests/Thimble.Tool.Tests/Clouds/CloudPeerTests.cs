using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Thimble.Cli;
using Thimble.Cli.Clouds;
using Thimble.Cli.PubSub;
using Thimble.Tests.Cli;
using Thimble.Tests.Peers;
using Xunit;

namespace Thimble.Tool.Tests.Clouds;

/// <summary>The presets against local servers: what reaches them is what the clouds want.</summary>
[Collection(PeerTests.Name)]
public sealed class CloudPeerTests(PeerPki pki)
{
    private const string Key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private const string Device = "projects/my-project/locations/us-central1/registries/my-registry/devices/my-device";

    private static readonly byte[] s_key = Convert.FromBase64String(Key);

    private string Root => pki.Server("p256").RootFile;

    [Fact]
    public async Task A_message_goes_through_a_local_broker_by_the_rules_of_AWS()
    {
        using MosquittoBroker broker = MosquittoBroker.Start(pki, pki.Server("p256"));
        PeerIdentity client = pki.Client("p256")!;
        string[] common = ["--for", "aws-iot", "-h", "localhost", "-p", Text(broker.Port), "--cafile", broker.RootFile, "--cert", client.ChainFile, "--key", client.KeyFile];
        Task<CliRun> subscriber = Task.Run(() => CliRun.Of(["sub", .. common, "-i", "thing-sub", "-t", "dt/thing/+", "-q", "1", "-C", "1", "-W", "30"]));
        _ = broker.Process.WaitFor("SUBSCRIBE|Sending SUBACK to thing-sub");
        CliRun published = CliRun.Of(["pub", .. common, "-i", "thing-pub", "-t", "dt/thing/state", "-m", "hello", "-q", "1"]);
        CliRun received = await subscriber;
        Assert.Equal((0, ""), (published.ExitCode, published.Error));
        Assert.Equal((0, "hello\n"), (received.ExitCode, Encoding.UTF8.GetString(received.Bytes)));
    }

    [Theory]
    [InlineData("x", 1)]
    [InlineData("-", 1)]
    public void What_comes_from_a_file_or_line_by_line_is_weighed_too(string from, int exitCode)
    {
        using MosquittoBroker broker = MosquittoBroker.Start(pki, pki.Server("p256"));
        PeerIdentity client = pki.Client("p256")!;
        string[] source = from == "-" ? ["-l"] : ["-f", pki.WriteFile(new string('x', 131_073))];
        byte[] input = from == "-" ? Encoding.ASCII.GetBytes("first\n" + new string('x', 131_073) + "\nlast\n") : [];
        CliRun run = CliRun.WithInput(input, ["pub", "--for", "aws-iot", "-h", "localhost", "-p", Text(broker.Port), "--cafile", broker.RootFile, "--cert", client.ChainFile, "--key", client.KeyFile, "-i", "weighed", "-t", "t", "-q", "1", .. source]);
        Assert.Equal((exitCode, "thimble: The message has 131,073 bytes, and AWS IoT Core takes 131,072 at most."), (run.ExitCode, run.Error.TrimEnd()));
        Assert.Equal(from == "-", broker.Process.Output.Contains("Received PUBLISH from weighed", StringComparison.Ordinal));
    }

    [Fact]
    public void A_ready_token_passes_a_file_of_passwords_by_the_user_name_of_Azure()
    {
        using var maker = new SasToken("localhost/devices/MyDevice01", null, [.. s_key]);
        string token = Encoding.ASCII.GetString(maker.Make(4_000_000_000));
        using PasswordBroker broker = PasswordBroker.Start(pki, pki.Server("p256"), "localhost/MyDevice01/?api-version=2021-04-12", token);
        string[] command = ["pub", "--for", "azure-iot-hub", "-h", "localhost", "-p", Text(broker.Port), "--cafile", Root, "-i", "MyDevice01", "-t", "devices/MyDevice01/messages/events/", "-m", "{}", "-q", "1"];
        Assert.Equal((0, ""), Result(CliRun.Of([.. command, "--password-file", pki.WriteFile(token + "\n")])));
        Assert.Equal(5, CliRun.Of([.. command, "--password-file", pki.WriteFile(token[..^1] + "1\n")]).ExitCode);
    }

    [Fact]
    public void A_ready_web_token_passes_a_file_of_passwords_by_the_user_name_of_ClearBlade()
    {
        using var maker = new JsonWebToken(ECDsa.Create(ECCurve.NamedCurves.nistP256), "my-project");
        string token = Encoding.ASCII.GetString(maker.Make(DateTimeOffset.UtcNow, TimeSpan.FromHours(1)));
        using PasswordBroker broker = PasswordBroker.Start(pki, pki.Server("p256"), "unused", token);
        CliRun run = CliRun.Of("pub", "--for", "clearblade", "-h", "localhost", "-p", Text(broker.Port), "--cafile", Root, "-i", Device, "-t", "/devices/my-device/events", "-m", "1", "-q", "1", "--password-file", pki.WriteFile(token));
        Assert.Equal((0, ""), Result(run));
        Assert.Contains(Device, broker.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_of_Azure_is_made_of_the_key_and_the_key_is_never_shown()
    {
        using var recorder = new ConnectRecorder(pki.Server("p256"));
        CliRun run = CliRun.Of("pub", "-d", "--for", "azure-iot-hub", "-h", "localhost", "-p", Text(recorder.Port), "--cafile", Root, "-i", "MyDevice01", "--sas-key", pki.WriteFile(Key + "\n"), "-t", "devices/MyDevice01/messages/events/", "-m", "{}", "-q", "1");
        Assert.Equal(0, run.ExitCode);
        RecordedConnect connect = Assert.Single(recorder.Connects);
        Assert.Equal(("MyDevice01", "localhost/MyDevice01/?api-version=2021-04-12", "localhost", "Tls12"), (connect.ClientId, connect.UserName, connect.ServerName, connect.Tls));
        AssertSigned(connect.Password, "localhost%2Fdevices%2FMyDevice01", 3600, policy: null);
        string said = run.Output + run.Error;
        Assert.All([Key, Key[..8], "SharedAccessSignature", "sig="], secret => Assert.DoesNotContain(secret, said, StringComparison.Ordinal));
    }

    [Fact]
    public void A_token_of_DPS_names_its_policy_and_the_key_may_come_from_the_environment()
    {
        using var recorder = new ConnectRecorder(pki.Server("p256"));
        string program = typeof(Cli.CommandLine).Assembly.Location;
        string said = PeerProcess.Run(
            "env", "THIMBLE_AZURE_DEVICE_KEY=" + Key, "dotnet", program, "sub", "-d", "--for", "azure-dps", "-h", "localhost",
            "-p", Text(recorder.Port), "--cafile", Root, "-i", "my-registration", "--id-scope", "0ne00A0A0A0", "--token-lifetime", "60", "-t", "$dps/registrations/res/#", "-E");
        RecordedConnect connect = Assert.Single(recorder.Connects);
        Assert.Equal(("my-registration", "0ne00A0A0A0/registrations/my-registration/api-version=2019-03-31"), (connect.ClientId, connect.UserName));
        AssertSigned(connect.Password, "0ne00A0A0A0%2Fregistrations%2Fmy-registration", 60, "registration");
        Assert.DoesNotContain(Key[..8], said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    public void A_web_token_of_ClearBlade_is_made_of_the_devices_key(string algorithm)
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        string keyFile = pki.WriteFile(algorithm == "ES256" ? ec.ExportPkcs8PrivateKeyPem() : rsa.ExportPkcs8PrivateKeyPem());
        using var recorder = new ConnectRecorder(pki.Server("p256"));
        CliRun run = CliRun.Of("sub", "-d", "--for", "clearblade", "-h", "localhost", "-p", Text(recorder.Port), "--cafile", Root, "-i", Device, "--jwt-key", keyFile, "-t", "/devices/my-device/config", "-q", "1", "-E");
        Assert.Equal(0, run.ExitCode);
        RecordedConnect connect = Assert.Single(recorder.Connects);
        Assert.Equal((Device, "unused"), (connect.ClientId, connect.UserName));
        string[] parts = connect.Password.Split('.');
        byte[] signed = Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]);
        byte[] signature = Base64Url.DecodeFromChars(parts[2]);
        Assert.True(algorithm == "ES256"
            ? ec.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
            : rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        JsonElement claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])).RootElement;
        Assert.Equal(("my-project", 3600), (claims.GetProperty("aud").GetString(), claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()));
        Assert.DoesNotContain(parts[2], run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_cannot_sign_tokens_is_told_in_a_sentence()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        string[] command = ["pub", "--for", "clearblade", "-h", "localhost", "-p", "1", "--cafile", Root, "-i", Device, "-t", "/devices/my-device/events", "-m", "1", "--jwt-key"];
        CliRun wrong = CliRun.Of([.. command, pki.WriteFile(key.ExportPkcs8PrivateKeyPem())]);
        Assert.Equal(1, wrong.ExitCode);
        Assert.StartsWith("thimble: Tokens are signed by RS256 or ES256, which take an RSA key or an EC key on P-256, and --jwt-key holds an EC key of 384 bits.", wrong.Error, StringComparison.Ordinal);
        CliRun none = CliRun.Of([.. command, Root + ".none"]);
        Assert.Equal(1, none.ExitCode);
        Assert.Contains("it does not exist.", none.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hivemq-cloud", "t", "me", "me")]
    [InlineData("emqx", "t", "me", "me")]
    [InlineData("azure-event-grid", "t", "app", "app")]
    [InlineData("azure-event-grid", "t", null, "session")]
    public void Clouds_with_passwords_get_the_user_name_and_the_password(string cloud, string topic, string? given, string expected)
    {
        using var recorder = new ConnectRecorder(pki.Server("p256"));
        string[] user = given is null ? [] : ["-u", given];
        CliRun run = CliRun.Of(["pub", "--for", cloud, "-h", "localhost", "-p", Text(recorder.Port), "--cafile", Root, "-i", "session", "--password-file", pki.WriteFile("secret"), "-t", topic, "-m", "x", .. user]);
        Assert.Equal((0, ""), Result(run));
        RecordedConnect connect = Assert.Single(recorder.Connects);
        Assert.Equal(("session", expected, "secret", "localhost"), (connect.ClientId, connect.UserName, connect.Password, connect.ServerName));
    }

    [Fact]
    public void A_password_of_the_environment_does_not_go_with_a_certificate()
    {
        using var recorder = new ConnectRecorder(pki.Server("p256"));
        PeerIdentity client = pki.Client("p256")!;
        _ = PeerProcess.Run(
            "env", "THIMBLE_MQTT_PASSWORD=secret", "dotnet", typeof(Cli.CommandLine).Assembly.Location, "pub", "--for", "azure-iot-hub", "-h", "localhost", "-p", Text(recorder.Port), "--cafile", Root,
            "--cert", client.ChainFile, "--key", client.KeyFile, "-i", "MyDevice01", "-t", "devices/MyDevice01/messages/events/", "-m", "x");
        RecordedConnect connect = Assert.Single(recorder.Connects);
        Assert.Equal(("localhost/MyDevice01/?api-version=2021-04-12", ""), (connect.UserName, connect.Password));
    }

    [Fact]
    public void The_application_protocol_of_port_443_is_offered()
    {
        PeerIdentity client = pki.Client("p256")!;
        var settings = new PubSettings { Host = "x.iot.us-east-1.amazonaws.com", Port = 443, CaFile = Root, CertificateFile = client.ChainFile, KeyFile = client.KeyFile };
        settings.Cloud.Preset = CloudPresets.Find("aws-iot");
        using var setup = new BrokerSetup(settings, null);
        Assert.Equal(("x-amzn-mqtt-ca", "mqtts://x.iot.us-east-1.amazonaws.com:443/"), (setup.Options.Tls!.Alpn, setup.Options.Server.ToString()));
        settings.Port = null;
        using var usual = new BrokerSetup(settings, null);
        Assert.Equal(("", 8883), (usual.Options.Tls!.Alpn, usual.Options.Server.Port));
    }

    /// <summary>A URI would take the rest for a path, a query or a fragment, and the port for none.</summary>
    [Theory]
    [InlineData("evil?x")]
    [InlineData("evil#x")]
    [InlineData("evil\\x")]
    [InlineData("evil\nx")]
    [InlineData("evil%00x")]
    public void A_host_that_a_URI_would_read_in_another_way_is_refused(string host)
    {
        CliRun run = CliRun.Of("pub", "-h", host, "--cafile", Root, "-t", "t", "-m", "x");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("thimble: -h takes the name or the address of a host, and not '", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\nx", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenSSL_sees_the_application_protocol_of_AWS()
    {
        using OpenSslServer server = OpenSslServer.StartInteractive(pki.Server("p256"), ["-alpn", "x-amzn-mqtt-ca", .. OpenSslServer.DemandClient(pki, pki.Client("p256"))]);
        PeerIdentity client = pki.Client("p256")!;
        CliRun run = CliRun.Of("connect", $"localhost:{Text(server.Port)}", "--for", "aws-iot", "--alpn", "x-amzn-mqtt-ca", "--cafile", Root, "--cert", client.ChainFile, "--key", client.KeyFile, "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("x-amzn-mqtt-ca", run.Output, StringComparison.Ordinal);
        _ = server.Process.WaitFor("ALPN protocols selected: x-amzn-mqtt-ca");
        Assert.StartsWith("aws-iot", run.Json.GetProperty("memory").GetProperty("profile").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("aws-iot")]
    [InlineData("azure-iot-hub")]
    [InlineData("azure-dps")]
    [InlineData("azure-event-grid")]
    [InlineData("hivemq-cloud")]
    [InlineData("emqx")]
    [InlineData("clearblade")]
    public void Plan_begins_with_the_profile_of_the_cloud(string cloud)
    {
        CliRun run = CliRun.Of("plan", "--for", cloud, "--json");
        int expected = MemoryMap.Of(CloudPresets.Find(cloud)!.Limits with { ClientEcdsaBits = 256 }, nint.Size * 8).PlannedBytes;
        Assert.Equal((0, cloud, expected), (run.ExitCode, run.Json.GetProperty("memory").GetProperty("profile").GetString(), run.Json.GetProperty("memory").GetProperty("plannedBytes").GetInt32()));
        CliRun named = CliRun.Of("plan", "--for", cloud, "--profile", "ecdsa", "--json");
        Assert.Equal("ecdsa", named.Json.GetProperty("memory").GetProperty("profile").GetString());
    }

    private static (int ExitCode, string Error) Result(CliRun run) => (run.ExitCode, run.Error);

    private static void AssertSigned(string token, string resource, long lifetime, string? policy)
    {
        Assert.StartsWith("SharedAccessSignature ", token, StringComparison.Ordinal);
        Dictionary<string, string> fields = token["SharedAccessSignature ".Length..].Split('&').Select(field => field.Split('=', 2)).ToDictionary(field => field[0], field => field[1]);
        Assert.Equal(resource, fields["sr"]);
        Assert.Equal(policy, fields.GetValueOrDefault("skn"));
        Assert.Equal(HMACSHA256.HashData(s_key, Encoding.ASCII.GetBytes($"{fields["sr"]}\n{fields["se"]}")), Convert.FromBase64String(Uri.UnescapeDataString(fields["sig"])));
        long left = long.Parse(fields["se"], CultureInfo.InvariantCulture) - DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Assert.InRange(left, lifetime - 60, lifetime);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
