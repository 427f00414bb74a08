using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Tests.X509;

/// <summary>What a test certificate says.</summary>
internal sealed class CertificateRecipe
{
    public string Subject { get; init; } = "CN=broker.example.com";

    public AsymmetricAlgorithm Key { get; init; } = TestPki.Key("P-256", 0);

    public HashAlgorithmName Hash { get; init; } = HashAlgorithmName.SHA256;

    public RSASignaturePadding Padding { get; init; } = RSASignaturePadding.Pkcs1;

    public DateTimeOffset NotBefore { get; init; } = TestPki.Now.AddDays(-100);

    public DateTimeOffset NotAfter { get; init; } = TestPki.Now.AddDays(100);

    public IReadOnlyList<string> DnsNames { get; init; } = ["broker.example.com"];

    public IReadOnlyList<string> Addresses { get; init; } = [];

    public bool IsCa { get; init; }

    public bool WithoutBasicConstraints { get; init; }

    public int? PathLength { get; init; }

    public X509KeyUsageFlags? KeyUsage { get; init; }

    public IReadOnlyList<string> Purposes { get; init; } = [];

    public IReadOnlyList<X509Extension> Extensions { get; init; } = [];

    /// <summary>Adds an unknown extension of so many bytes.</summary>
    public int Ballast { get; init; }
}

/// <summary>A certificate with its key, which may issue further ones.</summary>
internal sealed class TestCertificate(X509Certificate2 certificate, AsymmetricAlgorithm key)
{
    public X509Certificate2 Certificate { get; } = certificate;

    public AsymmetricAlgorithm Key { get; } = key;

    public byte[] Der => Certificate.RawData;
}

/// <summary>Makes PKIs with the platform's own <see cref="CertificateRequest"/>: an encoder that knows nothing of Thimble.</summary>
internal static class TestPki
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly ConcurrentDictionary<(string, int), Lazy<AsymmetricAlgorithm>> Keys = new();
    private static int _serial;

    /// <summary>A key of that kind, made once: "P-256", "P-384", "P-521", "Ed25519" or "RSA-" and bits. Long RSA keys take so long to make that one serves for all.</summary>
    public static AsymmetricAlgorithm Key(string kind, int index) =>
        Keys.GetOrAdd((kind, kind is "RSA-3072" or "RSA-4096" ? 0 : index), _ => new Lazy<AsymmetricAlgorithm>(() => kind switch
        {
            "P-256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            "P-384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            "P-521" => ECDsa.Create(ECCurve.NamedCurves.nistP521),
            "Ed25519" => Ed25519PrivateKey.Create(),
            _ => RSA.Create(int.Parse(kind.AsSpan(4), System.Globalization.CultureInfo.InvariantCulture)),
        })).Value;

    public static TestCertificate Root(string kind, string subject = "CN=Test Root, O=Thimble", int index = 100, Action<CertificateRequest>? more = null) =>
        Make(new CertificateRecipe { Subject = subject, Key = Key(kind, index), IsCa = true, DnsNames = [] }, null, more);

    /// <summary>Issues a certificate, or makes one that signs itself.</summary>
    public static TestCertificate Make(CertificateRecipe recipe, TestCertificate? issuer = null, Action<CertificateRequest>? more = null)
    {
        var name = new X500DistinguishedName(recipe.Subject);
        CertificateRequest request = recipe.Key switch
        {
            RSA rsa => new CertificateRequest(name, rsa, recipe.Hash, recipe.Padding),
            ECDsa ec => new CertificateRequest(name, ec, recipe.Hash),
            _ => new CertificateRequest(name, PublicKey.CreateFromSubjectPublicKeyInfo(recipe.Key.ExportSubjectPublicKeyInfo(), out int _), recipe.Hash),
        };
        AddExtensions(request, recipe);
        more?.Invoke(request);

        X509SignatureGenerator generator = Generator(issuer?.Key ?? recipe.Key, recipe.Padding);
        byte[] serial = BitConverter.GetBytes(System.Threading.Interlocked.Increment(ref _serial) | 0x0100_0000);
        Array.Reverse(serial);
        X509Certificate2 certificate = request.Create(issuer?.Certificate.SubjectName ?? name, generator, recipe.NotBefore, recipe.NotAfter, serial);
        return new TestCertificate(certificate, recipe.Key);
    }

    /// <summary>What signs certificates with that key.</summary>
    public static X509SignatureGenerator Generator(AsymmetricAlgorithm key, RSASignaturePadding padding) => key switch
    {
        RSA rsa => X509SignatureGenerator.CreateForRSA(rsa, padding),
        Ed25519PrivateKey ed25519 => new TestEd25519Generator(ed25519),
        _ => X509SignatureGenerator.CreateForECDsa((ECDsa)key),
    };

    /// <summary>The length of the signed part of a certificate, its header included.</summary>
    public static int TbsBytes(byte[] der) => new AsnReader(der, AsnEncodingRules.DER).ReadSequence().ReadEncodedValue().Length;

    /// <summary>A chain as a server sends it: the leaf, then CAs up to the one that the root issued.</summary>
    public static (TestCertificate Root, List<byte[]> Chain) Chain(int certificates, string kind, int ballast = 0, string? leafKind = null)
    {
        TestCertificate root = Root(kind);
        TestCertificate issuer = root;
        var chain = new List<byte[]>();
        for (int i = certificates - 1; i > 0; i--)
        {
            issuer = Make(new CertificateRecipe { Subject = $"CN=Test CA {i}, O=Thimble", Key = Key(kind, i % 3), IsCa = true, DnsNames = [], KeyUsage = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, Ballast = ballast }, issuer);
            chain.Insert(0, issuer.Der);
        }

        chain.Insert(0, Make(new CertificateRecipe { Key = Key(leafKind ?? kind, 50), KeyUsage = X509KeyUsageFlags.DigitalSignature, Purposes = ["1.3.6.1.5.5.7.3.1"], Ballast = ballast }, issuer).Der);
        return (root, chain);
    }

    public static byte[] Image(params IEnumerable<TestCertificate> anchors)
    {
        var builder = new RomImageBuilder();
        foreach (TestCertificate anchor in anchors)
        {
            builder.AddTrustAnchor(anchor.Certificate);
        }

        return builder.Build(Now.AddDays(-1));
    }

    public static X509Extension NameConstraints(bool critical, Action<AsnWriter> permitted, Action<AsnWriter>? excluded = null)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteSubtrees(writer, 0, permitted);
            WriteSubtrees(writer, 1, excluded);
        }

        return new X509Extension("2.5.29.30", writer.Encode(), critical);
    }

    private static void WriteSubtrees(AsnWriter writer, int tag, Action<AsnWriter>? subtrees)
    {
        if (subtrees is not null)
        {
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, tag)))
            {
                subtrees(writer);
            }
        }
    }

    public static void Dns(this AsnWriter writer, string name)
    {
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, name, new Asn1Tag(TagClass.ContextSpecific, 2));
        }
    }

    public static void Subnet(this AsnWriter writer, params byte[] addressAndMask)
    {
        using (writer.PushSequence())
        {
            writer.WriteOctetString(addressAndMask, new Asn1Tag(TagClass.ContextSpecific, 7));
        }
    }

    public static void Email(this AsnWriter writer, string name)
    {
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, name, new Asn1Tag(TagClass.ContextSpecific, 1));
        }
    }

    private static void AddExtensions(CertificateRequest request, CertificateRecipe recipe)
    {
        if (!recipe.WithoutBasicConstraints)
        {
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(recipe.IsCa, recipe.PathLength is not null, recipe.PathLength ?? 0, true));
        }

        if (recipe.KeyUsage is X509KeyUsageFlags usage)
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        }

        if (recipe.Purposes.Count > 0)
        {
            var purposes = new OidCollection();
            foreach (string purpose in recipe.Purposes)
            {
                purposes.Add(new Oid(purpose));
            }

            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(purposes, false));
        }

        if (recipe.DnsNames.Count + recipe.Addresses.Count > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (string name in recipe.DnsNames)
            {
                names.AddDnsName(name);
            }

            foreach (string address in recipe.Addresses)
            {
                names.AddIpAddress(IPAddress.Parse(address));
            }

            request.CertificateExtensions.Add(names.Build(recipe.Subject.Length == 0));
        }

        if (recipe.Ballast > 0)
        {
            request.CertificateExtensions.Add(new X509Extension("1.3.6.1.4.1.55555.1", new byte[recipe.Ballast], false));
        }

        foreach (X509Extension extension in recipe.Extensions)
        {
            request.CertificateExtensions.Add(extension);
        }
    }
}
