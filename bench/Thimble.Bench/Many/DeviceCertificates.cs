using System;
using System.Buffers.Binary;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Bench.Many;

/// <summary>
/// One authority, one server, and a certificate with a key of its own for each device, all on P-256. They are made by one process and read by another one, so that
/// making them leaves nothing in the memory that is measured.
/// </summary>
internal sealed class DeviceCertificates : IDisposable
{
    public const string ServerName = "localhost";

    private const int HeaderBytes = 12;

    private readonly FileStream _devices;
    private readonly long[] _offsets;

    private DeviceCertificates(string folder)
    {
        _devices = File.OpenRead(Path.Combine(folder, "devices"));
        Authority = X509CertificateLoader.LoadCertificateFromFile(AuthorityFile(folder));
        byte[] count = new byte[4];
        _devices.ReadExactly(count);
        _offsets = new long[BinaryPrimitives.ReadInt32LittleEndian(count)];
        Span<byte> header = stackalloc byte[HeaderBytes];
        for (int i = 0; i < _offsets.Length; i++)
        {
            _offsets[i] = _devices.Position;
            _devices.ReadExactly(header);
            _devices.Position += BinaryPrimitives.ReadInt32LittleEndian(header) + BinaryPrimitives.ReadInt32LittleEndian(header[4..]) + BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        }
    }

    public X509Certificate2 Authority { get; }

    public static string AuthorityFile(string folder) => Path.Combine(folder, "authority.pem");

    public static string ServerFile(string folder) => Path.Combine(folder, "server.pem");

    public static string ServerKeyFile(string folder) => Path.Combine(folder, "server.key");

    public static DeviceCertificates Open(string folder) => new(folder);

    public static void Write(string folder, int devices)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Thimble bench authority", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        using X509Certificate2 authority = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        File.WriteAllText(AuthorityFile(folder), authority.ExportCertificatePem());

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 server = Sign(authority, authorityKey, "CN=" + ServerName, serverKey, "1.3.6.1.5.5.7.3.1", 1);
        File.WriteAllText(ServerFile(folder), server.ExportCertificatePem());
        File.WriteAllText(ServerKeyFile(folder), serverKey.ExportPkcs8PrivateKeyPem());

        using FileStream file = File.Create(Path.Combine(folder, "devices"));
        byte[] header = new byte[HeaderBytes];
        BinaryPrimitives.WriteInt32LittleEndian(header, devices);
        file.Write(header.AsSpan(0, 4));
        for (int i = 0; i < devices; i++)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using X509Certificate2 device = Sign(authority, authorityKey, $"CN=device-{i}", key, "1.3.6.1.5.5.7.3.2", i + 2);
            byte[] secret = key.ExportPkcs8PrivateKey();
            using var builder = new RomImageBuilder();
            builder.AddTrustAnchor(authority);
            builder.SetClientCertificate([device.RawData], key);
            byte[] image = builder.Build(now);
            BinaryPrimitives.WriteInt32LittleEndian(header, device.RawDataMemory.Length);
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), secret.Length);
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), image.Length);
            file.Write(header);
            file.Write(device.RawDataMemory.Span);
            file.Write(secret);
            file.Write(image);
        }
    }

    /// <summary>The certificate of a device and its key, which the caller disposes of.</summary>
    public (X509Certificate2 Certificate, ECDsa Key) Read(int device)
    {
        (byte[] certificate, byte[] secret, _) = Parts(device);
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(secret, out _);
        return (X509CertificateLoader.LoadCertificate(certificate), key);
    }

    /// <summary>The same as a ROM image, with the authority as its anchor.</summary>
    public byte[] Image(int device) => Parts(device).Image;

    public void Dispose()
    {
        Authority.Dispose();
        _devices.Dispose();
    }

    private (byte[] Certificate, byte[] Secret, byte[] Image) Parts(int device)
    {
        byte[] header = new byte[HeaderBytes];
        lock (_devices)
        {
            _devices.Position = _offsets[device];
            _devices.ReadExactly(header);
            return (Part(0), Part(4), Part(8));
        }

        byte[] Part(int at)
        {
            byte[] part = new byte[BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(at))];
            _devices.ReadExactly(part);
            return part;
        }
    }

    private static X509Certificate2 Sign(X509Certificate2 authority, ECDsa authorityKey, string subject, ECDsa key, string usage, int serial)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        if (serial == 1)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(ServerName);
            request.CertificateExtensions.Add(names.Build());
        }

        byte[] number = new byte[5];
        number[0] = 0x40; // positive and of full length (RFC 5280 §4.1.2.2)
        BinaryPrimitives.WriteInt32BigEndian(number.AsSpan(1), serial);
        return request.Create(authority.SubjectName, X509SignatureGenerator.CreateForECDsa(authorityKey), authority.NotBefore, authority.NotAfter, number);
    }
}
