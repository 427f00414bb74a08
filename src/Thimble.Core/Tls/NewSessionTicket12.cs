using System;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// Reads NewSessionTicket of TLS 1.2 (RFC 5077 §3.3) into the session that is being made. An empty ticket is none, and one above
/// the profile's limit is let go.
/// </summary>
internal static class NewSessionTicket12
{
    private enum Field : byte
    {
        LifetimeHint = 0,
        TicketLength,
        Ticket,
        TooLong,
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

    /// <summary>Judges the form, when the message has ended.</summary>
    public static bool Finish(scoped in Connection connection) =>
        (Field)connection.State.MessageCursor.Step == Field.End || Malformed(connection);

    private static bool ReadField(scoped in Connection connection, ref FieldCursor cursor, scoped ref FieldReader reader)
    {
        var draft = new SessionDraft(connection.Buffer[RegionId.Session]);
        uint value;
        switch ((Field)cursor.Step)
        {
            case Field.LifetimeHint:
                if (!reader.TryNumber(4, out value))
                {
                    return false;
                }

                draft.Begin();
                draft.SetLifetime(uint.Min(value, Session.MaxLifetimeSeconds));
                return Go(ref cursor, Field.TicketLength);
            case Field.TicketLength:
                if (!reader.TryNumber(2, out value))
                {
                    return false;
                }

                bool fits = value <= (uint)connection.Config.Profile.MaxTicketBytes;
                draft.SetTicketBytes(fits ? (int)value : 0);
                cursor.ElementLeft = value;
                return Go(ref cursor, fits ? Field.Ticket : Field.TooLong);
            case Field.Ticket:
                return reader.TryBytes(draft.Ticket) && Go(ref cursor, Field.End);
            case Field.TooLong:
                return reader.TrySkip(ref cursor.ElementLeft) && Go(ref cursor, Field.End);
            default:
                return !reader.Rest.IsEmpty && Malformed(connection);
        }
    }

    private static bool Malformed(scoped in Connection connection) =>
        connection.Fail(FaultReason.MessageMalformed, (uint)HandshakeType.NewSessionTicket);

    private static bool Go(ref FieldCursor cursor, Field next)
    {
        cursor.Step = (byte)next;
        return true;
    }
}
