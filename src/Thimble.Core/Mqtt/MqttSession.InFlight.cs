using System;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>What the broker says of our messages (MQTT 3.1.1 §4.3.2 and §4.3.3), and of its own ones of QoS 2.</summary>
public readonly ref partial struct MqttSession
{
    // PUBACK, PUBREC, PUBCOMP; in provisional bytes it is noted, and counts at the commit.
    private MqttEvent OnAcknowledgement()
    {
        MqttInFlightState stage = Packet switch
        {
            MqttPacketType.Puback => MqttInFlightState.ExpectPuback,
            MqttPacketType.Pubrec => MqttInFlightState.ExpectPubrec,
            _ => MqttInFlightState.ExpectPubcomp,
        };
        ushort identifier = _state.Incoming.Integer;
        MqttInFlightTable table = InFlightTable;
        int index = table.IndexOf(identifier);
        if (index < 0 || table[index].State != stage || table[index].Heard != 0)
        {
            return Fail(FaultReason.MqttAcknowledgementUnknown, (uint)Packet, identifier);
        }

        table[index].Heard = (byte)((byte)_state.Incoming.Reason + 1);
        _state.Incoming.Reading = MqttReading.FixedHeader;
        return IsProvisional ? MqttEvent.NeedMoreData : Settle(table, index);
    }

    private bool TryTellAcknowledgement(out MqttEvent found)
    {
        MqttInFlightTable table = InFlightTable;
        int index = table.FirstWith(MqttInFlightState.Confirmed);
        if (index < 0)
        {
            _state.Facts &= ~MqttFacts.AcknowledgementsUntold;
            found = MqttEvent.Faulted;
            return false;
        }

        found = Settle(table, index);
        return true;
    }

    private MqttEvent Settle(scoped in MqttInFlightTable table, int index)
    {
        MqttInFlightEntry entry = table[index];
        var reason = (MqttReasonCode)(entry.Heard - 1);
        _state.Token = entry.Token;
        _state.ReasonCode = reason;
        bool refused = MqttReasonCodes.IsRefusal(reason) && entry.Stage != MqttInFlightState.ExpectPubcomp;
        if (entry.Stage == MqttInFlightState.ExpectPubrec && !refused)
        {
            table.Release(index);
            return MqttEvent.Received;
        }

        table.Remove(index);
        return refused ? MqttEvent.PublishRefused : MqttEvent.Acknowledged;
    }

    // PUBREL lets a message of QoS 2 go; it is known until PUBCOMP is sent ([MQTT-4.3.3-2]; MQTT 5 §4.3.3).
    private MqttEvent OnPubrel()
    {
        ushort identifier = _state.Incoming.Integer;
        bool known = InFlightTable.HasInbound(identifier, DroppedInbound);
        if (!TryOwe(identifier, MqttPacketType.Pubcomp, known ? MqttReasonCode.Success : MqttReasonCode.PacketIdentifierNotFound))
        {
            return CannotOwe();
        }

        _state.Incoming.Reading = MqttReading.FixedHeader;
        return MqttEvent.NeedMoreData;
    }

    // What the broker sent and may not forget yet: each takes an acknowledgement and perhaps an identifier (MQTT 5 §4.9).
    private int Unacknowledged
    {
        get
        {
            int count = InFlightTable.InboundCount - DroppedInbound;
            for (int i = 0; i < _state.Acknowledgements; i++)
            {
                ReadOnlySpan<byte> owed = Owed[(i * OwedEntryBytes)..];
                bool holdsNone = (MqttPacketType)owed[2] == MqttPacketType.Puback
                    || ((MqttPacketType)owed[2] == MqttPacketType.Pubrec && MqttReasonCodes.IsRefusal((MqttReasonCode)owed[3]));
                count += holdsNone ? 1 : 0;
            }

            return count;
        }
    }
}
