using System;
using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Thimble.Cli.Bake;

namespace Thimble.Cli.Certificates;

/// <summary>The options that the commands of <c>cert</c> share.</summary>
internal sealed class CertOptions
{
    /// <summary>What OWASP advises for PBKDF2 with SHA-256.</summary>
    private const int PassphraseIterations = 600_000;

    private readonly Option<string> _keyType = KeyChoice.Option();
    private readonly Option<string> _organization = new("--organization") { HelpName = "NAME", Description = "The organization in the subject. The default is none: names cost bytes." };
    private readonly Option<string> _output = new("--output", "-o") { HelpName = "FOLDER", Description = "The folder to write into, or the name of an archive that ends with .tar or .zip. The default is the current folder.", DefaultValueFactory = static _ => "." };
    private readonly Option<bool> _force = new("--force") { Description = "Overwrite files that are there." };
    private readonly Option<bool> _encrypt = new("--encrypt") { Description = "Encrypt the new keys with the passphrase (PKCS#8, AES-256, PBKDF2). A device needs its key in the clear." };
    private readonly Option<string> _passphraseFile = BakeCommand.PassphraseFileOption();
    private readonly Option<bool> _json = PlanCommand.JsonOption();

    /// <summary>Adds them behind a command's own.</summary>
    public CertOptions(Command command)
    {
        foreach (Option option in (Option[])[_keyType, _organization, _output, _force, _encrypt, _passphraseFile, _json])
        {
            command.Options.Add(option);
        }
    }

    public AsymmetricAlgorithm NewKey(ParseResult result) => KeyChoice.New(result.GetRequiredValue(_keyType));

    public string KeyType(ParseResult result) => result.GetRequiredValue(_keyType);

    public string? Organization(ParseResult result) => result.GetValue(_organization);

    public CertificateOutput Output(ParseResult result) => new(result.GetRequiredValue(_output), result.GetValue(_force));

    public PassphraseSource Passphrases(ParseResult result, Terminal terminal) => new(terminal, result.GetValue(_passphraseFile));

    public string? PassphraseFile(ParseResult result) => result.GetValue(_passphraseFile);

    public bool Json(ParseResult result) => result.GetValue(_json);

    /// <summary>The passphrase for new keys, or null where they are to be in the clear.</summary>
    public string? NewPassphrase(ParseResult result, PassphraseSource passphrases) => !result.GetValue(_encrypt) ? null
        : passphrases.ForNew("the new keys") ?? throw new ThimbleException($"--encrypt needs a passphrase, and there is nobody to ask. Give it with --passphrase-file or in {PassphraseSource.Variable}.");

    /// <summary>A key as PKCS#8 in PEM.</summary>
    public static string Pem(AsymmetricAlgorithm key, string? passphrase) => passphrase is null ? key.ExportPkcs8PrivateKeyPem()
        : key.ExportEncryptedPkcs8PrivateKeyPem(passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, PassphraseIterations));

    /// <summary>A number of something, from 1 up.</summary>
    public static Option<int> Number(string name, string help, int byDefault, int most, string description)
    {
        var option = new Option<int>(name) { HelpName = help, Description = $"{description} The default is {byDefault}.", DefaultValueFactory = _ => byDefault };
        option.CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= 1 && value <= most)
            {
                return value;
            }

            result.AddError($"{name} takes a number from 1 to {most}, and not '{PrintableText.Of(text)}'.");
            return byDefault;
        };
        return option;
    }
}
