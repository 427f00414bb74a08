using System;
using System.CommandLine;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Cli.Bake;

namespace Thimble.Cli.Certificates;

/// <summary><c>thimble cert device</c> and <c>thimble cert server</c>: certificates that issue nothing, one or a fleet of them.</summary>
internal static class EndEntityCommand
{
    private const string AboutDevice = """
        Make the keys and certificates of devices: NAME.pem holds the certificate and what is between it and the root, NAME.key its key.

        Examples:
          thimble cert device --issuer pki/ca.pem --issuer-key pki/ca.key --name device-7 -o device-7
          thimble cert device --issuer pki/intermediate.pem --issuer-key pki/intermediate.key --name device-{0000} --count 500 -o fleet.tar

        AWS IoT asks for a verification certificate when an authority is registered in the mode DEFAULT. It is a device's certificate
        whose name is the registration code:
          thimble cert device --issuer pki/ca.pem --issuer-key pki/ca.key --name REGISTRATION-CODE -o verification
        """;

    private const string AboutServer = """
        Make the key and certificate of a server, for a broker of your own: NAME.pem and NAME.key.

        Example:
          thimble cert server --issuer pki/ca.pem --issuer-key pki/ca.key --name broker --san localhost --san 127.0.0.1 -o broker
        """;

    private const string ClientPurpose = "1.3.6.1.5.5.7.3.2", ServerPurpose = "1.3.6.1.5.5.7.3.1";

    public static Command Device(Terminal terminal) => Create(terminal, new Command("device", AboutDevice), ClientPurpose, needsNames: false);

    public static Command Server(Terminal terminal) => Create(terminal, new Command("server", AboutServer), ServerPurpose, needsNames: true);

    private static Command Create(Terminal terminal, Command command, string purpose, bool needsNames)
    {
        var issuer = new Option<string>("--issuer") { HelpName = "FILE", Required = true, Description = "The certificate of the authority, and those above it, PEM or DER." };
        var issuerKey = new Option<string>("--issuer-key") { HelpName = "FILE", Required = true, Description = "The authority's private key." };
        var name = new Option<string>("--name") { HelpName = "NAME", Required = true, Description = "The common name, and the name of the files. With --count it has a place for the number, such as device-{0000}." };
        Option<int> count = CertOptions.Number("--count", "N", 1, 100_000, "How many.");
        Option<int> start = CertOptions.Number("--start", "N", 1, 999_999_999, "The number of the first.");
        Option<int> days = CertOptions.Number("--days", "DAYS", needsNames ? 397 : 3650, 36500, "For how long, but never longer than the authority.");
        var serial = new Option<string>("--serial") { HelpName = "HEX", Description = "The serial number of the first; the others count up. By default they are random, of 127 bits." };
        var names = new Option<string[]>("--san") { HelpName = "NAME", Required = needsNames, Description = "Another name of the subject: dns:NAME, ip:ADDRESS or uri:URI; it may have a place for the number. May be repeated." };
        foreach (Option option in (Option[])[issuer, issuerKey, name, count, start, days, serial, names])
        {
            command.Options.Add(option);
        }

        var shared = new CertOptions(command);
        command.SetAction(result =>
        {
            int many = result.GetValue(count), first = result.GetValue(start);
            NamePattern pattern = NamePattern.Parse(result.GetRequiredValue(name), many);
            SerialNumber serials = SerialNumber.Parse(result.GetValue(serial));
            string[] alternatives = result.GetValue(names) ?? [];
            CertificateOutput output = shared.Output(result);
            return new CertRun(terminal, shared.Json(result), output).Do(run => terminal.While("Making keys and certificates", shared.Json(result), () =>
            {
                foreach (int number in Enumerable.Range(first, many))
                {
                    output.Promise(NamePattern.FileName(pattern.Name(number)) + ".pem");
                    output.Promise(NamePattern.FileName(pattern.Name(number)) + ".key");
                }

                PassphraseSource passphrases = shared.Passphrases(result, terminal);
                using Issuer authority = Issuer.Read(result.GetRequiredValue(issuer), result.GetRequiredValue(issuerKey), passphrases, DateTimeOffset.UtcNow);
                string? passphrase = shared.NewPassphrase(result, passphrases);
                var issuance = new Issuance(DateTimeOffset.UtcNow, result.GetValue(days));
                string between = string.Concat(authority.Between.Select(static certificate => certificate.ExportCertificatePem() + "\n"));
                foreach (int index in Enumerable.Range(0, many))
                {
                    string called = pattern.Name(first + index);
                    using AsymmetricAlgorithm key = shared.NewKey(result);
                    using X509Certificate2 certificate = issuance.EndEntity(
                        Signing.Request(called, shared.Organization(result), key), key, authority, purpose, AlternativeNames.Of(alternatives, first + index), serials.At(index));
                    output.Add(NamePattern.FileName(called) + ".pem", certificate.ExportCertificatePem() + "\n" + between, isSecret: false);
                    output.Add(NamePattern.FileName(called) + ".key", CertOptions.Pem(key, passphrase), isSecret: true);
                    run.Made(certificate);
                    run.Remark(issuance.Shortened);
                }

                output.Spare(result.GetValue(issuer), result.GetValue(issuerKey), shared.PassphraseFile(result));
                return many;
            }));
        });
        return command;
    }
}
