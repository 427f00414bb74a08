using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Thimble.Cli.Bake;
using Thimble.Memory;
using Thimble.Tls;

namespace Thimble.Cli.Probe;

/// <summary>A whole probe: the survey, the smallest profile, the connection that proves it, and sessions.</summary>
internal sealed class ProbeRun(Prober prober, ProbeRequest request)
{
    /// <summary>Room for any ticket that servers make.</summary>
    private const int GenerousTicketBytes = 4096;

    /// <summary>How many profiles are tried until one connects: the next one goes another way.</summary>
    private const int MaxAttempts = 3;

    private readonly EngineTrials _trials = new(prober, request);

    /// <summary>Asks all and tries it.</summary>
    /// <exception cref="ThimbleException">The server cannot be asked, or a file of the request cannot be used.</exception>
    public async Task<ProbeResult> RunAsync()
    {
        KnownRoots roots = KnownRoots.Read(request.CaFile);
        request.Identity()?.Dispose(); // a file that cannot be used is told before anybody is asked
        if (request.SaveFile is { } file)
        {
            ProfileFile.RefuseMissingFolder(file);
            if (RealPath.SameAs(file, request.CaFile, request.CertificateFile, request.KeyFile) is { } same)
            {
                throw new ProfileFileException($"The profile is not saved: it would overwrite '{same}', which is read. Name another file.");
            }
        }

        string[] protocols = request.Alpn.Length > 0 ? [request.Alpn, .. ProbeRequest.UsualProtocols.Where(name => name != request.Alpn)] : ProbeRequest.UsualProtocols;
        Findings findings = await new ServerSurvey(prober, protocols).RunAsync().ConfigureAwait(false);
        Wishes wishes = request.Wishes(findings.ClientRequest is not null);
        Dictionary<Way, ServerChain> chains = findings.Ways.ToDictionary(way => way, way => ServerChain.Of(way.Flight.Chain, roots));
        var result = new ProbeResult { Findings = findings, Chains = chains, Candidates = Candidate.Of(findings, chains, wishes) };
        try
        {
            await ProveAsync(result).ConfigureAwait(false);
            await ResumeAsync(result).ConfigureAwait(false);
        }
        catch
        {
            result.Dispose();
            throw;
        }

        result.LargestRecordBytes = prober.LargestRecordBytes;
        result.Connections = prober.Connections;
        result.Unanswered = prober.Unanswered;
        return result;
    }

    /// <summary>The smallest profile that connects. Where none does, the smallest one stands with what went wrong.</summary>
    private async Task ProveAsync(ProbeResult result)
    {
        bool asks = result.Findings.ClientRequest is not null;
        foreach (Candidate candidate in result.Candidates.DistinctBy(candidate => candidate.Way).Take(MaxAttempts))
        {
            prober.Tell("a connection with the proposed profile");
            Profile profile = request.CertificateFile is null ? WithoutClient(candidate.Profile) : candidate.Profile;
            Trial trial = await _trials.ConnectAsync(profile, candidate.Chain, asks, request.Speech).ConfigureAwait(false);
            result.Proof = result.Proof is null || trial.Connected ? trial : result.Proof;
            result.Proposal = result.Proposal is null || trial.Connected ? candidate : result.Proposal;
            if (asks && request.CertificateFile is null)
            {
                result.ClientCertificateRequired = !trial.Connected;
                return;
            }

            if (trial.Connected || trial.Failure is TransportException)
            {
                return;
            }
        }
    }

    /// <summary>Where no certificate is at hand, none can be planned for by a connection of ours.</summary>
    private static Profile WithoutClient(Profile profile) => profile with { ClientRsaBits = 0, ClientEcdsaBits = 0, ClientEd25519 = false };

    private async Task ResumeAsync(ProbeResult result)
    {
        if (result.Proof is not { Connected: true })
        {
            return;
        }

        foreach (Candidate candidate in result.Candidates.DistinctBy(candidate => candidate.Way.Version).OrderByDescending(candidate => candidate.Way.Version))
        {
            prober.Tell($"resumption in {Words.Version(candidate.Way.Version)}");
            using var sessions = new SessionCache();
            Profile profile = candidate.Profile with { MaxTicketBytes = GenerousTicketBytes };
            profile = request.CertificateFile is null ? WithoutClient(profile) : profile;
            Trial first = await _trials.ConnectAsync(profile, candidate.Chain, asksForCertificate: false, Speech.None, sessions).ConfigureAwait(false);
            Trial? second = first.SessionBytes == 0 ? null : await _trials.ConnectAsync(profile, candidate.Chain, asksForCertificate: false, Speech.None, sessions).ConfigureAwait(false);
            result.Resumption.Add(new ResumptionFinding(candidate.Way.Version, second?.Resumed ?? false, first.SessionBytes));
            if (second?.Resumed == true)
            {
                result.TicketBytes = Math.Max(result.TicketBytes, Math.Max(first.SessionBytes - Session.HeaderBytes, 1));
            }
        }
    }
}
