using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using Thimble.Memory;

namespace Thimble.Cli;

/// <summary>A handshake as it was asked for on the command line.</summary>
/// <param name="Server">Where the server listens.</param>
/// <param name="CaFile">The certificates to trust, or null.</param>
/// <param name="Pins">The hashes of keys to trust, or to narrow that to.</param>
/// <param name="SharedKey">The identity of a key shared beforehand, and the key in hexadecimal digits.</param>
/// <param name="Reconnect">Whether a second connection resumes the session of a first.</param>
/// <param name="CertificateFile">The client's certificate, or null.</param>
/// <param name="KeyFile">Its key.</param>
/// <param name="ServerName">The name that the server's certificate must carry.</param>
/// <param name="Alpn">The application protocol to offer; may be empty.</param>
/// <param name="Now">The time to judge by, or null for this machine's.</param>
/// <param name="Timeout">How long to wait.</param>
/// <param name="ProfileName">The profile in words.</param>
/// <param name="Profile">The profile as it was chosen.</param>
internal sealed record HandshakeRequest(
    HostAndPort Server, string? CaFile, IReadOnlyList<KeyPin> Pins, (string Identity, string Hex)? SharedKey, bool Reconnect, string? CertificateFile, string? KeyFile, string ServerName,
    string Alpn, DateTimeOffset? Now, TimeSpan Timeout, string ProfileName, Profile Profile)
{
    /// <summary>The longest ticket where nothing was said of it: OpenSSL puts the client's certificate in.</summary>
    private const int UsualTicketBytes = 2048;

    /// <summary>Whom to trust, and who we are.</summary>
    public Credentials ReadCredentials()
    {
        if (Pins.Count == 0)
        {
            return CaFile is null ? Credentials.OfSharedKey() : Credentials.Load(CaFile, CertificateFile, KeyFile);
        }

        IEnumerable<string> pins = Pins.Select(static pin => pin.Text);
        ClientIdentity? client = this is { CertificateFile: { } certificate, KeyFile: { } key } ? ClientIdentity.FromFiles(certificate, key) : null;
        return Credentials.From(CaFile is { } file ? Trust.FromFile(file).WithPins(pins) : Trust.OfPins(pins), client);
    }

    /// <summary>The key that is shared with the server, or null.</summary>
    public PreSharedKey? ReadSharedKey() => SharedKey is { } shared ? PreSharedKey.FromHex(shared.Identity, shared.Hex) : null;

    /// <summary>What a connection is made with; its memory is surveyed.</summary>
    public TlsConnectionOptions Options(Credentials credentials, PreSharedKey? sharedKey) => new()
    {
        Credentials = credentials,
        Profile = Fit(credentials.Fit(Profile)),
        ServerName = ServerName,
        Alpn = Alpn,
        PreSharedKey = sharedKey,
        Now = Now,
        Timeout = Timeout,
        Audit = true,
    };

    public NetworkStream Connect() => TcpTransport.Connect(Server.Host, Server.Port, Timeout);

    /// <summary>A connection for the sake of its session. Servers of TLS 1.3 give it behind the handshake, so it is closed in good order.</summary>
    public void ConnectOnce(TlsConnectionOptions options)
    {
        using NetworkStream transport = Connect();
        using var connection = new TlsConnection(options, transport);
        connection.Handshake();
        connection.Close();
    }

    /// <summary>A name on the command line is as long as it is; a device would plan for its own.</summary>
    private Profile Fit(in Profile profile) => WithSharedKeySuites(profile with
    {
        MaxServerNameBytes = Math.Max(profile.MaxServerNameBytes, Math.Min(ServerName.Length, 253)),
        MaxAlpnBytes = Math.Max(profile.MaxAlpnBytes, Math.Min(Alpn.Length, 255)),
        MaxTicketBytes = Reconnect && profile.MaxTicketBytes == 0 ? UsualTicketBytes : profile.MaxTicketBytes,
        PskModes = SharedKey is not null && profile.PskModes == PskModes.None ? PskModes.PskWithDhe : profile.PskModes,
        MaxPskIdentityBytes = Math.Max(profile.MaxPskIdentityBytes, Encoding.UTF8.GetByteCount(SharedKey?.Identity ?? "")),
    }, SharedKey is not null);

    /// <summary>TLS 1.2 has suites of their own for shared keys: the usual ones go with a key where none was named.</summary>
    internal static Profile WithSharedKeySuites(Profile profile, bool hasKey)
    {
        const CipherSuites Alone = CipherSuites.PskAes128GcmSha256 | CipherSuites.PskChaCha20Poly1305Sha256;
        const CipherSuites Agreed = CipherSuites.EcdhePskAes128GcmSha256 | CipherSuites.EcdhePskChaCha20Poly1305Sha256;
        bool named = (profile.Suites & (SuiteSets.Psk | SuiteSets.EcdhePsk)) != 0;
        if (!hasKey || named || !profile.Offers(TlsVersions.Tls12))
        {
            return profile;
        }

        CipherSuites more = ((profile.PskModes & PskModes.Psk) != 0 ? Alone : 0) | ((profile.PskModes & PskModes.PskWithDhe) != 0 ? Agreed : 0);
        return profile with { Suites = profile.Suites | more };
    }
}
