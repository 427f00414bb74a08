using System;
using System.Globalization;

namespace Thimble.Cli.Register;

/// <summary>The topics of DPS ("Communicate with DPS using the MQTT protocol").</summary>
/// <param name="Status">The status, in the numbers of HTTP.</param>
/// <param name="RequestId">Which request it answers.</param>
/// <param name="RetryAfter">When to ask again, where DPS says so in seconds.</param>
internal readonly record struct DpsTopic(int Status, int RequestId, TimeSpan? RetryAfter)
{
    /// <summary>The filter of all answers.</summary>
    public const string Answers = "$dps/registrations/res/#";

    private const string AnswerPrefix = "$dps/registrations/res/";
    private const int MostProperties = 8;

    /// <summary>Where a device asks to be registered.</summary>
    public static string Register(int requestId) => string.Create(CultureInfo.InvariantCulture, $"$dps/registrations/PUT/iotdps-register/?$rid={requestId}");

    /// <summary>Where a device asks how far that is.</summary>
    public static string Poll(int requestId, string operationId) => string.Create(CultureInfo.InvariantCulture, $"$dps/registrations/GET/iotdps-get-operationstatus/?$rid={requestId}&operationId={operationId}");

    /// <summary>Reads <c>$dps/registrations/res/{status}/?$rid={request}&amp;retry-after={seconds}</c>; null where the topic is another. Properties that are not known are passed over.</summary>
    public static DpsTopic? Parse(string topic)
    {
        if (!topic.StartsWith(AnswerPrefix, StringComparison.Ordinal) || topic[AnswerPrefix.Length..].Split("/?") is not [{ Length: 3 } code, var properties] || Number(code) is not { } status)
        {
            return null;
        }

        int? request = null;
        TimeSpan? retryAfter = null;
        string[] pairs = properties.Split('&', MostProperties + 1);
        foreach (string pair in pairs.Length > MostProperties ? [] : pairs)
        {
            switch (pair.Split('='))
            {
                case ["$rid", var value] when request is null:
                    request = Number(value);
                    break;
                case ["$rid", ..]:
                    return null;
                case ["retry-after", var value]:
                    retryAfter = Number(value) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
                    break;
            }
        }

        return request is { } id ? new DpsTopic(status, id, retryAfter) : null;
    }

    private static int? Number(string text) => text.Length is > 0 and <= 9 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
