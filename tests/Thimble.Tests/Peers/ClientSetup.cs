using System;
using System.Collections.Generic;
using Thimble.Memory;
using Thimble.Tests.X509;

namespace Thimble.Tests.Peers;

/// <summary>What an <see cref="AuditedClient"/> is told.</summary>
internal sealed record ClientSetup
{
    public required IReadOnlyList<TestCertificate> Anchors { get; init; }

    public PeerIdentity? Client { get; init; }

    public required Profile Profile { get; init; }

    public string ServerName { get; init; } = PeerPki.ServerName;

    public string Alpn { get; init; } = "";

    /// <summary>The most bytes that one call of the engine is given, and may give.</summary>
    public int PieceBytes { get; init; } = 16_384;

    /// <summary>As in <see cref="Tls.TlsConfig.WorkPerCall"/>.</summary>
    public int WorkPerCall { get; init; }

    /// <summary>Trusts the server's root, and allows for what its chain and the client's key need and for nothing more.</summary>
    public static ClientSetup For(PeerIdentity server, PeerIdentity? client = null) => new()
    {
        Anchors = [server.Root],
        Client = client,
        Profile = ProfileFor(server.Name) with
        {
            ClientRsaBits = client?.Name == "client-rsa" ? 2048 : 0,
            ClientEcdsaBits = client is null or { Name: "client-rsa" } ? 0 : 256,
        },
    };

    private static Profile ProfileFor(string server) => new()
    {
        Suites = SuitesFor(server),
        Groups = Groups.Secp256r1,
        MaxRsaBits = server is "p256" or "p384" or "expired" or "self-signed" ? 0 : 2048,
        MinRsaBits = 2048,
        MaxEcdsaBits = server == "p384" ? 384 : server.StartsWith("rsa", StringComparison.Ordinal) ? 0 : 256,
        MaxSignatureHashBits = server == "p384" ? 384 : 256,
        InWindowBytes = 512,
        OutWindowBytes = 512,
        MaxServerNameBytes = 64,
        MaxAlpnBytes = 16,
        MaxMqttTopicBytes = 64,
    };

    private static CipherSuites SuitesFor(string server) => server.StartsWith("rsa", StringComparison.Ordinal)
        ? CipherSuites.EcdheRsaAes128GcmSha256 | CipherSuites.EcdheRsaAes256GcmSha384 | CipherSuites.EcdheRsaChaCha20Poly1305Sha256
        : CipherSuites.EcdheEcdsaAes128GcmSha256 | CipherSuites.EcdheEcdsaAes256GcmSha384 | CipherSuites.EcdheEcdsaChaCha20Poly1305Sha256;
}
