using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble;

/// <summary>
/// Who the client is: its certificate, those of the authorities above, and the private key or who signs with it. The certificates may come in
/// any order; they are sent as RFC 8446 §4.4.2 wants them, the client's own first. <see cref="Credentials"/> that are made from it own it.
/// </summary>
public sealed class ClientIdentity : IDisposable
{
    private const string Unnamed = "credentials";

    private ClientIdentity(List<X509Certificate2> chain, AsymmetricAlgorithm? key, ClientSigner? signer)
    {
        Chain = chain;
        Key = key;
        Signer = signer;
    }

    /// <summary>The client's own certificate, then each one's issuer.</summary>
    public IReadOnlyList<X509Certificate2> Chain { get; }

    /// <summary>The private key, an <see cref="RSA"/>, <see cref="ECDsa"/> or <see cref="Ed25519PrivateKey"/>, or null where <see cref="Signer"/> has it.</summary>
    public AsymmetricAlgorithm? Key { get; }

    /// <summary>Who signs with a key that cannot be copied, or null.</summary>
    public ClientSigner? Signer { get; }

    /// <summary>
    /// Reads the certificates and the private key from files in PEM or DER, which may be the same file. <paramref name="passphrase"/> opens a
    /// key in encrypted PKCS#8 (RFC 5958 §3); a key in the clear needs none.
    /// </summary>
    /// <exception cref="CredentialException">A file cannot be used; the message says why and what to do.</exception>
    public static ClientIdentity FromFiles(string certificateFile, string keyFile, string? passphrase = null)
    {
        ArgumentNullException.ThrowIfNull(certificateFile);
        ArgumentNullException.ThrowIfNull(keyFile);
        List<X509Certificate2> certificates = CertificateFile.Read(certificateFile);
        return Fitted(certificateFile, keyFile, certificates, PrivateKeyFile.Read(keyFile, passphrase));
    }

    /// <summary>Reads a PKCS#12 file (RFC 7292), which Windows calls PFX. It must hold one private key, RSA or EC.</summary>
    /// <exception cref="CredentialException">The file cannot be used; the message says why and what to do.</exception>
    public static ClientIdentity FromPfx(string path, string? passphrase)
    {
        ArgumentNullException.ThrowIfNull(path);
        using CredentialFile file = CredentialFile.Read(path);
        return FromPfx(path, file.Bytes, passphrase);
    }

    /// <summary>The same from bytes that are at hand. They stay the caller's, who wipes them.</summary>
    /// <exception cref="CredentialException">They cannot be used; the message says why and what to do.</exception>
    public static ClientIdentity FromPfx(ReadOnlySpan<byte> pfx, string? passphrase) => FromPfx("PKCS#12 container", pfx, passphrase);

    /// <summary>
    /// A certificate that refers to its private key. Where the key may be copied it is; where it may not, as in a TPM, a smart card or a store
    /// that forbids it, it signs where it is. The certificates stay the caller's.
    /// </summary>
    /// <param name="certificate">The client's own certificate.</param>
    /// <param name="issuers">Those of the authorities above it, which the server may need; none by default.</param>
    /// <exception cref="CredentialException">There is no RSA or EC private key at hand, or the certificates do not belong together.</exception>
    public static ClientIdentity Of(X509Certificate2 certificate, params IEnumerable<X509Certificate2> issuers)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(issuers);
        List<X509Certificate2> certificates = [.. issuers.Prepend(certificate).Select(static one => X509CertificateLoader.LoadCertificate(one.RawDataMemory.Span))];
        return CopyOfKey(certificate) is { } key
            ? Fitted(Unnamed, Unnamed, certificates, key)
            : Of(certificates, ClientSigner.Of(certificate));
    }

    /// <summary>Certificates and the private key of one of them, which are the identity's from now on.</summary>
    /// <exception cref="CredentialException">The key is not that of any of them, or they do not belong together.</exception>
    public static ClientIdentity Of(IEnumerable<X509Certificate2> certificates, AsymmetricAlgorithm key)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        ArgumentNullException.ThrowIfNull(key);
        List<X509Certificate2> given = [.. certificates];
        return new ClientIdentity(ClientChain.Order(Unnamed, given, Own(Unnamed, Unnamed, given, key)), key, null);
    }

    /// <summary>The same where the key is kept elsewhere: <paramref name="signer"/> signs with it.</summary>
    /// <exception cref="CredentialException">The signer's key is not that of any of them, or they do not belong together.</exception>
    public static ClientIdentity Of(IEnumerable<X509Certificate2> certificates, ClientSigner signer)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        ArgumentNullException.ThrowIfNull(signer);
        List<X509Certificate2> given = [.. certificates];
        X509Certificate2? own = given.Find(signer.MayFit);
        return own is not null ? new ClientIdentity(ClientChain.Order(Unnamed, given, own), null, signer)
            : throw ClientChain.Mismatch(Unnamed, Unnamed, signer.Description, given);
    }

    /// <summary>Disposes of the certificates, of the key and of the signer.</summary>
    public void Dispose()
    {
        foreach (X509Certificate2 certificate in Chain)
        {
            certificate.Dispose();
        }

        Key?.Dispose();
        Signer?.Dispose();
    }

    /// <summary>The same, with what the messages call them.</summary>
    internal static ClientIdentity FromPfx(string name, ReadOnlySpan<byte> pfx, string? passphrase)
    {
        X509Certificate2Collection opened = Open(name, pfx, passphrase);
        X509Certificate2[] withKey = [.. opened.Where(certificate => certificate.HasPrivateKey)];
        if (withKey.Length != 1)
        {
            throw new CredentialException(
                withKey.Length == 0 ? CredentialProblem.NoPrivateKey : CredentialProblem.SeveralPrivateKeys, name,
                $"the container holds {opened.Count} certificates, and private keys of {withKey.Length} of them.", "It should hold the private key of one, RSA or EC: openssl pkcs12 -info -in FILE -nokeys shows what is there.");
        }

        AsymmetricAlgorithm key = CopyOfKey(withKey[0])
            ?? throw new CredentialException(CredentialProblem.AlgorithmUnsupported, name, $"the private key of '{CertificateName.Short(withKey[0])}' is neither RSA nor EC, or cannot be copied.", "Supported are RSA keys of 2048 to 4096 bits, and EC keys on P-256 and P-384.");
        return Fitted(name, name, [.. opened], key);
    }

    private static X509Certificate2Collection Open(string name, ReadOnlySpan<byte> pfx, string? passphrase)
    {
        // macOS knows no key without a keychain.
        X509KeyStorageFlags keys = X509KeyStorageFlags.Exportable
            | (RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? X509KeyStorageFlags.DefaultKeySet : X509KeyStorageFlags.EphemeralKeySet);
        try
        {
            return X509CertificateLoader.LoadPkcs12Collection(pfx, passphrase, keys);
        }
        catch (CryptographicException e)
        {
            bool isPfx = ContentType(pfx) == X509ContentType.Pkcs12;
            throw new CredentialException(
                isPfx ? CredentialProblem.WrongPassphrase : CredentialProblem.PrivateKeyMalformed, name,
                isPfx ? "the PKCS#12 container does not open: the passphrase is wrong, or the container is damaged, holds a key that is not supported, or stretches its passphrase more than 300,000 times." : "these bytes are no PKCS#12 container.",
                isPfx ? "Check the passphrase: openssl pkcs12 -info -noout -in FILE asks for it." : "Expected a .pfx or .p12 file.", e);
        }
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

    /// <summary>The certificate's private key where it is RSA or EC and lets itself be copied, otherwise null.</summary>
    private static AsymmetricAlgorithm? CopyOfKey(X509Certificate2 certificate)
    {
        AsymmetricAlgorithm? key = null;
        byte[] copy = [];
        try
        {
            key = (AsymmetricAlgorithm?)certificate.GetRSAPrivateKey() ?? certificate.GetECDsaPrivateKey();
            if (key is RSA rsa)
            {
                copy = rsa.ExportRSAPrivateKey();
            }
            else if (key is ECDsa ec)
            {
                copy = ec.ExportECPrivateKey();
            }

            return key;
        }
        catch (Exception e) when (e is CryptographicException or NotSupportedException or NotImplementedException)
        {
            key?.Dispose();
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
    }

    private static ClientIdentity Fitted(string certificateFile, string keyFile, List<X509Certificate2> certificates, AsymmetricAlgorithm key)
    {
        try
        {
            return new ClientIdentity(ClientChain.Order(certificateFile, certificates, Own(certificateFile, keyFile, certificates, key)), key, null);
        }
        catch (CredentialException)
        {
            key.Dispose();
            throw;
        }
    }

    private static X509Certificate2 Own(string certificateFile, string keyFile, List<X509Certificate2> certificates, AsymmetricAlgorithm key)
    {
        byte[] publicKey = key.ExportSubjectPublicKeyInfo();
        return certificates.Find(certificate => certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(publicKey))
            ?? throw ClientChain.Mismatch(certificateFile, keyFile, KeyDescription.Describe(key), certificates);
    }
}
