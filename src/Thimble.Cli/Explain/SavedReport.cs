using System;
using System.Globalization;
using System.IO;
using System.Text.Json;

namespace Thimble.Cli.Explain;

/// <summary>What a report that was saved with <c>--json</c> says of a fault: commands have different reports, and all of them have a fault in the same place.</summary>
/// <param name="Ok">Whether all went well.</param>
/// <param name="Reason">The name of the fault, or null.</param>
/// <param name="Alert">The alert, or null.</param>
/// <param name="Explanation">What happened, in the words of that moment.</param>
/// <param name="Server">The server, as HOST:PORT, or null.</param>
internal sealed record SavedReport(bool Ok, string? Reason, byte? Alert, string? Explanation, string? Server)
{
    /// <summary>No report is longer.</summary>
    private const int MaxBytes = 4 << 20;

    /// <summary>Reads a report.</summary>
    /// <exception cref="InvalidDataException">The file holds none; the message says why.</exception>
    public static SavedReport Read(string file)
    {
        try
        {
            byte[] text = BoundedFile.Read(file, MaxBytes)
                ?? throw new InvalidDataException($"'{file}' is longer than {MaxBytes.ToString("N0", CultureInfo.InvariantCulture)} bytes, and no report is.");
            using JsonDocument document = JsonDocument.Parse(text);
            return Of(document.RootElement) ?? throw new InvalidDataException($"'{file}' is JSON, but no report of thimble: it has no 'ok'.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{file}' is no JSON: line {(e.LineNumber ?? 0) + 1} breaks its grammar. Save a report with: thimble connect ... --json > FILE", e);
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidDataException($"'{file}' is JSON with a text that is none: half of a surrogate pair, or bytes that are no UTF-8.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new InvalidDataException($"'{file}' cannot be read: {e.Message}", e);
        }
    }

    private static SavedReport? Of(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("ok", out JsonElement ok) || ok.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            return null;
        }

        JsonElement fault = Member(root, "fault");
        JsonElement alert = Member(fault, "alert");
        return new SavedReport(
            ok.GetBoolean(),
            Text(Member(fault, "reason")),
            alert.ValueKind == JsonValueKind.Number && alert.TryGetByte(out byte number) ? number : null,
            Text(Member(fault, "explanation")),
            Text(Member(Member(root, "tls"), "server")) ?? Text(Member(root, "server")));
    }

    private static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement member) ? member : default;

    private static string? Text(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString() : null;
}
