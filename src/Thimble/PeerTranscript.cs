using System;
using System.Collections.Generic;

namespace Thimble;

/// <summary>What the server said: what it chose, as far as it said so in the clear, and its certificates.</summary>
/// <param name="Version">The protocol version that it chose, or 0.</param>
/// <param name="Suite">The cipher suite that it chose, or 0.</param>
/// <param name="Group">The named group of its key share, or 0.</param>
/// <param name="AsksForCertificate">Whether it asked for a client certificate.</param>
/// <param name="Chain">The certificates that it sent, its own first.</param>
public sealed record PeerTranscript(ushort Version, ushort Suite, ushort Group, bool AsksForCertificate, IReadOnlyList<PeerCertificate> Chain)
{
    /// <summary>Nothing was said.</summary>
    public static PeerTranscript Nothing { get; } = new(0, 0, 0, false, Array.Empty<PeerCertificate>());
}
