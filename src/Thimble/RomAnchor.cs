using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Thimble.X509;

namespace Thimble;

/// <summary>One entry of a ROM image's anchors (<see cref="TrustAnchor"/> has the layout) and the dates that it is good for.</summary>
internal sealed class RomAnchor
{
    private const int MaxTextBytes = 63;

    private readonly string _name;
    private readonly KeyPin _pin;
    private readonly DateTimeOffset _notBefore;
    private readonly DateTimeOffset _notAfter;

    private RomAnchor(X509Certificate2 certificate, byte[] entry)
    {
        _name = PrintableText.Of(certificate.Subject);
        _pin = KeyPin.Of(certificate);
        _notBefore = certificate.NotBefore;
        _notAfter = certificate.NotAfter;
        Entry = entry;
    }

    /// <summary>The bytes of the entry.</summary>
    public byte[] Entry { get; }

    /// <summary>Why a certificate cannot be an anchor, or null.</summary>
    public static string? Problem(X509Certificate2 certificate)
    {
        try
        {
            _ = From(certificate);
            return null;
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }

    /// <summary>Whether the anchor's own key is one of these; then its entry says so.</summary>
    public bool IsAmong(IReadOnlyCollection<KeyPin> pins) => pins.Contains(_pin);

    /// <summary>Reads a certificate.</summary>
    public static X509Certificate2 Load(ReadOnlySpan<byte> der)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(der);
        }
        catch (CryptographicException problem)
        {
            throw new ArgumentException("These bytes are no X.509 certificate in DER: " + problem.Message, nameof(der), problem);
        }
    }

    /// <summary>Makes the entry of an anchor, or says why the certificate cannot be one.</summary>
    public static RomAnchor From(X509Certificate2 certificate)
    {
        try
        {
            return Encode(certificate);
        }
        catch (Exception problem) when (problem is CryptographicException or AsnContentException)
        {
            throw Refuse(certificate, "its key or one of its extensions cannot be read");
        }
    }

    private static RomAnchor Encode(X509Certificate2 certificate)
    {
        AnchorExtensions extensions = ReadExtensions(certificate);
        byte[] key = RomKey.EncodePublic(certificate);
        byte[] text = DisplayName(certificate.SubjectName);
        byte[] constraints = extensions.NameConstraints;
        byte[] digest = extensions.IsCa ? [] : TbsDigest(certificate);

        int textEnd = RomImageBuilder.Padded(TrustAnchor.HeaderBytes + key.Length + text.Length);
        int bytes = textEnd + TailBytes(constraints) + TailBytes(digest);
        byte[] entry = new byte[bytes];
        BinaryPrimitives.WriteInt32LittleEndian(entry, bytes);
        entry[4] = (byte)((extensions.PathLength is null ? 0 : TrustAnchor.HasPathLength)
            | (constraints.Length == 0 ? 0 : TrustAnchor.HasNameConstraints)
            | (extensions.IsCa ? 0 : TrustAnchor.IsEndEntity));
        entry[5] = (byte)Math.Min(extensions.PathLength ?? 0, byte.MaxValue);
        entry[6] = (byte)text.Length;
        SHA256.HashData(certificate.SubjectName.RawData).CopyTo(entry, 8);
        key.CopyTo(entry, TrustAnchor.HeaderBytes);
        text.CopyTo(entry, TrustAnchor.HeaderBytes + key.Length);
        WriteTail(entry.AsSpan(textEnd), constraints);
        WriteTail(entry.AsSpan(textEnd + TailBytes(constraints)), digest);
        return new RomAnchor(certificate, entry);
    }

    /// <summary>An anchor's own dates are judged when the image is baked; on the device it has none (RFC 5280 §6.1.1 (d)).</summary>
    public void CheckValidity(DateTimeOffset bakedAt)
    {
        // X.509 counts whole seconds: a certificate is good to the end of its last one.
        if (bakedAt.ToUnixTimeSeconds() > _notAfter.ToUnixTimeSeconds())
        {
            throw new InvalidOperationException($"The trust anchor '{_name}' expired on {_notAfter.UtcDateTime:u}; the image is baked at {bakedAt.UtcDateTime:u}.");
        }

        if (bakedAt < _notBefore)
        {
            throw new InvalidOperationException($"The trust anchor '{_name}' is valid from {_notBefore.UtcDateTime:u}; the image is baked at {bakedAt.UtcDateTime:u}.");
        }
    }

    private static AnchorExtensions ReadExtensions(X509Certificate2 certificate)
    {
        // A certificate before version 3 says nothing; one that signed itself is a root of old.
        bool isCa = certificate.Version < 3 && certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
        int? pathLength = null;
        byte[] constraints = [];
        var seen = new HashSet<string?>();
        foreach (X509Extension extension in certificate.Extensions)
        {
            if (!seen.Add(extension.Oid?.Value))
            {
                throw Refuse(certificate, $"it has the extension {extension.Oid?.Value} twice, which RFC 5280 §4.2 forbids");
            }

            switch (extension)
            {
                case X509BasicConstraintsExtension basic:
                    isCa = basic.CertificateAuthority;
                    pathLength = basic.HasPathLengthConstraint ? basic.PathLengthConstraint : null;
                    break;
                case X509KeyUsageExtension or X509EnhancedKeyUsageExtension or X509SubjectAlternativeNameExtension:
                    break;
                case { Oid.Value: "2.5.29.30" }:
                    constraints = extension.RawData;
                    break;
                case { Critical: true, Oid.Value: not ("2.5.29.32" or "2.5.29.33" or "2.5.29.54") }:
                    throw Refuse(certificate, $"its critical extension {extension.Oid?.Value} is not known");
            }
        }

        CheckUsages(certificate, isCa);
        return new AnchorExtensions(isCa, isCa ? pathLength : null, isCa ? constraints : []);
    }

    private static void CheckUsages(X509Certificate2 certificate, bool isCa)
    {
        foreach (X509Extension extension in certificate.Extensions)
        {
            if (isCa && extension is X509KeyUsageExtension usage && (usage.KeyUsages & X509KeyUsageFlags.KeyCertSign) == 0)
            {
                throw Refuse(certificate, "it is a CA whose key usage does not allow it to sign certificates");
            }

            if (extension is X509EnhancedKeyUsageExtension purposes
                && purposes.EnhancedKeyUsages["1.3.6.1.5.5.7.3.1"] is null && purposes.EnhancedKeyUsages["2.5.29.37.0"] is null)
            {
                throw Refuse(certificate, "its extended key usage leaves TLS servers out");
            }
        }
    }

    internal static ArgumentException Refuse(X509Certificate2 certificate, string why) =>
        new($"'{PrintableText.Of(certificate.Subject)}' cannot be used: {why}.");

    /// <summary>The common name, else the organization, else its unit, cut to what the image holds.</summary>
    private static byte[] DisplayName(X500DistinguishedName name)
    {
        string best = string.Empty;
        int bestRank = 0;
        foreach (X500RelativeDistinguishedName part in name.EnumerateRelativeDistinguishedNames())
        {
            if (part.HasMultipleElements)
            {
                continue;
            }

            int rank = part.GetSingleElementType().Value switch { "2.5.4.3" => 3, "2.5.4.10" => 2, "2.5.4.11" => 1, _ => 0 };
            if (rank > bestRank && part.GetSingleElementValue() is string value)
            {
                bestRank = rank;
                best = value;
            }
        }

        byte[] text = Encoding.UTF8.GetBytes(best);
        int length = Math.Min(text.Length, MaxTextBytes);
        while (length < text.Length && length > 0 && (text[length] & 0xC0) == 0x80)
        {
            length--;
        }

        return text[..length];
    }

    /// <summary>The digest that the core has at hand when a leaf is complete: of its signed part, under the hash of its signature; SHA-256 where that has none.</summary>
    private static byte[] TbsDigest(X509Certificate2 certificate)
    {
        ReadOnlySpan<byte> tbs = new AsnReader(certificate.RawData, AsnEncodingRules.DER).ReadSequence().ReadEncodedValue().Span;
        return certificate.SignatureAlgorithm.Value switch
        {
            "1.2.840.113549.1.1.11" or "1.2.840.10045.4.3.2" or KeyDescription.Ed25519 => SHA256.HashData(tbs),
            "1.2.840.113549.1.1.12" or "1.2.840.10045.4.3.3" => SHA384.HashData(tbs),
            "1.2.840.113549.1.1.13" or "1.2.840.10045.4.3.4" => SHA512.HashData(tbs),
            _ => throw Refuse(certificate, "it is no CA, and signed with an algorithm that is not supported"),
        };
    }

    private static int TailBytes(byte[] value) => value.Length == 0 ? 0 : RomImageBuilder.Padded(4 + value.Length);

    private static void WriteTail(Span<byte> destination, byte[] value)
    {
        if (value.Length != 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(destination, value.Length);
            value.CopyTo(destination[4..]);
        }
    }

    private readonly record struct AnchorExtensions(bool IsCa, int? PathLength, byte[] NameConstraints);
}
