using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Memory;
using Thimble.Tls;

namespace Thimble.Cli.Probe;

/// <summary>Turns what a probe found into its report.</summary>
internal static class ProbeReportMaker
{
    public static ProbeReport Of(ProbeRequest request, ProbeResult result) => new(
        result.Proposal is not null,
        request.Server.ToString(),
        request.ServerName,
        result.Connections,
        Server(result),
        result.Proposal is { } proposal ? Proposal(result, proposal) : null,
        [.. ProbeNotes.Of(request, result)],
        null);

    public static string Name(ServerKey key) => key == ServerKey.Rsa ? "RSA" : "ECDSA";

    private static ServerReport Server(ProbeResult result)
    {
        Findings findings = result.Findings;
        ClientRequest? asked = findings.ClientRequest;
        return new ServerReport(
            [.. findings.Versions.Select(version => Words.Version(version))],
            [.. findings.Ways.Select(Way)],
            [.. ProbeNotes.Missing(findings)],
            [.. findings.Chains.Select(way => Chain(way, result.Chains[way]))],
            new ClientCertificateReport(asked is not null, asked is null ? false : result.ClientCertificateRequired, [.. asked?.Schemes.Select(scheme => Words.SignatureScheme(scheme)) ?? []], [.. asked?.Authorities.Select(Authority) ?? []]),
            new AlpnReport(findings.AlpnOffered, findings.Alpn),
            [.. result.Resumption.Select(finding => Resumption(findings, finding))],
            [.. findings.Limits.Select(limit => new LimitReport(Words.Version(limit.Version), Words.Extension(limit.Extension), limit.Bytes, limit.Verdict.ToString(), limit.LargestBytes))],
            result.LargestRecordBytes,
            result.Proof?.ApplicationBytes ?? 0);
    }

    private static WayReport Way(Way way) => new(
        Words.Version(way.Version),
        Name(way.Key),
        [.. way.Suites.Select(SuiteNumbers.Name)],
        [.. way.Groups.Select(group => Words.Group(group))],
        way.Flight.SignatureScheme == 0 ? null : Words.SignatureScheme(way.Flight.SignatureScheme),
        way.Version == TlsNumbers.Tls12 ? way.Flight.ExtendedMasterSecret : null,
        way.Flight.StapleBytes);

    private static ChainReport Chain(Way way, ServerChain chain) => new(
        Name(way.Key),
        chain.Bytes,
        [.. chain.Certificates.Select((certificate, index) => Certificate(certificate, index < chain.Needed))],
        new RootReport(chain.RootName, chain.Source.ToString(), chain.Root is not null, chain.RootFacts?.Key, PublicRoots.OwnerOf(chain.RootName)));

    private static CertificateReport Certificate(CertificateFacts facts, bool read) => new(
        CertificateName.Short(facts.Certificate),
        CertificateName.ShortIssuer(facts.Certificate),
        facts.Certificate.RawData.Length,
        facts.Key,
        facts.Signature,
        Date(facts.Certificate.NotBefore),
        Date(facts.Certificate.NotAfter),
        (int)Math.Floor((facts.Certificate.NotAfter.ToUniversalTime() - DateTime.UtcNow).TotalDays),
        facts.IsSelfSigned,
        read);

    private static ResumptionReport Resumption(Findings findings, ResumptionFinding finding)
    {
        ServerFacts? flight = findings.Ways.FirstOrDefault(way => way.Version == finding.Version)?.Flight;
        bool byTicket = finding.Version == TlsNumbers.Tls13 || flight?.AnnouncesTicket == true;
        int ticketBytes = byTicket ? Math.Max(finding.SessionBytes - Session.HeaderBytes, 0) : 0;
        return new ResumptionReport(Words.Version(finding.Version), finding.Resumed, finding.Resumed ? byTicket ? "ticket" : "session id" : null, finding.SessionBytes, ticketBytes);
    }

    private static ProposalReport Proposal(ProbeResult result, Candidate proposal)
    {
        Profile profile = proposal.Profile;
        MemoryMap map = MemoryMap.Of(profile, 32);
        Trial proof = result.Proof!;
        return new ProposalReport(
            ProfileFile.Document("", null, profile).Profile,
            Words.Version(proposal.Way.Version),
            Name(proposal.Way.Key),
            string.Join(", ", ProfileFile.Document("", null, profile).Profile.Suites),
            string.Join(", ", ProfileFile.Document("", null, profile).Profile.Groups),
            proposal.Bytes32,
            proposal.Bytes64,
            map.PeakPhase.ToString(),
            new ProofReport(
                proof.Connected,
                proof.Suite == 0 ? null : Words.Suite(proof.Suite),
                proof.Group == 0 ? null : Words.Group(proof.Group),
                proof.SentClientCertificate,
                proof.Memory.WordBits,
                proof.Memory.PlannedBytes,
                proof.Memory.UsedBytes,
                proof.Failure is null ? null : ReportMaker.Fault(proof.Failure)),
            [.. Alternatives.Of(proposal, result.Candidates, result.Findings, result.TicketBytes).Select(alternative => Alternative(alternative, proposal.Bytes32))]);
    }

    private static AlternativeReport Alternative(Alternative alternative, int bytes)
    {
        int bytes32 = MemoryPlan.For(alternative.Profile, 32).TotalBytes;
        return new AlternativeReport(alternative.Change, alternative.Cost, alternative.WorksNow, bytes32, MemoryPlan.For(alternative.Profile, 64).TotalBytes, bytes32 - bytes);
    }

    private static string Authority(byte[] name)
    {
        try
        {
            return PrintableText.Of(new X500DistinguishedName(name).Name);
        }
        catch (CryptographicException)
        {
            return "(not readable)";
        }
    }

    private static string Date(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
