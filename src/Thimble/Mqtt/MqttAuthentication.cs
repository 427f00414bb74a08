using System;
using System.Threading;
using System.Threading.Tasks;

namespace Thimble;

/// <summary>
/// Enhanced authentication (MQTT 5 §4.12): what the client says when it connects, and what it answers when the broker wants more. One object may
/// serve many clients where its function does.
/// </summary>
/// <param name="Method">The name of the method, on which both sides agreed, such as <c>SCRAM-SHA-256</c>.</param>
/// <param name="Answer">
/// Gives the client's data to the broker's: first to an empty challenge what CONNECT carries, then the answer to each AUTH. What it throws ends the
/// connection, and is the cause of the exception that says so.
/// </param>
public sealed record MqttAuthentication(string Method, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> Answer);
