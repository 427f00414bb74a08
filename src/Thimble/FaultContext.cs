using System;
using System.Collections.Generic;
using Thimble.Memory;

namespace Thimble;

/// <summary>What surrounds a fault: it makes the difference between a code and a sentence.</summary>
public sealed record FaultContext
{
    /// <summary>The name that the fault speaks of, from the engine's own region for it; may be empty.</summary>
    public string Text { get; init; } = "";

    /// <summary>The profile of the connection.</summary>
    public Profile Profile { get; init; }

    /// <summary>The server's name as it was asked for.</summary>
    public string ServerName { get; init; } = "";

    /// <summary>The names of the trust anchors.</summary>
    public IReadOnlyList<string> AnchorNames { get; init; } = [];

    /// <summary>The certificates that passed by, the server's own first; may be empty.</summary>
    public IReadOnlyList<PeerCertificate> PeerChain { get; init; } = [];

    /// <summary>True where the client had a certificate to show.</summary>
    public bool HasClientCertificate { get; init; }

    /// <summary>The pinned keys; may be empty.</summary>
    public IReadOnlyList<KeyPin> Pins { get; init; } = [];

    /// <summary>Why the user's own code refused the server, in its words; may be empty.</summary>
    public string Refusal { get; init; } = "";
}
