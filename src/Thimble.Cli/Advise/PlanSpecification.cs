using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using Profile = Thimble.Memory.Profile;

namespace Thimble.Cli.Advise;

/// <summary>A plan in a few words: a profile's name or file, options of <c>plan</c>, or both: <c>"rsa2048 client-key=rsa2048 tls=1.2"</c>.</summary>
internal sealed record PlanSpecification(string Text, string Name, Profile Profile)
{
    /// <exception cref="UsageException">The words make no plan.</exception>
    public static PlanSpecification Parse(string text)
    {
        var command = new Command("plan");
        var options = new ProfileOptions(command, Profiles.Rsa2048, AdviseCommand.CloudDescription);
        Option<ClientKeyChoice?> clientKey = ClientKeyChoice.Option("The client's private key to plan for");
        command.Options.Add(clientKey);
        string[] words = File.Exists(text) ? [text] : text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        bool dashed = words.Any(word => word.StartsWith('-'));
        ParseResult result = command.Parse(dashed ? words : [.. words.SelectMany((word, at) => Argument(command, word, at))]);
        if (result.Errors.Count > 0 || words.Length == 0)
        {
            string reason = words.Length == 0 ? "it is empty." : result.Errors[0].Message;
            throw new UsageException($"--compare takes two plans such as rsa2048, broker.json or \"ecdsa client-key=p384 tls=1.2\", and '{text}' is none: {reason}");
        }

        return new PlanSpecification(text, options.Name(result), options.ReadFor(result, clientKey));
    }

    /// <summary>The plan for a machine with words of so many bits.</summary>
    public MemoryMap Map(int wordBits) => PlanCommand.MapOf(Profile, wordBits);

    /// <summary>The first word is a profile or its file unless it is an option; the others are options without their dashes.</summary>
    private static string[] Argument(Command command, string word, int at)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        return at == 0 && File.Exists(word) ? ["--profile", word]
            : equals > 0 ? ["--" + word[..equals], word[(equals + 1)..]]
            : at == 0 && command.Options.All(option => option.Name != "--" + word) ? ["--profile", word]
            : ["--" + word];
    }
}
