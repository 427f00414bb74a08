namespace Thimble;

/// <summary>How many publications wait in the client: for a connection, for the broker's receive maximum, or for the network.</summary>
public sealed record MqttQueueOptions
{
    /// <summary>How many, those that were sent and are not acknowledged yet included; 1 or more.</summary>
    public int Capacity { get; init; } = 4096;

    /// <summary>How many bytes of topics and payloads they may have in all. One publication is let in whatever its size where none waits.</summary>
    public long CapacityBytes { get; init; } = 16 << 20;

    /// <summary>What happens where there is no room.</summary>
    public MqttQueuePolicy WhenFull { get; init; }

    /// <summary>Whether messages of QoS 0 wait for a connection too; otherwise they fail while there is none.</summary>
    public bool KeepAtMostOnce { get; init; } = true;
}
