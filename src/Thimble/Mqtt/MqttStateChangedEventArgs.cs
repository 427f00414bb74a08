using System;

namespace Thimble;

/// <summary>What <see cref="MqttClient.StateChanged"/> tells.</summary>
public sealed class MqttStateChangedEventArgs(MqttConnectionState previous, MqttConnectionState state, Exception? cause) : EventArgs
{
    /// <summary>The state before.</summary>
    public MqttConnectionState Previous { get; } = previous;

    /// <summary>The state now.</summary>
    public MqttConnectionState State { get; } = state;

    /// <summary>Why the connection ended or could not be made, or null where nothing went wrong.</summary>
    public Exception? Cause { get; } = cause;
}
