using System;
using System.Runtime.CompilerServices;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>Reads ServerHello (RFC 5246 §7.4.1.3, RFC 8446 §4.1.3), which may be a HelloRetryRequest, as the bytes arrive.</summary>
internal static class ServerHello
{
    private enum Field : byte
    {
        ServerVersion = 0,
        Random,
        SessionIdLength,
        SessionId,
        CipherSuite,
        CompressionMethod,
        Extensions = ServerExtensions.ListLengthStep,
        End = ServerExtensions.EndStep,
    }

    /// <summary>The bit of <see cref="ConnectionState.Seen"/> for a session id that is not the one we sent, above those of the extensions.</summary>
    private const uint SawOtherSessionId = 1u << 30;

    /// <summary>Reads what there is. Returns how much was consumed; a fault stands in the connection.</summary>
    public static int Read(scoped in Connection connection, ReadOnlySpan<byte> input)
    {
        ref FieldCursor cursor = ref connection.State.MessageCursor;
        var reader = new FieldReader(ref cursor, input);
        while (ReadField(connection, ref cursor, ref reader))
        {
        }

        return reader.Consumed;
    }

    /// <summary>Judges the whole, when the message has ended.</summary>
    public static bool Finish(scoped in Connection connection)
    {
        Field at = (Field)connection.State.MessageCursor.Step;
        if (at is not (Field.Extensions or Field.End) || connection.State.MessageCursor.FieldBytes != 0)
        {
            return connection.Fail(FaultReason.MessageMalformed, (uint)HandshakeType.ServerHello);
        }

        if (connection.Goes13)
        {
            return Finish13(connection);
        }

        return Finish12(connection);
    }

    private static bool Finish12(scoped in Connection connection)
    {
        KeyExchange exchange = connection.State.SuiteFacts.KeyExchange;
        bool resumed = connection.Is(ConnectionFlags.Resumed);
        if (KeyExchanges.IsShared(exchange) && !resumed)
        {
            connection.Set(ConnectionFlags.PskSelected);
        }

        if (resumed || exchange == KeyExchange.Psk)
        {
            connection.State.Group = (ushort)NamedGroup.None; // that of the share which TLS 1.3 would have taken
        }

        // RFC 5746 §3.4: without the extension the server may be open to renegotiation attacks.
        if (!connection.Is(ConnectionFlags.SecureRenegotiation))
        {
            return connection.Fail(FaultReason.RenegotiationInfoMissing);
        }

        // RFC 7627 §5.3: a session is only kept where it had the extension, and goes on only with it.
        bool tolerated = connection.Config.Profile.AllowLegacyMasterSecret && !resumed;
        return connection.Is(ConnectionFlags.ExtendedMasterSecret) || tolerated || connection.Fail(FaultReason.ExtendedMasterSecretMissing);
    }

    /// <summary>RFC 8446 §4.1.3, §4.1.4: the version, and what a share or a second hello needs.</summary>
    private static bool Finish13(scoped in Connection connection)
    {
        if (!ServerExtensions.Saw(connection, ExtensionType.SupportedVersions))
        {
            return connection.Fail(FaultReason.SuiteNotOffered, 0, connection.State.Suite); // so this is TLS 1.2, which does not know the suite
        }

        if (HelloRetry.IsBeingRead(connection))
        {
            return HelloRetry.Finish(connection);
        }

        KeyLog.WriteRandom(connection); // it does not live until there are secrets
        if (Features.PreSharedKeys && connection.Is(ConnectionFlags.PskSelected))
        {
            return PreSharedKey13.Accept(connection);
        }

        if (Features.PreSharedKeys && PreSharedKey13.IsOnlyWay(connection))
        {
            return connection.Fail(FaultReason.PreSharedKeyRefused);
        }

        return ServerExtensions.Saw(connection, ExtensionType.KeyShare)
            || connection.Fail(FaultReason.ExtensionMissing, (uint)HandshakeType.ServerHello, (uint)ExtensionType.KeyShare);
    }

    private static bool ReadField(scoped in Connection connection, ref FieldCursor cursor, scoped ref FieldReader reader)
    {
        uint value;
        switch ((Field)cursor.Step)
        {
            case Field.ServerVersion:
                return reader.TryNumber(2, out value)
                    && (value == RecordHeader.Tls12 || connection.Fail(FaultReason.VersionUnsupported, RecordHeader.Tls12, value))
                    && Go(ref cursor, Field.Random);
            case Field.Random:
                return reader.TryBytes(ServerRandom(connection)) && HelloRetry.Recognize(connection, ServerRandom(connection))
                    && Go(ref cursor, Field.SessionIdLength);
            case Field.SessionIdLength:
                return reader.TryNumber(1, out value) && BeginSessionId(connection, ref cursor, value);
            case Field.SessionId:
                return ReadSessionId(connection, ref cursor, ref reader);
            case Field.CipherSuite:
                return reader.TryNumber(2, out value) && ChooseSuite(connection, value) && Go(ref cursor, Field.CompressionMethod);
            case Field.CompressionMethod:
                return reader.TryNumber(1, out value)
                    && (value == 0 || connection.Fail(FaultReason.CompressionNotOffered, 0, value))
                    && Go(ref cursor, Field.Extensions);
            default:
                return ServerExtensions.ReadField(connection, ref cursor, ref reader);
        }
    }

    /// <summary>The suite names the transcript's hash, so hashing begins here, with what has waited.</summary>
    private static bool ChooseSuite(scoped in Connection connection, uint number)
    {
        ref ConnectionState state = ref connection.State;
        if (!SuitsVersion(connection, (ushort)number))
        {
            return false;
        }

        if (state.Retry == RetryState.Answered)
        {
            return number == state.Suite || connection.Fail(FaultReason.SuiteChangedAfterRetry, state.Suite, number);
        }

        state.Suite = (ushort)number;
        if (HelloRetry.IsBeingRead(connection))
        {
            Transcript.BeginAgain(connection);
            return true;
        }

        Transcript.Begin(connection);
        return true;
    }

    /// <summary>What can be told from the suite: it names the version, and what came before it must fit that.</summary>
    private static bool SuitsVersion(scoped in Connection connection, ushort number)
    {
        if (!connection.Offers12 && !CipherSuite.Is13(number))
        {
            return connection.Fail(FaultReason.VersionUnsupported, RecordHeader.Tls13, RecordHeader.Tls12);
        }

        if (!SuiteOffer.Includes(connection, number) || (HelloRetry.IsBeingRead(connection) && !CipherSuite.Is13(number)))
        {
            return connection.Fail(FaultReason.SuiteNotOffered, 0, number);
        }

        return SuitsSessionId(connection, number) && (CipherSuite.Is13(number) || !IsDowngrade(connection));
    }

    /// <summary>
    /// RFC 8446 §4.1.3: TLS 1.3 echoes our session id, whatever it is. TLS 1.2 echoes that of a session which goes on, and
    /// cannot know one that we made up without a ticket beside it.
    /// </summary>
    private static bool SuitsSessionId(scoped in Connection connection, ushort number)
    {
        bool echoed = (connection.State.Seen & SawOtherSessionId) == 0;
        if (CipherSuite.Is13(number))
        {
            return echoed || connection.Fail(FaultReason.SessionIdMismatch);
        }

        return !echoed
            || (Resumption12.IsOffered(connection) ? Resumption12.Accept(connection, number) : connection.Fail(FaultReason.SessionIdMismatch));
    }

    /// <summary>
    /// RFC 8446 §4.1.3: a server that could have chosen TLS 1.3 and did not says so in its random. A client that offers
    /// TLS 1.2 only does not look there (RULES 17).
    /// </summary>
    private static bool IsDowngrade(scoped in Connection connection)
    {
        ReadOnlySpan<byte> end = ServerRandom(connection).Slice(ClientHello.RandomBytes - 8);
        bool downgraded = connection.Offers13 && end.StartsWith("DOWNGRD"u8) && end[7] <= 1;
        return downgraded && !connection.Fail(FaultReason.DowngradeDetected, 0, end[7]);
    }

    private static bool BeginSessionId(scoped in Connection connection, ref FieldCursor cursor, uint length)
    {
        if (length > SessionId.MaxBytes)
        {
            return Malformed(connection);
        }

        cursor.ElementLeft = length;
        connection.State.Seen |= SessionId.BeginServer(connection, length) ? 0 : SawOtherSessionId;
        return Go(ref cursor, Field.SessionId);
    }

    private static bool ReadSessionId(scoped in Connection connection, ref FieldCursor cursor, scoped ref FieldReader reader)
    {
        ReadOnlySpan<byte> rest = reader.Rest;
        rest = rest.Slice(0, (int)uint.Min(cursor.ElementLeft, (uint)rest.Length));
        connection.State.Seen |= SessionId.TakeServer(connection, rest, cursor.ElementLeft) ? 0 : SawOtherSessionId;
        return reader.TrySkip(ref cursor.ElementLeft) && Go(ref cursor, Field.CipherSuite);
    }

    private static Span<byte> ServerRandom(scoped in Connection connection) =>
        connection.Buffer[RegionId.Randoms].Slice(ClientHello.RandomBytes, ClientHello.RandomBytes);

    private static bool Malformed(scoped in Connection connection) =>
        connection.Fail(FaultReason.MessageMalformed, (uint)HandshakeType.ServerHello);

    private static bool Go(ref FieldCursor cursor, Field next)
    {
        cursor.Step = (byte)next;
        return true;
    }
}
