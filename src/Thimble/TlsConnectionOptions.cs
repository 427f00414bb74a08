using System;
using Thimble.Memory;

namespace Thimble;

/// <summary>What a <see cref="TlsConnection"/> is told before it begins.</summary>
public sealed record TlsConnectionOptions
{
    /// <summary>Whom the client trusts and who it is. Where <see cref="CredentialSource"/> is given, that one's, and this may be left out.</summary>
    /// <exception cref="InvalidOperationException">Neither was given.</exception>
    public Credentials Credentials
    {
        get => CredentialSource?.Current ?? field ?? throw new InvalidOperationException("Give Credentials, or a CredentialSource.");
        init;
    }

    /// <summary>Who is asked for the credentials at the beginning of each connection, so that they can change without a restart; or null.</summary>
    public CredentialSource? CredentialSource { get; init; }

    /// <summary>
    /// Code that has the last word about a server, or null. It is called once in a handshake, when chain, name and the server's Finished are
    /// verified, and before <see cref="TlsConnection.Handshake"/> returns or a byte of an application leaves; the client's certificate, where the server
    /// asked for one, has been sent by then. Null accepts; any text refuses: the server is told certificate_unknown, and the text stands in the
    /// <see cref="TlsFaultException"/> (<see cref="FaultReason.ServerRefused"/>). So does what it throws. Where a session is resumed or a shared key
    /// vouches there is no chain, and it is not called: sessions are kept apart by this code, so that it has judged the server of each.
    /// </summary>
    public Func<VerifiedServer, string?>? JudgeServer { get; init; }

    /// <summary>The limits of the connection. They must plan for the client's key: see <see cref="Credentials.Fit"/>.</summary>
    public required Profile Profile { get; init; }

    /// <summary>The name that the server's certificate must carry: a DNS name, or an IP address as text.</summary>
    public required string ServerName { get; init; }

    /// <summary>The application protocol to offer (RFC 7301), or nothing.</summary>
    public string Alpn { get; init; } = "";

    /// <summary>Where sessions are kept and found, or null for none. The profile's MaxTicketBytes must not be 0.</summary>
    public SessionCache? Sessions { get; init; }

    /// <summary>A key that was shared with the server beforehand, or null. The profile's PskModes say how it may be used.</summary>
    public PreSharedKey? PreSharedKey { get; init; }

    /// <summary>The time by which certificates are judged; null is the time of this machine.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>The longest that a handshake, a read or a write may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether application records may be larger than the profile's <see cref="Profile.InWindowBytes"/>. They pass through the
    /// window, and <see cref="TlsConnection.Read(Span{byte})"/> gathers each in memory that it borrows from the shared pool until
    /// the record's tag verified; <see cref="TlsConnection.Read(Span{byte}, out int)"/> needs none. Otherwise such a record is
    /// <see cref="FaultReason.RecordLargerThanWindow"/>.
    /// </summary>
    public bool AcceptLargeRecords { get; init; }

    /// <summary>
    /// A file that the connection's secrets are appended to in the NSS key log format, as Wireshark wants it; null logs none. Whoever
    /// has that file and the records can read all that was said, and could have changed it: for development only.
    /// </summary>
    public string? KeyLogFile { get; init; }

    /// <summary>Whether the memory is painted and what is really written is counted; costs time and changes nothing else.</summary>
    public bool Audit { get; init; }

    /// <summary>A hold on the credentials for one connection.</summary>
    internal CredentialLease Borrow(DateTimeOffset now) => CredentialSource is { } source ? source.Borrow(now) : Credentials.Borrow(now);
}
