using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Tests.X509;

/// <summary>Signs like another generator, or not at all, under an algorithm identifier of the test's choice.</summary>
internal sealed class SignerThatClaims(AsymmetricAlgorithm key, string algorithmIdentifier, byte[]? signature = null) : X509SignatureGenerator
{
    private readonly X509SignatureGenerator _inner = TestPki.Generator(key, RSASignaturePadding.Pkcs1);

    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => Convert.FromHexString(algorithmIdentifier);

    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => signature ?? _inner.SignData(data, hashAlgorithm);

    protected override PublicKey BuildPublicKey() => _inner.PublicKey;
}

/// <summary>Changes signed bytes and signs them again, so that the change itself is what a verifier meets.</summary>
internal static class Resigned
{
    /// <summary>Replaces the only run of bytes equal to <paramref name="from"/> by one of equal length.</summary>
    public static byte[] With(byte[] der, TestCertificate issuer, string from, string to)
    {
        ReadOnlyMemory<byte> tbs = new System.Formats.Asn1.AsnReader(der, System.Formats.Asn1.AsnEncodingRules.DER).ReadSequence().ReadEncodedValue();
        byte[] patched = tbs.ToArray();
        byte[] wanted = Convert.FromHexString(from);
        int at = patched.AsSpan().IndexOf(wanted);
        if (at < 0 || patched.AsSpan(at + 1).IndexOf(wanted) >= 0)
        {
            throw new ArgumentException("The bytes to replace are not there exactly once.", nameof(from));
        }

        Convert.FromHexString(to).CopyTo(patched, at);
        return Wrap(patched, issuer);
    }

    /// <summary>Signs a tbsCertificate with SHA-256.</summary>
    public static byte[] Wrap(byte[] tbs, TestCertificate issuer)
    {
        X509SignatureGenerator signer = TestPki.Generator(issuer.Key, RSASignaturePadding.Pkcs1);
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(tbs);
            writer.WriteEncodedValue(signer.GetSignatureAlgorithmIdentifier(HashAlgorithmName.SHA256));
            writer.WriteBitString(signer.SignData(tbs, HashAlgorithmName.SHA256));
        }

        return writer.Encode();
    }
}
