using System;
using Thimble.Memory;

namespace Thimble.Cli.Timeline;

/// <summary>One stretch of a handshake: a message, or work between messages.</summary>
/// <param name="Name">The message, by its name in the RFCs, or what is computed.</param>
/// <param name="Kind">Whose it is.</param>
/// <param name="Phase">The phase in which it lies: which regions are alive.</param>
/// <param name="BytesRead">What was consumed of the server's bytes, headers and tags of records included.</param>
/// <param name="BytesWritten">What was made for the server, the same included.</param>
/// <param name="Calls">How often the engine was called.</param>
/// <param name="Work">The public-key work, in units of about one multiplication of 256-bit numbers.</param>
/// <param name="Began">When its first call began, since the handshake did.</param>
/// <param name="Ended">When its last call ended.</param>
/// <param name="Duration">How long the engine worked; what is left of the time it waited for the network.</param>
internal sealed record TimelineEvent(
    string Name, EventKind Kind, Phase Phase, int BytesRead, int BytesWritten, int Calls, int Work, TimeSpan Began, TimeSpan Ended, TimeSpan Duration);
