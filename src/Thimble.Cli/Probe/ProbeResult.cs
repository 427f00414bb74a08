using System;
using System.Collections.Generic;
using Thimble.Memory;

namespace Thimble.Cli.Probe;

/// <summary>Whether a session of one version goes on.</summary>
/// <param name="Version">The version.</param>
/// <param name="Resumed">Whether it does.</param>
/// <param name="SessionBytes">What a session takes here, or 0 where the server gave none.</param>
internal sealed record ResumptionFinding(ushort Version, bool Resumed, int SessionBytes);

/// <summary>All that a probe found out.</summary>
internal sealed class ProbeResult : IDisposable
{
    public required Findings Findings { get; init; }

    public required IReadOnlyDictionary<Way, ServerChain> Chains { get; init; }

    /// <summary>The profiles that should work, the smallest first.</summary>
    public required IReadOnlyList<Candidate> Candidates { get; init; }

    public List<ResumptionFinding> Resumption { get; } = [];

    /// <summary>The profile that is proposed, or null where none can work.</summary>
    public Candidate? Proposal { get; set; }

    /// <summary>What came of connecting with it.</summary>
    public Trial? Proof { get; set; }

    /// <summary>Whether the server refuses a client without a certificate; null where that is not known.</summary>
    public bool? ClientCertificateRequired { get; set; }

    public int LargestRecordBytes { get; set; }

    public int Connections { get; set; }

    /// <summary>How many questions got no answer.</summary>
    public int Unanswered { get; set; }

    /// <summary>The longest ticket that was seen, in bytes; 0 where no session goes on.</summary>
    public int TicketBytes { get; set; }

    public void Dispose()
    {
        foreach (ServerChain chain in Chains.Values)
        {
            chain.Dispose();
        }
    }
}
