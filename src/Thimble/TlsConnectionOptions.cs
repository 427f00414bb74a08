using System;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Thimble.Memory;

namespace Thimble;

/// <summary>What a <see cref="TlsConnection"/> is told before it begins. Immutable, and one object may serve any number of connections.</summary>
public sealed record TlsConnectionOptions
{
    /// <summary>Whom the client trusts and who it is. Where <see cref="CredentialSource"/> is given, that one's, and this may be left out.</summary>
    /// <exception cref="InvalidOperationException">Neither was given.</exception>
    public Credentials Credentials
    {
        get => CredentialSource?.Current ?? field ?? throw new InvalidOperationException("Give Credentials, or a CredentialSource.");
        init => field = value ?? throw new ArgumentNullException(nameof(value), "Credentials say whom the client trusts: load them from files, or make them from certificates.");
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
    public required string ServerName
    {
        get;
        init => field = string.IsNullOrEmpty(value) ? throw new ArgumentException("ServerName is the name that the server's certificate must carry: give the host's name, or its address.", nameof(value)) : value;
    }

    /// <summary>
    /// The application protocol to offer (RFC 7301), such as <c>mqtt</c> or <c>http/1.1</c>, or nothing. The engine offers one: a client
    /// that speaks several asks for each on a connection of its own.
    /// </summary>
    public string Alpn
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(value), "Alpn is one protocol, or empty for none.");
    } = "";

    /// <summary>Where sessions are kept and found, or null for none. The profile's MaxTicketBytes must not be 0.</summary>
    public SessionCache? Sessions { get; init; }

    /// <summary>A key that was shared with the server beforehand, or null. The profile's PskModes say how it may be used.</summary>
    public PreSharedKey? PreSharedKey { get; init; }

    /// <summary>The time by which certificates are judged; null is the time of <see cref="TimeProvider"/>.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>
    /// The longest that a handshake, or a synchronous read or write may take. Asynchronous reads and writes end with their token.
    /// </summary>
    public TimeSpan Timeout
    {
        get;
        init => field = (value > TimeSpan.Zero && value.TotalMilliseconds < int.MaxValue) || value == System.Threading.Timeout.InfiniteTimeSpan
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Timeout must be longer than nothing and shorter than 24 days, or Timeout.InfiniteTimeSpan.");
    } = TimeSpan.FromSeconds(10);

    /// <summary>Where time comes from: that by which certificates are judged unless <see cref="Now"/> is set, and that of time-outs.</summary>
    public TimeProvider TimeProvider
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(value), "TimeProvider is TimeProvider.System unless another is needed.");
    } = TimeProvider.System;

    /// <summary>
    /// Where handshakes and failures are told, in words and numbers; never a secret, nor what was said. Metrics and activities go by the
    /// name "Thimble".
    /// </summary>
    public ILogger Logger
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(value), "Logger is NullLogger.Instance unless something is to be logged.");
    } = NullLogger.Instance;

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

    /// <summary>Who watches the handshake step by step, or null. It then goes in smaller steps, and its flights in smaller writes.</summary>
    internal IHandshakeObserver? Observer { get; init; }

    /// <summary>A hold on the credentials for one connection.</summary>
    internal CredentialLease Borrow(DateTimeOffset now) => CredentialSource is { } source ? source.Borrow(now) : Credentials.Borrow(now);
}
