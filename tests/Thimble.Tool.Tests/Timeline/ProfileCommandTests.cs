using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Thimble.Cli;
using Thimble.Tests.Cli;
using Thimble.Tests.Peers;
using Thimble.Tool.Tests.Html;
using Xunit;

namespace Thimble.Tool.Tests.Timeline;

/// <summary><c>profile</c> with OpenSSL as the server.</summary>
public sealed class ProfileCommandTests(PeerPki pki) : IClassFixture<PeerPki>
{
    private static readonly string[] Course12 =
    [
        "ClientHello", "ServerHello", "Certificate", "ServerKeyExchange", "verify the server's share", "CertificateRequest", "ServerHelloDone", "Certificate", "make our key share",
        "ClientKeyExchange", "agree on the secret", "sign the transcript", "CertificateVerify", "ChangeCipherSpec", "Finished", "ChangeCipherSpec", "expect Finished", "Finished",
    ];

    private static readonly string[] Course13 =
    [
        "seed the generator", "make our key share", "ClientHello", "ServerHello", "agree on the secret", "EncryptedExtensions", "CertificateRequest", "Certificate", "CertificateVerify",
        "verify the server's signature", "Finished", "ChangeCipherSpec", "Certificate", "sign the transcript", "CertificateVerify", "Finished",
    ];

    [Theory]
    [InlineData("1.2", true)]
    [InlineData("1.3", true)]
    [InlineData("1.2", false)]
    [InlineData("1.3", false)]
    public void Messages_come_in_the_order_of_the_RFC(string version, bool asksForClient)
    {
        JsonElement report = Profile(version, asksForClient).Json;
        string[] clients = version == "1.2" ? ["CertificateRequest", "sign the transcript", "CertificateVerify"] : ["CertificateRequest", "sign the transcript"];
        IEnumerable<string> whole = version == "1.2" ? Course12 : Course13;
        string[] expected = asksForClient ? [.. whole] : version == "1.2"
            ? [.. whole.Where((name, at) => !clients.Contains(name) && at != 7)]
            : [.. whole.Where((name, at) => !clients.Contains(name) && at is not (12 or 14))];
        Assert.Equal(expected, Names(report));
    }

    [Theory]
    [InlineData("1.2")]
    [InlineData("1.3")]
    public void Bytes_and_work_stand_where_they_belong(string version)
    {
        JsonElement report = Profile(version, asksForClient: true).Json;
        JsonElement[] events = [.. report.GetProperty("events").EnumerateArray()];
        JsonElement chain = events.First(item => Is(item, "Certificate", "Received"));
        int sent = report.GetProperty("tls").GetProperty("peerChain").EnumerateArray().Sum(peer => peer.GetProperty("bytes").GetInt32());
        Assert.InRange(chain.GetProperty("bytesRead").GetInt32(), sent, sent + 300);
        Assert.All(events, item => Assert.True(
            item.GetProperty("kind").GetString() == "Computed" || item.GetProperty("bytesRead").GetInt32() + item.GetProperty("bytesWritten").GetInt32() > 0, item.ToString()));
        Assert.All(events, item => Assert.Equal(item.GetProperty("kind").GetString() == "Sent", item.GetProperty("bytesWritten").GetInt32() > 0));
        JsonElement signing = events.Single(item => Is(item, "sign the transcript", "Computed"));
        Assert.InRange(signing.GetProperty("calls").GetInt32(), 2, 1000);
        Assert.InRange(signing.GetProperty("work").GetInt32(), 257, signing.GetProperty("calls").GetInt32() * 512);
        Assert.Equal("{\"rsa2048\"}", "{\"" + report.GetProperty("memory").GetProperty("profile").GetString()!.Split(' ')[0] + "\"}");
    }

    [Theory]
    [InlineData("1.2")]
    [InlineData("1.3")]
    public void What_is_alive_in_each_event_is_what_the_plan_says(string version)
    {
        JsonElement report = Profile(version, asksForClient: true).Json;
        var live = report.GetProperty("memory").GetProperty("phases").EnumerateArray().ToDictionary(phase => phase.GetProperty("phase").GetString()!, phase => phase.GetProperty("liveBytes").GetInt32());
        Assert.All(report.GetProperty("events").EnumerateArray(), item => Assert.Equal(live[item.GetProperty("phase").GetString()!], item.GetProperty("liveBytes").GetInt32()));
        foreach (JsonElement overlay in report.GetProperty("overlays").EnumerateArray())
        {
            string name = overlay.GetProperty("region").GetString()!;
            Assert.All(overlay.GetProperty("sharesWith").EnumerateArray(), other => Assert.Contains(
                name, report.GetProperty("overlays").EnumerateArray().Single(line => line.GetProperty("region").GetString() == other.GetString()).GetProperty("sharesWith").EnumerateArray().Select(back => back.GetString())));
        }
    }

    [Fact]
    public void The_page_shows_every_message_and_every_region()
    {
        using var folder = new TestFolder();
        CliRun run = Profile("1.3", asksForClient: true, "--warm", "--html", folder["map.html"]);
        using var reader = XmlReader.Create(new StringReader(File.ReadAllText(folder["map.html"])), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        XElement picture = XDocument.Load(reader).Descendants("svg").Single();
        string[] texts = [.. picture.Descendants("text").Select(text => text.Value.TrimStart('\u2190', '\u2192', ' '))];
        Assert.Empty(Names(run.Json).Except(texts));
        IEnumerable<string> regions = run.Json.GetProperty("memory").GetProperty("regions").EnumerateArray().Select(region => region.GetProperty("name").GetString()!);
        Assert.Empty(regions.Except(picture.Descendants("g").Select(region => region.Element("title")!.Value.Split(':')[0])));
    }

    [Theory]
    [InlineData("1.2")]
    [InlineData("1.3")]
    public void A_session_is_taken_up_and_what_it_saves_is_shown(string version)
    {
        PeerIdentity identity = pki.Server("rsa-4");
        using var folder = new TestFolder();
        using OpenSslServer server = OpenSslServer.Launch(identity, [version == "1.2" ? "-tls1_2" : "-tls1_3"]);
        string[] line = ["profile", $"localhost:{server.Port}", "--cafile", identity.RootFile, "--profile", "rsa2048", "--reconnect", "--html", folder["map.html"]];
        CliRun run = CliRun.Of([.. line, "--json"]);
        Assert.True(run.ExitCode == ExitCode.Good, run.Error + run.Output);
        JsonElement again = run.Json.GetProperty("again");
        Assert.False(run.Json.GetProperty("tls").GetProperty("resumed").GetBoolean());
        Assert.True(again.GetProperty("tls").GetProperty("resumed").GetBoolean());
        Assert.Contains("Certificate", Names(run.Json));
        Assert.DoesNotContain("Certificate", Names(again));
        Assert.InRange(Work(again), 0, Work(run.Json) / 2);
        Assert.Equal(Planned(run.Json), Planned(again));
        Assert.Contains("A session saves", File.ReadAllText(folder["map.html"]), StringComparison.Ordinal);
        Assert.Contains("What the session saves.", CliRun.Of([.. line, "--warm"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_gives_no_session_is_told_of_and_both_handshakes_are_full()
    {
        PeerIdentity identity = pki.Server("rsa-4");
        using OpenSslServer server = OpenSslServer.Launch(identity, ["-tls1_3", "-num_tickets", "0"]);
        CliRun run = CliRun.Of("profile", $"localhost:{server.Port}", "--cafile", identity.RootFile, "--reconnect");
        Assert.True(run.ExitCode == ExitCode.Good, run.Error);
        Assert.Contains("The server gave no session that could be kept", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("What the session saves", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.2")]
    [InlineData("1.3")]
    public void A_shared_key_takes_the_place_of_certificates(string version)
    {
        const string Key = "000102030405060708090a0b0c0d0e0f";
        using OpenSslServer server = OpenSslServer.Launch(pki.Server("rsa-4"), [version == "1.2" ? "-tls1_2" : "-tls1_3", "-psk", Key, "-psk_identity", "me"]);
        CliRun run = CliRun.Of("profile", $"localhost:{server.Port}", "--psk-identity", "me", "--psk", Key, "--tls", version, "--json");
        Assert.True(run.ExitCode == ExitCode.Good, run.Error + run.Output);
        Assert.True(run.Json.GetProperty("tls").GetProperty("sharedKey").GetBoolean());
        Assert.DoesNotContain("Certificate", Names(run.Json));
        Assert.Equal(JsonValueKind.Null, run.Json.GetProperty("again").ValueKind);
    }

    [Fact]
    public void A_handshake_that_fails_tells_its_fault_and_its_course_so_far()
    {
        PeerIdentity identity = pki.Server("p256");
        using OpenSslServer server = OpenSslServer.Launch(identity, ["-tls1_3"]);
        CliRun run = CliRun.Of("profile", $"localhost:{server.Port}", "--cafile", pki.Server("rsa-1").RootFile, "--json");
        Assert.Equal(ExitCode.Fault, run.ExitCode);
        Assert.Equal("IssuerUnknown", run.Json.GetProperty("fault").GetProperty("reason").GetString());
        Assert.Contains("Certificate", Names(run.Json));
        Assert.DoesNotContain("sign the transcript", Names(run.Json));
        CliRun words = CliRun.Of("profile", $"localhost:{server.Port}", "--cafile", pki.Server("rsa-1").RootFile);
        Assert.StartsWith("IssuerUnknown in the phase Certificates13", words.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", words.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_where_nobody_listens_is_explained()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        int port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        CliRun run = CliRun.Of("profile", $"127.0.0.1:{port}", "--cafile", pki.Server("p256").RootFile, "--json");
        Assert.Equal(ExitCode.Fault, run.ExitCode);
        Assert.Equal("ConnectionRefused", run.Json.GetProperty("fault").GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("profile")]
    [InlineData("profile localhost:8883")]
    [InlineData("profile localhost --cafile x")]
    [InlineData("profile localhost:8883 --cafile x --cert y")]
    [InlineData("profile localhost:8883 --cafile x --psk-identity me")]
    [InlineData("profile localhost:8883 --psk-identity me --psk 0011")]
    public void Wrong_usage_is_2_with_the_reason(string line)
    {
        CliRun run = CliRun.Of(line.Split(' '));
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("thimble profile --help", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tables_fit_into_100_columns()
    {
        PeerIdentity identity = pki.Server("rsa-4");
        using OpenSslServer server = OpenSslServer.Launch(identity, ["-tls1_3"]);
        CliRun run = CliRun.Of("profile", $"localhost:{server.Port}", "--cafile", identity.RootFile);
        Assert.True(run.ExitCode == ExitCode.Good, run.Error);
        Assert.All(run.Output.Split('\n'), static line => Assert.InRange(line.TrimEnd().Length, 0, 100));
        Assert.Contains("EncryptedExtensions", run.Output, StringComparison.Ordinal);
    }

    private CliRun Profile(string version, bool asksForClient, params string[] more)
    {
        PeerIdentity identity = pki.Server("rsa-4");
        PeerIdentity client = pki.Client("p256")!;
        IEnumerable<string> demand = asksForClient ? OpenSslServer.DemandClient(pki, client) : [];
        using OpenSslServer server = OpenSslServer.Launch(identity, [version == "1.2" ? "-tls1_2" : "-tls1_3", .. demand]);
        CliRun run = CliRun.Of([
            "profile", $"localhost:{server.Port}", "--cafile", identity.RootFile, "--cert", client.ChainFile, "--key", client.KeyFile, "--profile", "rsa2048", "--tls", version, "--json", .. more]);
        Assert.True(run.ExitCode == ExitCode.Good, run.Error + run.Output);
        return run;
    }

    private static int Work(JsonElement report) => report.GetProperty("events").EnumerateArray().Sum(item => item.GetProperty("work").GetInt32());

    private static int Planned(JsonElement report) => report.GetProperty("memory").GetProperty("plannedBytes").GetInt32();

    private static bool Is(JsonElement item, string name, string kind) => item.GetProperty("name").GetString() == name && item.GetProperty("kind").GetString() == kind;

    private static string[] Names(JsonElement report) => [.. report.GetProperty("events").EnumerateArray().Select(item => item.GetProperty("name").GetString()!)];
}
