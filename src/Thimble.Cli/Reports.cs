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
internal sealed record RunReport(bool Ok, TlsReport? Tls, MqttReport? Mqtt, MemoryReport? Memory, FaultReport? Fault);

/// <summary>What was negotiated, and what the server showed.</summary>
internal sealed record TlsReport(
    string Server, string ServerName, string? Version, string? Suite, string? Group, string? Alpn, bool ClientCertificate, string? ClientKey, string? CertificateStatus, IReadOnlyList<PeerReport> PeerChain);

/// <summary>One certificate of the server's chain.</summary>
internal sealed record PeerReport(string Subject, int Bytes, string Key);

/// <summary>The message of the demonstration.</summary>
internal sealed record MqttReport(string Topic, string Sent, string? Received);

/// <summary>The plan, and what was used of it.</summary>
internal sealed record MemoryReport(
    string Profile,
    int WordBits,
    int PlannedBytes,
    int? UsedBytes,
    int ConnectionBytes,
    int WindowBytes,
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
internal sealed record PlanReport(bool Ok, MemoryReport? Memory, FaultReport? Fault);

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
