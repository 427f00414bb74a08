using System.Security.Cryptography.X509Certificates;

namespace Thimble;

/// <summary>Names certificates in sentences for people.</summary>
internal static class CertificateName
{
    /// <summary>The common name of the subject, or the whole subject where it has none.</summary>
    public static string Short(X509Certificate2 certificate) => Short(certificate, forIssuer: false, certificate.Subject);

    /// <summary>The common name of the issuer, or its whole name where it has none.</summary>
    public static string ShortIssuer(X509Certificate2 certificate) => Short(certificate, forIssuer: true, certificate.Issuer);

    private static string Short(X509Certificate2 certificate, bool forIssuer, string whole)
    {
        string name = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer);
        return name.Length + whole.Length == 0 ? "(no name)" : PrintableText.Of(name.Length > 0 ? name : whole);
    }
}
