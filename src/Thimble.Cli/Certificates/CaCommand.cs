using System;
using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Cli.Bake;

namespace Thimble.Cli.Certificates;

/// <summary><c>thimble cert ca</c>: a root, an intermediate, or both at once.</summary>
internal static class CaCommand
{
    private const string About = """
        Make a root that issues certificates, with an intermediate if you like; or an intermediate below a root that you have.

        Examples:
          thimble cert ca --name "Acme Root" -o pki
          thimble cert ca --name "Acme Root" --intermediate "Acme Line 1" --encrypt --passphrase-file secret.txt -o pki
          thimble cert ca --name "Acme Line 2" --issuer pki/ca.pem --issuer-key pki/ca.key -o line2
        """;

    private const string Root = "ca", Intermediate = "intermediate";

    public static Command Create(Terminal terminal)
    {
        var command = new Command("ca", About);
        var name = new Option<string>("--name") { HelpName = "NAME", Required = true, Description = "The common name of the authority." };
        var intermediate = new Option<string>("--intermediate") { HelpName = "NAME", Description = "Make an intermediate of that name below it too, which then issues; the root's key goes into a safe." };
        var issuer = new Option<string>("--issuer") { HelpName = "FILE", Description = "The certificate of the authority above, where this one is to be an intermediate." };
        var issuerKey = new Option<string>("--issuer-key") { HelpName = "FILE", Description = "Its private key." };
        Option<int> days = CertOptions.Number("--days", "DAYS", 7300, 36500, "For how long, but never longer than the authority above.");
        var serial = new Option<string>("--serial") { HelpName = "HEX", Description = "The serial number. By default it is random, of 127 bits." };
        foreach (Option option in (Option[])[name, intermediate, issuer, issuerKey, days, serial])
        {
            command.Options.Add(option);
        }

        var shared = new CertOptions(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(issuer) is null != result.GetResult(issuerKey) is null)
            {
                result.AddError("--issuer and --issuer-key belong together: give both or none.");
            }

            if (result.GetResult(issuer) is not null && result.GetResult(intermediate) is not null)
            {
                result.AddError("With --issuer this authority is an intermediate already: leave --intermediate away.");
            }
        });
        command.SetAction(result =>
        {
            SerialNumber serials = SerialNumber.Parse(result.GetValue(serial));
            NamePattern rootName = NamePattern.Parse(result.GetRequiredValue(name), 1);
            NamePattern? below = result.GetValue(intermediate) is { } given ? NamePattern.Parse(given, 1) : null;
            CertificateOutput output = shared.Output(result);
            return new CertRun(terminal, shared.Json(result), output).Do(run =>
            {
                PassphraseSource passphrases = shared.Passphrases(result, terminal);
                var issuance = new Issuance(DateTimeOffset.UtcNow, result.GetValue(days));
                Authority Make(string file, NamePattern called, Issuer? above, int? pathLength, int index)
                {
                    AsymmetricAlgorithm key = shared.NewKey(result);
                    X509Certificate2 certificate = issuance.Authority(Signing.Request(called.Name(1), shared.Organization(result), key), key, above, pathLength, serials.At(index));
                    run.Made(certificate);
                    run.Remark(issuance.Shortened);
                    return new Authority(file, certificate, key);
                }

                string first = result.GetValue(issuer) is null ? Root : Intermediate;
                PromiseFiles(output, first, below is null ? null : Intermediate);
                string? passphrase = shared.NewPassphrase(result, passphrases);
                using Issuer? above = result.GetValue(issuer) is { } file ? Issuer.Read(file, result.GetRequiredValue(issuerKey)!, passphrases, DateTimeOffset.UtcNow) : null;
                above?.MayIssueAuthority();
                Authority made = Make(first, rootName, above, above is null ? (below is null ? null : 1) : 0, 0);
                using var root = new Issuer(made.Certificate, made.Key);
                made.AddTo(output, passphrase);
                if (below is not null)
                {
                    Authority second = Make(Intermediate, below, root, 0, 1);
                    using var owner = new Issuer(second.Certificate, second.Key);
                    second.AddTo(output, passphrase);
                }

                output.Spare(result.GetValue(issuer), result.GetValue(issuerKey), shared.PassphraseFile(result));
            });
        });
        return command;
    }

    private static void PromiseFiles(CertificateOutput output, params string?[] names)
    {
        foreach (string? name in names)
        {
            if (name is not null)
            {
                output.Promise(name + ".pem");
                output.Promise(name + ".key");
            }
        }
    }

    private sealed record Authority(string File, X509Certificate2 Certificate, AsymmetricAlgorithm Key)
    {
        public void AddTo(CertificateOutput output, string? passphrase)
        {
            output.Add(File + ".pem", Certificate.ExportCertificatePem(), isSecret: false);
            output.Add(File + ".key", CertOptions.Pem(Key, passphrase), isSecret: true);
        }
    }
}
