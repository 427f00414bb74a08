using System.Collections.Generic;
using System.Threading.Tasks;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>A SUBSCRIBE or UNSUBSCRIBE that waits to be sent, or for its answer. It is sent again where the connection was lost. Guarded by the client's lock.</summary>
internal sealed class FilterRequest(byte[] filters, byte[] properties, IReadOnlyList<MqttSubscription> subscriptions, IReadOnlyList<string> unsubscribed)
{
    /// <summary>The filters as they stand in the packet.</summary>
    public byte[] Filters { get; } = filters;

    /// <summary>The properties as they stand in the packet.</summary>
    public byte[] Properties { get; } = properties;

    /// <summary>What is subscribed to; none in an UNSUBSCRIBE.</summary>
    public IReadOnlyList<MqttSubscription> Subscriptions { get; } = subscriptions;

    /// <summary>What is taken back; none in a SUBSCRIBE.</summary>
    public IReadOnlyList<string> Unsubscribed { get; } = unsubscribed;

    /// <summary>What the broker answered so far.</summary>
    public List<MqttReasonCode> Reasons { get; } = [];

    /// <summary>The whole answer.</summary>
    public TaskCompletionSource<IReadOnlyList<MqttReasonCode>> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
