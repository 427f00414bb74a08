using System.Collections.Generic;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Thimble.Cli.Bake;

/// <summary>What <c>bake</c> and <c>bake inspect</c> print with <c>--json</c>: a stable format for programs.</summary>
/// <param name="Ok">Whether there is an image.</param>
/// <param name="File">What was written, or inspected.</param>
/// <param name="Format">As what it was written: bin, csharp, c or der-c.</param>
/// <param name="Image">What the image holds.</param>
/// <param name="Remarks">What was noticed on the way.</param>
/// <param name="Fault">Why there is none.</param>
internal sealed record BakeReport(bool Ok, string? File, string? Format, ImageReport? Image, IReadOnlyList<RemarkReport> Remarks, FaultReport? Fault);

/// <summary>A check that found something.</summary>
internal sealed record RemarkReport(string Id, string Text);

/// <summary>What an image holds. There is nothing secret in it.</summary>
/// <param name="Version">Of the layout.</param>
/// <param name="Bytes">All of it.</param>
/// <param name="BakedAt">When it was made: no honest clock is earlier.</param>
/// <param name="Anchors">The trust anchors.</param>
/// <param name="Pins">The pins, as <c>sha256/BASE64</c>.</param>
/// <param name="Chain">The client's chain, its own certificate first.</param>
/// <param name="ChainBytes">The body of the Certificate message.</param>
/// <param name="Key">The client's key, or null.</param>
internal sealed record ImageReport(
    int Version, int Bytes, string BakedAt, IReadOnlyList<AnchorReport> Anchors, IReadOnlyList<string> Pins, IReadOnlyList<LinkReport> Chain, int ChainBytes, ClientKeyReport? Key);

/// <summary>One trust anchor.</summary>
/// <param name="Name">Its name to show.</param>
/// <param name="Key">Such as <c>RSA 2048</c>.</param>
/// <param name="IsAuthority">Whether it issues certificates; otherwise it is one server's own.</param>
/// <param name="PathLength">How many authorities may stand below it, or null for any number.</param>
/// <param name="NameConstraintsBytes">The size of its name constraints.</param>
/// <param name="IsPinned">Whether its key is one of the pins.</param>
/// <param name="Bytes">What it takes in the image.</param>
internal sealed record AnchorReport(string Name, string Key, bool IsAuthority, int? PathLength, int NameConstraintsBytes, bool IsPinned, int Bytes);

/// <summary>One certificate of the client's chain.</summary>
internal sealed record LinkReport(string Subject, string Issuer, string Key, int Bytes, string NotBefore, string NotAfter);

/// <summary>The client's key: its kind, and never more.</summary>
/// <param name="Kind">Such as <c>EC P-256</c>.</param>
/// <param name="IsElsewhere">Whether the image has its public part only.</param>
/// <param name="Bytes">What it takes in the image.</param>
internal sealed record ClientKeyReport(string Kind, bool IsElsewhere, int Bytes);

/// <summary>Writes the reports without reflection.</summary>
[JsonSerializable(typeof(BakeReport))]
internal sealed partial class BakeJson : JsonSerializerContext
{
    /// <summary>Absent values are written as null, and quotation marks as people read them.</summary>
    public static BakeJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
