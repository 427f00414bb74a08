using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Spectre.Console;

namespace Thimble.Cli.Certificates;

/// <summary>One run of a command of <c>cert</c>: what it made, and how that is told.</summary>
internal sealed class CertRun(Terminal terminal, bool json, CertificateOutput output)
{
    private const int MostShown = 5;

    private readonly List<IssuedReport> _made = [];
    private readonly List<string> _remarks = [];

    /// <summary>Does the work, writes the files, and tells of it.</summary>
    public int Do(Action<CertRun> work)
    {
        try
        {
            using (output)
            {
                work(this);
                output.Write();
            }

            Tell();
            return ExitCode.Good;
        }
        catch (Exception e) when (e is ThimbleException or CryptographicException)
        {
            ThimbleException explained = e as ThimbleException ?? new ThimbleException("The platform's cryptography refuses: " + e.Message, e);
            if (json)
            {
                terminal.WriteJson(new CertReport(false, [], [], [], ReportMaker.Fault(explained)), CertJson.Readable.CertReport);
            }
            else
            {
                terminal.Error.WriteLine("error: " + explained.Message);
            }

            return ExitCode.Fault;
        }
    }

    /// <summary>A certificate, for the report.</summary>
    public void Made(X509Certificate2 certificate) => _made.Add(new IssuedReport(
        PrintableText.Of(certificate.Subject), KeyDescription.Describe(certificate), certificate.RawData.Length, PrintableText.Of(certificate.Issuer), certificate.SerialNumber, Day(certificate.NotBefore), Day(certificate.NotAfter)));

    /// <summary>A request, for the report.</summary>
    public void Made(CertificateRequest request, AsymmetricAlgorithm key, int bytes) =>
        _made.Add(new IssuedReport(PrintableText.Of(request.SubjectName.Name), KeyDescription.Describe(key), bytes, null, null, null, null));

    /// <summary>Something that a person should know; once, however often it is said.</summary>
    public void Remark(string? text)
    {
        if (text is not null && !_remarks.Contains(text))
        {
            _remarks.Add(text);
        }
    }

    private void Tell()
    {
        if (json)
        {
            terminal.WriteJson(new CertReport(true, output.Written, _made, _remarks, null), CertJson.Readable.CertReport);
            return;
        }

        foreach (string remark in _remarks)
        {
            terminal.Error.WriteLine("note: " + remark);
        }

        IAnsiConsole console = terminal.Console;
        foreach (IssuedReport made in _made.Take(MostShown))
        {
            console.MarkupLineInterpolated($"[bold]{made.Subject}[/]: {made.Key}, {made.Bytes:N0} bytes{(made.Issuer is null ? ", a request" : $", until {made.NotAfter}, issued by {(made.Issuer == made.Subject ? "itself" : made.Issuer)}")}");
        }

        Rest(console, _made.Count);
        foreach (string file in output.Written.Take(2 * MostShown))
        {
            console.MarkupLineInterpolated($"  wrote {file}");
        }

        if (output.Written.Count > 2 * MostShown)
        {
            console.MarkupLineInterpolated($"  and {output.Written.Count - (2 * MostShown):N0} files more");
        }
    }

    private static void Rest(IAnsiConsole console, int count)
    {
        if (count > MostShown)
        {
            console.MarkupLineInterpolated($"and {count - MostShown:N0} more");
        }
    }

    private static string Day(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
