using System;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>The handshake messages of TLS 1.3 after the first ServerHello (RFC 8446 §4): which may come, and who reads them.</summary>
internal static class HandshakeMessages13
{
    /// <summary>Whether the message that begins may come now; what it covers is taken before the transcript takes the message itself.</summary>
    public static bool Expects(scoped in Connection connection)
    {
        ref ConnectionState state = ref connection.State;
        HandshakeType type = state.MessageType;
        if (state.State == ClientState.Connected)
        {
            return ExpectsLater(connection, type);
        }

        HandshakeType awaited = ClientStates13.Awaits(state.State);
        bool optionalLeftOut = state.State == ClientState.WaitCertificateRequest13 && type == HandshakeType.Certificate;
        if (type != awaited && !optionalLeftOut)
        {
            return connection.Fail(FaultReason.UnexpectedMessage, (uint)awaited, (uint)type);
        }

        switch (type)
        {
            case HandshakeType.CertificateVerify:
                ServerCertificateVerify.Begin(connection);
                return true;
            case HandshakeType.Finished:
                return ServerFinished13.Begin(connection);
            default:
                return true;
        }
    }

    /// <summary>Gives the body to its reader.</summary>
    public static int ReadBody(scoped in Connection connection, ReadOnlySpan<byte> body)
    {
        switch (connection.State.MessageType)
        {
            case HandshakeType.ServerHello:
                return ServerHello.Read(connection, body);
            case HandshakeType.EncryptedExtensions:
                return EncryptedExtensions.Read(connection, body);
            case HandshakeType.CertificateRequest:
                return CertificateRequest13.Read(connection, body);
            case HandshakeType.Certificate:
                return ServerCertificate.Read(connection, body);
            case HandshakeType.CertificateVerify:
                return ServerCertificateVerify.Read(connection, body);
            case HandshakeType.Finished:
                return ServerFinished13.Read(connection, body);
            case HandshakeType.KeyUpdate:
                return KeyUpdate.Read(connection, body);
            default:
                return NewSessionTicket.Read(connection, body);
        }
    }

    /// <summary>
    /// Judges the whole message, when it has ended. What follows a change of keys waits for the record's end, which must
    /// be here (RFC 8446 §5.1): no reply and no key depends on a record that is not verified whole (RULES 1).
    /// </summary>
    public static void Finish(scoped in Connection connection)
    {
        ref ConnectionState state = ref connection.State;
        if (!FinishBody(connection))
        {
            return;
        }

        connection.Clear(ConnectionFlags.InMessage);
        switch (state.MessageType)
        {
            case HandshakeType.ServerHello:
            case HandshakeType.Finished:
            case HandshakeType.KeyUpdate:
                connection.Set(ConnectionFlags.KeyChangePending);
                break;
            case HandshakeType.NewSessionTicket:
                break;
            case HandshakeType.Certificate:
                state.State = ClientState.WaitCertificate13; // it may stand where a CertificateRequest would have
                Handshaking.Advance(connection);
                break;
            default:
                Handshaking.Advance(connection);
                break;
        }
    }

    /// <summary>The record has ended behind a message that changes keys.</summary>
    public static void ChangeKeys(scoped in Connection connection)
    {
        connection.State.Flags &= ~ConnectionFlags.KeyChangePending;
        if (connection.State.State == ClientState.Connected)
        {
            KeyUpdate.TakeEffect(connection);
            return;
        }

        if (connection.State.State == ClientState.WaitFinished13)
        {
            KeySchedule13.EnterApplication(connection);
        }

        connection.State.MessageCursor = default;
        Handshaking.Advance(connection);
    }

    /// <summary>Behind the handshake come tickets and key updates; authentication was not offered.</summary>
    private static bool ExpectsLater(scoped in Connection connection, HandshakeType type)
    {
        switch (type)
        {
            case HandshakeType.NewSessionTicket:
                NewSessionTicket.Begin(connection);
                return true;
            case HandshakeType.KeyUpdate:
                return connection.State.MessageLeft == 1 || connection.Fail(FaultReason.MessageMalformed, (uint)type, connection.State.MessageLeft);
            default:
                return connection.Fail(FaultReason.UnexpectedMessage, (uint)HandshakeType.NewSessionTicket, (uint)type);
        }
    }

    private static bool FinishBody(scoped in Connection connection)
    {
        switch (connection.State.MessageType)
        {
            case HandshakeType.ServerHello:
                return ServerHello.Finish(connection);
            case HandshakeType.EncryptedExtensions:
                return EncryptedExtensions.Finish(connection);
            case HandshakeType.CertificateRequest:
                return CertificateRequest13.Finish(connection);
            case HandshakeType.Certificate:
                return ServerCertificate.Finish(connection);
            case HandshakeType.CertificateVerify:
                return ServerCertificateVerify.Finish(connection);
            case HandshakeType.Finished:
                return ServerFinished13.Finish(connection);
            case HandshakeType.KeyUpdate:
                return KeyUpdate.Finish(connection);
            default:
                return NewSessionTicket.Finish(connection);
        }
    }
}
