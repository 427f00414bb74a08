using System;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>Alerts both ways (RFC 5246 §7.2).</summary>
internal static class Alerts
{
    private const byte Warning = 1;
    private const byte Fatal = 2;

    /// <summary>Level and description.</summary>
    public const int Bytes = 2;

    /// <summary>Reads an alert, whose record was found to hold two bytes.</summary>
    public static int Consume(scoped in Connection connection, ReadOnlySpan<byte> content)
    {
        var reader = new FieldReader(ref connection.State.RecordProgress, content);
        if (reader.TryNumber(Bytes, out uint alert))
        {
            React(connection, alert >> 8, (byte)alert);
        }

        return reader.Consumed;
    }

    /// <summary>Asks for an alert, which is sent when the out window is free.</summary>
    public static void Announce(scoped in Connection connection, AlertDescription description)
    {
        connection.State.PendingAlert = description;
        connection.Set(ConnectionFlags.AlertPending);
    }

    /// <summary>
    /// Our side ends (RFC 5246 §7.2.1). An unfinished handshake is given up with it: nothing may follow close_notify.
    /// Before ClientHello there is nobody to tell.
    /// </summary>
    public static void CloseOurSide(scoped in Connection connection)
    {
        ClientState state = connection.State.State;
        if (state < ClientState.Connected)
        {
            connection.Forget();
            connection.Clear(ConnectionFlags.Streaming);
            connection.State.State = ClientState.Closed;
        }

        if (state is > ClientState.Start and <= ClientState.Connected)
        {
            Announce(connection, AlertDescription.CloseNotify);
        }
    }

    /// <summary>Puts the pending alert into the out window, which is free. It is the last thing that goes out.</summary>
    public static void Compose(scoped in Connection connection)
    {
        ref ConnectionState state = ref connection.State;
        state.Flags &= ~ConnectionFlags.AlertPending;
        AlertDescription description = state.PendingAlert;
        Span<byte> content = OutgoingRecords.Content(connection, Bytes);
        content[0] = description == AlertDescription.CloseNotify ? Warning : Fatal;
        content[1] = (byte)description;
        OutgoingRecords.Queue(connection, ContentType.Alert, Bytes);
        connection.Set(ConnectionFlags.WriteClosed);
        CloseWhenBothDid(connection);
    }

    private static void React(scoped in Connection connection, uint level, byte description)
    {
        if (connection.Is13 || !connection.Offers12)
        {
            React13(connection, description);
            return;
        }

        if (level is not (Warning or Fatal))
        {
            connection.Fail(FaultReason.AlertMalformed, 0, level);
            return;
        }

        bool established = connection.State.State == ClientState.Connected;
        if (description == (byte)AlertDescription.CloseNotify && established)
        {
            ClosedByPeer(connection);
        }
        else if (level == Fatal || description == (byte)AlertDescription.CloseNotify)
        {
            connection.Fail(FaultReason.AlertReceived, 0, description);
        }
        else
        {
            Flood.Count(connection);
        }
    }

    /// <summary>RFC 8446 §6: the level means nothing, and all but two are errors.</summary>
    private static void React13(scoped in Connection connection, byte description)
    {
        bool established = connection.State.State == ClientState.Connected;
        if (description == (byte)AlertDescription.CloseNotify && established)
        {
            connection.Set(ConnectionFlags.ReadClosed);
            CloseWhenBothDid(connection);
        }
        else if (description == (byte)AlertDescription.UserCanceled)
        {
            Flood.Count(connection);
        }
        else
        {
            connection.Fail(FaultReason.AlertReceived, 0, description);
        }
    }

    /// <summary>RFC 8446 §6.1: in TLS 1.3 each side ends by itself, and we may write on after the server's close_notify.</summary>
    private static void CloseWhenBothDid(scoped in Connection connection)
    {
        if (connection.Is(ConnectionFlags.ReadClosed) && connection.Is(ConnectionFlags.WriteClosed) && connection.State.State == ClientState.Connected)
        {
            connection.State.State = ClientState.Closed;
        }
    }

    /// <summary>RFC 5246 §7.2.1: answered with our own close_notify, unless that was sent before.</summary>
    private static void ClosedByPeer(scoped in Connection connection)
    {
        connection.Set(ConnectionFlags.ReadClosed);
        connection.State.State = ClientState.Closed;
        if (!connection.Is(ConnectionFlags.WriteClosed))
        {
            Announce(connection, AlertDescription.CloseNotify);
        }
    }
}
