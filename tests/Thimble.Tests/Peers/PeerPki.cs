using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Tests.X509;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>The tests that talk to other programs share one PKI, and run one after another: they measure.</summary>
[CollectionDefinition(Name)]
public sealed class PeerTests : ICollectionFixture<PeerPki>
{
    public const string Name = "Peers";
}

/// <summary>A chain with its key, in memory and in files: the end's own certificate first, without the root.</summary>
internal sealed record PeerIdentity(string Name, TestCertificate Root, IReadOnlyList<TestCertificate> Chain, string Folder)
{
    public TestCertificate Leaf => Chain[0];

    /// <summary>The whole chain, for programs that take it in one file.</summary>
    public string ChainFile => Path.Combine(Folder, Name + ".chain.pem");

    public string LeafFile => Path.Combine(Folder, Name + ".leaf.pem");

    /// <summary>What is above the leaf; empty where the root issued it.</summary>
    public string IssuersFile => Path.Combine(Folder, Name + ".issuers.pem");

    public string KeyFile => Path.Combine(Folder, Name + ".key.pem");

    public string RootFile => Path.Combine(Folder, Name + ".root.pem");

    public int ChainBytes => Chain.Sum(certificate => certificate.Der.Length);
}

/// <summary>All identities, made when they are first asked for, once per run, and deleted after it.</summary>
public sealed class PeerPki : IDisposable
{
    public const string ServerName = "localhost";

    private static readonly string[] Purposes = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thimble-peers-");
    private readonly ConcurrentDictionary<string, PeerIdentity> _identities = new();
    private int _configurations;

    /// <summary>Clients by their keys, which every server here trusts; "stranger", whom none does; or "none".</summary>
    internal PeerIdentity? Client(string kind) => kind == "none" ? null : Identity("client-" + kind);

    /// <summary>The file of the root that issued the clients.</summary>
    internal string ClientRootFile => Identity("client-p256").RootFile;

    /// <summary>Servers by what their chains are made of.</summary>
    internal PeerIdentity Server(string kind) => Identity(kind);

    /// <summary>A file for a program that wants a configuration.</summary>
    internal string WriteFile(string content)
    {
        string path = Path.Combine(_folder.FullName, $"configuration-{_configurations++}");
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private PeerIdentity Identity(string name) => _identities.GetOrAdd(name, Make);

    private PeerIdentity Make(string name)
    {
        PeerIdentity identity = name switch
        {
            "rsa-1" => Chain(name, Root("RSA-2048"), "RSA-2048", 1),
            "rsa-4" => Chain(name, Root("RSA-2048"), "RSA-2048", 4),
            "rsa-8" => Chain(name, Root("RSA-2048"), "RSA-2048", 8),
            "rsa-3072" => Chain(name, Root("RSA-2048"), "RSA-3072", 1),
            "rsa-4096" => Chain(name, Root("RSA-4096"), "RSA-4096", 2),
            "rsa-long" => Chain(name, Root("RSA-2048"), "RSA-2048", 4, ballast: 5000),
            "p256" => Chain(name, Root("P-256"), "P-256", 2),
            "p384" => Chain(name, Root("P-384"), "P-384", 2),
            "p521" => Chain(name, Root("P-521"), "P-521", 2),
            "p256-under-p521" => Chain(name, Root("P-521"), "P-256", 1),
            "ed25519" => Chain(name, Root("Ed25519"), "Ed25519", 3),
            "ed25519-under-p256" => Chain(name, Root("P-256"), "Ed25519", 1),
            "p256-under-ed25519" => Chain(name, Root("Ed25519"), "P-256", 1),
            "ec-under-rsa" => Chain(name, Root("RSA-2048"), "P-256", 1),
            "must-staple" => Chain(name, Root("P-256"), "P-256", 2, extensions: [StatusPki.MustStaple()]),
            "expired" => Chain(name, Root("P-256"), "P-256", 1, end: DateTimeOffset.UtcNow.AddDays(-2)),
            "self-signed" => SelfSigned(name),
            "client-p256" => Chain(name, ClientRoot("Client Root"), "P-256", 1, index: 61),
            "client-p384" => Chain(name, ClientRoot("Client Root"), "P-384", 1, index: 61),
            "client-ed25519" => Chain(name, ClientRoot("Client Root"), "Ed25519", 1, index: 61),
            "client-rsa" => Chain(name, ClientRoot("Client Root"), "RSA-2048", 1, index: 61),
            "client-stranger" => Chain(name, ClientRoot("Stranger Root", 102), "P-256", 1, index: 62),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such identity."),
        };
        return Write(identity);
    }

    private static TestCertificate Root(string kind) => Authority("Peer Root " + kind, kind, 100, null);

    private static TestCertificate ClientRoot(string name, int index = 101) => Authority(name, "P-256", index, null);

    private static TestCertificate Authority(string name, string kind, int index, TestCertificate? issuer, int ballast = 0) => TestPki.Make(
        new CertificateRecipe
        {
            Subject = $"CN={name}, O=Thimble",
            Key = TestPki.Key(kind, index),
            Hash = HashFor(kind),
            NotBefore = DateTimeOffset.UtcNow.AddDays(-30),
            NotAfter = DateTimeOffset.UtcNow.AddDays(30),
            DnsNames = [],
            IsCa = true,
            KeyUsage = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign,
            Ballast = ballast,
        },
        issuer);

    private PeerIdentity Chain(
        string name, TestCertificate root, string kind, int certificates, int ballast = 0, DateTimeOffset? end = null, int index = 60, X509Extension[]? extensions = null)
    {
        var chain = new List<TestCertificate>();
        TestCertificate issuer = root;
        for (int i = certificates - 1; i > 0; i--)
        {
            issuer = Authority($"Peer CA {i}", kind, i % 3, issuer, ballast);
            chain.Insert(0, issuer);
        }

        chain.Insert(0, Leaf(kind, index, issuer, end ?? DateTimeOffset.UtcNow.AddDays(10), extensions));
        return new PeerIdentity(name, root, chain, _folder.FullName);
    }

    private static TestCertificate Leaf(string kind, int index, TestCertificate? issuer, DateTimeOffset end, X509Extension[]? extensions = null) => TestPki.Make(
        new CertificateRecipe
        {
            Subject = "CN=peer",
            Key = TestPki.Key(kind, index),
            Hash = HashFor(kind),
            NotBefore = DateTimeOffset.UtcNow.AddDays(-20),
            NotAfter = end,
            DnsNames = [ServerName],
            Addresses = ["127.0.0.1"],
            KeyUsage = X509KeyUsageFlags.DigitalSignature,
            Purposes = Purposes,
            Extensions = extensions ?? [],
        },
        issuer);

    private PeerIdentity SelfSigned(string name)
    {
        TestCertificate leaf = Leaf("P-256", 63, null, DateTimeOffset.UtcNow.AddDays(10));
        return new PeerIdentity(name, leaf, [leaf], _folder.FullName);
    }

    private static HashAlgorithmName HashFor(string kind) => kind switch
    {
        "P-384" => HashAlgorithmName.SHA384,
        "P-521" => HashAlgorithmName.SHA512,
        _ => HashAlgorithmName.SHA256,
    };

    private static PeerIdentity Write(PeerIdentity identity)
    {
        string[] pems = [.. identity.Chain.Select(certificate => certificate.Certificate.ExportCertificatePem())];
        File.WriteAllText(identity.LeafFile, pems[0]);
        File.WriteAllLines(identity.IssuersFile, pems[1..]);
        File.WriteAllLines(identity.ChainFile, pems);
        File.WriteAllText(identity.KeyFile, identity.Leaf.Key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(identity.RootFile, identity.Root.Certificate.ExportCertificatePem());
        return identity;
    }
}
