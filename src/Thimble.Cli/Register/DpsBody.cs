using System;
using System.Buffers;
using System.Linq;
using System.Text.Json;
using System.Text.Unicode;
using Thimble.Cli.Clouds;

namespace Thimble.Cli.Register;

/// <summary>What the JSON of an answer says, as far as anything of it is wanted here (RegistrationOperationStatus and ProvisioningServiceErrorDetails of DPS's REST API).</summary>
internal sealed record DpsBody
{
    private const int MostDepth = 32;
    private const int MostOperationId = 256;
    private const int MostHostName = 253;

    /// <summary><c>assigning</c>, <c>assigned</c>, <c>failed</c>, <c>disabled</c> and others, or null.</summary>
    public string? Status { get; private init; }

    /// <summary>By which DPS knows the registration while it lasts.</summary>
    public string? OperationId { get; private init; }

    /// <summary>The registration ID that it answers for.</summary>
    public string? RegistrationId { get; private init; }

    public string? AssignedHub { get; private init; }

    public string? DeviceId { get; private init; }

    public string? Substatus { get; private init; }

    /// <summary>What a custom allocation policy gives back, or null.</summary>
    public JsonElement? Payload { get; private init; }

    public int? ErrorCode { get; private init; }

    public string? ErrorMessage { get; private init; }

    /// <summary>What Microsoft's support asks for.</summary>
    public string? TrackingId { get; private init; }

    /// <summary>Why nothing can be done with the answer, or null.</summary>
    public string? Problem { get; private init; }

    /// <summary>Reads it. What is not as DPS documents it is told by <see cref="Problem"/>.</summary>
    public static DpsBody Parse(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span))
        {
            return Unusable("it is not UTF-8");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MostDepth, AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object ? Of(document.RootElement) : Unusable("it is no JSON object");
        }
        catch (JsonException)
        {
            return Unusable($"it is no JSON, or has more than {MostDepth} levels, or a name twice");
        }
        catch (InvalidOperationException)
        {
            return Unusable("a text in it is half a character (a lone surrogate)"); // an escape that passes for JSON and is no text
        }
    }

    private static DpsBody Of(JsonElement root)
    {
        JsonElement state = Member(root, "registrationState");
        var body = new DpsBody
        {
            Status = Text(root, "status"),
            OperationId = Text(root, "operationId"),
            RegistrationId = Text(state, "registrationId"),
            AssignedHub = Text(state, "assignedHub"),
            DeviceId = Text(state, "deviceId"),
            Substatus = Text(state, "substatus"),
            Payload = Member(state, "payload") is { ValueKind: JsonValueKind.Object } payload ? Whole(payload) : null,
            ErrorCode = Number(root, "errorCode") ?? Number(state, "errorCode"),
            ErrorMessage = Text(root, "message") ?? Text(state, "errorMessage"),
            TrackingId = Text(root, "trackingId"),
        };
        return body.OperationId is { } operation && !IsOperation(operation) ? Unusable("its operationId has characters that no topic of DPS has, or is too long")
            : body.AssignedHub is { } hub && !IsHostName(hub) ? Unusable($"'{Shown(hub)}' is no name of a hub")
            : body.DeviceId is { } device && AzureNames.DeviceProblem(device) is { } problem ? Unusable(problem.Replace("A device ID", "a device ID", StringComparison.Ordinal))
            : body;
    }

    /// <summary>It goes into a topic, where '#', '+', '/' and '&amp;' have a meaning.</summary>
    private static bool IsOperation(string text) => text.Length is > 0 and <= MostOperationId && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or '_');

    /// <summary>It goes into command lines.</summary>
    private static bool IsHostName(string text) =>
        text.Length is > 0 and <= MostHostName && text.Split('.').All(label => label.Length is > 0 and <= 63 && label[0] != '-' && label.All(character => char.IsAsciiLetterOrDigit(character) || character == '-'));

    private static DpsBody Unusable(string problem) => new() { Problem = problem };

    private static string Shown(string text) => PrintableText.Of(text.Length <= 60 ? text : text[..60] + "…");

    /// <summary>A copy that can be written again: what holds half a character throws here, and not when the report is printed.</summary>
    private static JsonElement Whole(JsonElement element)
    {
        var copy = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(copy))
        {
            element.WriteTo(writer);
        }

        return JsonElement.Parse(copy.WrittenSpan);
    }

    private static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement member) ? member : default;

    private static string? Text(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.String } member ? member.GetString() : null;

    private static int? Number(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.Number } member && member.TryGetInt32(out int number) ? number : null;
}
