using System;

namespace Thimble.Mqtt;

/// <summary>What MQTT 5 says of each property: its kind, the packets that may carry it (§2.2.2.2, table 2-4), and its legal values.</summary>
internal static class MqttPropertyRules
{
    /// <summary>The number above the highest identifier.</summary>
    public const int Count = (int)MqttProperty.SharedSubscriptionAvailable + 1;

    /// <summary>Of the property with that identifier.</summary>
    public static MqttPropertyKind KindOf(MqttProperty property)
        => (int)property < Count ? (MqttPropertyKind)Kinds[(int)property] : MqttPropertyKind.None;

    private static ReadOnlySpan<byte> Kinds =>
    [
        0, 1, 3, 6, 0, 0, 0, 0, 6, 5, // to CorrelationData
        0, 4, 0, 0, 0, 0, 0, 3, 6, 2, // to ServerKeepAlive
        0, 6, 5, 1, 3, 1, 6, 0, 6, 0, // to ServerReference
        0, 6, 0, 2, 2, 2, 1, 1, 7, 3, // to MaximumPacketSize
        1, 1, 1, // to SharedSubscriptionAvailable
    ];
}
