using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.BogoShim;

/// <summary>What the engine is told for one connection, made from the flags.</summary>
internal sealed class ClientSetup : IDisposable
{
    private const CipherSuites ForRsa =
        CipherSuites.EcdheRsaAes128GcmSha256 | CipherSuites.EcdheRsaAes256GcmSha384 | CipherSuites.EcdheRsaChaCha20Poly1305Sha256
        | CipherSuites.Aes128GcmSha256 | CipherSuites.Aes256GcmSha384 | CipherSuites.ChaCha20Poly1305Sha256;

    private const CipherSuites ForEcdsa =
        CipherSuites.EcdheEcdsaAes128GcmSha256 | CipherSuites.EcdheEcdsaAes256GcmSha384 | CipherSuites.EcdheEcdsaChaCha20Poly1305Sha256;

    private ClientSetup(Profile profile, PlanBuffer romImage, string serverName)
    {
        Profile = profile;
        RomImage = romImage;
        ServerName = serverName;
    }

    public Profile Profile { get; }

    /// <summary>The trust anchors, and the client's chain and key.</summary>
    public PlanBuffer RomImage { get; }

    public string ServerName { get; }

    /// <summary>Reads the files that the flags name.</summary>
    /// <exception cref="DeclinedException">The engine cannot do what the flags ask for together.</exception>
    public static ClientSetup For(ShimConfig config, DateTimeOffset now)
    {
        if (config.TrustFile is null)
        {
            throw new DeclinedException("without -trust-cert: the engine trusts no certificate that it was not given");
        }

        try
        {
            // One certificate alone is read by the platform's loader: most tests need no more, and it starts faster.
            using Credentials credentials = config.CertificateFile is null && config.KeyFile is null
                ? Credentials.From([X509CertificateLoader.LoadCertificateFromFile(config.TrustFile)])
                : Credentials.Load(config.TrustFile, config.CertificateFile, config.KeyFile);
            string serverName = NameFor(config, credentials.Anchors[0]);
            Profile profile = credentials.Fit(Limits(config));
            RefuseHiddenCurve(profile, credentials.Anchors[0]);
            byte[] image = credentials.BuildRomImage(now);
            var romImage = new PlanBuffer(image.Length);
            image.CopyTo(romImage.Span);
            return new ClientSetup(profile, romImage, serverName);
        }
        catch (CredentialException e)
        {
            throw new DeclinedException(e.Message, e);
        }
    }

    public void Dispose() => RomImage.Dispose();

    /// <summary>The name must be in the certificate, whether the test cares for names or not.</summary>
    private static string NameFor(ShimConfig config, X509Certificate2 trusted)
    {
        string own = trusted.GetNameInfo(X509NameType.DnsFromAlternativeName, forIssuer: false);
        if (own.Length == 0 || (config.HostName is not null && config.HostName != own))
        {
            throw new DeclinedException($"-host-name {config.HostName}, which is not the certificate's name ({own})");
        }

        return own;
    }

    /// <summary>TLS 1.2 has one list of curves for all uses: a key on a curve that is not among the groups could not be verified.</summary>
    private static void RefuseHiddenCurve(in Profile profile, X509Certificate2 trusted)
    {
        using ECDsa? key = trusted.PublicKey.Oid.Value == "1.2.840.10045.2.1" ? trusted.GetECDsaPublicKey() : null;
        if (key is not null && key.KeySize > profile.MaxEcdsaBits)
        {
            throw new DeclinedException($"a key of {key.KeySize} bits on a curve that -curves leaves out");
        }
    }

    private static Profile Limits(ShimConfig config)
    {
        Groups groups = GroupsOf(config);
        TlsVersions versions = VersionsOf(config);
        bool hides256 = (versions & TlsVersions.Tls12) != 0 && (groups & Groups.Secp256r1) == 0;
        bool hides384 = (versions & TlsVersions.Tls12) != 0 && (groups & Groups.Secp384r1) == 0;
        int ecdsaBits = hides256 ? 0 : hides384 ? 256 : 384;
        return new Profile
        {
            Versions = versions,
            Suites = ecdsaBits > 0 ? ForRsa | ForEcdsa : ForRsa,
            Groups = groups,
            MinRsaBits = 2048,
            MaxRsaBits = 4096,
            MaxEcdsaBits = ecdsaBits,
            MaxSignatureHashBits = 512,
            InWindowBytes = 1 << 14,
            OutWindowBytes = config.MaxSendFragmentBytes,
            MaxServerNameBytes = 253,
            MaxAlpnBytes = config.Alpn.Length,
            SecondTranscript = true,
            AllowLegacyMasterSecret = !config.RequiresExtendedMasterSecret,
            MaxTicketBytes = 2048,
            ExportsKeys = config.ExportedBytes > 0,
        };
    }

    private static TlsVersions VersionsOf(ShimConfig config)
    {
        TlsVersions versions = Offered(TlsVersions.Tls12, 0x0303, config.Tls12) | Offered(TlsVersions.Tls13, 0x0304, config.Tls13);
        return versions != TlsVersions.None ? versions : throw new DeclinedException("neither TLS 1.2 nor TLS 1.3");

        TlsVersions Offered(TlsVersions version, int number, bool wanted) =>
            wanted && config.MinVersion <= number && number <= config.MaxVersion ? version : TlsVersions.None;
    }

    /// <summary>The engine has an order of its own: flags in another order ask for a key share that it would not send.</summary>
    private static Groups GroupsOf(ShimConfig config)
    {
        int[] order = [(int)NamedGroup.X25519, (int)NamedGroup.Secp256r1, (int)NamedGroup.Secp384r1];
        Groups groups = Groups.None;
        int last = -1;
        foreach (int group in config.Groups.Count == 0 ? order : config.Groups.ToArray())
        {
            int at = Array.IndexOf(order, group);
            groups |= at <= last ? throw new DeclinedException($"-curves {group} at this place") : (NamedGroup)group switch
            {
                NamedGroup.X25519 => Groups.X25519,
                NamedGroup.Secp256r1 => Groups.Secp256r1,
                _ => Groups.Secp384r1,
            };
            last = at;
        }

        return groups;
    }
}
