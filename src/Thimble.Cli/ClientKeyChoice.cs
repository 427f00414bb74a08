using System.CommandLine;
using System.Linq;
using Thimble.Cli.Demo;
using Thimble.Memory;

namespace Thimble.Cli;

/// <summary>A kind of client key as it is named on the command line.</summary>
internal sealed record ClientKeyChoice(string Name, int RsaBits, int EcdsaBits, DemoKeys? Keys, bool Ed25519 = false)
{
    private static readonly ClientKeyChoice s_p256 = new("p256", 0, 256, DemoKeys.P256);
    private static readonly ClientKeyChoice s_rsa2048 = new("rsa2048", 2048, 0, DemoKeys.Rsa2048);

    private static readonly ClientKeyChoice[] s_all =
    [
        s_p256,
        new("p384", 0, 384, DemoKeys.P384),
        s_rsa2048,
        new("rsa3072", 3072, 0, DemoKeys.Rsa3072),
        new("rsa4096", 4096, 0, DemoKeys.Rsa4096),
        new("ed25519", 0, 0, null, Ed25519: true),
        new("none", 0, 0, null),
        s_p256 with { Name = "ec" },
        s_rsa2048 with { Name = "rsa" },
    ];

    /// <summary>The option <c>--client-key</c>.</summary>
    public static Option<ClientKeyChoice?> Option(string description)
    {
        string names = string.Join(", ", s_all.Select(choice => choice.Name));
        return new Option<ClientKeyChoice?>("--client-key")
        {
            HelpName = "KIND",
            Description = $"{description}: {names}. The default is p256.",
            CustomParser = result =>
            {
                string name = result.Tokens[0].Value;
                ClientKeyChoice? found = s_all.FirstOrDefault(choice => choice.Name == name);
                if (found is null)
                {
                    result.AddError($"There is no kind of key '{name}'. There are: {names}.");
                }

                return found;
            },
        };
    }

    /// <summary>What was asked for, or the default.</summary>
    public static ClientKeyChoice Of(ParseResult result, Option<ClientKeyChoice?> option) => result.GetValue(option) ?? s_p256;

    /// <summary>The profile, planned for a key of this kind.</summary>
    public Profile Apply(Profile profile) => profile with { ClientRsaBits = RsaBits, ClientEcdsaBits = EcdsaBits, ClientEd25519 = Ed25519 };
}
