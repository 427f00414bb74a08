using System;
using System.Buffers.Binary;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>The filters of a SUBSCRIBE or UNSUBSCRIBE as their writers gathered them, judged before a byte of the packet is written.</summary>
internal ref struct MqttFilters
{
    /// <summary>How many there are.</summary>
    public ushort Count;

    /// <summary>The highest QoS that one asks for.</summary>
    public MqttQos HighestQos;

    /// <summary>Whether one holds a wildcard.</summary>
    public bool HasWildcards;

    /// <summary>Whether one is of a shared subscription.</summary>
    public bool HasShared;

    /// <summary>Whether all of them are valid, of which there is one at least ([MQTT-3.8.3-2], [MQTT-3.10.3-2]). Bounded by their length.</summary>
    public static bool TryRead(scoped ReadOnlySpan<byte> list, bool subscribes, bool mqtt5, out MqttFilters filters)
    {
        filters = default;
        int optionBytes = subscribes ? 1 : 0;
        while (!list.IsEmpty)
        {
            if (list.Length < sizeof(ushort))
            {
                return false;
            }

            int bytes = BinaryPrimitives.ReadUInt16BigEndian(list);
            list = list[sizeof(ushort)..];
            if (bytes + optionBytes > list.Length || filters.Count == ushort.MaxValue)
            {
                return false;
            }

            var options = new MqttSubscribeOptions(subscribes ? list[bytes] : (byte)0);
            if (!filters.TryAdd(list[..bytes], options, mqtt5))
            {
                return false;
            }

            list = list[(bytes + optionBytes)..];
        }

        return filters.Count != 0;
    }

    /// <summary>Adds one, where it is valid.</summary>
    public bool TryAdd(scoped ReadOnlySpan<byte> filter, MqttSubscribeOptions options, bool mqtt5)
    {
        bool shared = Features.Mqtt5 && mqtt5 && MqttText.IsShared(filter);
        Count++;
        HasShared |= shared;
        HasWildcards |= Features.Mqtt5 && MqttText.HasWildcards(filter);
        HighestQos = options.Qos > HighestQos ? options.Qos : HighestQos;
        return MqttText.IsTopicFilter(filter) && options.AreValid(mqtt5)
            && (!Features.Mqtt5 || !shared || (MqttText.IsSharedFilter(filter) && !options.NoLocal));   // [MQTT-3.8.3-4] of MQTT 5
    }
}
