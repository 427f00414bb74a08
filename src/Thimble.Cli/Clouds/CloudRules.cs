using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Thimble.Memory;
using Thimble.Mqtt;

namespace Thimble.Cli.Clouds;

/// <summary>
/// Holds what is asked for against a cloud's rules, before a byte is sent. Each result is a sentence for people: what was asked, what the cloud takes, and what to do.
/// </summary>
internal static class CloudRules
{
    /// <summary>What is wrong with a handshake.</summary>
    public static IEnumerable<string> Handshake(CloudPreset preset, bool hasCertificate, TlsVersions offered)
    {
        foreach (string problem in Tls(preset, offered))
        {
            yield return problem;
        }

        if (!hasCertificate && preset.Credentials == CloudCredentials.Certificate)
        {
            yield return $"{preset.Title} asks for a client certificate: give --cert and --key.";
        }
    }

    /// <summary>What is wrong with a connection: TLS and CONNECT.</summary>
    public static IEnumerable<string> Connection(CloudConnection connection)
    {
        CloudPreset preset = connection.Preset;
        return
        [
            .. Transport(connection),
            .. ClientId(preset, connection.ClientId),
            .. UserName(connection),
            .. CloudProof.Problems(connection),
            .. Session(connection),
        ];
    }

    /// <summary>What is wrong with a message, or with a will.</summary>
    /// <param name="connection">The connection over which it goes.</param>
    /// <param name="message">The message; of its payload only the length counts.</param>
    /// <param name="payloadBytes">How long the payload is, or null where that is not known yet.</param>
    /// <param name="isWill">Whether the broker is to publish it when the client is gone.</param>
    public static IEnumerable<string> Publication(CloudConnection connection, MqttPublication message, int? payloadBytes, bool isWill = false)
    {
        CloudPreset preset = connection.Preset;
        if (message.Qos > preset.MaxQos)
        {
            yield return $"{preset.Title} has no QoS {(int)message.Qos}, and {(isWill ? "--will-qos" : "-q")} asks for it: use {(isWill ? "--will-qos" : "-q")} {(int)preset.MaxQos}.";
        }

        if (message.Retain && !preset.Retains)
        {
            yield return $"{preset.Title} keeps no messages for later, and {Retain(isWill)} asks for that: leave it out.";
        }
        else if (message.Retain && !preset.RetainsReserved && message.Topic.StartsWith('$'))
        {
            yield return $"{preset.Title} keeps no messages on topics that begin with '$', and {Retain(isWill)} asks for that on '{message.Topic}': leave it out.";
        }

        foreach (string problem in Topic(preset, message.Topic, isWill ? "The topic of the will" : "The topic"))
        {
            yield return problem;
        }

        IReadOnlyList<string> forms = isWill && preset.WillForms.Count > 0 ? preset.WillForms : preset.TopicForms;
        if (!Fits(connection, forms, message.Topic))
        {
            yield return $"{preset.Title} takes {(isWill ? "a will" : "messages")} on topics that begin with {Forms(connection, forms)}, and not on '{message.Topic}'.";
        }

        foreach (string problem in payloadBytes is { } bytes ? Payload(preset, bytes, message.Retain, isWill) : [])
        {
            yield return problem;
        }
    }

    /// <summary>What is wrong with the size of a payload.</summary>
    public static IEnumerable<string> Payload(CloudPreset preset, long bytes, bool retain, bool isWill = false)
    {
        string what = isWill ? "The will" : "The message";
        if (bytes > preset.MaxPayloadBytes)
        {
            yield return $"{what} has {Number(bytes)} bytes, and {preset.Title} takes {Number(preset.MaxPayloadBytes.Value)} at most.";
        }
        else if (retain && bytes > preset.MaxRetainedBytes)
        {
            yield return $"{what} has {Number(bytes)} bytes, and {preset.Title} keeps messages of {Number(preset.MaxRetainedBytes.Value)} at most: leave out {Retain(isWill)}.";
        }
    }

    /// <summary>What is wrong with subscriptions.</summary>
    public static IEnumerable<string> Subscriptions(CloudConnection connection, IReadOnlyList<string> filters, MqttQos qos, bool hasIdentifier)
    {
        CloudPreset preset = connection.Preset;
        if (qos > preset.MaxQos)
        {
            yield return $"{preset.Title} has no QoS {(int)qos}, and -q asks for it: use -q {(int)preset.MaxQos}.";
        }

        if (filters.Count > preset.MaxFilters)
        {
            yield return $"{preset.Title} takes {preset.MaxFilters} filters at a time, and -t gives {filters.Count}: use filters with '+' and '#', or several commands.";
        }

        if (hasIdentifier && !preset.TakesSubscriptionIdentifiers)
        {
            yield return $"{preset.Title} takes no identifiers of subscriptions: leave out -D SUBSCRIBE subscription-identifier.";
        }

        foreach (string filter in filters)
        {
            foreach (string problem in Topic(preset, filter, $"The filter '{Shortened(filter)}'"))
            {
                yield return problem;
            }

            if (!Fits(connection, preset.FilterForms, filter))
            {
                yield return $"{preset.Title} takes filters that begin with {Forms(connection, preset.FilterForms)}, and not '{filter}'.";
            }
        }
    }

    private static IEnumerable<string> Tls(CloudPreset preset, TlsVersions offered) =>
        (offered & preset.TlsVersions) != 0 ? [] : [$"{preset.Title} speaks {Words(preset.TlsVersions)}, and --tls offers {Words(offered)} only."];

    private static IEnumerable<string> Transport(CloudConnection connection)
    {
        CloudPreset preset = connection.Preset;
        if (connection.IsPlaintext)
        {
            yield return $"{preset.Title} has no connections without TLS: leave out --allow-plaintext, and mqtt://.";
        }

        foreach (string problem in Tls(preset, connection.TlsVersions))
        {
            yield return problem;
        }

        if (!preset.Versions.Contains(connection.Version))
        {
            yield return $"{preset.Title} speaks MQTT 3.1.1, and -V or -D asks for MQTT 5: use -V 311, and no -D.";
        }

        if (connection.KeepAliveSeconds < preset.MinKeepAlive || connection.KeepAliveSeconds > preset.MaxKeepAlive)
        {
            yield return $"{preset.Title} takes a keep-alive from {Number(preset.MinKeepAlive)} to {Number(preset.MaxKeepAlive)} seconds, and -k asks for {Number(connection.KeepAliveSeconds)}.";
        }
    }

    private static IEnumerable<string> ClientId(CloudPreset preset, string id)
    {
        if (id.Length == 0)
        {
            if (preset.ClientIdMeaning is { } meaning)
            {
                yield return $"{preset.Title} wants a client identifier, {meaning}: give -i{(preset.ClientIdForm is { } form ? " " + Named(form) : "")}.";
            }

            yield break;
        }

        if (preset.ClientIdProblem(id) is { } problem)
        {
            yield return $"{problem}: give another -i.";
        }

        if (preset.ClientIdForm is { } wanted && !HasForm(wanted, id))
        {
            yield return $"{preset.Title} knows clients by {Named(wanted)}, and -i gives '{id}'.";
        }

        if (Bytes(id) > preset.MaxClientIdBytes)
        {
            yield return $"The client identifier has {Bytes(id)} bytes, and {preset.Title} takes {preset.MaxClientIdBytes} at most: give a shorter -i.";
        }
    }

    private static IEnumerable<string> UserName(CloudConnection connection)
    {
        CloudPreset preset = connection.Preset;
        string form = preset.UserNameForm ?? "";
        if (form.Contains("{scope}", StringComparison.Ordinal) && connection.IdScope is null)
        {
            yield return $"{preset.Title} wants the ID scope of your instance in the user name: give --id-scope, as the portal shows it.";
        }
        else if (!preset.UserNameIsFree && connection.ClientId.Length > 0 && connection.GivenUserName is { } given && !given.StartsWith(BeforeVersion(connection.Expand(form)), StringComparison.Ordinal))
        {
            yield return $"The user name for {preset.Title} is '{connection.Expand(form)}', and -u gives '{given}': leave out -u.";
        }

        if (connection.IdScope is { } scope && (scope.Length == 0 || !scope.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_')))
        {
            yield return $"An ID scope is one word, such as 0ne00A0A0A0, and --id-scope gives '{scope}'.";
        }

        if (!form.Contains("{scope}", StringComparison.Ordinal) && connection.IdScope is not null)
        {
            yield return $"{preset.Title} has no ID scope: leave out --id-scope.";
        }
    }

    /// <summary>Who names another version of the interface knows why.</summary>
    private static string BeforeVersion(string userName) => userName[..userName.LastIndexOf("api-version", StringComparison.Ordinal)].TrimEnd('?');

    private static IEnumerable<string> Session(CloudConnection connection)
    {
        CloudPreset preset = connection.Preset;
        if (connection.KeepsSession && !preset.KeepsSessions)
        {
            yield return $"{preset.Title} keeps no session when the connection ends: leave out -c and -x.";
        }

        foreach (string packet in preset.TakesPacketProperties ? [] : connection.PacketsWithProperties)
        {
            yield return $"{preset.Title} refuses a {packet} with user properties: leave out -D {packet} user-property.";
        }

        if (connection.WillDelay > preset.MaxWillDelay)
        {
            yield return $"{preset.Title} delays a will by {Number((long)preset.MaxWillDelay.Value.TotalSeconds)} seconds at most, and -D asks for {Number((long)connection.WillDelay.TotalSeconds)}.";
        }
    }

    private static IEnumerable<string> Topic(CloudPreset preset, string topic, string what)
    {
        string counted = Counted(preset, topic);
        if (Bytes(counted) > preset.MaxTopicBytes)
        {
            yield return $"{what} has {Bytes(counted)} bytes, and {preset.Title} takes {preset.MaxTopicBytes} at most.";
        }

        int slashes = counted.Count(character => character == '/');
        if (slashes > preset.MaxSlashes)
        {
            yield return $"{what} has {slashes} slashes, and {preset.Title} takes {preset.MaxSlashes} at most.";
        }
    }

    /// <summary>The part of a topic that counts: of <c>$aws/rules/RULE/a/b</c> it is <c>a/b</c>.</summary>
    private static string Counted(CloudPreset preset, string topic)
    {
        if (preset.UncountedPrefix is not { } prefix || !topic.StartsWith(prefix, StringComparison.Ordinal))
        {
            return topic;
        }

        int end = topic.IndexOf('/', prefix.Length);
        return end < 0 ? "" : topic[(end + 1)..];
    }

    private static bool Fits(CloudConnection connection, IReadOnlyList<string> forms, string topic) =>
        forms.Count == 0 || forms.Any(form => topic.StartsWith(connection.Expand(form), StringComparison.Ordinal));

    private static string Forms(CloudConnection connection, IReadOnlyList<string> forms) => string.Join(" or ", forms.Select(form => $"'{connection.Expand(form)}'"));

    private static bool HasForm(string form, string id)
    {
        string[] wanted = form.Split('/');
        string[] levels = id.Split('/');
        return wanted.Length == levels.Length && wanted.Zip(levels).All(pair => pair.First == "*" ? pair.Second.Length > 0 : pair.First == pair.Second);
    }

    /// <summary>A form with names in place of stars: <c>projects/PROJECT/locations/LOCATION</c>.</summary>
    private static string Named(string form)
    {
        string[] levels = form.Split('/');
        for (int i = 1; i < levels.Length; i++)
        {
            levels[i] = levels[i] == "*" ? (levels[i - 1] is "registries" ? "registry" : levels[i - 1].TrimEnd('s')).ToUpperInvariant() : levels[i];
        }

        return string.Join('/', levels);
    }

    private static string Words(TlsVersions versions) => versions switch
    {
        TlsVersions.Tls12 => "TLS 1.2",
        TlsVersions.Tls13 => "TLS 1.3",
        _ => "TLS 1.2 and 1.3",
    };

    private static string Retain(bool isWill) => isWill ? "--will-retain" : "-r";

    private static string Shortened(string filter) => filter.Length <= 40 ? filter : filter[..40] + "…";

    private static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
