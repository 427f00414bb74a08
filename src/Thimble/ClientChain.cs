using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography.X509Certificates;

namespace Thimble;

/// <summary>Puts the certificates of a client in the order in which they are sent, and says what keeps them from being one chain.</summary>
internal static class ClientChain
{
    /// <summary>The client's own certificate, then each one's issuer (RFC 8446 §4.4.2). All must belong to it.</summary>
    /// <exception cref="CredentialException">One of them does not.</exception>
    public static List<X509Certificate2> Order(string source, List<X509Certificate2> given, X509Certificate2 own)
    {
        List<X509Certificate2> chain = Arrange(given, own, out List<X509Certificate2> rest);
        return rest.Count == 0 ? chain : throw new CredentialException(
            CredentialProblem.ChainOutOfOrder, source, $"'{CertificateName.Short(rest[0])}' is no issuer of '{CertificateName.Short(own)}', nor above it: that chain ends with '{CertificateName.Short(chain[^1])}', which '{CertificateName.ShortIssuer(chain[^1])}' issued.", "Leave the client's own certificate and those of the authorities above it, and nothing else.");
    }

    /// <summary>The same, with those that do not belong to it apart.</summary>
    public static List<X509Certificate2> Arrange(List<X509Certificate2> given, X509Certificate2 own, out List<X509Certificate2> rest)
    {
        List<X509Certificate2> others = [.. given.DistinctBy(certificate => certificate.Thumbprint).Where(certificate => certificate.Thumbprint != own.Thumbprint)];
        List<X509Certificate2> chain = [own];
        while (others.Find(certificate => AuthorityKey.MayHaveIssued(certificate, chain[^1])) is { } issuer)
        {
            chain.Add(issuer);
            others.Remove(issuer);
        }

        rest = others;
        return chain;
    }

    /// <summary>The private key is of none of the certificates.</summary>
    public static CredentialException Mismatch(string certificateFile, string keyFile, string keyKind, List<X509Certificate2> chain)
    {
        string of = chain.Count == 1
            ? $"the certificate '{CertificateName.Short(chain[0])}' ({KeyDescription.Describe(chain[0])})"
            : $"any of the {chain.Count} certificates, the first of which is '{CertificateName.Short(chain[0])}' ({KeyDescription.Describe(chain[0])}),";
        return new CredentialException(
            CredentialProblem.KeyDoesNotFitCertificate, keyFile, $"the private key ({keyKind}) is not that of {of} in {certificateFile}.", "Give the key with which this certificate was requested.");
    }
}
