using System.Collections.Generic;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Thimble.Cli.Explain;

/// <summary>What <c>explain</c> prints with <c>--json</c>.</summary>
/// <param name="Ok">Whether there was something to explain.</param>
/// <param name="Happened">What a saved report says happened; null where a code was asked for.</param>
/// <param name="Articles">What the code may stand for.</param>
internal sealed record ExplainReport(bool Ok, string? Happened, IReadOnlyList<ArticleReport> Articles);

/// <summary>One thing that was explained.</summary>
internal sealed record ArticleReport(string Kind, int Code, string Name, string Meaning, IReadOnlyList<string> Causes, IReadOnlyList<string> NextSteps)
{
    public static ArticleReport Of(Subject subject, string? server) => new(
        subject.Kind, subject.Code, subject.Name, subject.Meaning, subject.Article.Causes, [.. subject.Article.NextSteps.Select(step => WithServer(step, server))]);

    private static string WithServer(string step, string? server) => server is null ? step : step.Replace("HOST:PORT", server, System.StringComparison.Ordinal);
}

/// <summary>Writes the report without reflection.</summary>
[JsonSerializable(typeof(ExplainReport))]
internal sealed partial class ExplainJson : JsonSerializerContext
{
    public static ExplainJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
