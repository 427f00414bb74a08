using System.Collections.Generic;
using System.CommandLine;
using System.Security.Cryptography;

namespace Thimble.Cli.Certificates;

/// <summary>The kinds of keys that certificates are made for.</summary>
internal static class KeyChoice
{
    private const string Default = "ec-p256";

    private static readonly string[] s_names = [Default, "ec-p384", "rsa-2048", "rsa-3072", "rsa-4096"];

    public static Option<string> Option()
    {
        var option = new Option<string>("--key-type")
        {
            HelpName = "TYPE",
            Description = $"The kind of the new keys: {string.Join(", ", (IEnumerable<string>)s_names)}. The default is {Default}.",
            DefaultValueFactory = static _ => Default,
        };
        option.AcceptOnlyFromAmong(s_names);
        return option;
    }

    /// <summary>A new key of that kind.</summary>
    public static AsymmetricAlgorithm New(string name) => name switch
    {
        "ec-p384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        "rsa-2048" => RSA.Create(2048),
        "rsa-3072" => RSA.Create(3072),
        "rsa-4096" => RSA.Create(4096),
        _ => ECDsa.Create(ECCurve.NamedCurves.nistP256),
    };
}
