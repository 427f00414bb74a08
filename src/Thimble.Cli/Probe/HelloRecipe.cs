using System.Collections.Generic;
using Thimble.Crypto;

namespace Thimble.Cli.Probe;

/// <summary>What one ClientHello says: exactly this and nothing more.</summary>
internal sealed record HelloRecipe
{
    /// <summary>The versions by their numbers, the newest first. Those above 0x0303 go into supported_versions (RFC 8446 §4.2.1).</summary>
    public required IReadOnlyList<ushort> Versions { get; init; }

    public required IReadOnlyList<ushort> Suites { get; init; }

    public required IReadOnlyList<ushort> Groups { get; init; }

    /// <summary>signature_algorithms. Those of certificates are not narrowed: signature_algorithms_cert names all (RFC 8446 §4.2.3).</summary>
    public IReadOnlyList<ushort> Schemes { get; init; } = SignatureNumbers.All;

    /// <summary>The group that a key share is sent for; none makes a server of TLS 1.3 ask for one, and so name the group and suite that it chose.</summary>
    public NamedGroup KeyShare { get; init; }

    /// <summary>The host's name; an address is not sent (RFC 6066 §3).</summary>
    public string ServerName { get; init; } = "";

    /// <summary>The code of max_fragment_length (RFC 6066 §4), or 0.</summary>
    public byte MaxFragmentLength { get; init; }

    /// <summary>record_size_limit (RFC 8449 §4), or 0.</summary>
    public ushort RecordSizeLimit { get; init; }

    public IReadOnlyList<string> Alpn { get; init; } = [];

    /// <summary>Whether TLS 1.3 is offered.</summary>
    public bool Offers13 => Versions[0] == TlsNumbers.Tls13;
}
