using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Thimble.Cli.Timeline;

/// <summary>Writes the report without reflection.</summary>
[JsonSerializable(typeof(TimelineReport))]
internal sealed partial class TimelineJson : JsonSerializerContext
{
    /// <summary>As the tool's other reports are written.</summary>
    public static TimelineJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
