using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using Thimble.Memory;
using Thimble.Tests.X509;

namespace Thimble.Tests.Peers;

/// <summary>What an <see cref="AuditedClient"/> is told.</summary>
internal sealed record ClientSetup
{
    private const CipherSuites RsaSuites =
        CipherSuites.EcdheRsaAes128GcmSha256 | CipherSuites.EcdheRsaAes256GcmSha384 | CipherSuites.EcdheRsaChaCha20Poly1305Sha256;

    private const CipherSuites EcdsaSuites =
        CipherSuites.EcdheEcdsaAes128GcmSha256 | CipherSuites.EcdheEcdsaAes256GcmSha384 | CipherSuites.EcdheEcdsaChaCha20Poly1305Sha256;

    public required IReadOnlyList<TestCertificate> Anchors { get; init; }

    public PeerIdentity? Client { get; init; }

    /// <summary>Whether the client's key is not in the ROM image, so that the test signs with it.</summary>
    public bool KeyElsewhere { get; init; }

    public required Profile Profile { get; init; }

    public string ServerName { get; init; } = PeerPki.ServerName;

    public string Alpn { get; init; } = "";

    /// <summary>The most bytes that one call of the engine is given, and may give.</summary>
    public int PieceBytes { get; init; } = 16_384;

    /// <summary>As in <see cref="Tls.TlsConfig.ProvisionalDelivery"/>.</summary>
    public bool ProvisionalDelivery { get; init; }

    /// <summary>As in <see cref="Tls.TlsConfig.WorkPerCall"/>.</summary>
    public int WorkPerCall { get; init; }

    /// <summary>The same with the client's key elsewhere.</summary>
    public ClientSetup WithKeyElsewhere() => this with { KeyElsewhere = true, Profile = Profile with { ClientKeyElsewhere = true } };

    /// <summary>As in <see cref="Tls.TlsConfig"/>.</summary>
    public byte[] Session { get; init; } = [];

    public byte[] SharedKey { get; init; } = [];

    public string SharedKeyIdentity { get; init; } = "";

    public Crypto.HashAlgorithm SharedKeyHash { get; init; }

    /// <summary>Trusts the server's root, and allows for what its chain and the client's key need and for nothing more.</summary>
    public static ClientSetup For(PeerIdentity server, PeerIdentity? client = null)
    {
        AsymmetricAlgorithm[] keys = [server.Root.Key, .. server.Chain.Select(certificate => certificate.Key)];
        int ecdsaBits = keys.OfType<ECDsa>().Select(key => key.KeySize).DefaultIfEmpty(0).Max();
        return new ClientSetup
        {
            Anchors = [server.Root],
            Client = client,
            Profile = new Profile
            {
                Suites = server.Leaf.Key is RSA ? RsaSuites : EcdsaSuites,
                Groups = Groups.Secp256r1,
                MaxRsaBits = keys.OfType<RSA>().Select(key => key.KeySize).DefaultIfEmpty(0).Max(),
                MinRsaBits = 2048,
                MaxEcdsaBits = ecdsaBits,
                MaxSignatureHashBits = Math.Clamp(ecdsaBits, 256, 512),
                Ed25519 = server.Leaf.Key is Ed25519PrivateKey,
                MaxEd25519TbsBytes = server.Chain.Where(certificate => certificate.Certificate.SignatureAlgorithm.Value == "1.3.101.112")
                    .Select(certificate => TestPki.TbsBytes(certificate.Der)).DefaultIfEmpty(0).Max(),
                ClientRsaBits = client?.Leaf.Key is RSA rsa ? rsa.KeySize : 0,
                ClientEcdsaBits = client?.Leaf.Key is ECDsa ec ? ec.KeySize : 0,
                ClientEd25519 = client?.Leaf.Key is Ed25519PrivateKey,
                InWindowBytes = 512,
                OutWindowBytes = 512,
                MaxServerNameBytes = 64,
                MaxAlpnBytes = 16,
                MaxMqttTopicBytes = 64,
            },
        };
    }
}
