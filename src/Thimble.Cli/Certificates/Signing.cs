using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Cli.Certificates;

/// <summary>How each kind of key signs certificates and requests.</summary>
internal static class Signing
{
    public static X509SignatureGenerator Generator(AsymmetricAlgorithm key) => key switch
    {
        RSA rsa => X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1),
        ECDsa ec => X509SignatureGenerator.CreateForECDsa(ec),
        _ => throw new ArgumentException("Neither RSA nor EC.", nameof(key)),
    };

    /// <summary>As strong as the key: SHA-384 for P-384, otherwise SHA-256.</summary>
    public static HashAlgorithmName Hash(AsymmetricAlgorithm key) => key is ECDsa { KeySize: 384 } ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;

    /// <summary>What is to be signed: a name and a public key, without extensions as yet.</summary>
    public static CertificateRequest Request(string commonName, string? organization, AsymmetricAlgorithm key)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(commonName);
        if (organization is not null)
        {
            subject.AddOrganizationName(organization);
        }

        return key is RSA rsa ? new CertificateRequest(subject.Build(), rsa, Hash(key), RSASignaturePadding.Pkcs1) : new CertificateRequest(subject.Build(), (ECDsa)key, Hash(key));
    }
}
