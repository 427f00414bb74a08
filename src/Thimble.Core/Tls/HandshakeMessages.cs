using System;
using System.Security.Cryptography;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// Takes handshake messages apart as their bytes arrive, whatever records carry them (RFC 5246 §7.4), and hands each
/// body to its reader. The transcript takes every byte that was consumed.
/// </summary>
internal static class HandshakeMessages
{
    /// <summary>msg_type and length.</summary>
    private const int HeaderBytes = 4;

    /// <summary>The length of verify_data in TLS 1.2 (RFC 5246 §7.4.9).</summary>
    public const int VerifyDataBytes = 12;

    /// <summary>Finished of TLS 1.2, header included: the least that any window must take.</summary>
    public const int FinishedBytes = 4 + VerifyDataBytes;

    /// <summary>
    /// Consumes what it can of <paramref name="input"/>. It stops early when a message has ended, when a signature must be
    /// verified first, and after a fault.
    /// </summary>
    public static int Consume(scoped in Connection connection, ReadOnlySpan<byte> input)
    {
        ref ConnectionState state = ref connection.State;
        int consumed = 0;
        if (!connection.Is(ConnectionFlags.InMessage))
        {
            consumed = ReadHeader(connection, input);
            if (!connection.Is(ConnectionFlags.InMessage))
            {
                return consumed;
            }
        }

        ReadOnlySpan<byte> body = input.Slice(consumed, (int)uint.Min(state.MessageLeft, (uint)(input.Length - consumed)));
        int read = ReadBody(connection, body);
        if (IsTranscribed(connection))
        {
            Transcript.Update(connection, body.Slice(0, read));
        }

        // A chain whose signature is being verified is not done, although its bytes may be: its reader is called again without any.
        state.MessageLeft -= (uint)read;
        if (state.MessageLeft == 0 && !connection.Is(ConnectionFlags.ChainVerifying) && state.Fault.Reason == FaultReason.None)
        {
            Finish(connection);
        }

        return consumed + read;
    }

    /// <summary>The message has ended: its whole is judged, and the next state begins.</summary>
    private static void Finish(scoped in Connection connection)
    {
        ref ConnectionState state = ref connection.State;
        if (connection.Goes13)
        {
            HandshakeMessages13.Finish(connection);
            return;
        }

        if (!FinishBody(connection))
        {
            return;
        }

        connection.Clear(ConnectionFlags.InMessage);
        if (state.MessageType == HandshakeType.HelloRequest)
        {
            return;
        }

        if (state.MessageType == HandshakeType.ServerHelloDone)
        {
            state.State = ClientState.WaitServerHelloDone; // it may stand where a CertificateRequest or a hint would have
        }

        Handshaking.Advance(connection);
    }

    private static int ReadHeader(scoped in Connection connection, ReadOnlySpan<byte> input)
    {
        ref ConnectionState state = ref connection.State;
        var reader = new FieldReader(ref state.MessageCursor, input);
        if (!reader.TryNumber(HeaderBytes, out uint header))
        {
            return reader.Consumed;
        }

        state.MessageType = (HandshakeType)(header >> 24);
        state.MessageLeft = header & 0xFFFFFF;
        state.MessageCursor = default;
        state.Seen = 0;
        if (Expects(connection))
        {
            connection.Set(ConnectionFlags.InMessage);
            HashHeader(connection, header);
        }

        return reader.Consumed;
    }

    private static bool Expects(scoped in Connection connection)
    {
        ref ConnectionState state = ref connection.State;
        HandshakeType type = state.MessageType;
        if (connection.Is13)
        {
            return HandshakeMessages13.Expects(connection);
        }

        if (type == HandshakeType.HelloRequest && connection.Offers12)
        {
            // RFC 5246 §7.4.1.1: ignored during the handshake, and we do not renegotiate after it.
            return IsEmpty(connection) && Flood.Count(connection);
        }

        HandshakeType awaited = ClientStates.Awaits(state.State);
        bool optionalLeftOut = Features.Tls12 && type == HandshakeType.ServerHelloDone && ClientStates.MayLeaveOut(state.State, state.SuiteFacts.KeyExchange);
        if (Features.StapledStatus && state.State == ClientState.WaitCertificateStatus && type == HandshakeType.ServerKeyExchange)
        {
            return ServerCertificateStatus.PassOver(connection);
        }

        if (type != awaited && !optionalLeftOut)
        {
            return connection.Fail(FaultReason.UnexpectedMessage, (uint)awaited, (uint)type);
        }

        switch (type)
        {
            case HandshakeType.ServerHelloDone:
                return IsEmpty(connection);
            case HandshakeType.Finished:
                return state.MessageLeft == VerifyDataBytes || connection.Fail(FaultReason.MessageMalformed, (uint)type, state.MessageLeft);
            default:
                return true;
        }
    }

    private static bool IsEmpty(scoped in Connection connection)
    {
        ref ConnectionState state = ref connection.State;
        return state.MessageLeft == 0 || connection.Fail(FaultReason.MessageMalformed, (uint)state.MessageType, state.MessageLeft);
    }

    private static void HashHeader(scoped in Connection connection, uint header)
    {
        if (!IsTranscribed(connection))
        {
            return;
        }

        for (int shift = 24; shift >= 0; shift -= 8)
        {
            byte next = (byte)(header >> shift);
            Transcript.Update(connection, new ReadOnlySpan<byte>(in next));
        }
    }

    /// <summary>HelloRequest is in no transcript (RFC 5246 §7.4.1.1), and what comes after the handshake in none that is kept.</summary>
    private static bool IsTranscribed(scoped in Connection connection) =>
        connection.State.MessageType != HandshakeType.HelloRequest && connection.Buffer.Phase != Phase.Connected;

    private static int ReadBody(scoped in Connection connection, ReadOnlySpan<byte> body)
    {
        if (connection.Is13)
        {
            return HandshakeMessages13.ReadBody(connection, body);
        }

        if (!Features.Tls12)
        {
            // Nothing else is expected before the version is known.
            return connection.State.MessageType == HandshakeType.ServerHello ? ServerHello.Read(connection, body) : 0;
        }

        switch (connection.State.MessageType)
        {
            case HandshakeType.ServerHello:
                return ServerHello.Read(connection, body);
            case HandshakeType.Certificate:
                return ServerCertificate.Read(connection, body);
            case HandshakeType.CertificateStatus:
                return Features.StapledStatus ? ServerCertificateStatus.Read(connection, body) : 0;
            case HandshakeType.ServerKeyExchange:
                return ServerKeyExchange.Read(connection, body);
            case HandshakeType.CertificateRequest:
                return CertificateRequest.Read(connection, body);
            case HandshakeType.NewSessionTicket when Features.PreSharedKeys:
                return NewSessionTicket12.Read(connection, body);
            case HandshakeType.Finished:
                return ReadFinished(connection, body);
            default:
                return 0; // ServerHelloDone and HelloRequest have no body
        }
    }

    private static bool FinishBody(scoped in Connection connection)
    {
        if (!Features.Tls12)
        {
            return ServerHello.Finish(connection);
        }

        switch (connection.State.MessageType)
        {
            case HandshakeType.ServerHello:
                return ServerHello.Finish(connection);
            case HandshakeType.Certificate:
                return ServerCertificate.Finish(connection);
            case HandshakeType.CertificateStatus:
                return Features.StapledStatus && ServerCertificateStatus.Finish(connection);
            case HandshakeType.ServerKeyExchange:
                return ServerKeyExchange.Finish(connection);
            case HandshakeType.CertificateRequest:
                return CertificateRequest.Finish(connection);
            case HandshakeType.NewSessionTicket when Features.PreSharedKeys:
                return NewSessionTicket12.Finish(connection);
            case HandshakeType.Finished:
                return FinishFinished(connection);
            default:
                return true;
        }
    }

    /// <summary>Collects the server's verify_data beside the one that it must equal.</summary>
    private static int ReadFinished(scoped in Connection connection, ReadOnlySpan<byte> body)
    {
        var reader = new FieldReader(ref connection.State.MessageCursor, body);
        reader.TryBytes(connection.Buffer[RegionId.VerifyData].Slice(VerifyDataBytes, VerifyDataBytes));
        return reader.Consumed;
    }

    private static bool FinishFinished(scoped in Connection connection)
    {
        ReadOnlySpan<byte> data = connection.Buffer[RegionId.VerifyData];
        if (!CryptographicOperations.FixedTimeEquals(data.Slice(0, VerifyDataBytes), data.Slice(VerifyDataBytes, VerifyDataBytes)))
        {
            return connection.Fail(FaultReason.FinishedMismatch);
        }

        if (Features.PreSharedKeys)
        {
            Resumption12.Keep(connection);
        }

        return true;
    }
}
