using System.Collections.Generic;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Thimble.Cli.Register;

/// <summary>What <c>register</c> prints with <c>--json</c>: a stable format for programs.</summary>
/// <param name="Ok">Whether the device is registered, and all files are written.</param>
/// <param name="Hub">The host of the hub, or null.</param>
/// <param name="DeviceId">By which the hub knows the device, or null.</param>
/// <param name="Substatus">What DPS says of the assignment, or null.</param>
/// <param name="Payload">What a custom allocation policy gives to the device, or null.</param>
/// <param name="Files">What was written.</param>
/// <param name="Next">Command lines that use it.</param>
/// <param name="Fault">Why it did not go well.</param>
internal sealed record RegisterReport(bool Ok, string? Hub, string? DeviceId, string? Substatus, JsonElement? Payload, IReadOnlyList<string> Files, IReadOnlyList<string> Next, FaultReport? Fault)
{
    public static RegisterReport Of(FaultReport fault) => new(false, null, null, null, null, [], [], fault);
}

/// <summary>Writes the report without reflection.</summary>
[JsonSerializable(typeof(RegisterReport))]
internal sealed partial class RegisterJson : JsonSerializerContext
{
    /// <summary>Absent values are written as null, and quotation marks as people read them.</summary>
    public static RegisterJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
