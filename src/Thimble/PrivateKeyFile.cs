using System;
using System.Formats.Asn1;
using System.Linq;
using System.Security.Cryptography;

namespace Thimble;

/// <summary>Reads one private key, RSA, EC or Ed25519, from PEM or DER in PKCS#8 (RFC 5958, RFC 8410), PKCS#1 (RFC 8017) or SEC 1 (RFC 5915).</summary>
internal static class PrivateKeyFile
{
    private const string RsaEncryption = "1.2.840.113549.1.1.1";
    private const string EcPublicKey = "1.2.840.10045.2.1";

    private const string Wanted = "Expected an unencrypted RSA, EC or Ed25519 key in PKCS#8, PKCS#1 or SEC 1, as PEM or DER.";

    private enum Format
    {
        Unknown,
        Pkcs8,
        Pkcs1,
        Sec1,
        EncryptedPkcs8,
    }

    /// <summary>The key in the file, as <see cref="RSA"/>, <see cref="ECDsa"/> or <see cref="Ed25519PrivateKey"/>; decrypted where there is a passphrase for it.</summary>
    public static AsymmetricAlgorithm Read(string path, string? passphrase = null)
    {
        using CredentialFile file = CredentialFile.Read(path);
        return Read(file, passphrase);
    }

    /// <summary>The key in bytes that are already at hand.</summary>
    public static AsymmetricAlgorithm Read(CredentialFile file, string? passphrase = null)
    {
        if (!file.IsPem)
        {
            Format format = FormatOf(file.Bytes);
            return format == Format.EncryptedPkcs8 ? Decrypt(file.Name, file.Bytes, passphrase) : Import(file.Name, file.Bytes, format);
        }

        PemBlock[] keys = [.. file.Blocks.Where(block => block.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal))];
        return keys.Length switch
        {
            0 => throw NoneIn(file),
            1 => ImportBlock(file.Name, keys[0], passphrase),
            _ => throw new CredentialException(CredentialProblem.SeveralPrivateKeys, file.Name, $"the file holds {keys.Length} private keys (lines {string.Join(", ", keys.Select(key => key.Line))}).", "Leave the one that belongs to the certificate."),
        };
    }

    private static AsymmetricAlgorithm ImportBlock(string name, PemBlock block, string? passphrase)
    {
        if (block.IsEncrypted && block.Content.Length == 0)
        {
            throw Encrypted(name); // OpenSSL's old way, which stretches the passphrase with one MD5
        }

        return block.Label switch
        {
            "ENCRYPTED PRIVATE KEY" => Decrypt(name, block.Content, passphrase),
            "PRIVATE KEY" => Import(name, block.Content, Format.Pkcs8),
            "RSA PRIVATE KEY" => Import(name, block.Content, Format.Pkcs1),
            "EC PRIVATE KEY" => Import(name, block.Content, Format.Sec1),
            "OPENSSH PRIVATE KEY" => throw new CredentialException(CredentialProblem.AlgorithmUnsupported, name, "the file holds a key in OpenSSH's own format.", "Convert it: ssh-keygen -p -m PKCS8 -f FILE."),
            _ => throw new CredentialException(CredentialProblem.AlgorithmUnsupported, name, $"the file holds a '{block.Label}'.", Wanted),
        };
    }

    private static AsymmetricAlgorithm Import(string name, ReadOnlySpan<byte> der, Format format) => format switch
    {
        Format.Pkcs8 => ImportPkcs8(name, der),
        Format.Pkcs1 => ImportRsa(name, der, static (RSA rsa, ReadOnlySpan<byte> key, out int read) => rsa.ImportRSAPrivateKey(key, out read)),
        Format.Sec1 => ImportEc(name, der, static (ECDsa ec, ReadOnlySpan<byte> key, out int read) => ec.ImportECPrivateKey(key, out read)),
        _ => throw new CredentialException(CredentialProblem.NoPrivateKey, name, "the file is neither PEM nor a private key in DER.", Wanted),
    };

    private static AsymmetricAlgorithm ImportPkcs8(string name, ReadOnlySpan<byte> der) => AlgorithmOf(name, der) switch
    {
        RsaEncryption => ImportRsa(name, der, static (RSA rsa, ReadOnlySpan<byte> key, out int read) => rsa.ImportPkcs8PrivateKey(key, out read)),
        EcPublicKey => ImportEc(name, der, static (ECDsa ec, ReadOnlySpan<byte> key, out int read) => ec.ImportPkcs8PrivateKey(key, out read)),
        "1.2.840.113549.1.1.10" => throw UnsupportedAlgorithm(name, "RSA key that is restricted to PSS"),
        KeyDescription.Ed25519 => ImportEd25519(name, der),
        "1.3.101.113" => throw UnsupportedAlgorithm(name, "Ed448 key"),
        "1.3.101.110" or "1.3.101.111" => throw UnsupportedAlgorithm(name, "X25519 or X448 key, which cannot sign"),
        "1.2.840.10040.4.1" => throw UnsupportedAlgorithm(name, "DSA key"),
        string other => throw UnsupportedAlgorithm(name, $"key of the algorithm {other}"),
    };

    private delegate void Importer<T>(T algorithm, ReadOnlySpan<byte> der, out int read);

    private static RSA ImportRsa(string name, ReadOnlySpan<byte> der, Importer<RSA> import)
    {
        RSA rsa = RSA.Create();
        ImportInto(name, rsa, der, import);
        if (KeyDescription.Problem(rsa) is { } problem)
        {
            rsa.Dispose();
            throw new CredentialException(CredentialProblem.KeySizeUnsupported, name, "the private key is " + problem, "Make a new key of 2048 to 4096 bits, or an EC key on P-256.");
        }

        return rsa;
    }

    private static ECDsa ImportEc(string name, ReadOnlySpan<byte> der, Importer<ECDsa> import)
    {
        ECDsa ec = ECDsa.Create();
        ImportInto(name, ec, der, import);
        if (KeyDescription.Problem(ec) is { } problem)
        {
            ec.Dispose();
            throw new CredentialException(CredentialProblem.CurveUnsupported, name, "the private key is " + problem, "Make a new key on P-256: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256.");
        }

        return ec;
    }

    private static Ed25519PrivateKey ImportEd25519(string name, ReadOnlySpan<byte> der)
    {
        Ed25519PrivateKey key;
        int read;
        try
        {
            key = Ed25519PrivateKey.FromPkcs8(der, out read);
        }
        catch (CryptographicException e)
        {
            throw Unreadable(name, e);
        }

        RefuseRest(name, key, read, der.Length);
        return key;
    }

    private static void ImportInto<T>(string name, T algorithm, ReadOnlySpan<byte> der, Importer<T> import)
        where T : AsymmetricAlgorithm
    {
        int read;
        try
        {
            import(algorithm, der, out read);
        }
        catch (Exception e) when (e is CryptographicException or PlatformNotSupportedException)
        {
            algorithm.Dispose();
            throw Unreadable(name, e);
        }

        RefuseRest(name, algorithm, read, der.Length);
    }

    private static void RefuseRest(string name, AsymmetricAlgorithm key, int read, int length)
    {
        if (read != length)
        {
            key.Dispose();
            throw new CredentialException(CredentialProblem.PrivateKeyMalformed, name, $"the private key ends after {read} bytes and {length - read} more follow.", "Copy the file again.");
        }
    }

    private static CredentialException Unreadable(string name, Exception cause) => new(
        CredentialProblem.PrivateKeyMalformed, name, "the private key cannot be read: its parts are missing, damaged or do not belong together.", "Copy the file again. " + Wanted, cause);

    /// <summary>Tells the formats apart by their first two elements.</summary>
    private static Format FormatOf(ReadOnlySpan<byte> der)
    {
        try
        {
            AsnDecoder.ReadSequence(der, AsnEncodingRules.BER, out int start, out int length, out _);
            ReadOnlySpan<byte> content = der.Slice(start, length);
            Asn1Tag first = Asn1Tag.Decode(content, out _);
            AsnDecoder.ReadEncodedValue(content, AsnEncodingRules.BER, out _, out _, out int firstLength);
            Asn1Tag second = Asn1Tag.Decode(content[firstLength..], out _);
            return (Universal(first), Universal(second)) switch
            {
                (UniversalTagNumber.Integer, UniversalTagNumber.Sequence) => Format.Pkcs8,
                (UniversalTagNumber.Integer, UniversalTagNumber.Integer) => Format.Pkcs1,
                (UniversalTagNumber.Integer, UniversalTagNumber.OctetString) => Format.Sec1,
                (UniversalTagNumber.Sequence, UniversalTagNumber.OctetString) => Format.EncryptedPkcs8,
                _ => Format.Unknown,
            };
        }
        catch (AsnContentException)
        {
            return Format.Unknown;
        }
    }

    private static UniversalTagNumber Universal(Asn1Tag tag) =>
        tag.TagClass == TagClass.Universal ? (UniversalTagNumber)tag.TagValue : UniversalTagNumber.EndOfContents;

    private static string AlgorithmOf(string name, ReadOnlySpan<byte> der)
    {
        try
        {
            AsnDecoder.ReadSequence(der, AsnEncodingRules.BER, out int start, out int length, out _);
            ReadOnlySpan<byte> content = der.Slice(start, length);
            AsnDecoder.ReadEncodedValue(content, AsnEncodingRules.BER, out _, out _, out int version);
            content = content[version..];
            AsnDecoder.ReadSequence(content, AsnEncodingRules.BER, out start, out length, out _);
            return AsnDecoder.ReadObjectIdentifier(content.Slice(start, length), AsnEncodingRules.BER, out _);
        }
        catch (AsnContentException e)
        {
            throw new CredentialException(CredentialProblem.PrivateKeyMalformed, name, "the block 'PRIVATE KEY' is not PKCS#8.", "Copy the file again. " + Wanted, e);
        }
    }

    private static AsymmetricAlgorithm Decrypt(string name, ReadOnlySpan<byte> der, string? passphrase)
    {
        if (passphrase is null)
        {
            throw Encrypted(name);
        }

        byte[] clear = EncryptedPrivateKey.Open(name, der, passphrase);
        try
        {
            return ImportPkcs8(name, clear);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    private static CredentialException Encrypted(string name) => new(
        CredentialProblem.PrivateKeyEncrypted, name, "the private key is encrypted, and no passphrase was given that could open it.", "A device has nobody to type a password. Decrypt it: openssl pkey -in FILE -out key.pem, and protect that file (mode 0600).");

    private static CredentialException UnsupportedAlgorithm(string name, string what) => new(
        CredentialProblem.AlgorithmUnsupported, name, $"the file holds a {what}.", "Supported are RSA keys of 2048 to 4096 bits, EC keys on P-256 and P-384, and Ed25519 keys for TLS 1.3.");

    private static CredentialException NoneIn(CredentialFile file)
    {
        (string found, string whatToDo) = file.Blocks[0].Label switch
        {
            "CERTIFICATE" => ("the file holds a certificate and no private key.", "Were the two file names swapped?"),
            "PUBLIC KEY" or "RSA PUBLIC KEY" => ("the file holds the public half of a key.", "Give the private half."),
            string label => ($"the file holds '{label}' and no private key.", Wanted),
        };
        return new CredentialException(CredentialProblem.NoPrivateKey, file.Name, found, whatToDo);
    }
}
