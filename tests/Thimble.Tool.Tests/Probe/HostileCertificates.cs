using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Tests.X509;

namespace Thimble.Tool.Tests.Probe;

/// <summary>Certificates that nobody should make: names that steer terminals, dates at the ends of calendars, odd serial numbers, bytes that were changed.</summary>
internal static class HostileCertificates
{
    /// <summary>Colours and a bell, a name turned around, markup of a terminal's library and of HTML, a line end, a NUL.</summary>
    public const string Steering = "\u001b[31mred\u0007\u202Egnp.exe\u2066[bold]x[/]<script>alert(1)</script>\nOK: all is well\u0000";

    private static readonly Lazy<byte[][]> s_good = new(() =>
    [
        Named(Steering), Named(""), Named("*", begins: new DateTimeOffset(1950, 1, 1, 0, 0, 0, TimeSpan.Zero), ends: new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero)),
        Named("localhost", serial: [0x80, 1]), Named("zero", serial: [0]),
        .. ((string[])["P-384", "P-521", "Ed25519", "RSA-2048"]).SelectMany(static kind => TestPki.Chain(2, kind).Chain),
    ]);

    /// <summary>A certificate that signs itself, with a common name that may be anything.</summary>
    public static byte[] Named(string name, DateTimeOffset? begins = null, DateTimeOffset? ends = null, byte[]? serial = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.Add("2.5.4.3", name, System.Formats.Asn1.UniversalTagNumber.UTF8String);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 made = request.Create(request.SubjectName, X509SignatureGenerator.CreateForECDsa(key), begins ?? now.AddDays(-1), ends ?? now.AddDays(90), serial ?? [5]);
        return made.RawData;
    }

    /// <summary>One to three of them, most with some bytes changed.</summary>
    public static List<byte[]> Chain(Random random)
    {
        List<byte[]> chain = [];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            byte[] certificate = [.. s_good.Value[random.Next(s_good.Value.Length)]];
            for (int changes = random.Next(4); changes > 0; changes--)
            {
                certificate[random.Next(certificate.Length)] ^= (byte)(1 << random.Next(8));
            }

            chain.Add(certificate);
        }

        return chain;
    }
}
