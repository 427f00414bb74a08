using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Thimble.Cli.Advise;

/// <summary>Writes the report without reflection.</summary>
[JsonSerializable(typeof(AdviseReport))]
internal sealed partial class AdviseJson : JsonSerializerContext
{
    /// <summary>As the tool's other reports are written.</summary>
    public static AdviseJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
