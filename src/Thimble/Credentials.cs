using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Memory;

namespace Thimble;

/// <summary>
/// Whom the client trusts, and who it is: trust anchors, and perhaps a certificate chain with its private key. It is
/// read from files once and turned into the ROM image that the engine reads.
/// </summary>
public sealed class Credentials : IDisposable
{
    private readonly string _source;

    private Credentials(
        string source, List<X509Certificate2> anchors, List<X509Certificate2> clientChain, AsymmetricAlgorithm? clientKey, ClientSigner? clientSigner = null)
    {
        _source = source;
        Anchors = anchors;
        ClientChain = clientChain;
        ClientKey = clientKey;
        ClientSigner = clientSigner;
    }

    /// <summary>The certificates that are trusted; none only where a shared key is the one way to know the server (<see cref="OfSharedKey"/>).</summary>
    public IReadOnlyList<X509Certificate2> Anchors { get; }

    /// <summary>The client's own certificate and those above it, in the order in which they are sent; may be empty.</summary>
    public IReadOnlyList<X509Certificate2> ClientChain { get; }

    /// <summary>The private key of the first of <see cref="ClientChain"/>, an <see cref="RSA"/>, <see cref="ECDsa"/> or <see cref="Ed25519PrivateKey"/>, or null.</summary>
    public AsymmetricAlgorithm? ClientKey { get; }

    /// <summary>Who signs with that key where it is kept elsewhere, or null.</summary>
    public ClientSigner? ClientSigner { get; }

    /// <summary>The names of the anchors, as faults mention them.</summary>
    public IEnumerable<string> AnchorNames => Anchors.Select(CertificateName.Short);

    /// <summary>
    /// Reads credentials from files in PEM or DER. <paramref name="caFile"/> may hold many anchors: those with keys that
    /// are not supported are left out as long as one remains. The two others come together or not at all; they may be
    /// the same file.
    /// </summary>
    /// <exception cref="CredentialException">A file cannot be used; the message says why and what to do.</exception>
    public static Credentials Load(string caFile, string? certificateFile = null, string? keyFile = null)
    {
        ArgumentNullException.ThrowIfNull(caFile);
        RefuseHalf(certificateFile, keyFile);
        List<X509Certificate2> anchors = Usable(caFile, CertificateFile.Read(caFile));
        if (certificateFile is null || keyFile is null)
        {
            return new Credentials(caFile, anchors, [], null);
        }

        List<X509Certificate2> chain = CertificateFile.Read(certificateFile);
        RefuseDisorder(certificateFile, chain);
        AsymmetricAlgorithm key = PrivateKeyFile.Read(keyFile);
        if (!Fits(key, chain[0]))
        {
            string keyKind = KeyDescription.Describe(key);
            key.Dispose();
            throw Mismatch(certificateFile, keyFile, keyKind, chain);
        }

        return new Credentials(caFile, anchors, chain, key);
    }

    /// <summary>No anchor and no certificate: the two sides know one another by a <see cref="PreSharedKey"/> alone.</summary>
    public static Credentials OfSharedKey() => new("credentials", [], [], null);

    /// <summary>Takes credentials that are at hand. The object owns them from now on.</summary>
    /// <exception cref="CredentialException">The key is not that of the chain's first certificate, or one of them cannot be used.</exception>
    public static Credentials From(IEnumerable<X509Certificate2> anchors, IEnumerable<X509Certificate2>? clientChain = null, AsymmetricAlgorithm? clientKey = null)
    {
        const string Source = "credentials";
        List<X509Certificate2> chain = clientChain?.ToList() ?? [];
        RefuseHalf(chain.Count == 0 ? null : Source, clientKey is null ? null : Source);
        RefuseDisorder(Source, chain);
        if (clientKey is not null && !Fits(clientKey, chain[0]))
        {
            throw Mismatch(Source, Source, KeyDescription.Describe(clientKey), chain);
        }

        return new Credentials(Source, Usable(Source, [.. anchors]), chain, clientKey);
    }

    /// <summary>
    /// The same where the client's private key is kept elsewhere, so that it is not copied: <paramref name="clientSigner"/> signs with it. The object owns
    /// all of them from now on.
    /// </summary>
    /// <exception cref="CredentialException">The signer's key is not that of the chain's first certificate, or one of them cannot be used.</exception>
    public static Credentials From(IEnumerable<X509Certificate2> anchors, IEnumerable<X509Certificate2> clientChain, ClientSigner clientSigner)
    {
        const string Source = "credentials";
        ArgumentNullException.ThrowIfNull(clientSigner);
        List<X509Certificate2> chain = [.. clientChain];
        RefuseHalf(chain.Count == 0 ? null : Source, Source);
        RefuseDisorder(Source, chain);
        return clientSigner.MayFit(chain[0])
            ? new Credentials(Source, Usable(Source, [.. anchors]), chain, null, clientSigner)
            : throw Mismatch(Source, Source, clientSigner.Description, chain);
    }

    /// <summary>The profile with its client key limits set to the key at hand, and none other planned for.</summary>
    public Profile Fit(Profile profile)
    {
        using AsymmetricAlgorithm? elsewhere = ClientSigner is null ? null : KeyDescription.PublicKey(ClientChain[0]);
        AsymmetricAlgorithm? key = ClientKey ?? elsewhere;
        return profile with
        {
            ClientRsaBits = key is RSA rsa ? rsa.KeySize : 0,
            ClientEcdsaBits = key is ECDsa ec ? ec.KeySize : 0,
            ClientEd25519 = key is Ed25519PrivateKey || (ClientSigner is not null && KeyDescription.IsEd25519(ClientChain[0])),
            ClientKeyElsewhere = ClientSigner is not null,
        };
    }

    /// <summary>
    /// The image that the engine reads, as of <paramref name="now"/>. Anchors that cannot serve then are left out as long
    /// as one remains. It holds the private key: wipe it after use.
    /// </summary>
    /// <exception cref="CredentialException">No anchor can serve, or the client's key cannot; the message says why.</exception>
    public byte[] BuildRomImage(DateTimeOffset now) => BuildRomImage(now, ClientChain, ClientKey);

    /// <summary>The same anchors with the certificate chain and the private key of another client.</summary>
    /// <exception cref="CredentialException">No anchor can serve, or that client's key cannot; the message says why.</exception>
    internal byte[] BuildRomImage(DateTimeOffset now, IReadOnlyList<X509Certificate2> clientChain, AsymmetricAlgorithm? clientKey)
    {
        using var builder = new RomImageBuilder { WithoutAnchors = Anchors.Count == 0 };
        CredentialException? refused = null;
        int anchors = 0;
        foreach (X509Certificate2 anchor in Anchors)
        {
            CredentialException? problem = TryAdd(builder, anchor, now);
            anchors += problem is null ? 1 : 0;
            refused ??= problem;
        }

        if (anchors == 0 && Anchors.Count != 0)
        {
            throw refused!;
        }

        AddClient(builder, clientChain, clientKey);
        return builder.Build(now);
    }

    /// <summary>Disposes of the certificates and the key.</summary>
    public void Dispose()
    {
        foreach (X509Certificate2 certificate in Anchors.Concat(ClientChain))
        {
            certificate.Dispose();
        }

        ClientKey?.Dispose();
        ClientSigner?.Dispose();
    }

    private CredentialException? TryAdd(RomImageBuilder builder, X509Certificate2 anchor, DateTimeOffset now)
    {
        if (now < anchor.NotBefore || now > anchor.NotAfter)
        {
            string found = $"the certificate '{CertificateName.Short(anchor)}' is valid from {anchor.NotBefore:yyyy-MM-dd} to {anchor.NotAfter:yyyy-MM-dd}, and today is {now.UtcDateTime:yyyy-MM-dd}.";
            return new CredentialException(CredentialProblem.AnchorNotValidNow, _source, found, "Check this machine's clock; otherwise get the authority's current certificate.");
        }

        try
        {
            builder.AddTrustAnchor(anchor);
            return null;
        }
        catch (ArgumentException e)
        {
            return new CredentialException(CredentialProblem.AnchorUnusable, _source, $"the certificate '{CertificateName.Short(anchor)}' cannot be trusted for servers: {WithoutParameter(e)}", "Give the certificate of the authority that issued the server's.", e);
        }
    }

    private static void AddClient(RomImageBuilder builder, IReadOnlyList<X509Certificate2> clientChain, AsymmetricAlgorithm? clientKey)
    {
        if (clientChain.Count == 0)
        {
            return;
        }

        byte[][] chain = [.. clientChain.Select(certificate => certificate.RawData)];
        try
        {
            if (clientKey is null)
            {
                builder.SetClientCertificate(chain);
            }
            else
            {
                builder.SetClientCertificate(chain, clientKey);
            }
        }
        catch (ArgumentException e)
        {
            throw new CredentialException(CredentialProblem.AlgorithmUnsupported, CertificateName.Short(clientChain[0]), $"the client's certificate and key cannot be used: {WithoutParameter(e)}", "Supported are RSA keys of 2048 to 4096 bits, EC keys on P-256 and P-384, and Ed25519 keys for TLS 1.3; a key that may not be copied can sign where it is (ClientSigner).", e);
        }
    }

    private static string WithoutParameter(ArgumentException e) =>
        e.ParamName is null ? e.Message : e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal);

    private static void RefuseHalf(string? certificateFile, string? keyFile)
    {
        if (certificateFile is not null && keyFile is null)
        {
            throw new CredentialException(CredentialProblem.HalfMissing, certificateFile, "a certificate was given, but not its private key.", "Add it with --key.");
        }

        if (certificateFile is null && keyFile is not null)
        {
            throw new CredentialException(CredentialProblem.HalfMissing, keyFile, "a private key was given, but not its certificate.", "Add it with --cert.");
        }
    }

    private static List<X509Certificate2> Usable(string source, List<X509Certificate2> anchors)
    {
        if (anchors.Count == 0)
        {
            throw new CredentialException(CredentialProblem.NoCertificate, source, "there is no trust anchor.", "Give at least one.");
        }

        X509Certificate2 first = anchors[0];
        List<X509Certificate2> usable = [.. anchors.Where(anchor => KeyDescription.Problem(anchor) is null).DistinctBy(anchor => anchor.Thumbprint)];
        return usable.Count > 0 ? usable : throw new CredentialException(
            CredentialProblem.AlgorithmUnsupported, source, $"the certificate '{CertificateName.Short(first)}' has {KeyDescription.Problem(first)}", "Give a trust anchor with an RSA key of 2048 to 4096 bits, an EC key on P-256, P-384 or P-521, or an Ed25519 key.");
    }

    private static void RefuseDisorder(string source, List<X509Certificate2> chain)
    {
        for (int i = 1; i < chain.Count; i++)
        {
            if (!chain[i - 1].IssuerName.RawData.AsSpan().SequenceEqual(chain[i].SubjectName.RawData))
            {
                throw new CredentialException(
                    CredentialProblem.ChainOutOfOrder, source, $"certificate {i + 1} is '{CertificateName.Short(chain[i])}', but certificate {i} was issued by '{CertificateName.ShortIssuer(chain[i - 1])}'.", "Put the client's own certificate first, then its issuer, then that one's issuer, and nothing else.");
            }
        }
    }

    private static CredentialException Mismatch(string certificateFile, string keyFile, string keyKind, List<X509Certificate2> chain)
    {
        string found = $"the private key ({keyKind}) is not that of the certificate '{CertificateName.Short(chain[0])}' ({KeyDescription.Describe(chain[0])}) in {certificateFile}.";
        return new CredentialException(CredentialProblem.KeyDoesNotFitCertificate, keyFile, found, "Give the key with which this certificate was requested; in a chain, the client's own certificate comes first.");
    }

    private static bool Fits(AsymmetricAlgorithm key, X509Certificate2 certificate) =>
        key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(certificate.PublicKey.ExportSubjectPublicKeyInfo());
}
