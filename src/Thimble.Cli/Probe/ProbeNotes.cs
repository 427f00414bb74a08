using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Cli.Probe;

/// <summary>What follows from what was found, in sentences: what will never work, what will end, what does not keep its word.</summary>
internal static class ProbeNotes
{
    private const int SoonDays = 30;

    /// <summary>The kinds of key that the server has no certificate for.</summary>
    public static IEnumerable<MissingKeyReport> Missing(Findings findings)
    {
        foreach (ServerKey key in (ServerKey[])[ServerKey.Rsa, ServerKey.Ecdsa])
        {
            if (findings.Ways.Count == 0 || findings.Ways.Any(way => way.Key == key))
            {
                continue;
            }

            byte? alert = findings.Versions.Contains(TlsNumbers.Tls12) ? findings.Refusals.GetValueOrDefault(key) : 40;
            string name = ProbeReportMaker.Name(key);
            string gets = alert is { } number ? "get " + Alerts.Name(number) : "be met by a closed connection";
            string what = findings.Versions.Contains(TlsNumbers.Tls12) ? $"ECDHE_{name} suites will always {gets}" : $"a client that offers {name} signatures alone will always {gets}";
            yield return new MissingKeyReport(name, alert is { } sent ? Alerts.Name(sent) : null, $"This endpoint has no {name} certificate: {what}.");
        }
    }

    /// <summary>All notes, the weightiest first.</summary>
    public static IEnumerable<string> Of(ProbeRequest request, ProbeResult result)
    {
        Findings findings = result.Findings;
        IEnumerable<string> notes =
        [
            .. result.Unanswered == 0 ? (string[])[] : [$"It left {result.Unanswered} of {result.Connections} questions without an answer: what is missing here may be there. Ask again, with --timeout and more seconds."],
            .. Unusable(findings),
            .. Missing(findings).Select(missing => missing.Explanation),
            .. findings.Chains.SelectMany(way => Chain(request, way, result.Chains[way])),
            .. Client(request, result),
            .. findings.Limits.Where(limit => limit.Verdict == LimitVerdict.Broken).Select(Broken),
            .. Old(findings),
        ];
        return notes.Distinct();
    }

    private static IEnumerable<string> Unusable(Findings findings)
    {
        if (findings.OldSuite != 0)
        {
            yield return $"In TLS 1.2 it takes none of the suites with ECDHE and an AEAD, but {SuiteNumbers.Name(findings.OldSuite)}, which no profile has: enable ECDHE with AES-GCM at the server.";
        }
        else if (!findings.Versions.Any(version => version >= TlsNumbers.Tls12))
        {
            yield return $"It speaks {string.Join(" and ", findings.Versions.Select(version => Words.Version(version)))} only, which RFC 8996 forbids: enable TLS 1.2 or 1.3 at the server.";
        }

        if (findings.Ways.Any(way => way.WantsP521))
        {
            yield return "In TLS 1.2 it keeps its key on P-521 to itself unless secp521r1 is offered for key agreement too, which no profile does: use TLS 1.3, or a certificate on P-256.";
        }

        if (findings.OtherGroup != 0)
        {
            yield return $"In TLS 1.3 it agrees on keys in {Words.Group(findings.OtherGroup)} only, which no profile has: enable x25519 or secp256r1 at the server.";
        }
    }

    private static IEnumerable<string> Chain(ProbeRequest request, Way way, ServerChain chain)
    {
        string key = ProbeReportMaker.Name(way.Key);
        CertificateFacts leaf = chain.Certificates[0];
        if (!IsFor(leaf.Certificate, request.ServerName))
        {
            yield return $"The {key} certificate is not for '{request.ServerName}': a client refuses it. Give the name that it carries with --servername.";
        }

        foreach (CertificateFacts certificate in chain.Read)
        {
            double days = (certificate.Certificate.NotAfter.ToUniversalTime() - DateTime.UtcNow).TotalDays;
            string name = CertificateName.Short(certificate.Certificate);
            if (days < 0)
            {
                yield return $"The certificate '{name}' expired on {certificate.Certificate.NotAfter:yyyy-MM-dd}: a client whose clock is right refuses it. The connection here was judged as of an earlier time.";
            }
            else if (days < SoonDays)
            {
                yield return $"The certificate '{name}' expires in {(int)days} days, on {certificate.Certificate.NotAfter:yyyy-MM-dd}.";
            }

            if (certificate.RsaBits is > 0 and < KeyDescription.MinRsaBits or > KeyDescription.MaxRsaBits)
            {
                yield return $"The certificate '{name}' has an RSA key of {certificate.RsaBits} bits; profiles take {KeyDescription.MinRsaBits} to {KeyDescription.MaxRsaBits}.";
            }
        }

        if (chain.Root is null)
        {
            string told = chain.Last.IsSelfSigned ? "" : chain.Last.IssuerRsaBits > 0 ? $" Its key has {chain.Last.IssuerRsaBits} bits, as its signature tells." : chain.Last.IssuerCurveBits > 0 ? $" Its key is on a curve of {chain.Last.IssuerCurveBits} bits, as its signature tells." : "";
            string whose = PublicRoots.OwnerOf(chain.RootName) is { } owner ? $" A public root of {owner} has that name." : "";
            yield return $"The {key} chain ends at '{chain.RootName}', which this machine does not trust: name its certificate with --cafile.{told}{whose}";
        }

        if (chain.Needed < chain.Certificates.Count)
        {
            yield return $"Of the {chain.Certificates.Count} {key} certificates a client reads {chain.Needed}: the rest ({chain.Certificates.Skip(chain.Needed).Sum(certificate => certificate.Certificate.RawData.Length):N0} bytes) stands behind the one that the root issued.";
        }
    }

    private static bool IsFor(X509Certificate2 certificate, string name)
    {
        try
        {
            return certificate.MatchesHostname(name);
        }
        catch (ArgumentException)
        {
            return false; // no certificate is for what is no host's name
        }
    }

    private static IEnumerable<string> Client(ProbeRequest request, ProbeResult result)
    {
        if (result.Findings.ClientRequest is not null && request.CertificateFile is null)
        {
            yield return result.ClientCertificateRequired == true
                ? "It demands a client certificate. Give yours with --cert and --key, and the profile is planned for it and tried; here a P-256 key was planned."
                : "It asks for a client certificate and goes on without one. The profile plans for a P-256 key; give yours with --cert and --key.";
        }
    }

    private static string Broken(LimitFinding limit) =>
        $"In {Words.Version(limit.Version)} it accepts {Words.Extension(limit.Extension)} of {limit.Bytes} bytes and then sends records of {limit.LargestBytes:N0}: do not rely on it.";

    private static IEnumerable<string> Old(Findings findings)
    {
        ushort[] old = [.. findings.Versions.Where(version => version < TlsNumbers.Tls12)];
        if (old.Length > 0 && findings.Versions.Any(version => version >= TlsNumbers.Tls12))
        {
            yield return $"It still speaks {string.Join(" and ", old.Select(version => Words.Version(version)))}, which RFC 8996 forbids.";
        }
    }
}
