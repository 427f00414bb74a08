using System;
using System.Globalization;
using System.Linq;

namespace Thimble.Cli.Clouds;

/// <summary>
/// The names that Azure gives to devices, by "IoT Hub Device Provisioning Service (DPS) terminology" and "Understand the identity registry in your IoT hub". Where a
/// name breaks a rule the result is the rule and the name, as a sentence without its full stop.
/// </summary>
internal static class AzureNames
{
    private const int MostCharacters = 128;
    private const string RegistrationMarks = "-._:";

    /// <summary>All that any version of the documentation has, since these versions differ in ':', '+', '#' and ';'.</summary>
    private const string DeviceMarks = "-:.+%_#*?!(),=@;$'";

    /// <summary>What is wrong with a registration ID, or null.</summary>
    public static string? RegistrationProblem(string id) =>
        Problem("A registration ID", id, RegistrationMarks)
        ?? (char.IsAsciiLetterOrDigit(id[^1]) || id[^1] == '-' ? null : $"A registration ID ends with a letter, a digit or '-', and '{id}' does not");

    /// <summary>What is wrong with a device ID, or null.</summary>
    public static string? DeviceProblem(string id) => Problem("A device ID", id, DeviceMarks);

    /// <summary>What is wrong with DEVICE or DEVICE/MODULE, or null.</summary>
    public static string? DeviceOrModuleProblem(string id) => id.Split('/') is { Length: <= 2 } parts
        ? parts.Select(DeviceProblem).FirstOrDefault(problem => problem is not null)
        : $"A client identifier is DEVICE or DEVICE/MODULE, and '{PrintableText.Of(id)}' has {id.Count(character => character == '/').ToString(CultureInfo.InvariantCulture)} slashes";

    private static string? Problem(string what, string id, string marks) =>
        id.Length is 0 or > MostCharacters ? $"{what} has 1 to {MostCharacters} characters, and '{Shortened(id)}' has {id.Length.ToString("N0", CultureInfo.InvariantCulture)}"
        : !id.All(character => char.IsAsciiLetterOrDigit(character) || marks.Contains(character, StringComparison.Ordinal)) ? $"{what} has letters and digits of ASCII and {string.Join(' ', marks.AsEnumerable())} only, and '{PrintableText.Of(id)}' has others"
        : null;

    private static string Shortened(string id) => PrintableText.Of(id.Length <= 40 ? id : id[..40] + "…");
}
