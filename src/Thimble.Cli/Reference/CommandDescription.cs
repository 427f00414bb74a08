using System.Collections.Generic;

namespace Thimble.Cli.Reference;

/// <summary>One command, as its help, its reference page and its completion know it.</summary>
/// <param name="Path">Its name, behind those of the commands above it; empty for the tool itself.</param>
/// <param name="Description">What it does; the first paragraph is the summary.</param>
/// <param name="Arguments">What follows it besides options.</param>
/// <param name="Options">Its options.</param>
/// <param name="Commands">The commands below it.</param>
internal sealed record CommandDescription(
    string Path, string Description, IReadOnlyList<string> Arguments, IReadOnlyList<OptionDescription> Options, IReadOnlyList<CommandDescription> Commands)
{
    /// <summary>Its own name.</summary>
    public string Name => Path[(Path.LastIndexOf(' ') + 1)..];

    /// <summary>This command and all below it, in the order in which help names them.</summary>
    public IEnumerable<CommandDescription> All
    {
        get
        {
            yield return this;
            foreach (CommandDescription below in Commands)
            {
                foreach (CommandDescription one in below.All)
                {
                    yield return one;
                }
            }
        }
    }
}
