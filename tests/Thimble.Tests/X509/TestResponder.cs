using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Tests.X509;

/// <summary>What one SingleResponse says.</summary>
internal sealed record SingleRecipe
{
    public BigInteger? Serial { get; init; }

    public HashAlgorithmName CertIdHash { get; init; } = HashAlgorithmName.SHA1;

    public byte[]? IssuerNameHash { get; init; }

    public byte[]? IssuerKeyHash { get; init; }

    /// <summary>0 good, 1 revoked, 2 unknown.</summary>
    public int Status { get; init; }

    public int? Reason { get; init; }

    public DateTimeOffset ThisUpdate { get; init; } = TestPki.Now.AddHours(-1);

    public DateTimeOffset? NextUpdate { get; init; } = TestPki.Now.AddHours(1);

    public IReadOnlyList<X509Extension> Extensions { get; init; } = [];
}

/// <summary>
/// Makes OCSP responses (RFC 6960 §4.2.1) with the platform's ASN.1 writer and signatures: an encoder that knows nothing of
/// Thimble. All that is left alone is right.
/// </summary>
internal sealed record TestResponder
{
    private const string Sha1Oid = "1.3.14.3.2.26", Sha256Oid = "2.16.840.1.101.3.4.2.1", Sha512Oid = "2.16.840.1.101.3.4.2.3", Basic = "1.3.6.1.5.5.7.48.1.1";

    public required X509Certificate2 Leaf { get; init; }

    public required TestCertificate Issuer { get; init; }

    /// <summary>Who signs; the issuer by default.</summary>
    public TestCertificate? Signer { get; init; }

    public HashAlgorithmName Hash { get; init; } = HashAlgorithmName.SHA256;

    public RSASignaturePadding Padding { get; init; } = RSASignaturePadding.Pkcs1;

    public bool ByKey { get; init; }

    /// <summary>Who is named; the signer by default.</summary>
    public TestCertificate? Named { get; init; }

    public IReadOnlyList<byte[]>? Certificates { get; init; }

    public IReadOnlyList<SingleRecipe> Singles { get; init; } = [new()];

    public DateTimeOffset ProducedAt { get; init; } = TestPki.Now.AddMinutes(-50);

    public IReadOnlyList<X509Extension> Extensions { get; init; } = [];

    /// <summary>Changes tbsResponseData before or after it is signed.</summary>
    public Func<byte[], byte[]> SignedData { get; init; } = static data => data;

    public string ResponseType { get; init; } = Basic;

    public byte[] Encode()
    {
        TestCertificate signer = Signer ?? Issuer;
        X509SignatureGenerator generator = TestPki.Generator(signer.Key, Padding);
        byte[] data = SignedData(ResponseData(Named ?? signer));
        var basic = new AsnWriter(AsnEncodingRules.DER);
        using (basic.PushSequence())
        {
            basic.WriteEncodedValue(data);
            basic.WriteEncodedValue(generator.GetSignatureAlgorithmIdentifier(Hash));
            basic.WriteBitString(generator.SignData(data, Hash));
            if (Certificates is not null)
            {
                using (basic.PushSequence(Context(0)))
                using (basic.PushSequence())
                {
                    foreach (byte[] certificate in Certificates)
                    {
                        basic.WriteEncodedValue(certificate);
                    }
                }
            }
        }

        return Wrap(basic.Encode(), ResponseType);
    }

    /// <summary>A response that says why there is none.</summary>
    public static byte[] None(int status)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue([0x0A, 1, (byte)status]);
        }

        return writer.Encode();
    }

    private static byte[] Wrap(byte[] basic, string type)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue([0x0A, 1, 0]);
            using (writer.PushSequence(Context(0)))
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(type);
                writer.WriteOctetString(basic);
            }
        }

        return writer.Encode();
    }

    private byte[] ResponseData(TestCertificate named)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(Context(ByKey ? 2 : 1)))
            {
                if (ByKey)
                {
                    writer.WriteOctetString(KeyHash(named.Certificate, HashAlgorithmName.SHA1));
                }
                else
                {
                    writer.WriteEncodedValue(named.Certificate.SubjectName.RawData);
                }
            }

            writer.WriteGeneralizedTime(ProducedAt, omitFractionalSeconds: true);
            using (writer.PushSequence())
            {
                foreach (SingleRecipe single in Singles)
                {
                    Write(writer, single);
                }
            }

            Write(writer, Extensions);
        }

        return writer.Encode();
    }

    private void Write(AsnWriter writer, SingleRecipe single)
    {
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(single.CertIdHash == HashAlgorithmName.SHA1 ? Sha1Oid : single.CertIdHash == HashAlgorithmName.SHA256 ? Sha256Oid : Sha512Oid);
                    writer.WriteNull();
                }

                writer.WriteOctetString(single.IssuerNameHash ?? CryptographicOperations.HashData(single.CertIdHash, Leaf.IssuerName.RawData));
                writer.WriteOctetString(single.IssuerKeyHash ?? KeyHash(Issuer.Certificate, single.CertIdHash));
                writer.WriteInteger(single.Serial ?? new BigInteger(Leaf.SerialNumberBytes.Span, isUnsigned: false, isBigEndian: true));
            }

            WriteStatus(writer, single);
            writer.WriteGeneralizedTime(single.ThisUpdate, omitFractionalSeconds: true);
            if (single.NextUpdate is { } next)
            {
                using (writer.PushSequence(Context(0)))
                {
                    writer.WriteGeneralizedTime(next, omitFractionalSeconds: true);
                }
            }

            Write(writer, single.Extensions);
        }
    }

    private static void WriteStatus(AsnWriter writer, SingleRecipe single)
    {
        if (single.Status != 1)
        {
            writer.WriteNull(Context(single.Status));
            return;
        }

        using (writer.PushSequence(Context(1)))
        {
            writer.WriteGeneralizedTime(TestPki.Now.AddDays(-2), omitFractionalSeconds: true);
            if (single.Reason is { } reason)
            {
                using (writer.PushSequence(Context(0)))
                {
                    writer.WriteEncodedValue([0x0A, 1, (byte)reason]);
                }
            }
        }
    }

    private static void Write(AsnWriter writer, IReadOnlyList<X509Extension> extensions)
    {
        if (extensions.Count == 0)
        {
            return;
        }

        using (writer.PushSequence(Context(1)))
        using (writer.PushSequence())
        {
            foreach (X509Extension extension in extensions)
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(extension.Oid!.Value!);
                    if (extension.Critical)
                    {
                        writer.WriteBoolean(true);
                    }

                    writer.WriteOctetString(extension.RawData);
                }
            }
        }
    }

    private static byte[] KeyHash(X509Certificate2 certificate, HashAlgorithmName hash) =>
        CryptographicOperations.HashData(hash, certificate.PublicKey.EncodedKeyValue.RawData);

    private static Asn1Tag Context(int number) => new(TagClass.ContextSpecific, number);
}
