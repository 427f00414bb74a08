using System;
using System.Runtime.CompilerServices;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>Makes records in the out window and hands them to the transport, as far as it takes them.</summary>
internal static class OutgoingRecords
{
    /// <summary>Where content of <paramref name="bytes"/> bytes is written, so that it can be sealed in its place.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Span<byte> Content(scoped in Connection connection, int bytes)
    {
        int start = RecordHeader.Bytes;
        if (connection.Is(ConnectionFlags.WriteProtected))
        {
            start += connection.State.SuiteFacts.ExplicitNonceBytes;
        }

        return Window(connection).Slice(start, bytes);
    }

    /// <summary>Makes a record of the content that was written, and queues it for the transport.</summary>
    public static bool Queue(scoped in Connection connection, ContentType type, int contentBytes)
    {
        if (!connection.Is(ConnectionFlags.WriteProtected) || type == ContentType.ChangeCipherSpec)
        {
            return QueueClear(connection, type, contentBytes);
        }

        int recordBytes = RecordProtection.Seal(connection, type, Content(connection, contentBytes), Window(connection));
        Content(connection, recordBytes == 0 ? contentBytes : 0).Clear(); // what could not be sealed does not stay in the clear
        connection.State.OutStart = 0;
        connection.State.OutEnd = (ushort)recordBytes;
        return recordBytes != 0;
    }

    /// <summary>The same for what comes before our ChangeCipherSpec.</summary>
    public static bool QueueClear(scoped in Connection connection, ContentType type, int contentBytes)
    {
        RecordHeader.Write(Window(connection), type, contentBytes);
        connection.State.OutStart = 0;
        connection.State.OutEnd = (ushort)(RecordHeader.Bytes + contentBytes);
        return true;
    }

    /// <summary>
    /// Makes the next record of the handshake message that consists of <paramref name="head"/> and
    /// <paramref name="body"/>, which must not change until the message is out. True when it was the last one. In TLS 1.2
    /// all messages that may need more than one record come before our ChangeCipherSpec.
    /// </summary>
    public static bool ContinueMessage(scoped in Connection connection, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        ref ConnectionState state = ref connection.State;
        int sent = (int)state.MessageSentBytes;
        int left = head.Length + body.Length - sent;
        Span<byte> content = Content(connection, left < state.SendLimitBytes ? left : state.SendLimitBytes);
        int fromHead = 0;
        if (sent < head.Length)
        {
            fromHead = head.Length - sent < content.Length ? head.Length - sent : content.Length;
            head.Slice(sent, fromHead).CopyTo(content);
        }

        body.Slice(sent + fromHead - head.Length < 0 ? 0 : sent + fromHead - head.Length, content.Length - fromHead).CopyTo(content.Slice(fromHead));
        Transcript.Update(connection, content);
        _ = connection.Is13
            ? Queue(connection, ContentType.Handshake, content.Length)
            : QueueClear(connection, ContentType.Handshake, content.Length);
        bool last = content.Length == left;
        state.MessageSentBytes = last ? 0 : (uint)(sent + content.Length);
        return last;
    }

    /// <summary>The out window; while the server proves who it is, there is room for an alert only.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Span<byte> Window(scoped in Connection connection)
    {
        Span<byte> window = connection.Buffer[RegionId.OutWindow];
        return window.IsEmpty ? connection.Buffer[RegionId.AlertRecord] : window;
    }

    /// <summary>Whether bytes wait for the transport.</summary>
    public static bool ArePending(scoped in Connection connection) => connection.State.OutStart != connection.State.OutEnd;

    /// <summary>Gives the transport what fits into <paramref name="destination"/>.</summary>
    public static int Flush(scoped in Connection connection, Span<byte> destination)
    {
        ref ConnectionState state = ref connection.State;
        int waiting = state.OutEnd - state.OutStart;
        int count = waiting < destination.Length ? waiting : destination.Length;
        Window(connection).Slice(state.OutStart, count).CopyTo(destination);
        state.OutStart += (ushort)count;
        if (!ArePending(connection))
        {
            state.OutStart = 0; // the next window may be a smaller one
            state.OutEnd = 0;
        }

        return count;
    }
}
