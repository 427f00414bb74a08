using System;
using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;

namespace Thimble;

/// <summary>
/// Opens EncryptedPrivateKeyInfo (RFC 5958 §3), whatever kind of key is inside: PBES2 (RFC 8018 §6.2) here, and the older schemes through the platform.
/// The file says how often its passphrase is stretched, and could say so many times that it never ends: that has a bound.
/// </summary>
internal static class EncryptedPrivateKey
{
    /// <summary>Sixteen times what OWASP advises for PBKDF2 with SHA-256; some seconds.</summary>
    public const int MaxIterations = 10_000_000;

    private const string Pbes2 = "1.2.840.113549.1.5.13", Pbkdf2 = "1.2.840.113549.1.5.12", Scrypt = "1.3.6.1.4.1.11591.4.11";
    private const string Pkcs5 = "1.2.840.113549.1.5.", Pkcs12 = "1.2.840.113549.1.12.1.";

    /// <summary>The key in PKCS#8. Whoever gets it wipes it.</summary>
    /// <exception cref="CredentialException">It does not open.</exception>
    public static byte[] Open(string name, ReadOnlySpan<byte> der, string passphrase)
    {
        try
        {
            AsnReader outer = new AsnReader(der.ToArray(), AsnEncodingRules.BER).ReadSequence();
            AsnReader scheme = outer.ReadSequence();
            byte[] encrypted = outer.ReadOctetString();
            outer.ThrowIfNotEmpty();
            string oid = scheme.ReadObjectIdentifier();
            byte[] clear = oid == Pbes2 ? OpenPbes2(name, scheme, encrypted, passphrase) : OpenOlder(name, oid, scheme, der, passphrase);
            return IsWhole(clear) ? clear : throw WrongPassphrase(name);
        }
        catch (AsnContentException e)
        {
            throw new CredentialException(CredentialProblem.PrivateKeyMalformed, name, "the encrypted private key is not what RFC 5958 defines.", "Copy the file again.", e);
        }
    }

    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "OpenSSL wrote it by default before 1.1; it is read only.")]
    private static byte[] OpenPbes2(string name, AsnReader scheme, byte[] encrypted, string passphrase)
    {
        AsnReader parameters = scheme.ReadSequence();
        AsnReader derivation = parameters.ReadSequence();
        AsnReader cipher = parameters.ReadSequence();
        string derivationOid = derivation.ReadObjectIdentifier();
        if (derivationOid != Pbkdf2)
        {
            throw Unsupported(name, derivationOid == Scrypt ? "scrypt" : $"the key derivation {derivationOid}");
        }

        string cipherOid = cipher.ReadObjectIdentifier();
        (int keyBytes, int blockBytes) = cipherOid switch
        {
            "2.16.840.1.101.3.4.1.2" => (16, 16),
            "2.16.840.1.101.3.4.1.22" => (24, 16),
            "2.16.840.1.101.3.4.1.42" => (32, 16),
            "1.2.840.113549.3.7" => (24, 8),
            _ => throw Unsupported(name, $"the cipher {cipherOid}"),
        };
        byte[] iv = cipher.ReadOctetString();
        if (iv.Length != blockBytes || encrypted.Length == 0 || encrypted.Length % blockBytes != 0)
        {
            throw new AsnContentException();
        }

        byte[] key = Derive(name, derivation.ReadSequence(), passphrase, keyBytes);
        try
        {
            using SymmetricAlgorithm algorithm = blockBytes == 16 ? Aes.Create() : TripleDES.Create();
            algorithm.Key = key;
            return algorithm.DecryptCbc(encrypted, iv, PaddingMode.PKCS7);
        }
        catch (CryptographicException e)
        {
            throw WrongPassphrase(name, e); // the padding tells, or the key is one that 3DES refuses as weak
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>PBKDF2-params (RFC 8018 appendix A.2).</summary>
    private static byte[] Derive(string name, AsnReader parameters, string passphrase, int keyBytes)
    {
        byte[] salt = parameters.ReadOctetString();
        int iterations = Iterations(name, parameters);
        bool isOther = parameters.HasData && parameters.PeekTag().HasSameClassAndValue(Asn1Tag.Integer) && (!parameters.TryReadInt32(out int told) || told != keyBytes);
        string function = parameters.HasData ? parameters.ReadSequence().ReadObjectIdentifier() : "1.2.840.113549.2.7";
        parameters.ThrowIfNotEmpty();
        if (isOther)
        {
            throw new AsnContentException();
        }

        HashAlgorithmName hash = function switch
        {
            "1.2.840.113549.2.7" => HashAlgorithmName.SHA1,
            "1.2.840.113549.2.9" => HashAlgorithmName.SHA256,
            "1.2.840.113549.2.10" => HashAlgorithmName.SHA384,
            "1.2.840.113549.2.11" => HashAlgorithmName.SHA512,
            _ => throw Unsupported(name, $"the function {function} to stretch the passphrase"),
        };
        byte[] secret = Encoding.UTF8.GetBytes(passphrase);
        try
        {
            return Rfc2898DeriveBytes.Pbkdf2(secret, salt, iterations, hash, keyBytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>PBES1 (RFC 8018 §6.1) and PKCS#12's own (RFC 7292 appendix C). The platform wants to know the kind of key: one is tried after the other.</summary>
    private static byte[] OpenOlder(string name, string oid, AsnReader scheme, ReadOnlySpan<byte> der, string passphrase)
    {
        if (!oid.StartsWith(Pkcs5, StringComparison.Ordinal) && !oid.StartsWith(Pkcs12, StringComparison.Ordinal))
        {
            throw Unsupported(name, $"the scheme {oid}");
        }

        AsnReader parameters = scheme.ReadSequence();
        _ = parameters.ReadOctetString();
        _ = Iterations(name, parameters);
        return OpenedAs(RSA.Create(), der, passphrase) ?? OpenedAs(ECDsa.Create(), der, passphrase) ?? throw new CredentialException(
            CredentialProblem.WrongPassphrase, name, "the encrypted private key does not open: the passphrase is wrong, or it is an Ed25519 key in an old scheme.", "Check it: openssl pkey -in FILE -noout -text asks for the passphrase. Encrypt it anew: openssl pkcs8 -topk8 -v2 aes256 -in FILE -out NEW.");
    }

    private static byte[]? OpenedAs(AsymmetricAlgorithm algorithm, ReadOnlySpan<byte> der, string passphrase)
    {
        using (algorithm)
        {
            try
            {
                algorithm.ImportEncryptedPkcs8PrivateKey(passphrase, der, out int read);
                return read == der.Length ? algorithm.ExportPkcs8PrivateKey() : null;
            }
            catch (Exception e) when (e is CryptographicException or ArgumentException)
            {
                return null; // another kind of key, or another passphrase: nobody can tell. The platform throws the second kind where blocks are cut.
            }
        }
    }

    private static int Iterations(string name, AsnReader parameters)
    {
        System.Numerics.BigInteger iterations = parameters.ReadInteger();
        return iterations.Sign <= 0 ? throw new AsnContentException()
            : iterations <= MaxIterations ? (int)iterations
            : throw new CredentialException(CredentialProblem.AlgorithmUnsupported, name, $"the key's passphrase is to be stretched {(iterations <= long.MaxValue ? $"{(long)iterations:N0}" : "more than 2^63")} times, and at most {MaxIterations:N0} are done.", "Encrypt it anew: openssl pkcs8 -topk8 -v2 aes256 -iter 600000 -in FILE -out NEW.");
    }

    /// <summary>A wrong passphrase gives padding that looks right once in 256 times, and then what is no structure.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> clear)
    {
        try
        {
            AsnDecoder.ReadSequence(clear, AsnEncodingRules.BER, out _, out _, out int consumed);
            return consumed == clear.Length;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static CredentialException WrongPassphrase(string name, Exception? cause = null) => new(
        CredentialProblem.WrongPassphrase, name, "the encrypted private key does not open: the passphrase is wrong, or the file is damaged.", "Check it: openssl pkey -in FILE -noout -text asks for the passphrase.", cause);

    private static CredentialException Unsupported(string name, string what) => new(
        CredentialProblem.AlgorithmUnsupported, name, $"the private key is encrypted with {what}, which is not supported.", "Encrypt it anew: openssl pkcs8 -topk8 -v2 aes256 -in FILE -out NEW.");
}
