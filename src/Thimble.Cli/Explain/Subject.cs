using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Thimble.Memory;
using Thimble.Mqtt;
using Thimble.Tls;

namespace Thimble.Cli.Explain;

/// <summary>Something that can be explained: a fault, an alert of TLS, or a reason code of MQTT 5.</summary>
/// <param name="Kind">Which of the three, in one word.</param>
/// <param name="Code">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Meaning">What it means, in a sentence.</param>
/// <param name="Article">Causes and next steps.</param>
internal sealed record Subject(string Kind, int Code, string Name, string Meaning, FaultArticle Article)
{
    private const string FaultKind = "fault";
    private const string AlertKind = "alert";
    private const string MqttKind = "mqtt";

    /// <summary>All faults, by their numbers.</summary>
    public static IEnumerable<Subject> Faults => Enum.GetValues<FaultReason>().Select(Of);

    /// <summary>All alerts that have a name, by their numbers.</summary>
    public static IEnumerable<Subject> AllAlerts => Enumerable.Range(0, 256).Select(alert => (byte)alert).Where(IsNamed).Select(OfAlert);

    /// <summary>All reason codes of MQTT 5 by which a broker complains.</summary>
    public static IEnumerable<Subject> MqttReasons => Enum.GetValues<MqttReasonCode>().Where(reason => reason >= MqttReasonCode.UnspecifiedError).Select(OfMqtt);

    public static Subject Of(FaultReason reason) => new(FaultKind, (int)reason, reason.ToString(), Meanings.Of(reason), FaultArticle.Of(reason));

    public static Subject OfAlert(byte alert) => new(
        AlertKind,
        alert,
        Alerts.Name(alert),
        Enum.IsDefined((AlertDescription)alert) ? Meanings.Of((AlertDescription)alert) : "An alert that neither TLS 1.2 nor TLS 1.3 sends any more.",
        FaultArticle.OfAlert(alert));

    public static Subject OfMqtt(MqttReasonCode reason) => new(
        MqttKind, (int)reason, reason.ToString(), Meanings.Of(reason), FaultArticle.OfReasonCode(reason));

    /// <summary>What a word may stand for: <c>IssuerUnknown</c>, <c>105</c>, <c>handshake_failure</c>, <c>0x87</c>; with the kind before it, of that kind only.</summary>
    public static IReadOnlyList<Subject> Find(string? kind, string word)
    {
        bool isHexadecimal = word.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool isNumber = isHexadecimal
            ? int.TryParse(word.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int number)
            : int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        IEnumerable<Subject> all = kind switch
        {
            FaultKind => Faults,
            AlertKind => AllAlerts,
            MqttKind => MqttReasons,
            null when isHexadecimal => MqttReasons, // only their specification writes them so
            _ => [.. Faults, .. AllAlerts, .. MqttReasons],
        };
        return [.. all.Where(subject => isNumber ? subject.Code == number : Plain(subject.Name) == Plain(word))];
    }

    /// <summary>Names that look like a word, for those who mistyped it.</summary>
    public static IReadOnlyList<string> Resembling(string word)
    {
        string plain = Plain(word);
        return [.. Faults.Concat(AllAlerts).Concat(MqttReasons).Select(subject => subject.Name)
            .Where(name => plain.Length >= 3 && Plain(name).Contains(plain, StringComparison.Ordinal)).Take(8)];
    }

    /// <summary>The older alerts have no member in <see cref="AlertDescription"/>, and a name nevertheless.</summary>
    private static bool IsNamed(byte alert) => Alerts.Name(alert).Contains('_', StringComparison.Ordinal) || Enum.IsDefined((AlertDescription)alert);

    /// <summary>As people compare names: HandshakeFailure is handshake_failure.</summary>
    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
}
