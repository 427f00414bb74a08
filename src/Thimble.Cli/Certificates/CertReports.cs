using System.Collections.Generic;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Thimble.Cli.Certificates;

/// <summary>What the commands of <c>cert</c> print with <c>--json</c>: a stable format for programs.</summary>
/// <param name="Ok">Whether all was made.</param>
/// <param name="Files">What was written.</param>
/// <param name="Certificates">What was made, without keys.</param>
/// <param name="Remarks">What a person should know about it.</param>
/// <param name="Fault">Why nothing was made.</param>
internal sealed record CertReport(bool Ok, IReadOnlyList<string> Files, IReadOnlyList<IssuedReport> Certificates, IReadOnlyList<string> Remarks, FaultReport? Fault);

/// <summary>One certificate, or one request, which has no issuer, no number and no dates.</summary>
internal sealed record IssuedReport(string Subject, string Key, int Bytes, string? Issuer, string? Serial, string? NotBefore, string? NotAfter);

/// <summary>Writes the reports without reflection.</summary>
[JsonSerializable(typeof(CertReport))]
internal sealed partial class CertJson : JsonSerializerContext
{
    /// <summary>Absent values are written as null, and quotation marks as people read them.</summary>
    public static CertJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
