using System;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// The type of a record of TLS 1.3 that passes in pieces (RULES 3): it is the last byte that is not zero, so one such
/// byte and the zeros behind it are always held back, and until the tag the record is read as handshake messages.
/// </summary>
internal static class StreamedRecords13
{
    /// <summary>
    /// A piece was opened: what was held back before is content, if there is another byte that is not zero. Returns how much
    /// of the piece is content for sure. Leaks: how many zeros stand at the end of a piece, before its tag is known.
    /// </summary>
    public static int HoldBack(scoped ref RecordStream stream, ReadOnlySpan<byte> piece)
    {
        int last = piece.LastIndexOfAnyExcept((byte)0);
        if (last < 0)
        {
            stream.Zeros += (ushort)piece.Length;
            return 0;
        }

        stream.Released = stream.Last;
        stream.ReleasedZeros = stream.Zeros;
        stream.Last = piece[last];
        stream.Zeros = (ushort)(piece.Length - 1 - last);
        return last;
    }

    /// <summary>The tag verified: what the record was counts, and with it one reading of its content.</summary>
    public static void Verified(scoped in Connection connection)
    {
        ref RecordStream stream = ref StreamedRecords.Stream(connection);
        KeyUpdate.AskInTime(connection);
        ContentType type = (ContentType)stream.Last;
        int content = stream.Opened - stream.Zeros - 1;
        if (stream.Last == 0)
        {
            connection.FailNow(FaultReason.ContentTypeMissing);
        }
        else if (content > RecordHeader.MaxContentBytes)
        {
            connection.FailNow(FaultReason.RecordOverflow, RecordHeader.MaxContentBytes, (uint)content);
        }
        else if (!RecordSizeLimit.Allows(connection, stream.Opened))
        {
            connection.FailNow(FaultReason.RecordOverflow, RecordSizeLimit.Offered(connection.Config.Profile), stream.Opened); // by the very record that echoes it
        }
        else if (type == ContentType.Handshake)
        {
            EndAsHandshake(connection, content);
        }
        else if (type is not (ContentType.Alert or ContentType.ApplicationData) || (stream.Facts & StreamFacts.MidMessage) != 0)
        {
            connection.FailNow(FaultReason.UnexpectedRecord, 0, (uint)type);
        }
        else if (type == ContentType.Alert)
        {
            EndAsAlert(connection, content);
        }
        else
        {
            EndAsApplicationData(connection, content);
        }
    }

    private static void EndAsHandshake(scoped in Connection connection, int content)
    {
        Withdraw(connection);
        connection.Commit();
        connection.State.RecordType = ContentType.Handshake;
        NewSessionTicket.Commit(connection, StreamedRecords.Stream(connection).Facts);
        if (content == 0)
        {
            connection.Fail(FaultReason.UnexpectedRecord, 0, (uint)ContentType.Handshake); // only application data may be empty
        }
    }

    /// <summary>An alert behind which much padding stands: it is read again, from its beginning.</summary>
    private static void EndAsAlert(scoped in Connection connection, int content)
    {
        if (content != 2)
        {
            connection.FailNow(FaultReason.AlertMalformed, 2, (uint)content);
            return;
        }

        Withdraw(connection);
        Reread(connection);
        StreamedRecords.End(connection);
        ref RecordStream stream = ref StreamedRecords.Stream(connection);
        Span<byte> window = connection.Buffer[RegionId.InWindow];
        window[0] = stream.First;
        window[1] = stream.Second;
        connection.State.InEnd = 2;
        connection.State.RecordType = ContentType.Alert;
    }

    private static void EndAsApplicationData(scoped in Connection connection, int content)
    {
        if (connection.State.State != ClientState.Connected)
        {
            connection.FailNow(FaultReason.UnexpectedRecord, 0, (uint)ContentType.ApplicationData);
            return;
        }

        Reread(connection);
        if (content == 0)
        {
            StreamedRecords.End(connection);
            Flood.Count(connection);
        }
        else if (!connection.Config.ProvisionalDelivery)
        {
            uint padded = StreamedRecords.Stream(connection).Opened - 1u;
            connection.Fail(FaultReason.RecordLargerThanWindow, (uint)connection.Config.Profile.InWindowBytes, padded);
        }
        else if (!StreamedRecords.HasContent(connection))
        {
            StreamedRecords.EndGiven(connection);
        }
    }

    /// <summary>The user is told to forget what was given, which was not application data.</summary>
    private static void Withdraw(scoped in Connection connection)
    {
        if ((StreamedRecords.Stream(connection).Facts & StreamFacts.Given) != 0)
        {
            connection.Set(ConnectionFlags.Withdrawn);
        }
    }

    /// <summary>The record was no handshake messages: their reader stands where it stood before, and a fault that it found is none.</summary>
    private static void Reread(scoped in Connection connection)
    {
        ref ConnectionState state = ref connection.State;
        state.Fault = default;
        state.MessageCursor = default;
        state.IdleEvents = StreamedRecords.Stream(connection).IdleEvents;
        connection.Clear(ConnectionFlags.Unverified | ConnectionFlags.KeyChangePending | ConnectionFlags.InMessage);
    }
}
