using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Cli.Demo;

/// <summary>
/// A public-key infrastructure that exists for one demonstration and only in this process. Its server chain has the
/// shape that AWS IoT sends: the server's own certificate, its issuer, a root that another root has cross-signed, and
/// that other root, cross-signed by the one that the client trusts.
/// </summary>
internal sealed class DemoPki : IDisposable
{
    /// <summary>The name in the server's certificate, unless another is asked for.</summary>
    public const string ServerName = "broker.thimble.example";

    /// <summary>What AWS IoT's four certificates come to, in bytes: the length of the chain with RSA-2048 keys.</summary>
    public const int AwsChainBytes = 4_924;

    private readonly DemoAuthority _deviceAuthority;
    private readonly AsymmetricAlgorithm _serverKey;

    private DemoPki(DemoKeys serverKeys, DemoKeys clientKey, DateTimeOffset now, string serverName)
    {
        AsymmetricAlgorithm[] keys = new AsymmetricAlgorithm[7];
        DemoKeys[] kinds = [serverKeys, serverKeys, serverKeys, serverKeys, serverKeys, DemoKeys.Rsa2048, clientKey];
        System.Threading.Tasks.Parallel.For(0, keys.Length, i => keys[i] = kinds[i].Create());

        DemoAuthority anchor = DemoAuthority.Root("Thimble Demo Class 2 Public Primary Certification Authority", keys[0], now);
        DemoAuthority top = anchor.SignAuthority("Thimble Demo Services Root CA - G2", keys[1]);
        DemoAuthority root = top.SignAuthority("Thimble Demo Root CA 1", keys[2]);
        DemoAuthority issuer = root.SignAuthority("Thimble Demo Server CA M01", keys[3]);
        _serverKey = keys[4];
        Anchor = anchor.Certificate;
        ServerChain = [SignServer(issuer, serverName, _serverKey, [issuer, root, top]), issuer.Certificate, root.Certificate, top.Certificate];
        _deviceAuthority = DemoAuthority.Root("Thimble Demo Device CA", keys[5], now);
        ClientKey = keys[6];
        ClientCertificate = _deviceAuthority.SignClient("demo-device-1", ClientKey);
        foreach (int used in (int[])[0, 1, 2, 3])
        {
            keys[used].Dispose();
        }
    }

    /// <summary>The only certificate that the client trusts.</summary>
    public X509Certificate2 Anchor { get; }

    /// <summary>The four certificates that the server sends.</summary>
    public IReadOnlyList<X509Certificate2> ServerChain { get; }

    /// <summary>The client's certificate, which an RSA authority signed, whatever the client's key.</summary>
    public X509Certificate2 ClientCertificate { get; }

    /// <summary>The client's private key.</summary>
    public AsymmetricAlgorithm ClientKey { get; }

    /// <summary>The authority that the broker trusts for its clients.</summary>
    public X509Certificate2 DeviceAuthority => _deviceAuthority.Certificate;

    /// <summary>The private key of the server's own certificate.</summary>
    public AsymmetricAlgorithm ServerKey => _serverKey;

    /// <summary>The length of the chain that the server sends, in bytes.</summary>
    public int ServerChainBytes => ServerChain.Sum(certificate => certificate.RawData.Length);

    /// <summary>Makes all keys and certificates: about a second with RSA-2048.</summary>
    public static DemoPki Create(DemoKeys serverKeys, DemoKeys clientKey, DateTimeOffset now, string serverName = ServerName) =>
        new(serverKeys, clientKey, now, serverName);

    /// <summary>What the client needs. The caller disposes of it, and with it of the client's key.</summary>
    public Credentials ClientCredentials() => Credentials.From([Anchor], [ClientCertificate], ClientKey);

    /// <summary>What the server sends, in the order that the platform's TLS expects.</summary>
    public SslStreamCertificateContext ServerContext()
    {
        X509Certificate2 leaf = _serverKey is RSA rsa ? ServerChain[0].CopyWithPrivateKey(rsa) : ServerChain[0].CopyWithPrivateKey((ECDsa)_serverKey);
        return SslStreamCertificateContext.Create(leaf, [.. ServerChain.Skip(1)], offline: true);
    }

    /// <summary>A certificate for one more client.</summary>
    public X509Certificate2 SignClient(string name, AsymmetricAlgorithm key) => _deviceAuthority.SignClient(name, key);

    public void Dispose()
    {
        _serverKey.Dispose();
        _deviceAuthority.Dispose();
        foreach (X509Certificate2 certificate in ServerChain.Append(Anchor))
        {
            certificate.Dispose();
        }
    }

    /// <summary>
    /// Real certificates carry signed timestamps of transparency logs; bytes of no meaning take their room here, as
    /// many as bring the chain to the length of the real one.
    /// </summary>
    private static X509Certificate2 SignServer(DemoAuthority issuer, string serverName, AsymmetricAlgorithm key, DemoAuthority[] above)
    {
        const int UsualTimestampBytes = 370;
        using X509Certificate2 trial = issuer.SignServer(serverName, key, UsualTimestampBytes);
        int missing = AwsChainBytes - trial.RawData.Length - above.Sum(authority => authority.Certificate.RawData.Length);
        bool isAwsLike = key is RSA { KeySize: 2048 } && missing > -100;
        return issuer.SignServer(serverName, key, isAwsLike ? UsualTimestampBytes + missing : UsualTimestampBytes);
    }
}
