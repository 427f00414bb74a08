using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble;

/// <summary>Reads certificates from a PEM file (one or several) or a DER file (one).</summary>
internal static class CertificateFile
{
    private const string Wanted = "Expected a file with 'BEGIN CERTIFICATE' blocks (PEM), or one certificate in DER.";

    /// <summary>All certificates in the file, in its order; never none.</summary>
    public static List<X509Certificate2> Read(string path)
    {
        using CredentialFile file = CredentialFile.Read(path);
        return Read(file);
    }

    /// <summary>All certificates in bytes that are already at hand.</summary>
    public static List<X509Certificate2> Read(CredentialFile file)
    {
        if (!file.IsPem)
        {
            return [ReadDer(file)];
        }

        var certificates = new List<X509Certificate2>();
        foreach (PemBlock block in file.Blocks)
        {
            if (block.Label is "CERTIFICATE" or "X509 CERTIFICATE")
            {
                certificates.Add(Load(file.Name, block.Content, $"the certificate that begins in line {block.Line}"));
            }
        }

        return certificates.Count > 0 ? certificates : throw NoneIn(file);
    }

    private static X509Certificate2 ReadDer(CredentialFile file)
    {
        switch (ContentType(file.Bytes))
        {
            case X509ContentType.Pkcs12:
                throw new CredentialException(CredentialProblem.NoCertificate, file.Name, "the file is a PKCS#12 container.", "Unpack it: openssl pkcs12 -in FILE -nodes -out both.pem, and give both.pem as certificate and as key.");
            case X509ContentType.Pkcs7:
                throw new CredentialException(CredentialProblem.NoCertificate, file.Name, "the file is a PKCS#7 container.", "Unpack it: openssl pkcs7 -inform DER -in FILE -print_certs -out chain.pem.");
            default:
                break;
        }

        if (file.Bytes[0] != 0x30)
        {
            throw new CredentialException(CredentialProblem.NoCertificate, file.Name, "the file is neither PEM nor DER.", Wanted);
        }

        return Load(file.Name, file.Bytes, "the file begins like DER, but it");
    }

    private static X509ContentType ContentType(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return X509Certificate2.GetCertContentType(bytes);
        }
        catch (CryptographicException)
        {
            return X509ContentType.Unknown;
        }
    }

    private static X509Certificate2 Load(string name, ReadOnlySpan<byte> der, string what)
    {
        try
        {
            AsnDecoder.ReadSequence(der, AsnEncodingRules.DER, out _, out _, out int consumed);
            if (consumed == der.Length)
            {
                return Examined(X509CertificateLoader.LoadCertificate(der));
            }
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException)
        {
            throw new CredentialException(CredentialProblem.CertificateMalformed, name, what + " is no X.509 certificate.", "The file is damaged or holds something else: copy it again. " + Wanted, e);
        }

        throw new CredentialException(CredentialProblem.CertificateMalformed, name, what + " is followed by other bytes.", "A DER file holds one certificate; put several into a PEM file.");
    }

    /// <summary>The platform decodes names and dates only when it is asked for them: what is malformed shows here, where the file has a name.</summary>
    private static X509Certificate2 Examined(X509Certificate2 certificate)
    {
        try
        {
            _ = CertificateName.Short(certificate) + CertificateName.ShortIssuer(certificate);
            _ = certificate.NotAfter - certificate.NotBefore;
            return certificate;
        }
        catch
        {
            certificate.Dispose();
            throw;
        }
    }

    private static CredentialException NoneIn(CredentialFile file)
    {
        PemBlock first = file.Blocks[0];
        (string found, string whatToDo) = first.Label switch
        {
            "CERTIFICATE REQUEST" or "NEW CERTIFICATE REQUEST" => ("the file holds a certificate request, which no authority has signed.", "Give the certificate that the authority made from it."),
            "TRUSTED CERTIFICATE" => ("the file holds OpenSSL's own form of a trusted certificate.", "Convert it: openssl x509 -in FILE -out certificate.pem."),
            "PKCS7" or "CMS" => ("the file is a PKCS#7 container.", "Unpack it: openssl pkcs7 -in FILE -print_certs -out chain.pem."),
            string label when label.EndsWith("PRIVATE KEY", StringComparison.Ordinal) => ("the file holds a private key and no certificate.", "Were the two file names swapped?"),
            string label => ($"the file holds '{label}' and no certificate.", Wanted),
        };
        return new CredentialException(CredentialProblem.NoCertificate, file.Name, found, whatToDo);
    }
}
