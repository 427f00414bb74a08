using System;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Tests.Facade;

/// <summary>A certificate with its key, self-signed or signed by another one, made for one test.</summary>
internal sealed class TestIdentity(X509Certificate2 certificate, AsymmetricAlgorithm key)
{
    public X509Certificate2 Certificate { get; } = certificate;

    public AsymmetricAlgorithm Key { get; } = key;

    public string CertificatePem => Certificate.ExportCertificatePem();

    public static TestIdentity Make(string name, AsymmetricAlgorithm key, TestIdentity? issuer = null)
    {
        var subject = new X500DistinguishedName("CN=" + name);
        CertificateRequest request = key is RSA rsa
            ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256);
        X509SignatureGenerator signer = Signer(issuer?.Key ?? key);
        X500DistinguishedName issuerName = issuer?.Certificate.SubjectName ?? subject;
        DateTimeOffset now = DateTimeOffset.UtcNow;
        return new TestIdentity(request.Create(issuerName, signer, now.AddDays(-1), now.AddDays(30), [1, 2, 3]), key);
    }

    public static TestIdentity Ec(string name = "ec", TestIdentity? issuer = null) =>
        Make(name, ECDsa.Create(ECCurve.NamedCurves.nistP256), issuer);

    private static X509SignatureGenerator Signer(AsymmetricAlgorithm key) => key is RSA rsa
        ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
        : X509SignatureGenerator.CreateForECDsa((ECDsa)key);
}

/// <summary>A folder that goes away with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thimble-");

    public string this[string name] => Path.Combine(_folder.FullName, name);

    public string Write(string name, string content)
    {
        File.WriteAllText(this[name], content);
        return this[name];
    }

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(this[name], content);
        return this[name];
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
