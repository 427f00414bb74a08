using System;
using System.Globalization;

namespace Thimble.Cli.Register;

/// <summary>What is said of answers by which a device is not registered. What DPS said itself is a stranger's text.</summary>
internal static class DpsSentences
{
    private const int MostWords = 200;

    /// <summary>A status from 300 on.</summary>
    public static string Refused(string registrationId, int status, DpsBody body) =>
        $"DPS answers the registration of '{registrationId}' with {Number(status)}{Words(body)}. {Advice(status)}";

    public static string Failed(string registrationId, DpsBody body) =>
        $"DPS could not assign '{registrationId}' to a hub{Words(body)}. Look at the enrollment's allocation policy, at the hubs that are linked to the instance, and at what its own log says.";

    public static string Disabled(string registrationId) =>
        $"The enrollment of '{registrationId}' is disabled. Enable the entry in the DPS instance, or register under another ID.";

    public static string Unusable(string problem) =>
        $"The answer to the registration is not what DPS documents: {problem}. See whether --host is DPS, and try again.";

    public static string TimedOut(string registrationId, TimeSpan timeout, bool isAssigning) => isAssigning
        ? $"DPS was still assigning '{registrationId}' when the {Seconds(timeout)} seconds of --timeout were over. Run the command again: DPS goes on with the same registration."
        : $"DPS did not answer the registration of '{registrationId}' within the {Seconds(timeout)} seconds of --timeout. Try again, or give more with --timeout.";

    /// <summary>The wait that DPS asks for is longer than the time that is left.</summary>
    public static string NoPatience(string registrationId, int status, DpsBody body, TimeSpan wait, TimeSpan timeout) =>
        $"DPS answers the registration of '{registrationId}' with {Number(status)}{Words(body)}, and is to be asked again in {Seconds(wait)} seconds, when the {Seconds(timeout)} of --timeout are over. Try again then, or give more with --timeout.";

    private static string Advice(int status) => status switch
    {
        400 => "Check the registration ID and the --payload.",
        401 or 403 => "Check that the key or the certificate is that of this enrollment, that the registration ID is spelled as there, the --id-scope, and this machine's clock.",
        404 => "Check the --id-scope, and that the instance has an enrollment for this ID.",
        _ => "Look at what the log of the DPS instance says.",
    };

    private static string Words(DpsBody body)
    {
        string code = body.ErrorCode is { } number ? $", error {Number(number)}" : "";
        string words = body.ErrorMessage is { Length: > 0 } message ? $", '{Shown(message)}'" : "";
        string tracking = body.TrackingId is { Length: > 0 } id ? $", tracking ID {Shown(id)}" : "";
        return code + words + tracking;
    }

    private static string Shown(string text) => PrintableText.Of(text.Length <= MostWords ? text : text[..MostWords] + "…");

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}
