using System;
using System.Runtime.InteropServices;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// Passes a protected record that is larger than the in window through it, piece by piece: a piece gathers, is
/// authenticated and decrypted in its place, and flows to its readers before the record's tag is known.
/// </summary>
/// <remarks>
/// The rule (RULES 1 to 4): until the tag verifies, the connection goes only through states that read and verify. In
/// TLS 1.3 those are the states from EncryptedExtensions up to the server's Finished, so one record may carry the whole flight;
/// regions may begin and end there, because a bad tag ends the connection with all of them. Whatever acts comes behind
/// Finished or KeyUpdate, whose keys change at the end of their record: that is after its tag. In TLS 1.2 the server's
/// Finished fits any window, so nothing larger is taken before the connection stands. A fault found on the way is held
/// (<see cref="Connection.Fail"/>); the rest of the record is then only authenticated. A bad tag is
/// <see cref="FaultReason.BadRecordMac"/>, whatever was held; a good one releases it.
/// </remarks>
internal static class StreamedRecords
{
    /// <summary>How many zeros that were held back are given on at a time.</summary>
    private static ReadOnlySpan<byte> SomeZeros => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>The header was read, and tells of so much content.</summary>
    public static void Begin(scoped in Connection connection, int content)
    {
        ref ConnectionState state = ref connection.State;
        Memory(connection).Clear();
        ref RecordStream stream = ref Stream(connection);
        stream.Total = (ushort)(connection.Goes13 ? content + 1 : content);
        stream.IdleEvents = state.IdleEvents;
        stream.Facts = IncomingRecords.IsBetweenParts(connection) ? StreamFacts.MidMessage : StreamFacts.None;
        connection.Set(ConnectionFlags.Streaming | ConnectionFlags.Unverified);
        if (!connection.Goes13)
        {
            Judge12(connection, (uint)content);
        }
    }

    /// <summary>Makes one piece of progress, as <see cref="IncomingRecords.Step"/> does.</summary>
    public static bool Step(scoped in Connection connection, ref ReadOnlySpan<byte> source)
    {
        if (HasContent(connection))
        {
            if (IsForUser(connection))
            {
                return false;
            }

            Took(connection, Deliver(connection, Content(connection)));
            return true;
        }

        if (!connection.Is(ConnectionFlags.Unverified))
        {
            End(connection);
            return true;
        }

        int consumed = Fill(connection, source);
        source = source.Slice(consumed);
        return consumed != 0;
    }

    /// <summary>Whether opened content waits for its reader or for the user.</summary>
    public static bool HasContent(scoped in Connection connection)
    {
        ref RecordStream stream = ref Stream(connection);
        return stream.Released != 0 || stream.ReleasedZeros != 0 || connection.State.InStart != connection.State.InEnd;
    }

    /// <summary>
    /// Hands application data over, as far as <paramref name="destination"/> reaches. It is provisional unless the
    /// connection then says that it is committed.
    /// </summary>
    public static int Take(scoped in Connection connection, Span<byte> destination)
    {
        int taken = 0;
        while (taken < destination.Length && HasContent(connection))
        {
            ReadOnlySpan<byte> content = Content(connection);
            content = content.Slice(0, int.Min(content.Length, destination.Length - taken));
            content.CopyTo(destination.Slice(taken));
            taken += content.Length;
            if (connection.Goes13 && connection.Is(ConnectionFlags.Unverified))
            {
                ReadAside(connection, content);
            }

            Took(connection, content.Length);
        }

        Stream(connection).Facts |= StreamFacts.Given;
        if (!connection.Is(ConnectionFlags.Unverified) && !HasContent(connection))
        {
            EndGiven(connection);
        }

        return taken;
    }

    /// <summary>Lets the window's content go, and what was held back.</summary>
    public static void DropContent(scoped in Connection connection)
    {
        ref RecordStream stream = ref Stream(connection);
        stream.Released = 0;
        stream.ReleasedZeros = 0;
        connection.State.InStart = 0;
        connection.State.InEnd = 0;
    }

    /// <summary>What is remembered of the record.</summary>
    public static ref RecordStream Stream(scoped in Connection connection) => ref MemoryMarshal.AsRef<RecordStream>(Memory(connection));

    /// <summary>The record was application data, all of which the user has: it counts.</summary>
    public static void EndGiven(scoped in Connection connection)
    {
        connection.Set(ConnectionFlags.Committed);
        Flood.Reset(connection);
        End(connection);
    }

    /// <summary>All is taken: the next record may come. Behind a message that changes keys they change now.</summary>
    public static void End(scoped in Connection connection)
    {
        connection.Clear(ConnectionFlags.Streaming);
        connection.State.RecordType = ContentType.None;
        DropContent(connection);
        IncomingRecords13.Took(connection, 0);
    }

    private static Span<byte> Memory(scoped in Connection connection)
    {
        Span<byte> region = connection.Buffer[RegionId.InWindow];
        return region.Slice(region.Length - RecordStream.Bytes);
    }

    private static Span<byte> Window(scoped in Connection connection)
    {
        Span<byte> region = connection.Buffer[RegionId.InWindow];
        return region.Slice(0, region.Length - RecordStream.Bytes);
    }

    /// <summary>In TLS 1.2 the header tells the type. What cannot be right is drained, and the fault waits for the tag.</summary>
    private static void Judge12(scoped in Connection connection, uint content)
    {
        ref ConnectionState state = ref connection.State;
        bool data = state.RecordType == ContentType.ApplicationData;
        if (state.RecordType == ContentType.Alert)
        {
            connection.Fail(FaultReason.AlertMalformed, 2, content);
        }
        else if (state.RecordType == ContentType.ChangeCipherSpec)
        {
            connection.Fail(FaultReason.ChangeCipherSpecInvalid, 0, content);
        }
        else if (data && (state.State != ClientState.Connected || IncomingRecords.IsBetweenParts(connection)))
        {
            connection.Fail(FaultReason.UnexpectedRecord, 0, (uint)state.RecordType);
        }
        else if (state.State != ClientState.Connected || (data && !connection.Config.ProvisionalDelivery))
        {
            connection.Fail(FaultReason.RecordLargerThanWindow, (uint)connection.Config.Profile.InWindowBytes, content);
        }
    }

    /// <summary>In TLS 1.3 any record may turn out to be application data, unless a message must go on in it.</summary>
    private static bool IsForUser(scoped in Connection connection)
    {
        bool held = !connection.Goes13 && connection.HoldsFault;
        return connection.State.State == ClientState.Connected && connection.State.RecordType == ContentType.ApplicationData
            && connection.Config.ProvisionalDelivery && !held && (Stream(connection).Facts & StreamFacts.MidMessage) == 0;
    }

    private static int Fill(scoped in Connection connection, ReadOnlySpan<byte> source)
    {
        ref ConnectionState state = ref connection.State;
        int wanted = PieceBytes(connection) - state.InFilled;
        int count = wanted < source.Length ? wanted : source.Length;
        source.Slice(0, count).CopyTo(Window(connection).Slice(state.InFilled));
        state.InFilled += (ushort)count;
        state.RecordLeft -= (ushort)count;
        if (count == wanted)
        {
            TakePiece(connection);
        }

        return count;
    }

    /// <summary>The next piece: an explicit nonce by itself, then whole blocks, and at last what the window takes together with the tag.</summary>
    private static int PieceBytes(scoped in Connection connection)
    {
        int explicitBytes = connection.State.SuiteFacts.ExplicitNonceBytes;
        if (explicitBytes != 0 && (Stream(connection).Facts & StreamFacts.Begun) == 0)
        {
            return explicitBytes;
        }

        int room = Window(connection).Length;
        int rest = connection.State.InFilled + connection.State.RecordLeft;
        return rest <= room ? rest : (room - RecordProtection.TagBytes(connection)) & -AeadPieces.BlockBytes;
    }

    private static void TakePiece(scoped in Connection connection)
    {
        ref ConnectionState state = ref connection.State;
        ref RecordStream stream = ref Stream(connection);
        Span<byte> filled = Window(connection).Slice(0, state.InFilled);
        if ((stream.Facts & StreamFacts.Begun) == 0)
        {
            stream.Facts |= StreamFacts.Begun;
            int explicitBytes = state.SuiteFacts.ExplicitNonceBytes;
            filled.Slice(0, explicitBytes).CopyTo(stream.ExplicitNonce);
            if (!RecordProtection.BeginPieces(connection, ref stream) || explicitBytes != 0)
            {
                state.InFilled = 0;
                return;
            }
        }

        bool last = state.RecordLeft == 0;
        Span<byte> piece = filled.Slice(0, filled.Length - (last ? RecordProtection.TagBytes(connection) : 0));
        state.InFilled = 0;
        if (!RecordProtection.OpenPiece(connection, ref stream, piece, filled.Slice(piece.Length)))
        {
            connection.FailNow(FaultReason.BadRecordMac);
            return;
        }

        Opened(connection, ref stream, piece);
        if (last)
        {
            Verified(connection);
        }
    }

    private static void Opened(scoped in Connection connection, scoped ref RecordStream stream, ReadOnlySpan<byte> piece)
    {
        if (stream.Opened == 0)
        {
            stream.First = piece[0];
            stream.Second = piece.Length > 1 ? piece[1] : (byte)0;
        }

        stream.Opened += (ushort)piece.Length;
        connection.State.InEnd = (ushort)(connection.Goes13 ? StreamedRecords13.HoldBack(ref stream, piece) : piece.Length);
    }

    private static void Verified(scoped in Connection connection)
    {
        if (connection.Goes13)
        {
            StreamedRecords13.Verified(connection);
            return;
        }

        connection.Commit();
    }

    /// <summary>The next opened content that lies in one piece: a byte and zeros that were held back, and then the window's.</summary>
    private static ReadOnlySpan<byte> Content(scoped in Connection connection)
    {
        ref RecordStream stream = ref Stream(connection);
        ref ConnectionState state = ref connection.State;
        if (stream.Released != 0)
        {
            return new ReadOnlySpan<byte>(ref stream.Released);
        }

        return stream.ReleasedZeros != 0
            ? SomeZeros.Slice(0, int.Min(stream.ReleasedZeros, SomeZeros.Length))
            : Window(connection).Slice(state.InStart, state.InEnd - state.InStart);
    }

    private static void Took(scoped in Connection connection, int count)
    {
        ref RecordStream stream = ref Stream(connection);
        if (stream.Released != 0)
        {
            stream.Released = (byte)(count == 0 ? stream.Released : 0);
        }
        else if (stream.ReleasedZeros != 0)
        {
            stream.ReleasedZeros -= (ushort)count;
        }
        else
        {
            connection.State.InStart += (ushort)count;
        }

        if (!HasContent(connection))
        {
            DropContent(connection);
        }
    }

    /// <summary>
    /// Gives content to the reader of handshake messages, and lets it go where a fault is held. Behind a message that
    /// changes keys there may be none (RFC 8446 §5.1).
    /// </summary>
    private static int Deliver(scoped in Connection connection, ReadOnlySpan<byte> content)
    {
        if (connection.HoldsFault)
        {
            return content.Length;
        }

        if (connection.Is(ConnectionFlags.KeyChangePending))
        {
            connection.Fail(FaultReason.MessageAcrossKeyChange);
            return content.Length;
        }

        return HandshakeMessages.Consume(connection, content);
    }

    /// <summary>Reads as handshake messages what the user was given as application data, in case it is none.</summary>
    private static void ReadAside(scoped in Connection connection, ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            content = content.Slice(Deliver(connection, content));
        }
    }
}
