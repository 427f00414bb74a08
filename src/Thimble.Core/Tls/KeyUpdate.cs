using System;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>KeyUpdate both ways (RFC 8446 §4.6.3).</summary>
internal static class KeyUpdate
{
    private const int MessageBytes = 5;
    private const uint UpdateRequested = 1;

    /// <summary>Reads the one byte. Returns how much was consumed.</summary>
    public static int Read(scoped in Connection connection, ReadOnlySpan<byte> input)
    {
        var reader = new FieldReader(ref connection.State.MessageCursor, input);
        if (reader.TryNumber(1, out uint request))
        {
            connection.State.Seen = request;
        }

        return reader.Consumed;
    }

    /// <summary>
    /// Judges the message. Several requests before our answer are answered once. They cost the server little and us
    /// three derivations, so they are counted until application data comes (RULES 20).
    /// </summary>
    public static bool Finish(scoped in Connection connection)
    {
        uint request = connection.State.Seen;
        if (request > UpdateRequested)
        {
            return connection.Fail(FaultReason.KeyUpdateInvalid, UpdateRequested, request);
        }

        return Flood.Count(connection);
    }

    /// <summary>The record that the message ends is verified: the server's key changes, and an answer is owed if it was asked for.</summary>
    public static void TakeEffect(scoped in Connection connection)
    {
        if (connection.State.Seen == UpdateRequested)
        {
            connection.Set(ConnectionFlags.KeyUpdateOwed);
        }

        KeySchedule13.Update(connection, own: false);
    }

    /// <summary>
    /// Puts our own KeyUpdate into the out window, where one is owed or our key comes near its limit (RULES 8), and
    /// changes our key behind it. False where nothing is due, and while the out window is in use.
    /// </summary>
    public static bool Compose(scoped in Connection connection)
    {
        if (!connection.Is13 || connection.State.State != ClientState.Connected || OutgoingRecords.ArePending(connection)
            || connection.Is(ConnectionFlags.WriteClosed | ConnectionFlags.AlertPending)
            || !(connection.Is(ConnectionFlags.KeyUpdateOwed) || RecordProtection.IsNearLimit(connection, own: true)))
        {
            return false;
        }

        Span<byte> content = OutgoingRecords.Content(connection, MessageBytes);
        var writer = new ByteWriter(content);
        writer.WriteUInt8((byte)HandshakeType.KeyUpdate);
        writer.WriteUInt24(1);
        writer.WriteUInt8((byte)(connection.Is(ConnectionFlags.KeyUpdateWanted) ? UpdateRequested : 0));
        connection.State.Flags &= ~(ConnectionFlags.KeyUpdateOwed | ConnectionFlags.KeyUpdateWanted);
        if (OutgoingRecords.Queue(connection, ContentType.Handshake, MessageBytes))
        {
            KeySchedule13.Update(connection, own: true);
        }

        return true;
    }

    /// <summary>
    /// Asks the server for a new key when its present one comes near the limit: once in 65,536 records until it does.
    /// </summary>
    public static void AskInTime(scoped in Connection connection)
    {
        Span<byte> sequence = RecordProtection.Sequence(connection, own: false);
        if (sequence[6] == 0 && sequence[7] == 0 && RecordProtection.IsNearLimit(connection, own: false))
        {
            connection.Set(ConnectionFlags.KeyUpdateOwed | ConnectionFlags.KeyUpdateWanted);
        }
    }
}
