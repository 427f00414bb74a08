using System;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>What TLS 1.3 asks of incoming records (RFC 8446 §5): the type inside, the padding, and the ChangeCipherSpec without meaning.</summary>
internal static class IncomingRecords13
{
    /// <summary>The longest protected fragment: 2^14 and 256.</summary>
    private const int MaxFragmentBytes = RecordHeader.MaxContentBytes + 256;

    /// <summary>The type behind the content, and the longest tag.</summary>
    private const int OverheadBytes = 1 + Aead.TagBytes;

    /// <summary>The size of the window for a profile: what it takes counts padding too.</summary>
    public static int WindowBytes(in Profile profile) => int.Min(profile.InWindowBytes, MaxFragmentBytes - OverheadBytes) + OverheadBytes;

    /// <summary>Judges the header of a protected record.</summary>
    public static bool CheckProtected(scoped in Connection connection, uint length)
    {
        uint window = (uint)connection.Config.Profile.InWindowBytes;
        int content = RecordProtection.ContentBytes(connection, (int)length);
        connection.State.InFilled = 0;
        if (connection.State.RecordType != ContentType.ApplicationData)
        {
            return connection.Fail(FaultReason.UnexpectedRecord, 0, (uint)connection.State.RecordType);
        }

        if (length > MaxFragmentBytes)
        {
            return connection.Fail(FaultReason.RecordOverflow, MaxFragmentBytes, length);
        }

        if (content < 0)
        {
            return connection.Fail(FaultReason.BadRecordMac, 0, length);
        }

        if (!RecordSizeLimit.Allows(connection, content + 1))
        {
            return connection.Fail(FaultReason.RecordOverflow, RecordSizeLimit.Offered(connection.Config.Profile), (uint)content + 1);
        }

        if (content > window)
        {
            StreamedRecords.Begin(connection, content);
        }

        return true;
    }

    /// <summary>
    /// RFC 8446 §5: one byte 1 may come in the clear from the first hello to the server's Finished, between messages.
    /// It is dropped, and counted.
    /// </summary>
    public static bool CheckChangeCipherSpec(scoped in Connection connection, uint length)
    {
        if (IncomingRecords.IsBetweenParts(connection))
        {
            return connection.Fail(FaultReason.UnexpectedRecord, 0, (uint)ContentType.ChangeCipherSpec);
        }

        bool inTurn = connection.State.State <= ClientState.WaitFinished13 && length == 1;
        return (inTurn || connection.Fail(FaultReason.ChangeCipherSpecInvalid, 1, length)) && Flood.Count(connection);
    }

    /// <summary>Opens the record that fills the window, and finds its type behind the content (RFC 8446 §5.2, §5.4).</summary>
    public static void OpenWindow(scoped in Connection connection)
    {
        ref ConnectionState state = ref connection.State;
        Span<byte> window = connection.Buffer[RegionId.InWindow].Slice(0, state.InFilled);
        if (!RecordProtection.Open(connection, ContentType.ApplicationData, window, window))
        {
            return;
        }

        KeyUpdate.AskInTime(connection);
        int last = RecordProtection.ContentBytes(connection, state.InFilled);
        while (last >= 0 && window[last] == 0)
        {
            last--;
        }

        if (last < 0)
        {
            connection.Fail(FaultReason.ContentTypeMissing);
            return;
        }

        state.RecordType = (ContentType)window[last];
        state.InStart = 0;
        state.InEnd = (ushort)last;
        CheckContent(connection, (uint)last);
    }

    private static void CheckContent(scoped in Connection connection, uint length)
    {
        ContentType type = connection.State.RecordType;
        if (length > RecordHeader.MaxContentBytes)
        {
            connection.Fail(FaultReason.RecordOverflow, RecordHeader.MaxContentBytes, length);
            return;
        }

        switch (type)
        {
            case ContentType.Handshake:
                _ = length != 0 || connection.Fail(FaultReason.UnexpectedRecord, 0, (uint)type); // only application data may be empty
                break;
            case ContentType.Alert:
                _ = IncomingRecords.IsBetweenParts(connection) ? connection.Fail(FaultReason.UnexpectedRecord, 0, (uint)type)
                    : length == 2 || connection.Fail(FaultReason.AlertMalformed, 2, length);
                break;
            case ContentType.ApplicationData:
                IncomingRecords.AcceptApplicationData(connection, (int)length);
                break;
            default:
                connection.Fail(FaultReason.UnexpectedRecord, 0, (uint)type);
                break;
        }
    }

    /// <summary>
    /// A piece of a record was taken, and <paramref name="left"/> bytes of it are left. Behind a message that changes keys
    /// there may be none (RFC 8446 §5.1); at the end of the record the keys change.
    /// </summary>
    public static void Took(scoped in Connection connection, int left)
    {
        if (!Features.Tls13 || !connection.Is(ConnectionFlags.KeyChangePending) || connection.State.State == ClientState.Faulted)
        {
            return;
        }

        if (left != 0)
        {
            connection.Fail(FaultReason.MessageAcrossKeyChange);
            return;
        }

        HandshakeMessages13.ChangeKeys(connection);
    }
}
