using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Cli.Demo;

/// <summary>A certificate authority of the demonstration: a certificate, its key, and the shapes that it signs.</summary>
internal sealed class DemoAuthority : IDisposable
{
    private readonly AsymmetricAlgorithm _key;
    private readonly DateTimeOffset _now;

    private DemoAuthority(X509Certificate2 certificate, AsymmetricAlgorithm key, DateTimeOffset now)
    {
        Certificate = certificate;
        _key = key;
        _now = now;
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>An authority that signed itself.</summary>
    public static DemoAuthority Root(string name, AsymmetricAlgorithm key, DateTimeOffset now)
    {
        CertificateRequest request = AuthorityRequest(name, key);
        X509Certificate2 certificate = Sign(request, request.SubjectName, key, now);
        return new DemoAuthority(certificate, key, now);
    }

    /// <summary>An authority that this one vouches for.</summary>
    public DemoAuthority SignAuthority(string name, AsymmetricAlgorithm key)
    {
        CertificateRequest request = AuthorityRequest(name, key);
        AddIssuer(request);
        AddWebAddresses(request);
        return new DemoAuthority(Sign(request, Certificate.SubjectName, _key, _now), key, _now);
    }

    /// <summary>A server's certificate, with <paramref name="timestampBytes"/> bytes where transparency logs put theirs.</summary>
    public X509Certificate2 SignServer(string dnsName, AsymmetricAlgorithm key, int timestampBytes)
    {
        CertificateRequest request = Request(new X500DistinguishedName("CN=" + dnsName), key);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(dnsName);
        names.AddDnsName("*.iot.thimble.example");
        request.CertificateExtensions.Add(names.Build());
        AddEndEntity(request, "1.3.6.1.5.5.7.3.1");
        AddWebAddresses(request);
        byte[] timestamps = new byte[timestampBytes];
        RandomNumberGenerator.Fill(timestamps);
        request.CertificateExtensions.Add(new X509Extension("1.3.6.1.4.1.11129.2.4.2", timestamps, critical: false));
        return Sign(request, Certificate.SubjectName, _key, _now);
    }

    /// <summary>A device's certificate.</summary>
    public X509Certificate2 SignClient(string name, AsymmetricAlgorithm key)
    {
        CertificateRequest request = Request(new X500DistinguishedName("CN=" + name), key);
        AddEndEntity(request, "1.3.6.1.5.5.7.3.2");
        return Sign(request, Certificate.SubjectName, _key, _now);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    private static CertificateRequest AuthorityRequest(string name, AsymmetricAlgorithm key)
    {
        CertificateRequest request = Request(new X500DistinguishedName($"CN={name}, O=Thimble Demo, C=US"), key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign | X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }

    private static CertificateRequest Request(X500DistinguishedName name, AsymmetricAlgorithm key) => key is RSA rsa
        ? new CertificateRequest(name, rsa, HashOf(key), RSASignaturePadding.Pkcs1)
        : new CertificateRequest(name, (ECDsa)key, HashOf(key));

    private static HashAlgorithmName HashOf(AsymmetricAlgorithm key) =>
        key.KeySize is 384 or 4096 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;

    private static X509Certificate2 Sign(CertificateRequest request, X500DistinguishedName issuer, AsymmetricAlgorithm key, DateTimeOffset now)
    {
        X509SignatureGenerator generator = key is RSA rsa
            ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
            : X509SignatureGenerator.CreateForECDsa((ECDsa)key);

        // Positive and of full length, so that certificates of one shape have one size (RFC 5280 §4.1.2.2).
        byte[] serialNumber = RandomNumberGenerator.GetBytes(16);
        serialNumber[0] = (byte)((serialNumber[0] & 0x7F) | 0x40);
        return request.Create(issuer, generator, now.AddDays(-1), now.AddDays(30), serialNumber);
    }

    private void AddIssuer(CertificateRequest request) =>
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));

    private void AddEndEntity(CertificateRequest request, string usage)
    {
        AddIssuer(request);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
    }

    /// <summary>Where a public authority says that its revocation lists, its answers and its own certificate are found, and by which policy it works.</summary>
    private static void AddWebAddresses(CertificateRequest request)
    {
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(
            (IEnumerable<string>)["http://ocsp.demo.thimble.example"], ["http://crt.demo.thimble.example/issuer.cer"]));
        request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension(["http://crl.demo.thimble.example/issuer.crl"]));
        var policies = new AsnWriter(AsnEncodingRules.DER);
        using (policies.PushSequence())
        using (policies.PushSequence())
        {
            policies.WriteObjectIdentifier("2.23.140.1.2.1");
        }

        request.CertificateExtensions.Add(new X509Extension("2.5.29.32", policies.Encode(), critical: false));
    }
}
