using System.Collections.Generic;
using System.Linq;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>What the broker answered to a SUBSCRIBE (MQTT 5 §3.9).</summary>
/// <param name="Subscriptions">What was asked for.</param>
/// <param name="Reasons">For each of them the QoS that was granted, or from 0x80 on why it was refused.</param>
public sealed record MqttSubscribeResult(IReadOnlyList<MqttSubscription> Subscriptions, IReadOnlyList<MqttReasonCode> Reasons)
{
    /// <summary>Whether every filter was granted.</summary>
    public bool AllGranted => Reasons.All(reason => reason < MqttReasonCode.UnspecifiedError);
}
