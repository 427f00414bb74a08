using System.Collections.Generic;
using System.Linq;

namespace Thimble.Cli.Probe;

/// <summary>The kind of key with which a server proves who it is.</summary>
internal enum ServerKey
{
    /// <summary>RSA.</summary>
    Rsa,

    /// <summary>ECDSA, or Ed25519, which TLS 1.2 counts among the ECDHE_ECDSA suites (RFC 8422 §5.10).</summary>
    Ecdsa,
}

/// <summary>What a server accepts in one version with one kind of key.</summary>
/// <param name="Version">The version.</param>
/// <param name="Key">The kind of key.</param>
/// <param name="Suites">The suites, in the order in which the server prefers them.</param>
/// <param name="Groups">The groups for key agreement, likewise.</param>
/// <param name="Flight">Its first flight, with the chain.</param>
internal sealed record Way(ushort Version, ServerKey Key, IReadOnlyList<ushort> Suites, IReadOnlyList<ushort> Groups, ServerFacts Flight)
{
    /// <summary>Whether it goes this way only with clients that offer P-521 for key agreement, because its own key is there (RFC 8422 §5.1): no profile does.</summary>
    public bool WantsP521 { get; init; }
}

/// <summary>What became of a limit to records that was asked for.</summary>
internal enum LimitVerdict
{
    /// <summary>The server does not answer the extension: records may have any length.</summary>
    Ignored,

    /// <summary>It accepts the limit, and nothing that it sent was long enough to show whether it keeps it.</summary>
    Accepted,

    /// <summary>It accepts the limit and keeps it: longer messages came in several records.</summary>
    Honoured,

    /// <summary>It accepts the limit and then sends longer records.</summary>
    Broken,

    /// <summary>It ends the handshake because of the extension.</summary>
    Refused,
}

/// <summary>A limit to records, and what became of it.</summary>
/// <param name="Version">The version it was asked for in.</param>
/// <param name="Extension">max_fragment_length or record_size_limit, by its number.</param>
/// <param name="Bytes">The limit.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="LargestBytes">The longest record that it counts for, or 0 where none came.</param>
internal sealed record LimitFinding(ushort Version, ushort Extension, int Bytes, LimitVerdict Verdict, int LargestBytes);

/// <summary>What was found out about a server by asking.</summary>
internal sealed class Findings
{
    /// <summary>The versions that it speaks, the newest first.</summary>
    public List<ushort> Versions { get; } = [];

    /// <summary>What it accepts, the newest version first.</summary>
    public List<Way> Ways { get; } = [];

    /// <summary>How it refused a kind of key that it has no certificate for in TLS 1.2: the alert, or null where it closed.</summary>
    public Dictionary<ServerKey, byte?> Refusals { get; } = [];

    /// <summary>A suite of the old ones that it takes in TLS 1.2, where it takes no other; or 0.</summary>
    public ushort OldSuite { get; set; }

    /// <summary>A group of TLS 1.3 that a profile could not name, where the server takes no other; or 0.</summary>
    public ushort OtherGroup { get; set; }

    public List<LimitFinding> Limits { get; } = [];

    /// <summary>The protocols that it takes.</summary>
    public List<string> Alpn { get; } = [];

    /// <summary>Those that were offered.</summary>
    public IReadOnlyList<string> AlpnOffered { get; set; } = [];

    /// <summary>The certificates that it shows, one for each kind of key; the shorter way to them counts.</summary>
    public IEnumerable<Way> Chains => Ways.GroupBy(way => way.Key).Select(ways => ways.Last());

    /// <summary>Whether the server was seen in any flight to ask for a certificate.</summary>
    public ClientRequest? ClientRequest => Ways.Select(way => way.Flight.ClientRequest).FirstOrDefault(request => request is not null);
}
