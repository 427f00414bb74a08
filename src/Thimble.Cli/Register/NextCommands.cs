using System;
using System.Collections.Generic;
using System.Linq;

namespace Thimble.Cli.Register;

/// <summary>What to run next, for a POSIX shell.</summary>
internal static class NextCommands
{
    public static IReadOnlyList<string> Of(RegisterSettings settings, DpsAssignment assignment)
    {
        string topics = $"devices/{assignment.DeviceId}/messages";
        bool isSaved = settings.SavedDefaultsFile is not null;
        string[] common =
        [
            .. isSaved ? [] : (string[])["--for", "azure-iot-hub", "-h", assignment.Hub, "-i", assignment.DeviceId],
            .. DeviceProof.Options(settings).Where(option => !isSaved || option.Value == DeviceProof.UnsavedKey).SelectMany(option => (string[])(option.Value is { } value ? [$"--{option.Name}", value] : [$"--{option.Name}"])),
        ];
        string prefix = settings.SavedDefaultsFile is { } file ? $"THIMBLE_CONFIG={Quoted(file)} " : "";
        return
        [
            prefix + Line(["thimble", "pub", .. common, "-t", $"{topics}/events/", "-m", "{}", "-q", "1"]),
            prefix + Line(["thimble", "sub", .. common, "-t", $"{topics}/devicebound/#", "-q", "1"]),
        ];
    }

    private static string Line(IEnumerable<string> words) => string.Join(' ', words.Select(Quoted));

    /// <summary>A word as a shell takes it: device IDs may have '$', '(' and others that mean something to it.</summary>
    private static string Quoted(string word) =>
        word.Length > 0 && word.All(character => char.IsAsciiLetterOrDigit(character) || "-_./:,@=+".Contains(character, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", """'\''""", StringComparison.Ordinal)}'";
}
