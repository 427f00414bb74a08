using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Cli;
using Thimble.Cli.Probe;
using Thimble.Memory;
using Thimble.Testing;
using Thimble.Tests.Peers;
using Xunit;

namespace Thimble.Tool.Tests.Probe;

/// <summary>What is said to work now connects, with exactly its plan; what is said to need something else first does not.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class AlternativesTests(PeerPki pki)
{
    [PeerTheory("openssl")]
    [InlineData("rsa-4096", "")]
    [InlineData("p384", "-tls1_2 -cipher ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305")]
    [InlineData("p256", "-tls1_3 -ciphersuites TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256 -groups P-384:P-256")]
    [InlineData("ed25519", "")]
    [InlineData("ec-under-rsa", "-groups P-384")]
    public async Task Each_one_is_as_it_says(string identity, string options)
    {
        PeerIdentity server = pki.Server(identity);
        using ProbedServer probed = ProbedServer.OpenSsl(server, options.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        await Compare(probed, server);
    }

    [PeerFact("openssl")]
    public async Task Each_one_is_as_it_says_where_there_are_two_certificates()
    {
        PeerIdentity rsa = pki.Server("rsa-1"), ec = pki.Server("ec-under-rsa");
        using ProbedServer probed = ProbedServer.OpenSsl(rsa, "-dcert", ec.LeafFile, "-dkey", ec.KeyFile);
        Assert.Contains(await Compare(probed, rsa), change => change.Contains("in its place", StringComparison.Ordinal));
    }

    /// <returns>The changes that were tried.</returns>
    private static async Task<List<string>> Compare(ProbedServer probed, PeerIdentity server)
    {
        var request = new ProbeRequest(new HostAndPort(PeerPki.ServerName, probed.Port), PeerPki.ServerName, server.RootFile, null, null, "", Speech.None, TimeSpan.FromSeconds(20), 512, 64, null, Json: true);
        using ProbeResult result = await new ProbeRun(New(request), request).RunAsync();
        Candidate proposal = result.Proposal!;
        List<string> tried = [];
        foreach (Alternative alternative in Alternatives.Of(proposal, result.Candidates, result.Findings, result.TicketBytes))
        {
            ServerChain chain = (result.Candidates.FirstOrDefault(candidate => candidate.Profile.Equals(alternative.Profile)) ?? proposal).Chain;
            using var sessions = new SessionCache();
            var trials = new EngineTrials(New(request), request);
            Trial trial = await trials.ConnectAsync(alternative.Profile, chain, asksForCertificate: false, Speech.None, sessions);
            Assert.True(trial.Connected == alternative.WorksNow, $"{alternative.Change}: {trial.Failure?.Message ?? "it connects"}");
            if (trial.Connected)
            {
                Assert.Equal(MemoryPlan.For(alternative.Profile, 8 * nint.Size).TotalBytes, trial.Memory.PlannedBytes);
            }

            if (alternative.Profile.MaxTicketBytes > 0)
            {
                Assert.True((await trials.ConnectAsync(alternative.Profile, chain, asksForCertificate: false, Speech.None, sessions)).Resumed, alternative.Change);
            }

            tried.Add(alternative.Change);
        }

        Assert.NotEmpty(tried);
        return tried;
    }

    private static Prober New(ProbeRequest request) => new(request.Server, request.ServerName, request.Timeout, _ => { }, CancellationToken.None);
}
