using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Tests.X509;

namespace Thimble.Tests.Tls;

/// <summary>A server's chain and key, and the ROM images of clients that trust it. Made once for each kind of key.</summary>
internal sealed class ScriptedIdentity
{
    private static readonly ConcurrentDictionary<string, Lazy<ScriptedIdentity>> Cache = new();
    private readonly ConcurrentDictionary<string, Lazy<byte[]>> _images = new();

    private ScriptedIdentity(string kind)
    {
        Root = TestPki.Root(kind, index: 90);
        TestCertificate leaf = TestPki.Make(new CertificateRecipe { Key = TestPki.Key(kind, 91), KeyUsage = X509KeyUsageFlags.DigitalSignature }, Root);
        Chain = [leaf.Der];
        Key = leaf.Key;
    }

    /// <summary>A certificate that is its own anchor, as BoringSSL's test runner makes them.</summary>
    public ScriptedIdentity(TestCertificate ownAnchor)
    {
        Root = ownAnchor;
        Chain = [ownAnchor.Der];
        Key = ownAnchor.Key;
    }

    public TestCertificate Root { get; }

    public IReadOnlyList<byte[]> Chain { get; }

    public AsymmetricAlgorithm Key { get; }

    public bool IsRsa => Key is RSA;

    /// <summary>The scheme that the key signs with unless a test wants another one.</summary>
    public int Scheme => Key switch { RSA => 0x0804, Ed25519PrivateKey => 0x0807, ECDsa { KeySize: 521 } => 0x0603, _ => 0x0403 };

    /// <summary>The identity with a key of that kind, as <see cref="TestPki.Key"/> names it.</summary>
    public static ScriptedIdentity Of(string kind) => Cache.GetOrAdd(kind, _ => new Lazy<ScriptedIdentity>(() => new ScriptedIdentity(kind))).Value;

    /// <summary>The certificate that a client of that kind of key sends.</summary>
    public static TestCertificate Client(string kind) => ClientCertificates.GetOrAdd(kind, _ => new Lazy<TestCertificate>(() =>
        TestPki.Make(
            new CertificateRecipe { Subject = "CN=device 7", DnsNames = [], Key = TestPki.Key(kind, 92), KeyUsage = X509KeyUsageFlags.DigitalSignature },
            kind == "Ed25519" ? Of("P-256").Root : null))).Value; // the platform signs with no Ed25519 key

    /// <summary>A ROM image that trusts the root, with a client key of that kind, or none.</summary>
    public byte[] Image(string? clientKind) => _images.GetOrAdd(clientKind ?? string.Empty, _ => new Lazy<byte[]>(() =>
    {
        var builder = new RomImageBuilder();
        builder.AddTrustAnchor(Root.Certificate);
        if (clientKind is not null)
        {
            TestCertificate client = Client(clientKind);
            builder.SetClientCertificate([client.Der], client.Key);
        }

        return builder.Build(TestPki.Now.AddDays(-1));
    })).Value;

    /// <summary>The same for a client whose key of that kind is kept elsewhere.</summary>
    public byte[] ImageElsewhere(string clientKind) => _images.GetOrAdd(clientKind + " elsewhere", _ => new Lazy<byte[]>(() =>
    {
        var builder = new RomImageBuilder();
        builder.AddTrustAnchor(Root.Certificate);
        builder.SetClientCertificate([Client(clientKind).Der]);
        return builder.Build(TestPki.Now.AddDays(-1));
    })).Value;

    private static readonly ConcurrentDictionary<string, Lazy<TestCertificate>> ClientCertificates = new();
}
