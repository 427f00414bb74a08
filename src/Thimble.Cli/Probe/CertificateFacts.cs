using System;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Cli.Probe;

/// <summary>What a plan must know of one certificate.</summary>
internal sealed record CertificateFacts
{
    public required X509Certificate2 Certificate { get; init; }

    /// <summary>Such as <c>RSA 2048</c>.</summary>
    public required string Key { get; init; }

    /// <summary>The modulus of an RSA key, or 0.</summary>
    public int RsaBits { get; init; }

    /// <summary>The curve of an EC key, or 0.</summary>
    public int CurveBits { get; init; }

    public bool IsEd25519 { get; init; }

    /// <summary>The signature's algorithm by its name.</summary>
    public required string Signature { get; init; }

    /// <summary>The digest that was signed, in bits; 0 for Ed25519.</summary>
    public int HashBits { get; init; }

    public bool SignedByEd25519 { get; init; }

    /// <summary>The issuer's RSA key as its signature's length tells it, or 0 where it signs with another algorithm.</summary>
    public int IssuerRsaBits { get; init; }

    /// <summary>The issuer's curve as the numbers in its signature tell it, or 0.</summary>
    public int IssuerCurveBits { get; init; }

    /// <summary>The length of what was signed.</summary>
    public int TbsBytes { get; init; }

    public bool IsSelfSigned { get; init; }

    /// <summary>Reads a certificate.</summary>
    /// <exception cref="CryptographicException">It cannot be read.</exception>
    public static CertificateFacts Read(byte[] der)
    {
        X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
        try
        {
            return Read(certificate, der);
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            certificate.Dispose();
            throw new CryptographicException(e.Message, e);
        }
    }

    private static CertificateFacts Read(X509Certificate2 certificate, byte[] der)
    {
        AsnReader outer = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        int tbsBytes = outer.ReadEncodedValue().Length;
        AsnReader algorithm = outer.ReadSequence();
        string oid = algorithm.ReadObjectIdentifier();
        byte[] signature = outer.ReadBitString(out _);
        bool byRsa = oid.StartsWith("1.2.840.113549.1.1.", StringComparison.Ordinal);
        bool byCurve = oid.StartsWith("1.2.840.10045.4.", StringComparison.Ordinal);
        using AsymmetricAlgorithm? key = KeyDescription.PublicKey(certificate);
        return new CertificateFacts
        {
            Certificate = certificate,
            Key = KeyDescription.Describe(certificate),
            RsaBits = key is RSA rsa ? rsa.KeySize : 0,
            CurveBits = key is ECDsa ec ? ec.KeySize : 0,
            IsEd25519 = KeyDescription.IsEd25519(certificate),
            Signature = Name(oid, algorithm),
            HashBits = HashBitsOf(oid, algorithm),
            SignedByEd25519 = oid == KeyDescription.Ed25519,
            IssuerRsaBits = byRsa ? signature.Length * 8 : 0,
            IssuerCurveBits = byCurve ? CurveOf(signature) : 0,
            TbsBytes = tbsBytes,
            IsSelfSigned = certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData),
        };
    }

    private static string Name(string oid, AsnReader parameters) => oid switch
    {
        "1.2.840.113549.1.1.5" => "sha1WithRSAEncryption",
        "1.2.840.113549.1.1.11" => "sha256WithRSAEncryption",
        "1.2.840.113549.1.1.12" => "sha384WithRSAEncryption",
        "1.2.840.113549.1.1.13" => "sha512WithRSAEncryption",
        "1.2.840.113549.1.1.10" => $"rsassaPss (SHA-{PssHashBits(parameters)})",
        "1.2.840.10045.4.3.2" => "ecdsa-with-SHA256",
        "1.2.840.10045.4.3.3" => "ecdsa-with-SHA384",
        "1.2.840.10045.4.3.4" => "ecdsa-with-SHA512",
        KeyDescription.Ed25519 => "Ed25519",
        _ => oid,
    };

    private static int HashBitsOf(string oid, AsnReader parameters) => oid switch
    {
        "1.2.840.113549.1.1.11" or "1.2.840.10045.4.3.2" => 256,
        "1.2.840.113549.1.1.12" or "1.2.840.10045.4.3.3" => 384,
        "1.2.840.113549.1.1.13" or "1.2.840.10045.4.3.4" => 512,
        "1.2.840.113549.1.1.10" => PssHashBits(parameters),
        _ => 0,
    };

    /// <summary>The hash of RSASSA-PSS-params (RFC 4055 §3.1); SHA-1 where none is named. Looks without taking, so that it can be asked twice.</summary>
    private static int PssHashBits(AsnReader parameters)
    {
        var hashTag = new Asn1Tag(TagClass.ContextSpecific, 0);
        AsnReader fields = new AsnReader(parameters.PeekEncodedValue(), AsnEncodingRules.DER).ReadSequence();
        string oid = fields.HasData && fields.PeekTag().HasSameClassAndValue(hashTag) ? fields.ReadSequence(hashTag).ReadSequence().ReadObjectIdentifier() : "";
        return oid switch
        {
            "2.16.840.1.101.3.4.2.1" => 256,
            "2.16.840.1.101.3.4.2.2" => 384,
            "2.16.840.1.101.3.4.2.3" => 512,
            _ => 160,
        };
    }

    /// <summary>The curve by the length of r and s: both are shorter than the order, and one in 2^64 signatures is so much shorter that it deceives.</summary>
    private static int CurveOf(byte[] signature)
    {
        AsnReader both = new AsnReader(signature, AsnEncodingRules.DER).ReadSequence();
        int bits = Math.Max(both.ReadIntegerBytes().Length, both.ReadIntegerBytes().Length) * 8;
        return bits switch
        {
            <= 264 => 256,
            <= 392 => 384,
            _ => 521,
        };
    }
}
