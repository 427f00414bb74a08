using System.CommandLine;
using Thimble.Memory;

namespace Thimble.Cli;

/// <summary><c>--tls</c>: versions of TLS, as people write them.</summary>
internal static class TlsOption
{
    public static Option<TlsVersions?> Create(string description) => new("--tls")
    {
        HelpName = "VERSION",
        Description = description,
        CustomParser = static result =>
        {
            TlsVersions? versions = Parse(result.Tokens[0].Value);
            if (versions is null)
            {
                result.AddError($"--tls takes 1.2, 1.3 or 1.2,1.3, and not '{result.Tokens[0].Value}'.");
            }

            return versions;
        },
    };

    /// <summary>The versions, or null where the text names none.</summary>
    public static TlsVersions? Parse(string text) => text switch
    {
        "1.2" => TlsVersions.Tls12,
        "1.3" => TlsVersions.Tls13,
        "1.2,1.3" or "1.3,1.2" => TlsVersions.Tls12 | TlsVersions.Tls13,
        _ => null,
    };
}
