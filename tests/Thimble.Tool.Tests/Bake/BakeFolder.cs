using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Tests.Cli;

namespace Thimble.Tool.Tests.Bake;

/// <summary>A folder with a small PKI in files: a root, an intermediate, a device below it, and others that disturb.</summary>
public sealed class BakeFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thimble-bake-");

    public BakeFolder()
    {
        Made("cert", "ca", "--name", "Root", "--intermediate", "Line", "-o", _folder.FullName);
        Made("cert", "device", "--issuer", Path("intermediate.pem"), "--issuer-key", Path("intermediate.key"), "--name", "device-{0}", "--count", "2", "-o", _folder.FullName);
        Made("cert", "device", "--issuer", Path("intermediate.pem"), "--issuer-key", Path("intermediate.key"), "--name", "rsa", "--key-type", "rsa-2048", "-o", _folder.FullName);
        Made("cert", "ca", "--name", "Other", "-o", Path("other"));
        Write("expired.pem", Expired());
    }

    /// <summary>The root's certificate file.</summary>
    public string Root => Path("ca.pem");

    /// <summary>The device's certificate and the intermediate's.</summary>
    public string Certificate => Path("device-1.pem");

    public string Key => Path("device-1.key");

    public string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    public string Text(string name) => File.ReadAllText(Path(name));

    public string Write(string name, string text)
    {
        File.WriteAllText(Path(name), text);
        return Path(name);
    }

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(Path(name), content);
        return Path(name);
    }

    /// <summary>The certificates of a PEM file, each as PEM.</summary>
    public string[] Pems(string name)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPem(Text(name));
        return [.. all.Select(static certificate => certificate.ExportCertificatePem() + "\n")];
    }

    /// <summary>Files that were begun and not finished.</summary>
    public string[] Leftovers => [.. _folder.EnumerateFiles("*.part", new EnumerationOptions { AttributesToSkip = 0, RecurseSubdirectories = true }).Select(static file => file.Name)];

    /// <summary>A command that must go well.</summary>
    internal static CliRun Made(params string[] arguments)
    {
        CliRun run = CliRun.Of(arguments);
        return run.ExitCode == 0 ? run : throw new InvalidOperationException(run.Error);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>A device's certificate that ended, with its key behind.</summary>
    private static string Expired()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=old", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-20), DateTimeOffset.UtcNow.AddDays(-10));
        return certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
    }
}
