namespace Thimble;

/// <summary>Where an <see cref="MqttClient"/> stands.</summary>
public enum MqttConnectionState
{
    /// <summary>There is no connection, and none is being made: before ConnectAsync, after DisconnectAsync, or where reconnecting was given up.</summary>
    Disconnected = 0,

    /// <summary>The first connection is being made.</summary>
    Connecting = 1,

    /// <summary>The broker accepted the connection.</summary>
    Connected = 2,

    /// <summary>The connection was lost, and another one is being made or waited for.</summary>
    Reconnecting = 3,

    /// <summary>The client was disposed of.</summary>
    Disposed = 4,
}
