namespace Thimble;

/// <summary>What happens to a publication for which <see cref="MqttQueueOptions"/> leaves no room.</summary>
public enum MqttQueuePolicy
{
    /// <summary>PublishAsync waits until there is room: nothing is lost, and the publisher is held back.</summary>
    Wait = 0,

    /// <summary>The oldest publication that was not sent yet fails with <see cref="MqttProblem.QueueFull"/>, and makes room.</summary>
    DropOldest = 1,

    /// <summary>The new one fails with <see cref="MqttProblem.QueueFull"/>.</summary>
    Reject = 2,
}
