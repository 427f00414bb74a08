using System.CommandLine;

namespace Thimble.Cli.Clouds;

/// <summary><c>--for</c>: a cloud by its name.</summary>
internal static class CloudOption
{
    public static Option<CloudPreset?> Create(string description) => new("--for")
    {
        HelpName = "CLOUD",
        Description = $"{description}: {CloudPresets.Names}.",
        CustomParser = static result =>
        {
            string name = result.Tokens[0].Value;
            CloudPreset? found = CloudPresets.Find(name);
            if (found is null)
            {
                result.AddError(Unknown(name));
            }

            return found;
        },
    };

    /// <summary>What is said of a name that is none.</summary>
    public static string Unknown(string name) => $"There is no cloud '{PrintableText.Of(name)}' here. There are: {CloudPresets.Names}.";
}
