using System;
using System.Collections.Generic;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Cli.Probe;

/// <summary>The trust anchors that a chain may end at: those of a file, and those of the operating system.</summary>
internal sealed class KnownRoots
{
    private readonly List<(X509Certificate2 Root, RootSource Source)> _roots = [];

    /// <summary>Those of <paramref name="caFile"/> come first; the system's are optional, for not every machine has some.</summary>
    /// <exception cref="CredentialException">The file cannot be used.</exception>
    public static KnownRoots Read(string? caFile)
    {
        var known = new KnownRoots();
        if (caFile is not null)
        {
            known.Add(Trust.FromFile(caFile), RootSource.CaFile);
        }

        try
        {
            known.Add(Trust.OfOperatingSystem(), RootSource.OperatingSystem);
        }
        catch (CredentialException)
        {
            // A machine without roots, such as a small container: then no chain ends at a public one.
        }

        return known;
    }

    /// <summary>The anchor that issued a certificate, by its name, or that is this very certificate.</summary>
    public (X509Certificate2? Root, RootSource Source) Find(CertificateFacts certificate)
    {
        foreach ((X509Certificate2 root, RootSource source) in _roots)
        {
            bool issued = !certificate.IsSelfSigned && AuthorityKey.MayHaveIssued(root, certificate.Certificate);
            bool isSame = root.SubjectName.RawData.AsSpan().SequenceEqual(certificate.Certificate.SubjectName.RawData)
                && root.PublicKey.EncodedKeyValue.RawData.AsSpan().SequenceEqual(certificate.Certificate.PublicKey.EncodedKeyValue.RawData);
            if (issued || isSame)
            {
                return (root, source);
            }
        }

        return (null, RootSource.Unknown);
    }

    private void Add(Trust trust, RootSource source)
    {
        foreach (X509Certificate2 anchor in trust.Anchors)
        {
            _roots.Add((anchor, source));
        }
    }
}
