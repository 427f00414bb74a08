using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Thimble.Cli;
using Thimble.Testing;
using Thimble.Tests.Cli;
using Thimble.Tests.Peers;
using Xunit;

namespace Thimble.Tool.Tests.Probe;

/// <summary>What a probe says of a server in words: roots, dates, names, and what will never work.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class ProbeWordsTests(PeerPki pki)
{
    [PeerFact("openssl")]
    public void In_words_it_says_which_suites_will_never_work()
    {
        PeerIdentity server = pki.Server("rsa-1");
        using ProbedServer probed = ProbedServer.OpenSsl(server);
        CliRun run = CliRun.Of("probe", $"{PeerPki.ServerName}:{probed.Port}", "--timeout", "20", "--cafile", server.RootFile);
        string words = string.Join(' ', run.Output.Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("This endpoint has no ECDSA certificate: ECDHE_ECDSA suites will always get handshake_failure.", words, StringComparison.Ordinal);
        Assert.All(run.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        Assert.DoesNotContain("\u001b", run.Output, StringComparison.Ordinal);
    }

    [PeerFact("openssl", "env")]
    public void A_root_of_the_operating_system_is_told_as_such()
    {
        PeerIdentity server = pki.Server("p256");
        using ProbedServer probed = ProbedServer.OpenSsl(server);
        using var run = ProgramRun.Start(
            "env", "SSL_CERT_FILE=" + server.RootFile, "SSL_CERT_DIR=/nonexistent", "dotnet", Path.Combine(AppContext.BaseDirectory, "Thimble.Cli.dll"), "probe", $"{PeerPki.ServerName}:{probed.Port}", "--json", "--timeout", "20");
        run.ToEnd();
        JsonElement root = JsonDocument.Parse(run.Output).RootElement.GetProperty("found").GetProperty("chains")[0].GetProperty("root");
        Assert.Equal(("OperatingSystem", "Peer Root P-256"), (root.GetProperty("source").GetString(), root.GetProperty("name").GetString()));
    }

    [PeerFact("openssl")]
    public void A_root_that_nobody_knows_is_told_by_its_name_and_its_signature()
    {
        PeerIdentity server = pki.Server("p256");
        using ProbedServer probed = ProbedServer.OpenSsl(server);
        CliRun run = CliRun.Of("probe", $"{PeerPki.ServerName}:{probed.Port}", "--json", "--timeout", "20");
        JsonElement root = run.Json.GetProperty("found").GetProperty("chains")[0].GetProperty("root");
        Assert.Equal(("Peer Root P-256", "Unknown", false), (root.GetProperty("name").GetString(), root.GetProperty("source").GetString(), root.GetProperty("known").GetBoolean()));
        Assert.True(run.Json.GetProperty("proposal").GetProperty("proof").GetProperty("connected").GetBoolean());
        Assert.Contains("on a curve of 256 bits", run.Output, StringComparison.Ordinal);
    }

    [PeerFact("openssl")]
    public void An_expired_certificate_is_told()
    {
        PeerIdentity server = pki.Server("expired");
        using ProbedServer probed = ProbedServer.OpenSsl(server);
        CliRun run = CliRun.Of("probe", $"{PeerPki.ServerName}:{probed.Port}", "--json", "--timeout", "20", "--cafile", server.RootFile);
        Assert.Contains("expired on", run.Output, StringComparison.Ordinal);
        Assert.True(run.Json.GetProperty("proposal").GetProperty("proof").GetProperty("connected").GetBoolean());
    }

    [PeerFact("openssl")]
    public void A_certificate_for_another_name_is_told()
    {
        PeerIdentity server = pki.Server("p256");
        using ProbedServer probed = ProbedServer.OpenSsl(server);
        CliRun run = CliRun.Of("probe", $"{PeerPki.ServerName}:{probed.Port}", "--json", "--timeout", "20", "--cafile", server.RootFile, "--servername", "broker.example.org");
        Assert.Contains("is not for 'broker.example.org'", run.Output, StringComparison.Ordinal);
        Assert.False(run.Json.GetProperty("proposal").GetProperty("proof").GetProperty("connected").GetBoolean());
    }

    [PeerFact("openssl")]
    public void A_server_with_old_suites_alone_gets_no_profile()
    {
        PeerIdentity server = pki.Server("rsa-1");
        using ProbedServer probed = ProbedServer.OpenSsl(server, "-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA256");
        CliRun run = CliRun.Of("probe", $"{PeerPki.ServerName}:{probed.Port}", "--timeout", "20");
        Assert.Equal(ExitCode.Fault, run.ExitCode);
        Assert.Contains("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", run.Output, StringComparison.Ordinal);
        Assert.Contains("No profile works", run.Output, StringComparison.Ordinal);
    }
}
