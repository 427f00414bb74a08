using System.Collections.Generic;

namespace Thimble.Cli.Timeline;

/// <summary>What <c>profile</c> prints with <c>--json</c>.</summary>
/// <param name="Ok">Whether the handshake went well.</param>
/// <param name="Tls">What was negotiated.</param>
/// <param name="Memory">The plan, and what was used of it.</param>
/// <param name="Events">The course of the handshake, as far as it came.</param>
/// <param name="Overlays">The regions that share bytes, each with those that it shares with.</param>
/// <param name="TotalMilliseconds">How long the handshake took, waiting for the network included.</param>
/// <param name="EngineMilliseconds">How long the engine worked.</param>
/// <param name="Fault">Why it ended, where it did not go well.</param>
/// <param name="Again">The second handshake, with the session of this one, where <c>--reconnect</c> asked for it.</param>
internal sealed record TimelineReport(
    bool Ok, TlsReport? Tls, MemoryReport? Memory, IReadOnlyList<EventLine>? Events, IReadOnlyList<OverlayLine>? Overlays, double? TotalMilliseconds, double? EngineMilliseconds, FaultReport? Fault, TimelineReport? Again);

/// <summary>One event of a handshake.</summary>
/// <param name="Name">The message, or what is computed.</param>
/// <param name="Kind"><c>Received</c>, <c>Sent</c> or <c>Computed</c>.</param>
/// <param name="Phase">The phase in which it lies.</param>
/// <param name="LiveBytes">The bytes that are alive meanwhile.</param>
/// <param name="BytesRead">What was consumed of the server's bytes, records included.</param>
/// <param name="BytesWritten">What was made for the server.</param>
/// <param name="Calls">How often the engine was called; a call does at most 256 units of work.</param>
/// <param name="Work">The public-key work, in units of about one multiplication of 256-bit numbers.</param>
/// <param name="BeganMilliseconds">When it began.</param>
/// <param name="EngineMilliseconds">How long the engine worked.</param>
internal sealed record EventLine(
    string Name, string Kind, string Phase, int LiveBytes, int BytesRead, int BytesWritten, int Calls, int Work, double BeganMilliseconds, double EngineMilliseconds);

/// <summary>A region, and those whose bytes it shares at other times.</summary>
internal sealed record OverlayLine(string Region, int Offset, int Bytes, IReadOnlyList<string> SharesWith);
