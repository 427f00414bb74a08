using System.Collections.Generic;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>What the broker answered to an UNSUBSCRIBE (MQTT 5 §3.11).</summary>
/// <param name="Filters">What was to be taken back.</param>
/// <param name="Reasons">
/// For each of them <see cref="MqttReasonCode.Success"/>, <see cref="MqttReasonCode.NoSubscriptionExisted"/>, or from 0x80 on why it was refused. MQTT 3.1.1
/// knows success only.
/// </param>
public sealed record MqttUnsubscribeResult(IReadOnlyList<string> Filters, IReadOnlyList<MqttReasonCode> Reasons);
