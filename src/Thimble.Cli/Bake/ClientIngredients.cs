using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Cli.Bake;

/// <summary>Reads the client's certificates and its private key, puts them in order, and looks at the certificate's dates and purpose.</summary>
internal sealed class ClientIngredients(BakeRecipe recipe, Func<string, CredentialFile> open, Func<string, string?> askPassphrase, List<BakeRemark> remarks)
{
    private const string ClientPurpose = "1.3.6.1.5.5.7.3.2", AnyPurpose = "2.5.29.37.0";

    private static readonly TimeSpan s_soon = TimeSpan.FromDays(30);

    /// <summary>The client, or null where the image holds trust anchors only.</summary>
    public BakedClient? Read()
    {
        if (recipe.CertificateFiles.Count == 0)
        {
            return null;
        }

        BakedClient client = ReadContainer() ?? ReadFiles();
        try
        {
            CheckDates(client.Chain);
            CheckPurpose(client.Chain[0]);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>A PKCS#12 file brings everything along.</summary>
    private BakedClient? ReadContainer()
    {
        string path = recipe.CertificateFiles[0];
        using CredentialFile file = open(path);
        if (!Pkcs12File.Is(file))
        {
            return null;
        }

        if (recipe.CertificateFiles.Count > 1 || recipe.KeyFile is not null || recipe.KeyElsewhere)
        {
            throw new BakeException(BakeRule.Incomplete, $"{path} is a PKCS#12 container, which brings the certificates and the private key along. Leave the other --cert, --key and --key-elsewhere away.");
        }

        ClientIdentity identity = Pkcs12File.Read(file, askPassphrase, recipe.PassphraseAdvice);
        return new BakedClient(WithoutRoot(identity.Chain), identity.Key);
    }

    private BakedClient ReadFiles()
    {
        List<X509Certificate2> given = [.. recipe.CertificateFiles.SelectMany(ReadCertificates)];
        if (recipe.KeyElsewhere)
        {
            return new BakedClient(Arrange(given, Leaf(given)), null);
        }

        string keyFile = recipe.KeyFile ?? recipe.CertificateFiles.FirstOrDefault(HoldsKey) ?? throw new BakeException(
            BakeRule.Incomplete, $"{recipe.CertificateFiles[0]} holds a certificate and no private key. Give the key with --key, or say --key-elsewhere if another chip signs with it.");
        AsymmetricAlgorithm key = ReadKey(keyFile);
        try
        {
            byte[] publicKey = key.ExportSubjectPublicKeyInfo();
            X509Certificate2 own = given.Find(certificate => certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(publicKey))
                ?? throw ClientChain.Mismatch(string.Join(", ", recipe.CertificateFiles), keyFile, KeyDescription.Describe(key), given);
            return new BakedClient(Arrange(given, own), key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    private List<X509Certificate2> ReadCertificates(string path)
    {
        using CredentialFile file = open(path);
        foreach (PemBlock block in file.Blocks.Where(block => !IsWanted(path, block)))
        {
            remarks.Add(new BakeRemark(BakeRule.LeftOut, $"{path}: the '{PrintableText.Of(block.Label)}' in line {block.Line} is not needed, and was left out."));
        }

        return CertificateFile.Read(file);
    }

    private bool IsWanted(string path, PemBlock block) =>
        block.Label is "CERTIFICATE" or "X509 CERTIFICATE" or "EC PARAMETERS"
        || (IsKey(block) && !recipe.KeyElsewhere && (recipe.KeyFile is null || recipe.KeyFile == path));

    private static bool IsKey(PemBlock block) => block.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal);

    private bool HoldsKey(string path)
    {
        using CredentialFile file = open(path);
        return file.Blocks.Exists(IsKey);
    }

    private AsymmetricAlgorithm ReadKey(string path)
    {
        using CredentialFile file = open(path);
        try
        {
            return PrivateKeyFile.Read(file);
        }
        catch (CredentialException e) when (e.Problem == CredentialProblem.PrivateKeyEncrypted)
        {
            return askPassphrase(path) is { } passphrase ? PrivateKeyFile.Read(file, passphrase) : throw new BakeException(
                BakeRule.KeyEncrypted, $"{path}: the private key is encrypted, and there is nobody to ask for its passphrase. {recipe.PassphraseAdvice}", e);
        }
    }

    /// <summary>Where no key tells which certificate is the client's own, it is the one that issued none of the others.</summary>
    private static X509Certificate2 Leaf(List<X509Certificate2> given) =>
        given.Find(one => !given.Exists(other => other.Thumbprint != one.Thumbprint && other.IssuerName.RawData.AsSpan().SequenceEqual(one.SubjectName.RawData))) ?? given[0];

    private List<X509Certificate2> Arrange(List<X509Certificate2> given, X509Certificate2 own)
    {
        List<X509Certificate2> chain = ClientChain.Arrange(given, own, out List<X509Certificate2> rest);
        string files = string.Join(", ", recipe.CertificateFiles);
        foreach (X509Certificate2 other in rest)
        {
            remarks.Add(new BakeRemark(BakeRule.LeftOut, $"{files}: '{CertificateName.Short(other)}' is not above '{CertificateName.Short(own)}', whose chain ends with '{CertificateName.Short(chain[^1])}' (issued by '{CertificateName.ShortIssuer(chain[^1])}'), and was left out."));
        }

        string[] wanted = [.. chain.Select(static certificate => certificate.Thumbprint)];
        if (!given.Select(static certificate => certificate.Thumbprint).Where(wanted.Contains).Distinct().SequenceEqual(wanted))
        {
            remarks.Add(new BakeRemark(BakeRule.ChainMended, $"{files}: the certificates were not in the order in which they are sent, and are now: {string.Join(", then ", chain.Select(static certificate => $"'{CertificateName.Short(certificate)}'"))}."));
        }

        return WithoutRoot(chain);
    }

    /// <summary>Whoever verifies the chain has the root already (RFC 8446 §4.4.2): sending it costs bytes and proves nothing.</summary>
    private List<X509Certificate2> WithoutRoot(IReadOnlyList<X509Certificate2> chain)
    {
        X509Certificate2 last = chain[^1];
        if (chain.Count == 1 || !last.SubjectName.RawData.AsSpan().SequenceEqual(last.IssuerName.RawData))
        {
            return [.. chain];
        }

        remarks.Add(new BakeRemark(BakeRule.LeftOut, $"The root '{CertificateName.Short(last)}' ends the client's chain, and was left out: servers have it, and it would take {last.RawData.Length:N0} bytes."));
        return [.. chain.SkipLast(1)];
    }

    private void CheckDates(IReadOnlyList<X509Certificate2> chain)
    {
        foreach (X509Certificate2 certificate in chain)
        {
            string name = CertificateName.Short(certificate);
            DateTime begins = certificate.NotBefore.ToUniversalTime(), ends = certificate.NotAfter.ToUniversalTime(), now = recipe.Now.UtcDateTime;
            if (ends < now)
            {
                string text = $"The client's certificate '{name}' expired on {ends:yyyy-MM-dd}, and today is {now:yyyy-MM-dd}: no server accepts it.";
                remarks.Add(recipe.AllowExpired ? new BakeRemark(BakeRule.ExpiresSoon, text)
                    : throw new BakeException(BakeRule.Expired, text + " Get a new one, or allow expired ones (--allow-expired)."));
            }
            else if (begins > now)
            {
                remarks.Add(new BakeRemark(BakeRule.ExpiresSoon, $"The client's certificate '{name}' is valid from {begins:yyyy-MM-dd} only, and today is {now:yyyy-MM-dd}."));
            }
            else if (ends - now < s_soon)
            {
                remarks.Add(new BakeRemark(BakeRule.ExpiresSoon, $"The client's certificate '{name}' expires on {ends:yyyy-MM-dd}, in {(ends - now).Days} days."));
            }
        }
    }

    private void CheckPurpose(X509Certificate2 own)
    {
        string name = CertificateName.Short(own);
        foreach (X509Extension extension in own.Extensions)
        {
            if (extension is X509EnhancedKeyUsageExtension purposes && purposes.EnhancedKeyUsages[ClientPurpose] is null && purposes.EnhancedKeyUsages[AnyPurpose] is null)
            {
                remarks.Add(new BakeRemark(BakeRule.Purpose, $"The extended key usage of the client's certificate '{name}' leaves TLS clients out: most servers will refuse it."));
            }
            else if (extension is X509BasicConstraintsExtension { CertificateAuthority: true })
            {
                remarks.Add(new BakeRemark(BakeRule.Purpose, $"The client's certificate '{name}' is that of an authority: its key belongs into a safe, and not into a device."));
            }
        }
    }
}
