using System;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Thimble;

/// <summary>What the client writes to its log: never topics, payloads, passwords or keys.</summary>
internal sealed partial class MqttLog(ILogger? logger)
{
    private readonly ILogger _logger = logger ?? NullLogger.Instance;

    [LoggerMessage(1, LogLevel.Information, "The MQTT client was {Previous} and is {State}.")]
    public partial void Changed(MqttConnectionState previous, MqttConnectionState state, Exception? cause);

    [LoggerMessage(2, LogLevel.Information, "Attempt {Attempt} to connect comes in {Wait}.")]
    public partial void WaitsToReconnect(TimeSpan wait, int attempt);

    [LoggerMessage(3, LogLevel.Warning, "The attempt to connect failed.")]
    public partial void AttemptFailed(Exception cause);

    [LoggerMessage(4, LogLevel.Warning, "A message of {PayloadBytes} bytes is skipped and acknowledged: MaxMessageBytes is {MaxMessageBytes}, and there is no sink for larger ones.")]
    public partial void Skips(long payloadBytes, int maxMessageBytes);

    [LoggerMessage(5, LogLevel.Error, "A handler or sink of the user threw.")]
    public partial void ListenerFailed(Exception cause);
}
