using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Thimble.Cli.Bake;
using Thimble.Memory;

namespace Thimble.Cli;

/// <summary>Profiles in files: JSON, with a version (<see cref="ProfileDocument"/>).</summary>
internal static class ProfileFile
{
    private const int FormatVersion = 1;
    private const int MaxFileBytes = 1 << 16;

    /// <summary>The document of a profile.</summary>
    public static ProfileDocument Document(string name, string? description, in Profile profile) =>
        new() { ThimbleProfile = FormatVersion, Name = name, Description = description, Profile = Members(profile) };

    /// <summary>Tells beforehand that there will be no place to write to.</summary>
    /// <exception cref="ProfileFileException">There is no such folder.</exception>
    public static void RefuseMissingFolder(string path)
    {
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
        {
            throw new ProfileFileException($"The profile cannot be written to '{path}': there is no such folder. Make it, or name another file.");
        }
    }

    /// <summary>Writes a profile: whole, or not at all.</summary>
    /// <exception cref="ProfileFileException">The file cannot be written.</exception>
    public static void Write(string path, ProfileDocument document)
    {
        try
        {
            WholeFile.Write(path, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(document, ProfileJson.Strict.ProfileDocument) + "\n"), isSecret: false);
        }
        catch (ThimbleException e)
        {
            throw new ProfileFileException("The profile is not saved. " + e.Message);
        }
    }

    /// <summary>Reads a profile.</summary>
    /// <exception cref="ProfileFileException">The file is none; the message says why.</exception>
    public static NamedProfile Read(string path)
    {
        ProfileDocument document;
        try
        {
            document = Parse(path);
        }
        catch (JsonException e)
        {
            string where = e.LineNumber is { } line ? $", in line {line + 1}" : "";
            throw new ProfileFileException($"'{path}' is no profile: it is not the JSON of one{where}. Give a file that 'thimble probe --save' wrote.");
        }
        catch (InvalidOperationException)
        {
            throw new ProfileFileException($"'{path}' is no profile: it has a text that is none, half of a surrogate pair or bytes that are no UTF-8. Give a file that 'thimble probe --save' wrote.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new ProfileFileException($"The profile '{path}' cannot be read: {e.Message} Check the name and its permissions.");
        }

        Profile profile = Profile(path, document.Profile);
        return new NamedProfile(PrintableText.Of(document.Name), PrintableText.Of(document.Description ?? ""), profile);
    }

    /// <summary>The version comes first: what a newer one means by its other members is not known here.</summary>
    private static ProfileDocument Parse(string path)
    {
        byte[] text = BoundedFile.Read(path, MaxFileBytes)
            ?? throw new ProfileFileException($"'{path}' is no profile: it is longer than {MaxFileBytes:N0} bytes. Give a file that 'thimble probe --save' wrote.");
        using (var any = JsonDocument.Parse(text))
        {
            bool isProfile = any.RootElement.ValueKind == JsonValueKind.Object && any.RootElement.TryGetProperty("thimbleProfile", out JsonElement version) && version.ValueKind == JsonValueKind.Number;
            if (!isProfile || !any.RootElement.GetProperty("thimbleProfile").TryGetInt32(out int format))
            {
                throw new ProfileFileException($"'{path}' is no profile: it does not begin with its format, \"thimbleProfile\". Give a file that 'thimble probe --save' wrote.");
            }

            if (format != FormatVersion)
            {
                throw new ProfileFileException($"'{path}' is a profile of format {format}, and this tool reads format {FormatVersion}. Use the tool that wrote it, or probe again.");
            }
        }

        return JsonSerializer.Deserialize(text, ProfileJson.Strict.ProfileDocument) is { Name: not null, Profile: { Versions: not null, Suites: not null, Groups: not null, PskModes: not null, MqttVersions: not null } } document
            ? document
            : throw new JsonException();
    }

    private static ProfileMembers Members(in Profile profile) => new()
    {
        Versions = Names(profile.Versions),
        Suites = Names(profile.Suites),
        Groups = Names(profile.Groups),
        MinRsaBits = profile.MinRsaBits,
        MaxRsaBits = profile.MaxRsaBits,
        MaxEcdsaBits = profile.MaxEcdsaBits,
        MaxSignatureHashBits = profile.MaxSignatureHashBits,
        Ed25519 = profile.Ed25519,
        MaxEd25519TbsBytes = profile.MaxEd25519TbsBytes,
        ClientRsaBits = profile.ClientRsaBits,
        ClientEcdsaBits = profile.ClientEcdsaBits,
        ClientEd25519 = profile.ClientEd25519,
        InWindowBytes = profile.InWindowBytes,
        OutWindowBytes = profile.OutWindowBytes,
        MaxServerNameBytes = profile.MaxServerNameBytes,
        MaxAlpnBytes = profile.MaxAlpnBytes,
        SecondTranscript = profile.SecondTranscript,
        AllowLegacyMasterSecret = profile.AllowLegacyMasterSecret,
        MaxTicketBytes = profile.MaxTicketBytes,
        PskModes = Names(profile.PskModes),
        MaxPskIdentityBytes = profile.MaxPskIdentityBytes,
        ExportsKeys = profile.ExportsKeys,
        ClientKeyElsewhere = profile.ClientKeyElsewhere,
        StapledStatus = profile.StapledStatus,
        MaxMqttTopicBytes = profile.MaxMqttTopicBytes,
        MaxMqttAcknowledgements = profile.MaxMqttAcknowledgements,
        MaxMqttInFlight = profile.MaxMqttInFlight,
        MaxMqttInboundExactlyOnce = profile.MaxMqttInboundExactlyOnce,
        MaxMqttTopicAliases = profile.MaxMqttTopicAliases,
        MqttVersions = Names(profile.MqttVersions),
        ProvisionalMqtt = profile.ProvisionalMqtt,
    };

    private static Profile Profile(string path, ProfileMembers members)
    {
        int Within(string name, int value, int lowest, int highest) => value >= lowest && value <= highest ? value
            : throw new ProfileFileException($"'{path}' is no profile that can be planned: {name} is {value}, and may be from {lowest} to {highest}. Mend it, or probe again.");

        int OneOf(string name, int value, params int[] allowed) => allowed.Contains(value) ? value
            : throw new ProfileFileException($"'{path}' is no profile that can be planned: {name} is {value}, and may be {string.Join(", ", allowed)}. Mend it, or probe again.");

        return new Profile
        {
            Versions = Flags(path, nameof(members.Versions), members.Versions, TlsVersions.None),
            Suites = Flags(path, nameof(members.Suites), members.Suites, CipherSuites.None),
            Groups = Flags(path, nameof(members.Groups), members.Groups, Groups.None),
            MinRsaBits = Within("minRsaBits", members.MinRsaBits, KeyDescription.MinRsaBits, KeyDescription.MaxRsaBits),
            MaxRsaBits = OneOf("maxRsaBits", members.MaxRsaBits, 0, 2048, 3072, 4096),
            MaxEcdsaBits = OneOf("maxEcdsaBits", members.MaxEcdsaBits, 0, 256, 384, 521),
            MaxSignatureHashBits = OneOf("maxSignatureHashBits", members.MaxSignatureHashBits, 256, 384, 512),
            Ed25519 = members.Ed25519,
            MaxEd25519TbsBytes = Within("maxEd25519TbsBytes", members.MaxEd25519TbsBytes, 0, 16_384),
            ClientRsaBits = members.ClientRsaBits == 0 ? 0 : Within("clientRsaBits", members.ClientRsaBits, KeyDescription.MinRsaBits, KeyDescription.MaxRsaBits),
            ClientEcdsaBits = OneOf("clientEcdsaBits", members.ClientEcdsaBits, 0, 256, 384),
            ClientEd25519 = members.ClientEd25519,
            InWindowBytes = Within("inWindowBytes", members.InWindowBytes, 64, 16_384),
            OutWindowBytes = Within("outWindowBytes", members.OutWindowBytes, 64, 16_384),
            MaxServerNameBytes = Within("maxServerNameBytes", members.MaxServerNameBytes, 1, 253),
            MaxAlpnBytes = Within("maxAlpnBytes", members.MaxAlpnBytes, 0, 255),
            SecondTranscript = members.SecondTranscript,
            AllowLegacyMasterSecret = members.AllowLegacyMasterSecret,
            MaxTicketBytes = Within("maxTicketBytes", members.MaxTicketBytes, 0, 8192),
            PskModes = Flags(path, nameof(members.PskModes), members.PskModes, PskModes.None),
            MaxPskIdentityBytes = Within("maxPskIdentityBytes", members.MaxPskIdentityBytes, 0, 1024),
            ExportsKeys = members.ExportsKeys,
            ClientKeyElsewhere = members.ClientKeyElsewhere,
            StapledStatus = members.StapledStatus,
            MaxMqttTopicBytes = Within("maxMqttTopicBytes", members.MaxMqttTopicBytes, 0, 65_535),
            MaxMqttAcknowledgements = Within("maxMqttAcknowledgements", members.MaxMqttAcknowledgements, 0, 255),
            MaxMqttInFlight = Within("maxMqttInFlight", members.MaxMqttInFlight, 0, 4000),
            MaxMqttInboundExactlyOnce = Within("maxMqttInboundExactlyOnce", members.MaxMqttInboundExactlyOnce, 0, 255),
            MaxMqttTopicAliases = Within("maxMqttTopicAliases", members.MaxMqttTopicAliases, 0, 255),
            MqttVersions = Flags(path, nameof(members.MqttVersions), members.MqttVersions, MqttVersions.None),
            ProvisionalMqtt = members.ProvisionalMqtt,
        };
    }

    /// <summary>The names of the flags that are set.</summary>
    private static string[] Names<T>(T flags)
        where T : struct, Enum => [.. Enum.GetValues<T>().Where(flag => !flag.Equals(default(T)) && flags.HasFlag(flag)).Select(flag => flag.ToString())];

    private static T Flags<T>(string path, string member, IReadOnlyList<string> names, T none)
        where T : struct, Enum
    {
        foreach (string? name in names)
        {
            if (name is null || !Enum.GetNames<T>().Contains(name, StringComparer.Ordinal) || name == none.ToString())
            {
                throw new ProfileFileException($"'{path}' is no profile that can be planned: {member} has '{PrintableText.Of(name ?? "null")}', and there are {string.Join(", ", Enum.GetNames<T>().Skip(1))}. Mend it, or probe again.");
            }
        }

        return names.Count == 0 ? none : Enum.Parse<T>(string.Join(',', names));
    }
}
