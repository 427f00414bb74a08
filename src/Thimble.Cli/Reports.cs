using System.Collections.Generic;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Thimble.Cli;

/// <summary>What <c>demo</c> and <c>connect</c> print with <c>--json</c>: a stable format for programs.</summary>
/// <param name="Ok">Whether everything went well.</param>
/// <param name="Tls">What was negotiated, as far as it came.</param>
/// <param name="Mqtt">What was sent and received, in <c>demo</c>.</param>
/// <param name="Memory">Planned against used.</param>
/// <param name="Fault">Why it ended, where it did not go well.</param>
/// <param name="Again">The same once more with TLS 1.2 alone, where <c>demo</c> was not told which version to show.</param>
internal sealed record RunReport(bool Ok, TlsReport? Tls, MqttReport? Mqtt, MemoryReport? Memory, FaultReport? Fault, RunReport? Again = null);

/// <summary>What was negotiated, and what the server showed.</summary>
internal sealed record TlsReport(
    string Server,
    string ServerName,
    string? Version,
    string? Suite,
    string? Group,
    string? Alpn,
    bool ClientCertificate,
    string? ClientKey,
    bool SessionOffered,
    bool Resumed,
    bool SharedKey,
    int KeptSessionBytes,
    string? CertificateStatus,
    IReadOnlyList<PeerReport> PeerChain);

/// <summary>One certificate of the server's chain.</summary>
internal sealed record PeerReport(string Subject, int Bytes, string Key);

/// <summary>The message of the demonstration.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Sent">What was published.</param>
/// <param name="Received">What came back.</param>
/// <param name="LargeRecord">What was asked for with <c>--record</c>.</param>
internal sealed record MqttReport(string Topic, string Sent, string? Received, LargeRecordReport? LargeRecord);

/// <summary>Messages that came in one record larger than the window.</summary>
/// <param name="Bytes">The content of the record.</param>
/// <param name="WindowBytes">What the window takes.</param>
/// <param name="Pieces">In how many pieces they came.</param>
/// <param name="Messages">How many messages were in them, each as it was sent.</param>
/// <param name="Acknowledged">How many of them were acknowledged, after the tag verified.</param>
internal sealed record LargeRecordReport(int Bytes, int WindowBytes, int Pieces, int Messages, int Acknowledged);

/// <summary>The plan, and what was used of it.</summary>
internal sealed record MemoryReport(
    string Profile,
    int WordBits,
    int PlannedBytes,
    int? UsedBytes,
    int ConnectionBytes,
    int WindowBytes,
    int ParkedBytes,
    int RestingBytes,
    long? GcAllocatedBytes,
    string PeakPhase,
    IReadOnlyList<PhaseLine> Phases,
    IReadOnlyList<RegionLine> Regions);

/// <summary>The bytes that are alive in one phase.</summary>
internal sealed record PhaseLine(string Phase, int LiveBytes);

/// <summary>One region of the plan.</summary>
internal sealed record RegionLine(
    string Name, int Bytes, int Offset, string FirstPhase, string LastPhase, IReadOnlyList<string> AliveIn, string Placement, int? UsedBytes, string Purpose);

/// <summary>What <c>plan</c> prints with <c>--json</c>.</summary>
/// <param name="Ok">Whether there is a plan.</param>
/// <param name="Memory">The plan.</param>
/// <param name="Fault">Why there is none.</param>
/// <param name="Alone">What each version takes by itself, where both are offered; otherwise null.</param>
internal sealed record PlanReport(bool Ok, MemoryReport? Memory, FaultReport? Fault, IReadOnlyList<VersionLine>? Alone);

/// <summary>The plan of one version of TLS.</summary>
internal sealed record VersionLine(string Version, int PlannedBytes);

/// <summary>Why something did not go well.</summary>
/// <param name="Reason">The name of the reason, for programs.</param>
/// <param name="Phase">The phase of the connection, <c>None</c> before it began.</param>
/// <param name="Alert">The TLS alert sent or received, by its number, or null.</param>
/// <param name="AlertName">The same by its name.</param>
/// <param name="Depth">The certificate concerned, 0 for the server's own, or null.</param>
/// <param name="Expected">What was wanted or allowed, where the reason has such a value.</param>
/// <param name="Actual">What was found.</param>
/// <param name="Explanation">What happened and what to do, for people.</param>
internal sealed record FaultReport(
    string Reason, string Phase, int? Alert, string? AlertName, int? Depth, long? Expected, long? Actual, string Explanation);

/// <summary>Writes the reports without reflection.</summary>
[JsonSerializable(typeof(RunReport))]
[JsonSerializable(typeof(PlanReport))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    /// <summary>Absent values are written as null, and quotation marks as people read them.</summary>
    public static ReportJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
