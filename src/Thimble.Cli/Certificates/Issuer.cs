using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Cli.Bake;

namespace Thimble.Cli.Certificates;

/// <summary>An authority that can issue: its certificate, those above it, and its key.</summary>
internal sealed class Issuer : IDisposable
{
    private readonly List<X509Certificate2> _chain;
    private readonly AsymmetricAlgorithm _key;

    /// <summary>Takes an authority that was just made. It owns both.</summary>
    public Issuer(X509Certificate2 certificate, AsymmetricAlgorithm key)
        : this([certificate], key)
    {
    }

    private Issuer(List<X509Certificate2> chain, AsymmetricAlgorithm key)
    {
        _chain = chain;
        _key = key;
    }

    /// <summary>Its own certificate.</summary>
    public X509Certificate2 Certificate => _chain[0];

    /// <summary>Signs what it issues.</summary>
    public X509SignatureGenerator Generator => Signing.Generator(_key);

    /// <summary>The hash that fits its key.</summary>
    public HashAlgorithmName Hash => Signing.Hash(_key);

    /// <summary>What stands between a certificate that it issues and the root, which servers have.</summary>
    public IEnumerable<X509Certificate2> Between => _chain.Where(static certificate => !IsRoot(certificate));

    /// <summary>Reads an authority from its files.</summary>
    /// <exception cref="ThimbleException">It cannot issue; the message says why.</exception>
    public static Issuer Read(string certificateFile, string keyFile, PassphraseSource passphrases, DateTimeOffset now)
    {
        List<X509Certificate2> given = CertificateFile.Read(certificateFile);
        AsymmetricAlgorithm key = ReadKey(keyFile, passphrases);
        try
        {
            byte[] publicKey = key.ExportSubjectPublicKeyInfo();
            X509Certificate2 own = given.Find(certificate => certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(publicKey))
                ?? throw ClientChain.Mismatch(certificateFile, keyFile, KeyDescription.Describe(key), given);
            Check(certificateFile, own, now);
            return new Issuer(ClientChain.Arrange(given, own, out _), key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Refuses to issue an authority where none may stand below.</summary>
    public void MayIssueAuthority()
    {
        if (Certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is { HasPathLengthConstraint: true, PathLengthConstraint: 0 })
        {
            throw new ThimbleException($"'{CertificateName.Short(Certificate)}' has the path length 0: no other authority may stand below it. Issue the intermediate from the root.");
        }
    }

    public void Dispose()
    {
        _key.Dispose();
        _chain.ForEach(static certificate => certificate.Dispose());
    }

    private static AsymmetricAlgorithm ReadKey(string path, PassphraseSource passphrases)
    {
        AsymmetricAlgorithm key;
        try
        {
            key = PrivateKeyFile.Read(path);
        }
        catch (CredentialException e) when (e.Problem == CredentialProblem.PrivateKeyEncrypted)
        {
            key = PrivateKeyFile.Read(path, passphrases.For(path)
                ?? throw new ThimbleException($"{path}: the private key is encrypted, and there is nobody to ask for its passphrase. Give it with --passphrase-file or in {PassphraseSource.Variable}.", e));
        }

        if (key is RSA or ECDsa)
        {
            return key;
        }

        key.Dispose();
        throw new ThimbleException($"{path}: this command issues with RSA and EC keys, and this one is {KeyDescription.Describe(key)}. Use openssl for authorities with Ed25519 keys.");
    }

    private static void Check(string file, X509Certificate2 own, DateTimeOffset now)
    {
        string name = CertificateName.Short(own);
        if (own.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is not { CertificateAuthority: true }
            || own.Extensions.OfType<X509KeyUsageExtension>().Any(static usage => (usage.KeyUsages & X509KeyUsageFlags.KeyCertSign) == 0))
        {
            throw new ThimbleException($"{file}: '{name}' is no authority that may sign certificates. Make one: thimble cert ca.");
        }

        if (own.NotAfter.ToUniversalTime() <= now.UtcDateTime || own.NotBefore.ToUniversalTime() > now.UtcDateTime)
        {
            throw new ThimbleException($"{file}: '{name}' is valid from {own.NotBefore.ToUniversalTime():yyyy-MM-dd} to {own.NotAfter.ToUniversalTime():yyyy-MM-dd}, and today is {now.UtcDateTime:yyyy-MM-dd}. What it issues would be valid for nobody.");
        }
    }

    private static bool IsRoot(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}
