using System;
using System.Security.Cryptography.X509Certificates;

namespace Thimble;

/// <summary>
/// Authorities keep their names when they change their keys. authorityKeyIdentifier tells which one signed, where both certificates have it
/// (RFC 5280 §4.2.1.1).
/// </summary>
internal static class AuthorityKey
{
    /// <summary>Whether <paramref name="authority"/> may have issued <paramref name="certificate"/>: the names are the same, and the keys do not contradict.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">An extension cannot be read.</exception>
    public static bool MayHaveIssued(X509Certificate2 authority, X509Certificate2 certificate) =>
        certificate.IssuerName.RawData.AsSpan().SequenceEqual(authority.SubjectName.RawData)
        && (Wanted(certificate) is not { } wanted || Own(authority) is not { } own || wanted == own);

    private static string? Wanted(X509Certificate2 certificate)
    {
        foreach (X509Extension extension in certificate.Extensions)
        {
            if (extension is X509AuthorityKeyIdentifierExtension { KeyIdentifier: { } identifier })
            {
                return Convert.ToHexString(identifier.Span);
            }
        }

        return null;
    }

    private static string? Own(X509Certificate2 authority)
    {
        foreach (X509Extension extension in authority.Extensions)
        {
            if (extension is X509SubjectKeyIdentifierExtension { SubjectKeyIdentifier: { } identifier })
            {
                return identifier;
            }
        }

        return null;
    }
}
