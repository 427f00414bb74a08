using System;
using System.Linq;
using System.Text.Json;
using Thimble.Cli;
using Thimble.Memory;
using Thimble.Testing;
using Thimble.Tests.Cli;
using Thimble.Tests.Peers;
using Xunit;

namespace Thimble.Tool.Tests.Probe;

/// <summary>The profile that is proposed and saved, and what else could be planned.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class ProposalTests(PeerPki pki)
{
    [PeerFact("openssl")]
    public void A_saved_profile_plans_and_connects_with_the_bytes_that_were_told()
    {
        PeerIdentity server = pki.Server("rsa-1");
        using ProbedServer probed = ProbedServer.OpenSsl(server);
        string file = pki.WriteFile("");
        CliRun probe = CliRun.Of("probe", $"{PeerPki.ServerName}:{probed.Port}", "--json", "--timeout", "20", "--cafile", server.RootFile, "--save", file);
        int bytes32 = probe.Json.GetProperty("proposal").GetProperty("bytes32").GetInt32();
        Assert.Equal(bytes32, CliRun.Of("plan", "--profile", file, "--bits", "32", "--json").Json.GetProperty("memory").GetProperty("plannedBytes").GetInt32());
        Assert.Equal(bytes32, MemoryPlan.For(ProfileFile.Read(file).Profile, 32).TotalBytes);
        CliRun connect = CliRun.Of("connect", $"{PeerPki.ServerName}:{probed.Port}", "--json", "--cafile", server.RootFile, "--profile", file);
        Assert.Equal(ExitCode.Good, connect.ExitCode);
        Assert.Equal(probe.Json.GetProperty("proposal").GetProperty("bytes64").GetInt32(), connect.Json.GetProperty("memory").GetProperty("plannedBytes").GetInt32());
    }

    /// <summary>What is said to be saved is the difference of two plans, of which one can be made from the profile that was saved.</summary>
    [PeerFact("openssl")]
    public void Each_alternative_is_planned()
    {
        PeerIdentity server = pki.Server("rsa-4096");
        using ProbedServer probed = ProbedServer.OpenSsl(server);
        string file = pki.WriteFile("");
        CliRun run = CliRun.Of("probe", $"{PeerPki.ServerName}:{probed.Port}", "--json", "--timeout", "20", "--cafile", server.RootFile, "--save", file);
        Profile profile = ProfileFile.Read(file).Profile;
        Assert.Equal(4096, profile.MaxRsaBits);
        AssertPlanned("RSA keys of 2048 bits at most", profile with { MaxRsaBits = 2048 });
        AssertPlanned("An all-EC chain on P-256", profile with { MaxRsaBits = 0, MaxEcdsaBits = 256, Suites = profile.Versions == TlsVersions.Tls13 ? profile.Suites : CipherSuites.EcdheEcdsaAes128GcmSha256 });

        void AssertPlanned(string change, Profile other)
        {
            JsonElement told = run.Json.GetProperty("proposal").GetProperty("alternatives").EnumerateArray().Single(alternative => alternative.GetProperty("change").GetString() == change);
            int bytes = MemoryPlan.For(other, 32).TotalBytes;
            Assert.Equal(bytes, told.GetProperty("bytes32").GetInt32());
            Assert.Equal(bytes - MemoryPlan.For(profile, 32).TotalBytes, told.GetProperty("difference32").GetInt32());
            Assert.True(bytes < MemoryPlan.For(profile, 32).TotalBytes);
        }
    }

    [Theory]
    [InlineData("--cafile")]
    [InlineData("--save")]
    [InlineData("--cert")]
    public void A_file_that_cannot_be_used_is_told_before_anybody_is_asked(string option)
    {
        using var server = new ScriptedServer((_, _, _) => System.Threading.Tasks.Task.CompletedTask);
        string[] key = option == "--cert" ? ["--key", "/nonexistent/x"] : [];
        CliRun run = CliRun.Of(["probe", $"127.0.0.1:{server.Port}", option, "/nonexistent/x", .. key]);
        Assert.Equal(ExitCode.Fault, run.ExitCode);
        Assert.Contains("/nonexistent/x", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, server.Connections);
    }
}
