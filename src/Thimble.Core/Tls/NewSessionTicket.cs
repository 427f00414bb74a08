using System;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>Reads NewSessionTicket (RFC 8446 §4.6.1) of any length and lets it go: no session is resumed.</summary>
internal static class NewSessionTicket
{
    private enum Field : byte
    {
        Lifetime = 0,
        AgeAdd,
        NonceLength,
        Nonce,
        TicketLength,
        Ticket,
        ExtensionsLength,
        TypeAndLength,
        Extension,
        End,
    }

    /// <summary>Reads what there is. Returns how much was consumed; a fault stands in the connection.</summary>
    public static int Read(scoped in Connection connection, ReadOnlySpan<byte> input)
    {
        ref FieldCursor cursor = ref connection.State.MessageCursor;
        var reader = new FieldReader(ref cursor, input);
        while (ReadField(connection, ref cursor, ref reader))
        {
        }

        return reader.Consumed;
    }

    /// <summary>Judges the form, when the message has ended. Tickets cost the server little, so they are counted (RULES 20).</summary>
    public static bool Finish(scoped in Connection connection) =>
        ((Field)connection.State.MessageCursor.Step == Field.End || Malformed(connection)) && Flood.Count(connection);

    private static bool ReadField(scoped in Connection connection, ref FieldCursor cursor, scoped ref FieldReader reader)
    {
        uint value;
        switch ((Field)cursor.Step)
        {
            case Field.Lifetime:
                return reader.TryNumber(4, out _) && Go(ref cursor, Field.AgeAdd);
            case Field.AgeAdd:
                return reader.TryNumber(4, out _) && Go(ref cursor, Field.NonceLength);
            case Field.NonceLength:
                return reader.TryNumber(1, out value) && Begin(ref cursor, value, Field.Nonce);
            case Field.Nonce:
                return reader.TrySkip(ref cursor.ElementLeft) && Go(ref cursor, Field.TicketLength);
            case Field.TicketLength:
                return reader.TryNumber(2, out value) && (value != 0 || Malformed(connection)) && Begin(ref cursor, value, Field.Ticket);
            case Field.Ticket:
                return reader.TrySkip(ref cursor.ElementLeft) && Go(ref cursor, Field.ExtensionsLength);
            case Field.ExtensionsLength:
                if (!reader.TryNumber(2, out value))
                {
                    return false;
                }

                cursor.ListLeft = value;
                return NextExtension(ref cursor);
            case Field.TypeAndLength:
                return reader.TryNumber(4, out value) && BeginExtension(connection, ref cursor, (ushort)value);
            case Field.Extension:
                return reader.TrySkip(ref cursor.ElementLeft) && NextExtension(ref cursor);
            default:
                return !reader.Rest.IsEmpty && Malformed(connection);
        }
    }

    private static bool BeginExtension(scoped in Connection connection, ref FieldCursor cursor, uint length)
    {
        if (cursor.ListLeft < length + 4)
        {
            return Malformed(connection);
        }

        cursor.ListLeft -= length + 4;
        return Begin(ref cursor, length, Field.Extension);
    }

    private static bool Malformed(scoped in Connection connection) =>
        connection.Fail(FaultReason.MessageMalformed, (uint)HandshakeType.NewSessionTicket);

    private static bool NextExtension(ref FieldCursor cursor) =>
        Go(ref cursor, cursor.ListLeft == 0 ? Field.End : Field.TypeAndLength);

    private static bool Begin(ref FieldCursor cursor, uint length, Field next)
    {
        cursor.ElementLeft = length;
        return Go(ref cursor, next);
    }

    private static bool Go(ref FieldCursor cursor, Field next)
    {
        cursor.Step = (byte)next;
        return true;
    }
}
