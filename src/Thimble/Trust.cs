using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble;

/// <summary>
/// Whom the client trusts: trust anchors, pins of keys, or both. With anchors a pin narrows: a chain must lead to an anchor, and some key
/// on that way must be pinned, the anchor's included (RFC 7469 §2.6). Pins alone are what is trusted: the chain ends at the certificate
/// whose key is pinned, be it the server's own, a self-signed one, or that of an authority that nobody knows; validity, name, usages
/// and the limits of keys count as ever. A value that never changes, and may serve many <see cref="Credentials"/>.
/// </summary>
public sealed class Trust
{
    private const int MostFiles = 4096;

    private Trust(string source, IReadOnlyList<X509Certificate2> anchors, IReadOnlyList<SkippedAnchor> skipped, IReadOnlyList<KeyPin> pins)
    {
        Source = source;
        Anchors = anchors;
        Skipped = skipped;
        Pins = pins;
    }

    /// <summary>The trust anchors; none where pins alone are trusted.</summary>
    public IReadOnlyList<X509Certificate2> Anchors { get; }

    /// <summary>The pins, each once.</summary>
    public IReadOnlyList<KeyPin> Pins { get; }

    /// <summary>What was offered as an anchor and left out, each with its reason: its key is of a kind that is not supported, for example.</summary>
    public IReadOnlyList<SkippedAnchor> Skipped { get; }

    /// <summary>Where the anchors come from, for messages.</summary>
    internal string Source { get; }

    /// <summary>Nobody is trusted: a shared key must vouch.</summary>
    internal static Trust None { get; } = new("credentials", [], [], []);

    /// <summary>The pins of an image, whose anchors are in it.</summary>
    internal static Trust Baked(IReadOnlyList<KeyPin> pins) => new("ROM image", [], [], pins);

    /// <summary>
    /// Reads a file of anchors, PEM with one or many or DER with one, or a folder of such files, as <c>c_rehash</c> makes them. Files of a
    /// folder that hold no certificate are <see cref="Skipped"/>.
    /// </summary>
    /// <exception cref="CredentialException">Nothing there can be an anchor; the message says why.</exception>
    public static Trust FromFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Directory.Exists(path) ? FromFolder(path) : Sift(path, CertificateFile.Read(path), []);
    }

    /// <summary>
    /// The roots that the operating system trusts, of the machine and of the user; on Linux those of OpenSSL's folder (<c>SSL_CERT_FILE</c> and
    /// <c>SSL_CERT_DIR</c> name others). What it distrusts is left out. They are read at each call: keep the value, and the
    /// <see cref="Credentials"/> made from it, whose image all connections share: for the 141 roots of one Linux 56,400 bytes.
    /// </summary>
    /// <exception cref="CredentialException">There are none.</exception>
    public static Trust OfOperatingSystem()
    {
        const string Source = "the operating system's trusted roots";
        HashSet<string> distrusted = [.. Store(StoreName.Disallowed).Select(certificate => certificate.Thumbprint)];
        var skipped = new List<SkippedAnchor>();
        var roots = new List<X509Certificate2>();
        foreach (X509Certificate2 root in Store(StoreName.Root).DistinctBy(certificate => certificate.Thumbprint))
        {
            string? reason = distrusted.Contains(root.Thumbprint) ? "the operating system distrusts it."
                : root.NotAfter < DateTime.Now ? $"it expired on {root.NotAfter:yyyy-MM-dd}." : null;
            if (reason is null)
            {
                roots.Add(root);
            }
            else
            {
                skipped.Add(new SkippedAnchor(CertificateName.Short(root), reason));
            }
        }

        return Sift(Source, roots, skipped);
    }

    /// <summary>Certificates that are at hand, which stay the caller's.</summary>
    /// <exception cref="CredentialException">None of them can be an anchor; the message says why.</exception>
    public static Trust Of(IEnumerable<X509Certificate2> anchors)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        return Sift("credentials", [.. anchors], []);
    }

    /// <summary>Pins alone, as <see cref="KeyPin.Parse"/> reads them: what has one of these keys is trusted, and nothing else.</summary>
    /// <exception cref="FormatException">One of them is no pin.</exception>
    /// <exception cref="ArgumentException">There are none, or more than 255.</exception>
    public static Trust OfPins(params IEnumerable<string> pins) => None.WithPins(pins);

    /// <summary>The same with pins more: each narrows the anchors to chains in which one of the pinned keys occurs.</summary>
    /// <exception cref="FormatException">One of them is no pin.</exception>
    /// <exception cref="ArgumentException">There are none, or more than 255.</exception>
    public Trust WithPins(params IEnumerable<string> pins)
    {
        ArgumentNullException.ThrowIfNull(pins);
        List<KeyPin> added = [.. pins.Select(KeyPin.Parse)];
        KeyPin[] all = [.. Pins.Concat(added).Distinct()];
        if (added.Count == 0 || all.Length > X509.RomImage.MaxPins)
        {
            throw new ArgumentException($"Give 1 to {X509.RomImage.MaxPins} pins, and not {all.Length}.", nameof(pins));
        }

        return new Trust(Source, Anchors, Skipped, all);
    }

    private static Trust FromFolder(string path)
    {
        var skipped = new List<SkippedAnchor>();
        var found = new List<X509Certificate2>();
        foreach (string file in Files(path))
        {
            try
            {
                found.AddRange(CertificateFile.Read(file));
            }
            catch (CredentialException e)
            {
                skipped.Add(new SkippedAnchor(Path.GetFileName(file), e.Message));
            }
        }

        return Sift(path, found, skipped);
    }

    private static string[] Files(string path)
    {
        try
        {
            string[] files = [.. Directory.EnumerateFiles(path).Take(MostFiles + 1).Order(StringComparer.Ordinal)];
            return files.Length <= MostFiles ? files
                : throw new CredentialException(CredentialProblem.TooLarge, path, $"the folder holds more than {MostFiles:N0} files.", "Is this the right folder?");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CredentialException(CredentialProblem.Unreadable, path, "the folder cannot be read: " + e.Message, "Check its permissions.", e);
        }
    }

    /// <summary>Leaves out what cannot serve, as long as something remains; otherwise the first problem is told, here or when the image is made.</summary>
    private static Trust Sift(string source, List<X509Certificate2> offered, List<SkippedAnchor> skipped)
    {
        if (offered.Count == 0)
        {
            throw new CredentialException(CredentialProblem.NoCertificate, source, "there is no trust anchor.", "Give at least one.");
        }

        X509Certificate2 first = offered[0];
        var usable = new List<X509Certificate2>();
        var refused = new List<X509Certificate2>();
        foreach (X509Certificate2 anchor in offered.DistinctBy(anchor => anchor.Thumbprint))
        {
            string? ofKey = KeyDescription.Problem(anchor);
            string? problem = ofKey is null ? RomAnchor.Problem(anchor) : "it has " + ofKey;
            if (problem is null)
            {
                usable.Add(anchor);
                continue;
            }

            skipped.Add(new SkippedAnchor(CertificateName.Short(anchor), problem));
            if (ofKey is null)
            {
                refused.Add(anchor);
            }
        }

        usable = usable.Count > 0 ? usable : refused;
        return usable.Count > 0 ? new Trust(source, usable, skipped, []) : throw new CredentialException(
            CredentialProblem.AlgorithmUnsupported, source, $"the certificate '{CertificateName.Short(first)}' has {KeyDescription.Problem(first)}", "Give a trust anchor with an RSA key of 2048 to 4096 bits, an EC key on P-256, P-384 or P-521, or an Ed25519 key.");
    }

    private static List<X509Certificate2> Store(StoreName name)
    {
        var certificates = new List<X509Certificate2>();
        foreach (StoreLocation location in (ReadOnlySpan<StoreLocation>)[StoreLocation.LocalMachine, StoreLocation.CurrentUser])
        {
            try
            {
                using var store = new X509Store(name, location, OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
                certificates.AddRange(store.Certificates);
            }
            catch (Exception e) when (e is CryptographicException or PlatformNotSupportedException)
            {
                // Not every system has every store: what is not there holds nothing.
            }
        }

        return certificates;
    }
}
