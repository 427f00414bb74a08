using System.Collections.Generic;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Thimble.Cli.Probe;

/// <summary>What <c>probe</c> prints with <c>--json</c>: a stable format for programs, which docs/probe.md describes.</summary>
internal sealed record ProbeReport(bool Ok, string Server, string ServerName, int Connections, ServerReport? Found, ProposalReport? Proposal, IReadOnlyList<string> Notes, FaultReport? Fault);

/// <summary>What the server told.</summary>
internal sealed record ServerReport(
    IReadOnlyList<string> Versions,
    IReadOnlyList<WayReport> Accepts,
    IReadOnlyList<MissingKeyReport> Missing,
    IReadOnlyList<ChainReport> Chains,
    ClientCertificateReport ClientCertificate,
    AlpnReport Alpn,
    IReadOnlyList<ResumptionReport> Resumption,
    IReadOnlyList<LimitReport> Limits,
    int LargestRecordBytes,
    int ApplicationBytes);

/// <summary>What it accepts in one version with one kind of key.</summary>
internal sealed record WayReport(
    string Version, string Key, IReadOnlyList<string> Suites, IReadOnlyList<string> Groups, string? SignatureScheme, bool? ExtendedMasterSecret, int StapledStatusBytes);

/// <summary>A kind of key that it has no certificate for, and how it says so.</summary>
internal sealed record MissingKeyReport(string Key, string? Alert, string Explanation);

/// <summary>The certificates of one kind of key.</summary>
internal sealed record ChainReport(string Key, int Bytes, IReadOnlyList<CertificateReport> Certificates, RootReport Root);

/// <summary>One certificate. <paramref name="Read"/> tells whether a client reads it: what comes behind the one that the root issued is skipped.</summary>
internal sealed record CertificateReport(
    string Subject, string Issuer, int Bytes, string Key, string Signature, string NotBefore, string NotAfter, int DaysLeft, bool SelfSigned, bool Read);

/// <summary>The root that a chain ends at; <paramref name="Owner"/> is whose public root has that name.</summary>
internal sealed record RootReport(string Name, string Source, bool Known, string? Key, string? Owner);

/// <summary>What it asks of the client.</summary>
internal sealed record ClientCertificateReport(bool Asked, bool? Required, IReadOnlyList<string> SignatureSchemes, IReadOnlyList<string> Authorities);

/// <summary>Application protocols.</summary>
internal sealed record AlpnReport(IReadOnlyList<string> Offered, IReadOnlyList<string> Accepted);

/// <summary>Whether a session goes on.</summary>
internal sealed record ResumptionReport(string Version, bool Resumed, string? By, int SessionBytes, int TicketBytes);

/// <summary>A limit to records.</summary>
internal sealed record LimitReport(string Version, string Extension, int Bytes, string Verdict, int LargestBytes);

/// <summary>The profile that follows.</summary>
internal sealed record ProposalReport(
    ProfileMembers Profile, string Version, string Key, string Suite, string Group, int Bytes32, int Bytes64, string PeakPhase, ProofReport Proof, IReadOnlyList<AlternativeReport> Alternatives);

/// <summary>The connection that was made with it, on this machine.</summary>
internal sealed record ProofReport(bool Connected, string? Suite, string? Group, bool ClientCertificate, int WordBits, int PlannedBytes, int? UsedBytes, FaultReport? Fault);

/// <summary>Another profile. <paramref name="Difference32"/> is against the proposal.</summary>
internal sealed record AlternativeReport(string Change, string Cost, bool WorksNow, int Bytes32, int Bytes64, int Difference32);

/// <summary>Writes the report without reflection.</summary>
[JsonSerializable(typeof(ProbeReport))]
internal sealed partial class ProbeJson : JsonSerializerContext
{
    public static ProbeJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
