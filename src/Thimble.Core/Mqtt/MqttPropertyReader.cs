using System;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>
/// Reads properties (MQTT 5 §2.2.2) that may come in any pieces, and judges them as they pass: the same for those that come and for
/// those that a caller wants to send. Bounded by the input.
/// </summary>
internal static class MqttPropertyReader
{
    private const uint MarkBasis = 2166136261;
    private const uint MarkPrime = 16777619;

    /// <summary>
    /// Consumes input until there is something to tell. <see cref="MqttEvent.NeedMoreData"/> means the end where the cursor says so. A fault is
    /// filled in with its reason and both values.
    /// </summary>
    public static MqttEvent Read(
        ref MqttPropertyCursor cursor, MqttPropertyPlace place, ReadOnlySpan<byte> source, ref int consumed, ref ReadOnlySpan<byte> data, ref Fault fault)
    {
        while (!cursor.IsAtEnd)
        {
            MqttEvent found = cursor.Step >= MqttPropertyStep.Name && cursor.Value == 0 ? EndPiece(ref cursor, ref fault) : MqttEvent.NeedMoreData;
            if (found == MqttEvent.NeedMoreData && cursor.Left == 0)
            {
                return Fail(ref fault, FaultReason.MqttPropertyLength, 0, 1);
            }

            if (found != MqttEvent.NeedMoreData || consumed == source.Length)
            {
                return found;
            }

            found = cursor.Step >= MqttPropertyStep.Name
                ? ReadPiece(ref cursor, source[consumed..], ref consumed, ref data, ref fault)
                : ReadByte(ref cursor, place, source[consumed++], ref fault);
            if (found != MqttEvent.NeedMoreData)
            {
                return found;
            }
        }

        return MqttEvent.NeedMoreData;
    }

    private static MqttEvent ReadByte(ref MqttPropertyCursor cursor, MqttPropertyPlace place, byte next, ref Fault fault)
    {
        cursor.Left--;
        return cursor.Step switch
        {
            MqttPropertyStep.Identifier => OnIdentifier(ref cursor, place, (MqttProperty)next, ref fault),
            MqttPropertyStep.Integer => OnInteger(ref cursor, next, ref fault),
            _ => OnLength(ref cursor, next, ref fault),
        };
    }

    // The identifiers are variable byte integers, of which all that exist take one byte.
    private static MqttEvent OnIdentifier(ref MqttPropertyCursor cursor, MqttPropertyPlace place, MqttProperty property, ref Fault fault)
    {
        MqttPropertyKind kind = MqttPropertyRules.KindOf(property);
        if (kind == MqttPropertyKind.None)
        {
            return Fail(ref fault, FaultReason.MqttPropertyUnknown, 0, (byte)property);
        }

        if (!MqttPropertyRules.MayStand(property, place))
        {
            return Fail(ref fault, FaultReason.MqttPropertyMisplaced, (byte)place, (byte)property);
        }

        if (cursor.Has(property) && !MqttPropertyRules.MayRepeat(property, place))
        {
            return Fail(ref fault, FaultReason.MqttPropertyRepeated, 1, (byte)property);
        }

        cursor.Property = property;
        cursor.Note();
        cursor.Value = 0;
        cursor.IntegerBytes = 0;
        cursor.Step = kind == MqttPropertyKind.StringPair ? MqttPropertyStep.NameLength
            : kind >= MqttPropertyKind.Binary ? MqttPropertyStep.ValueLength : MqttPropertyStep.Integer;
        return MqttEvent.NeedMoreData;
    }

    private static MqttEvent OnInteger(ref MqttPropertyCursor cursor, byte next, ref Fault fault)
    {
        MqttPropertyKind kind = MqttPropertyRules.KindOf(cursor.Property);
        int count = ++cursor.IntegerBytes;
        if (kind == MqttPropertyKind.VariableByteInteger)
        {
            cursor.Value |= (next & 0x7Fu) << (7 * (count - 1));
            if ((next & 0x80) != 0)
            {
                return count < 4 ? MqttEvent.NeedMoreData : Fail(ref fault, FaultReason.MqttPropertyValue, (byte)cursor.Property, cursor.Value);
            }

            if (next == 0 && count > 1)
            {
                return Fail(ref fault, FaultReason.MqttLengthNotShortest, (uint)count - 1, (uint)count);   // [MQTT-1.5.5-1]
            }
        }
        else
        {
            cursor.Value = (cursor.Value << 8) | next;
            int bytes = kind == MqttPropertyKind.FourByteInteger ? 4 : (int)kind;
            if (count < bytes)
            {
                return MqttEvent.NeedMoreData;
            }
        }

        cursor.Step = MqttPropertyStep.Identifier;
        return MqttPropertyRules.MayBe(cursor.Property, cursor.Value)
            ? MqttEvent.Property
            : Fail(ref fault, FaultReason.MqttPropertyValue, (byte)cursor.Property, cursor.Value);
    }

    private static MqttEvent OnLength(ref MqttPropertyCursor cursor, byte next, ref Fault fault)
    {
        cursor.Value = (cursor.Value << 8) | next;
        if (++cursor.IntegerBytes < sizeof(ushort))
        {
            return MqttEvent.NeedMoreData;
        }

        bool name = cursor.Step == MqttPropertyStep.NameLength;
        bool first = name || cursor.Property != MqttProperty.UserProperty;
        uint needed = cursor.Value + (name ? 2u : 0);   // the value's length
        if (needed > cursor.Left)
        {
            return Fail(ref fault, FaultReason.MqttPropertyLength, cursor.Left, needed);
        }

        if (cursor.Property == MqttProperty.ResponseTopic && cursor.Value == 0)
        {
            return Fail(ref fault, FaultReason.MqttResponseTopicInvalid, (byte)cursor.Property, 0);   // [MQTT-4.7.3-1]
        }

        cursor.Step = name ? MqttPropertyStep.Name : MqttPropertyStep.Value;
        cursor.Utf8 = Utf8State.Boundary;
        cursor.Mark = MarkBasis;
        return first ? MqttEvent.Property : MqttEvent.NeedMoreData;
    }

    private static MqttEvent ReadPiece(
        ref MqttPropertyCursor cursor, ReadOnlySpan<byte> source, ref int consumed, ref ReadOnlySpan<byte> data, ref Fault fault)
    {
        int count = (uint)source.Length < cursor.Value ? source.Length : (int)cursor.Value;
        data = source[..count];
        bool binary = MqttPropertyRules.KindOf(cursor.Property) == MqttPropertyKind.Binary;
        foreach (byte next in data)
        {
            cursor.Mark = (cursor.Mark ^ next) * MarkPrime;
            cursor.Utf8 = binary ? Utf8State.Boundary : Utf8Validation.After(cursor.Utf8, next);
            FaultReason wrong = cursor.Utf8 == Utf8State.Invalid ? FaultReason.MqttPropertyNotUtf8
                : cursor.Property == MqttProperty.ResponseTopic && MqttText.IsWildcard(next) ? FaultReason.MqttResponseTopicInvalid   // [MQTT-3.3.2-14]
                : FaultReason.None;
            if (wrong != FaultReason.None)
            {
                data = default;
                return Fail(ref fault, wrong, (byte)cursor.Property, next);
            }
        }

        consumed += count;
        cursor.Value -= (uint)count;
        cursor.Left -= (uint)count;
        return cursor.Step == MqttPropertyStep.Name ? MqttEvent.PropertyName : MqttEvent.PropertyValue;
    }

    // NeedMoreData: it was a name, and the value's length comes next.
    private static MqttEvent EndPiece(ref MqttPropertyCursor cursor, ref Fault fault)
    {
        if (cursor.Utf8 != Utf8State.Boundary)
        {
            return Fail(ref fault, FaultReason.MqttPropertyNotUtf8, (byte)cursor.Property, 0);
        }

        bool name = cursor.Step == MqttPropertyStep.Name;
        cursor.Step = name ? MqttPropertyStep.ValueLength : MqttPropertyStep.Identifier;
        cursor.IntegerBytes = 0;
        return name ? MqttEvent.NeedMoreData : MqttEvent.PropertyEnd;
    }

    private static MqttEvent Fail(ref Fault fault, FaultReason reason, uint expected, uint actual)
    {
        fault.Reason = reason;
        fault.Expected = expected;
        fault.Actual = actual;
        return MqttEvent.Faulted;
    }
}
