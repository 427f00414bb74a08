using System;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// Reads NewSessionTicket (RFC 8446 §4.6.1) of any length. Where the profile keeps sessions it becomes one, in
/// <see cref="RegionId.Session"/>; a ticket above the profile's limit, or with a lifetime that the clause forbids, is let go. A build
/// without sessions passes over it, and counts it.
/// </summary>
/// <remarks>
/// A session counts only when all records that carried it verified (RULES 1): one that ends in a record whose tag is not known
/// yet waits for it, and while such a record passes, a session that is ready is not replaced. Otherwise the newest one stays.
/// </remarks>
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

    /// <summary>In <see cref="ConnectionState.Seen"/>: the ticket only passes.</summary>
    private const uint LetsGo = 1;

    /// <summary>A nonce waits where the secret will be made from it; no known server sends one longer than that.</summary>
    private const uint MaxNonceBytes = Session.SecretBytes;

    /// <summary>The message begins. Without a clock a session would have no end, so none is kept.</summary>
    public static void Begin(scoped in Connection connection)
    {
        if (!Features.PreSharedKeys)
        {
            return;
        }

        Span<byte> region = connection.Buffer[RegionId.Session];
        bool unverified = connection.Is(ConnectionFlags.Unverified);
        if (region.IsEmpty || connection.Config.NowUnixSeconds <= 0 || (unverified && connection.Is(ConnectionFlags.SessionReady)))
        {
            connection.State.Seen = LetsGo;
            return;
        }

        connection.Clear(ConnectionFlags.SessionReady);
        if (unverified)
        {
            StreamedRecords.Stream(connection).Facts &= ~StreamFacts.SessionRead;
        }

        Draft(connection).Begin();
    }

    /// <summary>The tag of a record that passed in pieces verified: a session that ended in it is ready.</summary>
    public static void Commit(scoped in Connection connection, StreamFacts facts)
    {
        if ((facts & StreamFacts.SessionRead) != 0)
        {
            connection.Set(ConnectionFlags.SessionReady);
        }
    }

    /// <summary>Reads what there is. Returns how much was consumed; a fault stands in the connection.</summary>
    public static int Read(scoped in Connection connection, ReadOnlySpan<byte> input)
    {
        if (!Features.PreSharedKeys)
        {
            return input.Length;
        }

        ref FieldCursor cursor = ref connection.State.MessageCursor;
        var reader = new FieldReader(ref cursor, input);
        while (ReadField(connection, ref cursor, ref reader))
        {
        }

        return reader.Consumed;
    }

    /// <summary>Judges the form, when the message has ended. Tickets cost the server little, so they are counted (RULES 20).</summary>
    public static bool Finish(scoped in Connection connection)
    {
        if (Features.PreSharedKeys && (Field)connection.State.MessageCursor.Step != Field.End)
        {
            return Malformed(connection);
        }

        if (Keeps(connection))
        {
            Keep(connection);
        }

        return Flood.Count(connection);
    }

    private static bool ReadField(scoped in Connection connection, ref FieldCursor cursor, scoped ref FieldReader reader)
    {
        uint value;
        switch ((Field)cursor.Step)
        {
            case Field.Lifetime:
                return reader.TryNumber(4, out value) && TakeLifetime(connection, value) && Go(ref cursor, Field.AgeAdd);
            case Field.AgeAdd:
                return reader.TryNumber(4, out value) && TakeAgeAdd(connection, value) && Go(ref cursor, Field.NonceLength);
            case Field.NonceLength:
                return reader.TryNumber(1, out value) && KeepsIf(connection, value <= MaxNonceBytes) && Begin(ref cursor, value, Field.Nonce);
            case Field.Nonce:
                return ReadNonce(connection, ref cursor, ref reader) && Go(ref cursor, Field.TicketLength);
            case Field.TicketLength:
                return reader.TryNumber(2, out value) && (value != 0 || Malformed(connection))
                    && TakeTicketBytes(connection, value) && Begin(ref cursor, value, Field.Ticket);
            case Field.Ticket:
                return ReadTicket(connection, ref cursor, ref reader) && Go(ref cursor, Field.ExtensionsLength);
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

    private static bool TakeLifetime(scoped in Connection connection, uint seconds)
    {
        KeepsIf(connection, seconds is not 0 and <= Session.MaxLifetimeSeconds);
        if (Keeps(connection))
        {
            Draft(connection).SetLifetime(seconds);
        }

        return true;
    }

    private static bool TakeAgeAdd(scoped in Connection connection, uint value)
    {
        if (Keeps(connection))
        {
            Draft(connection).SetAgeAdd(value);
        }

        return true;
    }

    private static bool TakeTicketBytes(scoped in Connection connection, uint bytes)
    {
        KeepsIf(connection, bytes <= (uint)connection.Config.Profile.MaxTicketBytes);
        if (Keeps(connection))
        {
            Draft(connection).SetTicketBytes((int)bytes);
        }

        return true;
    }

    /// <summary>The nonce gathers where the key goes that is made from it.</summary>
    private static bool ReadNonce(scoped in Connection connection, ref FieldCursor cursor, scoped ref FieldReader reader)
    {
        if (!Keeps(connection))
        {
            return reader.TrySkip(ref cursor.ElementLeft);
        }

        Span<byte> secret = Draft(connection).Secret;
        if (!reader.TryBytes(secret.Slice(0, (int)cursor.ElementLeft)))
        {
            return false;
        }

        KeySchedule13.DeriveSessionKey(connection, secret, (int)cursor.ElementLeft);
        return true;
    }

    private static bool ReadTicket(scoped in Connection connection, ref FieldCursor cursor, scoped ref FieldReader reader) =>
        Keeps(connection) ? reader.TryBytes(Draft(connection).Ticket) : reader.TrySkip(ref cursor.ElementLeft);

    private static void Keep(scoped in Connection connection)
    {
        Draft(connection).Complete(connection, KeySchedule13.SessionBinding(connection), connection.Buffer[RegionId.AeadScratch]);
        if (connection.Is(ConnectionFlags.Unverified))
        {
            StreamedRecords.Stream(connection).Facts |= StreamFacts.SessionRead;
            return;
        }

        connection.Set(ConnectionFlags.SessionReady);
    }

    private static bool Keeps(scoped in Connection connection) => Features.PreSharedKeys && (connection.State.Seen & LetsGo) == 0;

    /// <summary>Lets the ticket go where it does not hold. Always true, so that reading goes on.</summary>
    private static bool KeepsIf(scoped in Connection connection, bool holds)
    {
        connection.State.Seen |= holds ? 0 : LetsGo;
        return true;
    }

    private static SessionDraft Draft(scoped in Connection connection) => new(connection.Buffer[RegionId.Session]);

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
