using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Cli.Probe;

/// <summary>Where the root that a chain ends at is known from.</summary>
internal enum RootSource
{
    /// <summary>Nobody here knows it.</summary>
    Unknown,

    /// <summary>The file that --cafile names.</summary>
    CaFile,

    /// <summary>The operating system trusts it.</summary>
    OperatingSystem,
}

/// <summary>A server's chain, and the trust anchor that it leads to by the names of its issuers. Who really signed is verified by the engine, when it connects.</summary>
internal sealed class ServerChain : IDisposable
{
    private ServerChain(List<CertificateFacts> certificates, int needed, X509Certificate2? root, RootSource source)
    {
        Certificates = certificates;
        Needed = needed;
        Root = root;
        Source = source;
        RootFacts = root is null ? null : CertificateFacts.Read(root.RawData);
    }

    /// <summary>The certificates as they came, the server's own first.</summary>
    public IReadOnlyList<CertificateFacts> Certificates { get; }

    /// <summary>How many of them a client reads: the last of those was issued by the root. What comes behind is skipped.</summary>
    public int Needed { get; }

    /// <summary>The root, where it is known.</summary>
    public X509Certificate2? Root { get; }

    public RootSource Source { get; }

    /// <summary>The root's key and signature, where it is known.</summary>
    public CertificateFacts? RootFacts { get; }

    /// <summary>The certificates that are read.</summary>
    public IEnumerable<CertificateFacts> Read => Certificates.Take(Needed);

    /// <summary>The name of the root, whether or not it is known.</summary>
    public string RootName => Root is null ? CertificateName.ShortIssuer(Certificates[^1].Certificate) : CertificateName.Short(Root);

    /// <summary>The last certificate that is read.</summary>
    public CertificateFacts Last => Certificates[Needed - 1];

    /// <summary>All of them in bytes.</summary>
    public int Bytes => Certificates.Sum(certificate => certificate.Certificate.RawData.Length);

    /// <summary>Reads a chain.</summary>
    /// <exception cref="ProbeException">A certificate in it cannot be read.</exception>
    public static ServerChain Of(IReadOnlyList<byte[]> ders, KnownRoots roots)
    {
        var certificates = new List<CertificateFacts>();
        int read = 0;
        try
        {
            foreach (byte[] der in ders)
            {
                read++;
                certificates.Add(CertificateFacts.Read(der));
            }

            for (int i = 0; i < certificates.Count; i++)
            {
                read = i + 1;
                if (roots.Find(certificates[i]) is ({ } root, RootSource source))
                {
                    return new ServerChain(certificates, i + 1, root, source);
                }
            }

            return new ServerChain(certificates, certificates.Count, null, RootSource.Unknown);
        }
        catch (CryptographicException e)
        {
            certificates.ForEach(certificate => certificate.Certificate.Dispose());
            throw new ProbeException("CertificateUnreadable", $"Certificate {read} of the server's chain cannot be read: {e.Message.TrimEnd('.')}. Look at it with: openssl s_client -showcerts");
        }
    }

    public void Dispose()
    {
        foreach (CertificateFacts certificate in Certificates)
        {
            certificate.Certificate.Dispose();
        }

        RootFacts?.Certificate.Dispose();
    }
}
