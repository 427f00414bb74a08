using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Thimble.Cli.Clouds;

/// <summary>Whether a client proves to a cloud who it is, in one way that the cloud takes.</summary>
internal static class CloudProof
{
    /// <summary>The ways as the command line has them. A token may also be given ready, as a password.</summary>
    private static readonly (CloudCredentials Kind, string Flags, string Words)[] s_kinds =
    [
        (CloudCredentials.Certificate, "--cert", "a client certificate (--cert and --key)"),
        (CloudCredentials.SasToken, "--sas-key", "a shared access key (--sas-key)"),
        (CloudCredentials.JsonWebToken, "--jwt-key", "a key for JSON Web Tokens (--jwt-key)"),
        (CloudCredentials.Password, "a password", "a user name and a password (-u and --password-file)"),
    ];

    /// <summary>What is wrong with the proof.</summary>
    public static IEnumerable<string> Problems(CloudConnection connection)
    {
        CloudPreset preset = connection.Preset;
        CloudCredentials taken = preset.Credentials | (TakesTokens(preset) ? CloudCredentials.Password : 0);
        if (connection.Given == CloudCredentials.None)
        {
            yield return $"{preset.Title} wants to know who you are: give {string.Join(", or ", s_kinds.Where(kind => preset.Credentials.HasFlag(kind.Kind)).Select(kind => kind.Words))}.";
        }

        foreach ((CloudCredentials _, string flags, string _) in s_kinds.Where(kind => connection.Given.HasFlag(kind.Kind) && !taken.HasFlag(kind.Kind)))
        {
            yield return $"{preset.Title} does not know you by {flags}: it takes {string.Join(", or ", s_kinds.Where(kind => preset.Credentials.HasFlag(kind.Kind)).Select(kind => kind.Words))}.";
        }

        string[] several = [.. s_kinds.Where(kind => connection.Given.HasFlag(kind.Kind)).Select(kind => kind.Flags)];
        if (several.Length > 1 && TakesTokens(preset))
        {
            yield return $"{string.Join(" and ", several)} {(several.Length == 2 ? "both" : "all")} say who you are, and {preset.Title} looks at one: give only that.";
        }

        if (connection.Given.HasFlag(CloudCredentials.Password) && connection.UserName is null)
        {
            yield return $"{preset.Title} takes a password with a user name only: give -u.";
        }

        if (connection.TokenLifetime > preset.MaxTokenLifetime)
        {
            yield return $"{preset.Title} takes tokens of {Seconds(preset.MaxTokenLifetime)} seconds at most, and --token-lifetime asks for {Seconds(connection.TokenLifetime)}.";
        }
    }

    private static bool TakesTokens(CloudPreset preset) => (preset.Credentials & (CloudCredentials.SasToken | CloudCredentials.JsonWebToken)) != 0;

    private static string Seconds(TimeSpan time) => ((long)time.TotalSeconds).ToString("N0", CultureInfo.InvariantCulture);
}
