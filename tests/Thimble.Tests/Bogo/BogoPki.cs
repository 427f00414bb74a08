using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Tests.X509;

namespace Thimble.Tests.Bogo;

/// <summary>
/// Credentials of the form that BoringSSL's runner makes at its start, in files: certificates that signed themselves,
/// are CAs, are valid for an hour, and carry the name "test".
/// </summary>
public sealed class BogoPki : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thimble-bogo-");

    public BogoPki()
    {
        Rsa = Make("RSA-2048", 190);
        P256 = Make("P-256", 190);
        P384 = Make("P-384", 190);
        WeakRsa = Make("RSA-1024", 190);
        Named = Make("P-256", 191, "example.com");
        TestCertificate root = TestPki.Make(Recipe("RSA-2048", 192, "test", "CN=test root"));
        TestCertificate intermediate = TestPki.Make(Recipe("RSA-2048", 193, "test", "CN=test inter"), root);
        TestCertificate leaf = TestPki.Make(Recipe("RSA-2048", 194, "test"), intermediate);
        RsaChain = new BogoCredential([leaf, intermediate], Write("chain", leaf, intermediate), Write("root", root), WriteKey("chain", leaf.Key));
    }

    internal BogoCredential Rsa { get; }

    internal BogoCredential P256 { get; }

    internal BogoCredential P384 { get; }

    /// <summary>Shorter than is safe.</summary>
    internal BogoCredential WeakRsa { get; }

    /// <summary>Of another name.</summary>
    internal BogoCredential Named { get; }

    /// <summary>A leaf, an intermediate, and a root that is not sent.</summary>
    internal BogoCredential RsaChain { get; }

    public void Dispose() => _folder.Delete(recursive: true);

    private static CertificateRecipe Recipe(string kind, int index, string name, string subject = "CN=test cert, O=Internet Widgits Pty Ltd, S=Some-State, C=US") => new()
    {
        Subject = subject,
        Key = TestPki.Key(kind, index),
        IsCa = true,
        DnsNames = [name],
        NotBefore = DateTimeOffset.UtcNow.AddHours(-1),
        NotAfter = DateTimeOffset.UtcNow.AddHours(1),
    };

    private BogoCredential Make(string kind, int index, string name = "test")
    {
        TestCertificate certificate = TestPki.Make(Recipe(kind, index, name));
        string file = Write($"{kind}-{index}", certificate);
        return new BogoCredential([certificate], file, file, WriteKey($"{kind}-{index}", certificate.Key));
    }

    private string Write(string name, params IReadOnlyList<TestCertificate> certificates)
    {
        string file = Path.Combine(_folder.FullName, name + ".pem");
        File.WriteAllText(file, string.Join('\n', System.Linq.Enumerable.Select(certificates, static certificate => certificate.Certificate.ExportCertificatePem())) + "\n");
        return file;
    }

    private string WriteKey(string name, AsymmetricAlgorithm key)
    {
        string file = Path.Combine(_folder.FullName, name + ".key");
        File.WriteAllText(file, key.ExportPkcs8PrivateKeyPem() + "\n");
        return file;
    }
}
