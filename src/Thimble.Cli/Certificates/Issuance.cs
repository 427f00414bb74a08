using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Cli.Certificates;

/// <summary>Issues certificates as RFC 5280 profiles them, so that strict verifiers accept them too.</summary>
internal sealed class Issuance(DateTimeOffset now, int days)
{
    /// <summary>Clocks of devices go wrong by some minutes.</summary>
    private static readonly TimeSpan s_leeway = TimeSpan.FromMinutes(5);

    private readonly DateTimeOffset _now = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());

    /// <summary>Told where a certificate ends earlier than was asked for, since its issuer does.</summary>
    public string? Shortened { get; private set; }

    /// <summary>An authority: a root that signs itself, or one below <paramref name="issuer"/>.</summary>
    public X509Certificate2 Authority(CertificateRequest request, AsymmetricAlgorithm key, Issuer? issuer, int? pathLength, byte[] serial)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, pathLength is not null, pathLength ?? 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        return Issue(request, key, issuer, serial);
    }

    /// <summary>The certificate of a device or a server.</summary>
    public X509Certificate2 EndEntity(CertificateRequest request, AsymmetricAlgorithm key, Issuer issuer, string purpose, X509Extension? names, byte[] serial)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        if (names is not null)
        {
            request.CertificateExtensions.Add(names);
        }

        return Issue(request, key, issuer, serial);
    }

    private X509Certificate2 Issue(CertificateRequest request, AsymmetricAlgorithm key, Issuer? issuer, byte[] serial)
    {
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        DateTimeOffset begins = _now - s_leeway, ends = _now.AddDays(days);
        if (issuer is null)
        {
            return request.Create(request.SubjectName, Signing.Generator(key), begins, ends, serial);
        }

        X509Certificate2 above = issuer.Certificate;
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(above, includeKeyIdentifier: above.Extensions["2.5.29.14"] is not null, includeIssuerAndSerial: above.Extensions["2.5.29.14"] is null));
        DateTimeOffset first = above.NotBefore.ToUniversalTime(), last = above.NotAfter.ToUniversalTime();
        if (ends > last)
        {
            Shortened = $"{days} days were asked for, and '{CertificateName.Short(above)}', which issues, ends on {last:yyyy-MM-dd}: so does what it issued.";
            ends = last;
        }

        return request.Create(above.SubjectName, issuer.Generator, begins < first ? first : begins, ends, serial);
    }
}
