using System.Collections.Generic;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Thimble.Cli;

/// <summary>A profile in a file, as <c>probe --save</c> writes it and <c>--profile FILE</c> reads it; docs/probe.md says what each member means.</summary>
internal sealed record ProfileDocument
{
    /// <summary>The version of this format; 1 is the only one.</summary>
    public required int ThimbleProfile { get; init; }

    /// <summary>A name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Where it comes from, for people.</summary>
    public string? Description { get; init; }

    /// <summary>The limits.</summary>
    public required ProfileMembers Profile { get; init; }
}

/// <summary>The members of <see cref="Memory.Profile"/>; what is left out is 0, none or false.</summary>
internal sealed record ProfileMembers
{
    public IReadOnlyList<string> Versions { get; init; } = [];

    public IReadOnlyList<string> Suites { get; init; } = [];

    public IReadOnlyList<string> Groups { get; init; } = [];

    public int MinRsaBits { get; init; }

    public int MaxRsaBits { get; init; }

    public int MaxEcdsaBits { get; init; }

    public int MaxSignatureHashBits { get; init; }

    public bool Ed25519 { get; init; }

    public int MaxEd25519TbsBytes { get; init; }

    public int ClientRsaBits { get; init; }

    public int ClientEcdsaBits { get; init; }

    public bool ClientEd25519 { get; init; }

    public int InWindowBytes { get; init; }

    public int OutWindowBytes { get; init; }

    public int MaxServerNameBytes { get; init; }

    public int MaxAlpnBytes { get; init; }

    public bool SecondTranscript { get; init; }

    public bool AllowLegacyMasterSecret { get; init; }

    public int MaxTicketBytes { get; init; }

    public IReadOnlyList<string> PskModes { get; init; } = [];

    public int MaxPskIdentityBytes { get; init; }

    public bool ExportsKeys { get; init; }

    public bool ClientKeyElsewhere { get; init; }

    public bool StapledStatus { get; init; }

    public int MaxMqttTopicBytes { get; init; }

    public int MaxMqttAcknowledgements { get; init; }

    public int MaxMqttInFlight { get; init; }

    public int MaxMqttInboundExactlyOnce { get; init; }

    public int MaxMqttTopicAliases { get; init; }

    public IReadOnlyList<string> MqttVersions { get; init; } = [];

    public bool ProvisionalMqtt { get; init; }
}

/// <summary>Reads and writes it without reflection, and refuses members that it does not know.</summary>
[JsonSerializable(typeof(ProfileDocument))]
internal sealed partial class ProfileJson : JsonSerializerContext
{
    public static ProfileJson Strict { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
