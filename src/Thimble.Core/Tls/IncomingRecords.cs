using System;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// Takes records apart as their bytes arrive (RFC 5246 §6.2). Cleartext flows straight to its reader, so a record of
/// 16 kB needs no memory; a protected record gathers in the in window and is opened there when it is whole. One that
/// is larger than the window passes through it in pieces (<see cref="StreamedRecords"/>).
/// </summary>
internal static class IncomingRecords
{
    /// <summary>
    /// Makes one piece of progress and moves <paramref name="source"/> past what it consumed. False when it cannot go on
    /// without more input, or without opened application data being taken first.
    /// </summary>
    public static bool Step(scoped in Connection connection, ref ReadOnlySpan<byte> source)
    {
        ref ConnectionState state = ref connection.State;
        if (connection.Is(ConnectionFlags.InMessage) && state.MessageLeft == 0 && !connection.HoldsFault)
        {
            HandshakeMessages.Consume(connection, default);
            return true;
        }

        if (connection.Is(ConnectionFlags.Streaming))
        {
            return StreamedRecords.Step(connection, ref source);
        }

        if (HasOpenedContent(connection))
        {
            return state.RecordType != ContentType.ApplicationData && DeliverOpened(connection);
        }

        if (source.IsEmpty)
        {
            return false;
        }

        int consumed = state.RecordType == ContentType.None ? ReadHeader(connection, source)
            : IsProtected(connection) ? FillWindow(connection, source)
            : DeliverClear(connection, source);
        source = source.Slice(consumed);
        return true;
    }

    /// <summary>Whether an opened record, or a piece of one, waits in the in window.</summary>
    public static bool HasOpenedContent(scoped in Connection connection) =>
        connection.Is(ConnectionFlags.Streaming) ? StreamedRecords.HasContent(connection) : connection.State.InEnd != 0;

    /// <summary>Hands opened application data over, as far as <paramref name="destination"/> reaches.</summary>
    public static int TakeApplicationData(scoped in Connection connection, Span<byte> destination)
    {
        ref ConnectionState state = ref connection.State;
        int waiting = state.InEnd - state.InStart;
        int count = waiting < destination.Length ? waiting : destination.Length;
        connection.Buffer[RegionId.InWindow].Slice(state.InStart, count).CopyTo(destination);
        TookOpened(connection, count);
        return count;
    }

    private static int ReadHeader(scoped in Connection connection, ReadOnlySpan<byte> source)
    {
        // Type and version come as one number, the length as a second one; between them the step says the type.
        ref ConnectionState state = ref connection.State;
        var reader = new FieldReader(ref state.RecordProgress, source);
        if (state.RecordProgress.Step == 0)
        {
            if (!reader.TryNumber(3, out uint typeAndVersion) || !BeginRecord(connection, typeAndVersion))
            {
                return reader.Consumed;
            }
        }

        if (reader.TryNumber(2, out uint length))
        {
            state.RecordType = (ContentType)state.RecordProgress.Step;
            state.RecordProgress = default;
            state.RecordLeft = (ushort)length;
            _ = IsProtected(connection) ? CheckProtected(connection, length) : CheckClear(connection, length);
        }

        return reader.Consumed;
    }

    /// <summary>Whether the record is sealed: all are once keys are there, but TLS 1.3 lets a ChangeCipherSpec without meaning pass in the clear.</summary>
    private static bool IsProtected(scoped in Connection connection) =>
        connection.Is(ConnectionFlags.ReadProtected) && !(connection.Is13 && connection.State.RecordType == ContentType.ChangeCipherSpec);

    /// <summary>RFC 5246 §E.1: before the version is negotiated any 3.x may stand there, afterwards only TLS 1.2.</summary>
    private static bool BeginRecord(scoped in Connection connection, uint typeAndVersion)
    {
        uint type = typeAndVersion >> 16;
        uint version = (ushort)typeAndVersion;
        if (type is < (uint)ContentType.ChangeCipherSpec or > (uint)ContentType.ApplicationData)
        {
            return connection.Fail(FaultReason.RecordTypeUnknown, 0, type);
        }

        connection.State.RecordProgress.Step = (byte)type;
        bool legal = connection.State.Suite == 0 ? version >> 8 == RecordHeader.Tls12 >> 8 : version == RecordHeader.Tls12;
        return legal || connection.Fail(FaultReason.RecordVersion, RecordHeader.Tls12, version);
    }

    /// <summary>
    /// RFC 5246 §6.2.1: at most 2^14, and only application data may be empty. TLS 1.2 lets an alert stand between the parts of a
    /// message, and so it is heard there; TLS 1.3 does not (RFC 8446 §5.1), nor do we while that may be chosen.
    /// </summary>
    private static bool CheckClear(scoped in Connection connection, uint length)
    {
        ref ConnectionState state = ref connection.State;
        if (length > RecordHeader.MaxContentBytes)
        {
            return connection.Fail(FaultReason.RecordOverflow, RecordHeader.MaxContentBytes, length);
        }

        switch (state.RecordType)
        {
            case ContentType.Handshake:
                return length != 0 || connection.Fail(FaultReason.UnexpectedRecord, 0, (uint)state.RecordType);
            case ContentType.Alert:
                return IsBetweenParts(connection) && (connection.Is13 || (connection.Offers13 && state.Suite == 0))
                    ? connection.Fail(FaultReason.UnexpectedRecord, 0, (uint)state.RecordType)
                    : length == 2 || connection.Fail(FaultReason.AlertMalformed, 2, length);
            case ContentType.ChangeCipherSpec:
                return CheckKeyChange(connection, length);
            default:
                return connection.Fail(FaultReason.UnexpectedRecord, 0, (uint)state.RecordType);
        }
    }

    private static bool CheckKeyChange(scoped in Connection connection, uint length)
    {
        ref ConnectionState state = ref connection.State;
        if (connection.Is13)
        {
            return IncomingRecords13.CheckChangeCipherSpec(connection, length);
        }

        if (IsBetweenParts(connection))
        {
            return connection.Fail(FaultReason.MessageAcrossKeyChange);
        }

        return (state.State == ClientState.WaitChangeCipherSpec && length == 1) || connection.Fail(FaultReason.ChangeCipherSpecInvalid, 1, length);
    }

    private static bool CheckProtected(scoped in Connection connection, uint length)
    {
        if (connection.Goes13)
        {
            return IncomingRecords13.CheckProtected(connection, length);
        }

        uint window = (uint)int.Max(connection.Config.Profile.InWindowBytes, HandshakeMessages.FinishedBytes);
        int content = RecordProtection.ContentBytes(connection, (int)length);
        connection.State.InFilled = 0;
        if (content > RecordHeader.MaxContentBytes)
        {
            return connection.Fail(FaultReason.RecordOverflow, RecordHeader.MaxContentBytes, (uint)content);
        }

        if (content < 0)
        {
            return connection.Fail(FaultReason.BadRecordMac, 0, length);
        }

        if (!RecordSizeLimit.Allows(connection, content))
        {
            return connection.Fail(FaultReason.RecordOverflow, RecordSizeLimit.Offered(connection.Config.Profile), (uint)content);
        }

        if (content > window)
        {
            StreamedRecords.Begin(connection, content);
        }

        return true;
    }

    private static int DeliverClear(scoped in Connection connection, ReadOnlySpan<byte> source)
    {
        ref ConnectionState state = ref connection.State;
        ReadOnlySpan<byte> content = source.Slice(0, state.RecordLeft < source.Length ? state.RecordLeft : source.Length);
        int consumed = Deliver(connection, content);
        state.RecordLeft -= (ushort)consumed;
        if (state.RecordLeft == 0)
        {
            state.RecordType = ContentType.None;
        }

        IncomingRecords13.Took(connection, state.RecordLeft);
        return consumed;
    }

    private static int FillWindow(scoped in Connection connection, ReadOnlySpan<byte> source)
    {
        ref ConnectionState state = ref connection.State;
        int count = state.RecordLeft < source.Length ? state.RecordLeft : source.Length;
        source.Slice(0, count).CopyTo(connection.Buffer[RegionId.InWindow].Slice(state.InFilled));
        state.InFilled += (ushort)count;
        state.RecordLeft -= (ushort)count;
        if (state.RecordLeft == 0)
        {
            OpenWindow(connection);
        }

        return count;
    }

    private static void OpenWindow(scoped in Connection connection)
    {
        ref ConnectionState state = ref connection.State;
        if (connection.Goes13)
        {
            IncomingRecords13.OpenWindow(connection);
            return;
        }

        int content = RecordProtection.ContentBytes(connection, state.InFilled);
        int start = state.SuiteFacts.ExplicitNonceBytes;
        Span<byte> window = connection.Buffer[RegionId.InWindow].Slice(0, state.InFilled);
        if (!RecordProtection.Open(connection, state.RecordType, window, window.Slice(start)))
        {
            return;
        }

        state.InStart = (ushort)start;
        state.InEnd = (ushort)(start + content);
        if (state.RecordType == ContentType.ApplicationData)
        {
            AcceptApplicationData(connection, content);
        }
        else if (state.RecordType == ContentType.Handshake && content == 0)
        {
            connection.Fail(FaultReason.UnexpectedRecord, 0, (uint)ContentType.Handshake); // only application data may be empty (§6.2.1)
        }
        else if (state.RecordType == ContentType.ChangeCipherSpec)
        {
            connection.Fail(FaultReason.ChangeCipherSpecInvalid, 0, (uint)content);
        }
        else if (state.RecordType == ContentType.Alert && content != 2)
        {
            connection.Fail(FaultReason.AlertMalformed, 2, (uint)content);
        }
    }

    /// <summary>Only when Connected, and not between the parts of a handshake message (RFC 5246 §6.2.1).</summary>
    public static void AcceptApplicationData(scoped in Connection connection, int content)
    {
        ref ConnectionState state = ref connection.State;
        if (state.State != ClientState.Connected || IsBetweenParts(connection))
        {
            connection.Fail(FaultReason.UnexpectedRecord, 0, (uint)ContentType.ApplicationData);
        }
        else if (content == 0)
        {
            TookOpened(connection, 0);
            Flood.Count(connection);
        }
        else
        {
            Flood.Reset(connection);
        }
    }

    /// <summary>Whether a message is under way, between whose parts nothing else may come (RFC 5246 §6.2.1, RFC 8446 §5.1).</summary>
    public static bool IsBetweenParts(scoped in Connection connection) => connection.Is(ConnectionFlags.InMessage) || connection.State.MessageCursor.FieldBytes != 0;

    private static bool DeliverOpened(scoped in Connection connection)
    {
        ref ConnectionState state = ref connection.State;
        ReadOnlySpan<byte> content = connection.Buffer[RegionId.InWindow].Slice(state.InStart, state.InEnd - state.InStart);
        TookOpened(connection, Deliver(connection, content));
        IncomingRecords13.Took(connection, state.InEnd - state.InStart);
        return true;
    }

    private static void TookOpened(scoped in Connection connection, int count)
    {
        ref ConnectionState state = ref connection.State;
        state.InStart += (ushort)count;
        if (state.InStart == state.InEnd)
        {
            state.InStart = 0;
            state.InEnd = 0;
            state.RecordType = ContentType.None;
        }
    }

    private static int Deliver(scoped in Connection connection, ReadOnlySpan<byte> content)
    {
        switch (connection.State.RecordType)
        {
            case ContentType.Handshake:
                return HandshakeMessages.Consume(connection, content);
            case ContentType.Alert:
                return Alerts.Consume(connection, content);
            default:
                return ChangeCipherSpec(connection, content);
        }
    }

    private static int ChangeCipherSpec(scoped in Connection connection, ReadOnlySpan<byte> content)
    {
        if (content[0] != 1)
        {
            connection.Fail(FaultReason.ChangeCipherSpecInvalid, 1, content[0]);
            return 1;
        }

        if (connection.Goes13)
        {
            return 1; // RFC 8446 §5: it means nothing
        }

        connection.Set(ConnectionFlags.ReadProtected);
        Handshaking.Advance(connection);
        return 1;
    }
}
