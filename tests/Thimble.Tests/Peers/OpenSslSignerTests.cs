using System;
using System.Linq;
using System.Net.Sockets;
using System.Security.Cryptography;
using Thimble.Memory;
using Thimble.Testing;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>OpenSSL verifies what a key elsewhere signed, and what the client's own Ed25519 key did.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class OpenSslSignerTests(PeerPki pki)
{
    [PeerTheory("openssl")]
    [InlineData("-tls1_2", "p256", "", SignatureScheme.EcdsaSha256)]
    [InlineData("-tls1_2", "p384", "", SignatureScheme.EcdsaSha256)]
    [InlineData("-tls1_2", "rsa", "RSA+SHA256", SignatureScheme.RsaPkcs1Sha256)]
    [InlineData("-tls1_2", "rsa", "RSA-PSS+SHA256", SignatureScheme.RsaPssRsaeSha256)]
    [InlineData("-tls1_3", "p256", "", SignatureScheme.EcdsaSha256)]
    [InlineData("-tls1_3", "p384", "", SignatureScheme.EcdsaSha384)]
    [InlineData("-tls1_3", "rsa", "", SignatureScheme.RsaPssRsaeSha256)]
    [InlineData("-tls1_3", "rsa", "RSA-PSS+SHA512", SignatureScheme.RsaPssRsaeSha512)]
    [InlineData("-tls1_3", "ed25519", "", SignatureScheme.Ed25519)]
    public void A_key_elsewhere_signs_what_the_server_demands(string version, string client, string schemes, SignatureScheme chosen)
    {
        PeerIdentity device = pki.Client(client)!;
        string[] only = schemes.Length == 0 ? [] : ["-client_sigalgs", schemes];
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), [version, "-rev", .. OpenSslServer.DemandClient(pki, device), .. only]);
        foreach ((int pieceBytes, int workPerCall) in ((int, int)[])[(16_384, 0), (61, 300), (1, 1)])
        {
            using AuditedClient tls = AuditedClient.To(peer.Port, Setup(version, device).WithKeyElsewhere() with { PieceBytes = pieceBytes, WorkPerCall = workPerCall });
            tls.Connect();
            Assert.Equal((1, chosen, true), (tls.Signatures, tls.SignatureScheme, tls.SentClientCertificate));
            tls.AssertEchoes(300, reversed: true);
            Assert.True(tls.Close());
        }
    }

    [PeerFact("openssl")]
    public void The_client_signs_with_its_own_Ed25519_key()
    {
        PeerIdentity device = pki.Client("ed25519")!;
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("rsa-4"), ["-tls1_3", "-rev", .. OpenSslServer.DemandClient(pki, device)]);
        foreach ((int pieceBytes, int workPerCall) in ((int, int)[])[(16_384, 0), (61, 300), (1, 1)])
        {
            ClientSetup setup = ClientSetup.For(pki.Server("rsa-4"), device);
            using AuditedClient tls = AuditedClient.To(peer.Port, setup with
            {
                Profile = setup.Profile.Offering(TlsVersions.Tls12 | TlsVersions.Tls13) with { InWindowBytes = 16_384 },
                PieceBytes = pieceBytes,
                WorkPerCall = workPerCall,
            });
            tls.Connect();
            Assert.Equal((0, true), (tls.Signatures, tls.SentClientCertificate));
            tls.AssertEchoes(300, reversed: true);
            Assert.True(tls.Close());
        }
    }

    [PeerFact("openssl")]
    public void A_key_that_OpenSSL_made_is_read()
    {
        string file = pki.WriteFile("");
        PeerProcess.Run("openssl", "genpkey", "-algorithm", "ed25519", "-out", file);
        using AsymmetricAlgorithm key = PrivateKeyFile.Read(file);
        Assert.Equal(PeerProcess.Run("openssl", "pkey", "-in", file, "-pubout").Trim(), key.ExportSubjectPublicKeyInfoPem());
    }

    [PeerFact("openssl")]
    public void A_key_file_of_Ed25519_serves_a_connection()
    {
        PeerIdentity device = pki.Client("ed25519")!;
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), ["-tls1_3", "-rev", .. OpenSslServer.DemandClient(pki, device)]);
        using Credentials credentials = Credentials.Load(pki.Server("p256").RootFile, device.ChainFile, device.KeyFile);
        using NetworkStream transport = TcpTransport.Connect("127.0.0.1", peer.Port, TimeSpan.FromSeconds(20));
        using var connection = new TlsConnection(
            new TlsConnectionOptions { Credentials = credentials, Profile = credentials.Fit(Profiles.General.Profile.Offering(TlsVersions.Tls13)), ServerName = PeerPki.ServerName }, transport);
        connection.Handshake();
        Assert.True(connection.SentClientCertificate);
        connection.Write("abc\n"u8);
        byte[] answer = new byte[4];
        int read = connection.Read(answer);
        Assert.Equal("cba\n"u8[..read].ToArray(), answer.Take(read));
        connection.Close();
    }

    private ClientSetup Setup(string version, PeerIdentity device)
    {
        ClientSetup setup = ClientSetup.For(pki.Server("p256"), device);
        TlsVersions versions = version == "-tls1_3" ? TlsVersions.Tls12 | TlsVersions.Tls13 : TlsVersions.Tls12;
        return setup with { Profile = setup.Profile.Offering(versions) with { InWindowBytes = 16_384 } };
    }
}
