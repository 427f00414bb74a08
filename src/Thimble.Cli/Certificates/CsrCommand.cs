using System;
using System.CommandLine;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Cli.Certificates;

/// <summary><c>thimble cert csr</c>: keys, and requests for certificates that somebody else signs.</summary>
internal static class CsrCommand
{
    private const string About = """
        Make keys and certificate requests (PKCS#10) for an authority elsewhere: NAME.csr and NAME.key.

        Examples:
          thimble cert csr --name device-7 -o request
          thimble cert csr --name device-{0000} --count 20 --for aws-iot -o requests.zip
          thimble cert csr --name device-7 --for azure-dps -o request
        """;

    public static Command Create(Terminal terminal)
    {
        var command = new Command("csr", About);
        var name = new Option<string>("--name") { HelpName = "NAME", Required = true, Description = "The common name, and the name of the files. With --count it has a place for the number, such as device-{0000}." };
        Option<int> count = CertOptions.Number("--count", "N", 1, 100_000, "How many.");
        Option<int> start = CertOptions.Number("--start", "N", 1, 999_999_999, "The number of the first.");
        var cloud = new Option<string>("--for") { HelpName = "CLOUD", Description = $"Hold to the rules of {string.Join(" or ", RequestRules.Clouds)}, and say what comes next." };
        cloud.AcceptOnlyFromAmong(RequestRules.Clouds);
        var names = new Option<string[]>("--san") { HelpName = "NAME", Description = "Another name of the subject: dns:NAME, ip:ADDRESS or uri:URI. May be repeated." };
        foreach (Option option in (Option[])[name, count, start, cloud, names])
        {
            command.Options.Add(option);
        }

        var shared = new CertOptions(command);
        command.SetAction(result =>
        {
            int many = result.GetValue(count), first = result.GetValue(start);
            NamePattern pattern = NamePattern.Parse(result.GetRequiredValue(name), many);
            string? to = result.GetValue(cloud);
            CertificateOutput output = shared.Output(result);
            return new CertRun(terminal, shared.Json(result), output).Do(run =>
            {
                foreach (int number in Enumerable.Range(first, many))
                {
                    string called = pattern.Name(number);
                    RequestRules.CheckName(to, called);
                    output.Promise(NamePattern.FileName(called) + ".csr");
                    output.Promise(NamePattern.FileName(called) + ".key");
                }

                string? passphrase = shared.NewPassphrase(result, shared.Passphrases(result, terminal));
                foreach (int number in Enumerable.Range(first, many))
                {
                    string called = pattern.Name(number);
                    using AsymmetricAlgorithm key = shared.NewKey(result);
                    CertificateRequest request = Signing.Request(called, shared.Organization(result), key);
                    if (AlternativeNames.Of(result.GetValue(names) ?? [], number) is { } alternatives)
                    {
                        request.CertificateExtensions.Add(alternatives);
                    }

                    byte[] signed = request.CreateSigningRequest(Signing.Generator(key));
                    output.Add(NamePattern.FileName(called) + ".csr", PemEncoding.WriteString("CERTIFICATE REQUEST", signed), isSecret: false);
                    output.Add(NamePattern.FileName(called) + ".key", CertOptions.Pem(key, passphrase), isSecret: true);
                    run.Made(request, key, signed.Length);
                }

                run.Remark(RequestRules.Next(to));
            });
        });
        return command;
    }
}
