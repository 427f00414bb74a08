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
            switch (result.Tokens[0].Value)
            {
                case "1.2":
                    return TlsVersions.Tls12;
                case "1.3":
                    return TlsVersions.Tls13;
                case "1.2,1.3" or "1.3,1.2":
                    return TlsVersions.Tls12 | TlsVersions.Tls13;
                default:
                    result.AddError($"--tls takes 1.2, 1.3 or 1.2,1.3, and not '{result.Tokens[0].Value}'.");
                    return null;
            }
        },
    };
}
