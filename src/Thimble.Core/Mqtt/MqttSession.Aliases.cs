using System;
using System.Buffers.Binary;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>The topic aliases of the broker (MQTT 5 §3.3.2.3.4): behind what is owed, two bytes of length and room for a topic each.</summary>
public readonly ref partial struct MqttSession
{
    private Span<byte> Aliases => _behind.Slice(Bytes5(_profile) + OwedBytes(_profile), AliasesBytes(_profile));

    private static int MaxAliases(in Profile profile) => Bytes5(profile) != 0 ? int.Clamp(profile.MaxMqttTopicAliases, 0, byte.MaxValue) : 0;

    private static int AliasBytes(in Profile profile) => sizeof(ushort) + TopicBytes(profile);

    private static int AliasesBytes(in Profile profile) => MaxAliases(profile) * AliasBytes(profile);

    // With a topic it is remembered, without one it is looked up.
    private MqttEvent OnTopicAlias(uint alias)
    {
        int max = MaxAliases(_profile);
        if (alias == 0 || alias > max)
        {
            return Fail(FaultReason.MqttTopicAliasInvalid, (uint)max, alias);
        }

        Span<byte> slot = Aliases.Slice(((int)alias - 1) * AliasBytes(_profile), AliasBytes(_profile));
        Span<byte> remembered = slot[sizeof(ushort)..];
        if (_state.Incoming.TopicBytes != 0)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(slot, _state.Incoming.TopicBytes);
            Topic.CopyTo(remembered);
            return MqttEvent.Property;
        }

        ushort bytes = BinaryPrimitives.ReadUInt16LittleEndian(slot);
        if (bytes == 0)
        {
            return Fail(FaultReason.MqttTopicAliasUnknown, 0, alias);
        }

        remembered[..bytes].CopyTo(_topic);
        _state.Incoming.TopicBytes = bytes;
        return MqttEvent.Property;
    }
}
