using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.IO;
using System.Linq;
using Thimble.Cli.Clouds;
using Thimble.Memory;

namespace Thimble.Cli;

/// <summary>The options that choose a profile: a name to begin with, and knobs that change it.</summary>
internal sealed class ProfileOptions
{
    private readonly Option<NamedProfile?> _profile;
    private readonly Option<CloudPreset?>? _cloud;
    private readonly NamedProfile _begin;
    private readonly Option<int?> _maxRsa = Choice("--max-rsa", "BITS", "The longest RSA key in the server's chain.", 0, 2048, 3072, 4096);
    private readonly Option<int?> _maxEcdsa = Choice("--max-ecdsa", "BITS", "The largest EC key in the server's chain.", 0, 256, 384, 521);
    private readonly Option<int?> _maxHash = Choice("--max-hash", "BITS", "The longest hash in the server's signatures.", 256, 384, 512);
    private readonly Option<bool> _ed25519 = new("--ed25519") { Description = "Let the server's key be Ed25519, and offer that signature." };
    private readonly Option<int?> _maxEd25519Tbs = Range("--max-ed25519-tbs", "The longest signed part of a certificate that Ed25519 signed, which is kept whole; 0 refuses such certificates.", 0, 16_384);
    private readonly Option<int?> _window = Range("--window", "The largest application record, in and out, in bytes of content.", 64, 16_384);
    private readonly Option<int?> _inWindow = Range("--in-window", "The same for records that are received.", 64, 16_384);
    private readonly Option<int?> _outWindow = Range("--out-window", "The same for records that are sent.", 64, 16_384);
    private readonly Option<int?> _maxTopic = Range("--max-topic", "The longest MQTT topic that is received; 0 plans no MQTT session.", 0, 65_535);
    private readonly Option<int?> _maxTicket = Range("--max-ticket", "The longest ticket of a session that is kept; 0 resumes no session.", 0, 8192);
    private readonly Option<int?> _maxIdentity = Range("--max-psk-identity", "The longest identity of a key shared beforehand; 0 takes no such key.", 0, 1024);
    private readonly Option<PskModes?> _pskModes = Flags("--psk-modes", "How a shared key may be used: psk (alone), pskWithDhe (with a key agreement), separated by commas.", PskModes.None);
    private readonly Option<CipherSuites?> _suites = Flags("--suites", "The cipher suites to offer, by their names in CipherSuites, separated by commas.", CipherSuites.None);
    private readonly Option<TlsVersions?> _tls = TlsOption.Create("The versions of TLS to offer: 1.2, 1.3, or 1.2,1.3. The default is the profile's: all named ones offer both.");

    private readonly Option<bool> _exportsKeys = new("--exports-keys") { Description = "Keep the secret that exported keys and channel bindings come from." };

    private readonly Option<bool> _stapledStatus = new("--stapled-status") { Description = "Ask for the status of the server's certificate, and verify the OCSP response that comes with it." };

    private readonly Option<Groups?> _groups = Flags("--groups", "The groups to offer: x25519, secp256r1, secp384r1, separated by commas.", Groups.None);

    /// <param name="command">The command that gets the options.</param>
    /// <param name="begin">The profile to begin with where none is named.</param>
    /// <param name="forCloud">What <c>--for</c> does, in words; null has no such option.</param>
    public ProfileOptions(Command command, NamedProfile begin, string? forCloud = null)
    {
        _begin = begin;
        if (forCloud is not null)
        {
            _cloud = CloudOption.Create(forCloud);
            command.Options.Add(_cloud);
        }

        _profile = ProfileOption($"Where to begin: {Choices}. The default is {begin.Name}.");
        foreach (Option option in (Option[])[_profile, _maxRsa, _maxEcdsa, _maxHash, _ed25519, _maxEd25519Tbs, _window, _inWindow, _outWindow, _maxTopic, _maxTicket, _maxIdentity, _pskModes, _suites, _groups, _tls, _stapledStatus, _exportsKeys])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The option <c>--profile</c>.</summary>
    public static Option<NamedProfile?> ProfileOption(string description)
    {
        var option = new Option<NamedProfile?>("--profile")
        {
            HelpName = "NAME|FILE",
            Description = description,
            CustomParser = static result => Profiles.Find(result.Tokens[0].Value) ?? FromFile(result),
        };
        option.CompletionSources.Add([.. Profiles.All.Select(profile => profile.Name)]);
        return option;
    }

    /// <summary>What <c>--profile</c> takes, in words.</summary>
    public static string Choices => $"{string.Join(", ", Profiles.All.Select(profile => profile.Name))}, or a file that probe --save wrote";

    /// <summary>The name of the profile at the beginning, with a note where knobs have changed it.</summary>
    public string Name(ParseResult result) => Begin(result).Name + (IsChanged(result) ? " (changed)" : "");

    /// <summary>Whether the profile at the beginning says itself what key the client has: those in files do, those with names do not.</summary>
    public static bool PlansForClientKey(NamedProfile? begin) => begin is not null && !Profiles.All.Any(profile => ReferenceEquals(profile, begin));

    /// <summary>The profile with all knobs applied, for the client key that was asked for; a profile from a file says itself which that is, unless somebody says another.</summary>
    public Profile ReadFor(ParseResult result, Option<ClientKeyChoice?> clientKey) => PlansForClientKey(result.GetValue(_profile)) && result.GetResult(clientKey) is null
        ? Read(result)
        : ClientKeyChoice.Of(result, clientKey).Apply(Read(result));

    /// <summary>Whether the versions were chosen on the command line.</summary>
    public bool ChoosesVersions(ParseResult result) => result.GetResult(_tls) is { Implicit: false };

    /// <summary>The profile with all knobs applied.</summary>
    public Profile Read(ParseResult result)
    {
        Profile profile = Begin(result).Profile;
        int? window = result.GetValue(_window);
        profile = profile with
        {
            MaxRsaBits = result.GetValue(_maxRsa) ?? profile.MaxRsaBits,
            MaxEcdsaBits = result.GetValue(_maxEcdsa) ?? profile.MaxEcdsaBits,
            MaxSignatureHashBits = result.GetValue(_maxHash) ?? profile.MaxSignatureHashBits,
            Ed25519 = result.GetValue(_ed25519) || profile.Ed25519,
            MaxEd25519TbsBytes = result.GetValue(_maxEd25519Tbs) ?? profile.MaxEd25519TbsBytes,
            InWindowBytes = result.GetValue(_inWindow) ?? window ?? profile.InWindowBytes,
            OutWindowBytes = result.GetValue(_outWindow) ?? window ?? profile.OutWindowBytes,
            MaxMqttTopicBytes = result.GetValue(_maxTopic) ?? profile.MaxMqttTopicBytes,
            Suites = result.GetValue(_suites) ?? profile.Suites,
            Groups = result.GetValue(_groups) ?? profile.Groups,
            MaxTicketBytes = result.GetValue(_maxTicket) ?? profile.MaxTicketBytes,
            MaxPskIdentityBytes = result.GetValue(_maxIdentity) ?? profile.MaxPskIdentityBytes,
            PskModes = result.GetValue(_pskModes) ?? profile.PskModes,
            ExportsKeys = result.GetValue(_exportsKeys) || profile.ExportsKeys,
            StapledStatus = result.GetValue(_stapledStatus) || profile.StapledStatus,
        };
        return Offering(profile, result.GetValue(_tls), suitesChosen: result.GetValue(_suites) is not null);
    }

    /// <summary>The profile for the versions that were asked for, or for those that it has suites of.</summary>
    /// <exception cref="UsageException">Its suites do not fit its keys, or these versions.</exception>
    public static Profile Offering(Profile profile, TlsVersions? versions, bool suitesChosen = false) =>
        Consistent(versions is { } asked ? profile.Offering(asked) : profile with { Versions = VersionsOf(profile) }, suitesChosen);

    /// <summary>Where nobody said which versions to offer, suites that were chosen by name do: a version without a suite is none.</summary>
    private static TlsVersions VersionsOf(in Profile profile)
    {
        TlsVersions with = ((profile.Suites & SuiteSets.Tls13) != 0 ? TlsVersions.Tls13 : 0) | ((profile.Suites & ~SuiteSets.Tls13) != 0 ? TlsVersions.Tls12 : 0);
        return profile.Versions & with;
    }

    /// <summary>Leaves out suites whose kind of key the profile does not allow, unless somebody asked for them by name.</summary>
    private static Profile Consistent(Profile profile, bool suitesChosen)
    {
        bool signsOnCurve = profile.MaxEcdsaBits > 0 || profile.Ed25519 || profile.MaxEd25519TbsBytes > 0;
        CipherSuites possible = SuiteSets.Tls13 | (signsOnCurve ? SuiteSets.Ecdsa : 0) | (profile.MaxRsaBits > 0 ? SuiteSets.Rsa : 0)
            | ((profile.PskModes & PskModes.Psk) != 0 ? SuiteSets.Psk : 0) | ((profile.PskModes & PskModes.PskWithDhe) != 0 ? SuiteSets.EcdhePsk : 0);
        CipherSuites suites = suitesChosen ? profile.Suites : profile.Suites & possible;
        bool anyKey = signsOnCurve || profile.MaxRsaBits > 0 || profile.PskModes != PskModes.None;
        if (suites == CipherSuites.None || (suites & ~possible) != 0 || !anyKey)
        {
            throw new UsageException("The suites do not fit the keys: ECDHE_RSA suites need --max-rsa, ECDHE_ECDSA suites need --max-ecdsa or --ed25519, and PSK suites need a shared key.");
        }

        bool fits = (!profile.Offers(TlsVersions.Tls12) || (suites & ~SuiteSets.Tls13) != 0) && (!profile.Offers(TlsVersions.Tls13) || (suites & SuiteSets.Tls13) != 0);
        if (!fits)
        {
            throw new UsageException($"The suites ({suites}) are not of each version that is offered: name one of each, or another --tls.");
        }

        return profile with { Suites = suites, SecondTranscript = profile.SecondTranscript || (suitesChosen && (suites & SuiteSets.Sha384) != 0) };
    }

    /// <summary>An option that takes one of a few numbers.</summary>
    private static Option<int?> Choice(string name, string unit, string description, params int[] allowed)
    {
        string list = string.Join(", ", allowed);
        return new Option<int?>(name)
        {
            HelpName = unit,
            Description = $"{description} One of {list}.",
            CustomParser = result => int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && allowed.Contains(value)
                ? value
                : Refuse<int?>(result, $"{name} takes one of {list}, and not '{result.Tokens[0].Value}'."),
        };
    }

    /// <summary>An option that takes a number between two bounds.</summary>
    internal static Option<int?> Range(string name, string description, int lowest, int highest) => new(name)
    {
        HelpName = "BYTES",
        Description = description,
        CustomParser = result => int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= lowest && value <= highest
            ? value
            : Refuse<int?>(result, $"{name} takes a number of bytes from {lowest} to {highest}, and not '{result.Tokens[0].Value}'."),
    };

    /// <summary>An option that takes names of flags.</summary>
    private static Option<T?> Flags<T>(string name, string description, T none)
        where T : struct, Enum => new(name)
        {
            HelpName = "LIST",
            Description = description,
            CustomParser = result => ReadFlags<T>(result.Tokens[0].Value) is { } flags && !flags.Equals(none)
                ? flags
                : Refuse<T?>(result, $"{name} takes names separated by commas, of {string.Join(", ", Enum.GetNames<T>().Skip(1))}."),
        };

    private static T? ReadFlags<T>(string list)
        where T : struct, Enum
    {
        IEnumerable<string> names = list.Split(',', StringSplitOptions.TrimEntries);
        return names.All(name => Enum.GetNames<T>().Contains(name, StringComparer.OrdinalIgnoreCase))
            ? Enum.Parse<T>(list, ignoreCase: true)
            : null;
    }

    private static T? Refuse<T>(ArgumentResult result, string reason)
    {
        result.AddError(reason);
        return default;
    }

    private static NamedProfile? FromFile(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        return File.Exists(text) ? ProfileFile.Read(text) : Refuse<NamedProfile?>(
            result, $"There is no profile '{text}', and no such file. There are: {string.Join(", ", Profiles.All.Select(profile => profile.Name))}.");
    }

    /// <summary>The cloud of <c>--for</c>, or null.</summary>
    public CloudPreset? Cloud(ParseResult result) => _cloud is null ? null : result.GetValue(_cloud);

    private NamedProfile Begin(ParseResult result) => result.GetValue(_profile) ?? Cloud(result)?.Profile ?? _begin;

    private bool IsChanged(ParseResult result) =>
        ((Option[])[_maxRsa, _maxEcdsa, _maxHash, _ed25519, _maxEd25519Tbs, _window, _inWindow, _outWindow, _maxTopic, _maxTicket, _maxIdentity, _pskModes, _suites, _groups, _tls, _stapledStatus, _exportsKeys]).Any(option => result.GetResult(option) is { Implicit: false });
}
