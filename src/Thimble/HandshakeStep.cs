using Thimble.Memory;
using Thimble.Tls;

namespace Thimble;

/// <summary>One call of the engine during a handshake that is observed.</summary>
/// <param name="State">Where the client stood.</param>
/// <param name="Next">Where it stands now.</param>
/// <param name="Phase">The phase in which the call began.</param>
/// <param name="MessageType">The number of the handshake message that was read last.</param>
/// <param name="BytesRead">What was consumed of the server's bytes.</param>
/// <param name="BytesWritten">What was made for the server.</param>
/// <param name="Work">The public-key work, in the unit of <see cref="TlsConfig.WorkPerCall"/>.</param>
/// <param name="Begin">When the call began, as <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/> counts.</param>
/// <param name="End">When it ended.</param>
internal readonly record struct HandshakeStep(
    ClientState State, ClientState Next, Phase Phase, byte MessageType, int BytesRead, int BytesWritten, int Work, long Begin, long End);
