using System;
using System.Runtime.CompilerServices;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>Reads ServerHello (RFC 5246 §7.4.1.3) and its extensions as the bytes arrive.</summary>
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
        ExtensionsLength,
        ExtensionTypeAndLength,
        MaxFragmentLength,
        EcPointFormatsLength,
        EcPointFormats,
        AlpnListLength,
        AlpnNameLength,
        AlpnName,
        RenegotiationInfo,
        SkippedExtension,
        End,
    }

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
        if (at is not (Field.ExtensionsLength or Field.End) || connection.State.MessageCursor.FieldBytes != 0)
        {
            return connection.Fail(FaultReason.MessageMalformed, (uint)HandshakeType.ServerHello);
        }

        // RFC 5746 §3.4: without the extension the server may be open to renegotiation attacks.
        if (!connection.Is(ConnectionFlags.SecureRenegotiation))
        {
            return connection.Fail(FaultReason.RenegotiationInfoMissing);
        }

        return connection.Is(ConnectionFlags.ExtendedMasterSecret) || connection.Config.Profile.AllowLegacyMasterSecret
            || connection.Fail(FaultReason.ExtendedMasterSecretMissing);
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
                return reader.TryBytes(connection.Buffer[RegionId.Randoms].Slice(ClientHello.RandomBytes, ClientHello.RandomBytes))
                    && Go(ref cursor, Field.SessionIdLength);
            case Field.SessionIdLength:
                if (!reader.TryNumber(1, out value))
                {
                    return false;
                }

                cursor.ElementLeft = value;
                return (value <= 32 || Malformed(connection)) && Go(ref cursor, Field.SessionId);
            case Field.SessionId:
                return reader.TrySkip(ref cursor.ElementLeft) && Go(ref cursor, Field.CipherSuite);
            case Field.CipherSuite:
                return reader.TryNumber(2, out value) && ChooseSuite(connection, value) && Go(ref cursor, Field.CompressionMethod);
            case Field.CompressionMethod:
                return reader.TryNumber(1, out value)
                    && (value == 0 || connection.Fail(FaultReason.CompressionNotOffered, 0, value))
                    && Go(ref cursor, Field.ExtensionsLength);
            case Field.ExtensionsLength:
                if (!reader.TryNumber(2, out value))
                {
                    return false;
                }

                cursor.ListLeft = value;
                return NextExtension(ref cursor);
            case Field.ExtensionTypeAndLength:
                return reader.TryNumber(4, out value) && BeginExtension(connection, ref cursor, value);
            case Field.End:
                return !reader.Rest.IsEmpty && Malformed(connection);
            default:
                return ReadExtension(connection, ref cursor, ref reader);
        }
    }

    private static bool ReadExtension(scoped in Connection connection, ref FieldCursor cursor, scoped ref FieldReader reader)
    {
        uint value;
        switch ((Field)cursor.Step)
        {
            case Field.MaxFragmentLength:
                uint offered = ClientHello.MaxFragmentLengthCode(connection.Config.Profile);
                return reader.TryNumber(1, out value)
                    && (value == offered || connection.Fail(FaultReason.MaxFragmentLengthMismatch, offered, value))
                    && LimitRecords(connection, 256 << (int)value)
                    && NextExtension(ref cursor);
            case Field.EcPointFormatsLength:
                return reader.TryNumber(1, out value)
                    && (value == --cursor.ElementLeft || MalformedExtension(connection, ExtensionType.EcPointFormats))
                    && Go(ref cursor, Field.EcPointFormats);
            case Field.EcPointFormats:
                return ReadPointFormat(connection, ref cursor, ref reader);
            case Field.AlpnListLength:
                return reader.TryNumber(2, out value)
                    && (value == (cursor.ElementLeft -= 2) || MalformedExtension(connection, ExtensionType.ApplicationLayerProtocolNegotiation))
                    && Go(ref cursor, Field.AlpnNameLength);
            case Field.AlpnNameLength:
                return reader.TryNumber(1, out value)
                    && ((value == --cursor.ElementLeft && value != 0) || MalformedExtension(connection, ExtensionType.ApplicationLayerProtocolNegotiation))
                    && (value == connection.Config.Alpn.Length || connection.Fail(FaultReason.AlpnNotOffered))
                    && Go(ref cursor, Field.AlpnName);
            case Field.AlpnName:
                return ReadAlpnName(connection, ref cursor, ref reader);
            case Field.RenegotiationInfo:
                connection.Set(ConnectionFlags.SecureRenegotiation);
                return reader.TryNumber(1, out value)
                    && (value == 0 || connection.Fail(FaultReason.RenegotiationInfoInvalid))
                    && NextExtension(ref cursor);
            default:
                return reader.TrySkip(ref cursor.ElementLeft) && NextExtension(ref cursor);
        }
    }

    /// <summary>The suite names the transcript's hash, so hashing begins here, with what has waited.</summary>
    private static bool ChooseSuite(scoped in Connection connection, uint number)
    {
        if (!CipherSuite.IsOffered(connection.Config.Profile, (ushort)number))
        {
            return connection.Fail(FaultReason.SuiteNotOffered, 0, number);
        }

        connection.State.Suite = (ushort)number;
        Transcript.Begin(connection);
        return true;
    }

    private static bool BeginExtension(scoped in Connection connection, ref FieldCursor cursor, uint typeAndLength)
    {
        uint type = typeAndLength >> 16;
        uint length = (ushort)typeAndLength;
        if (cursor.ListLeft < length + 4)
        {
            return Malformed(connection);
        }

        cursor.ListLeft -= length + 4;
        cursor.ElementLeft = length;
        switch ((ExtensionType)type)
        {
            case ExtensionType.ServerName:
                // RFC 6066 §3: the answer is empty.
                return Offered(connection, type, 0, ServerName.IsDnsName(connection.Config.ServerName))
                    && Sized(connection, type, length == 0) && NextExtension(ref cursor);
            case ExtensionType.MaxFragmentLength:
                return Offered(connection, type, 1, ClientHello.MaxFragmentLengthCode(connection.Config.Profile) != 0)
                    && Sized(connection, type, length == 1) && Go(ref cursor, Field.MaxFragmentLength);
            case ExtensionType.SupportedGroups:
                // Offered, so its echo is legal, though without meaning in this direction.
                return Offered(connection, type, 2, true) && Go(ref cursor, Field.SkippedExtension);
            case ExtensionType.EcPointFormats:
                return Offered(connection, type, 3, true) && Sized(connection, type, length >= 2) && Go(ref cursor, Field.EcPointFormatsLength);
            case ExtensionType.ApplicationLayerProtocolNegotiation:
                return Offered(connection, type, 4, !connection.Config.Alpn.IsEmpty)
                    && Sized(connection, type, length >= 4) && Go(ref cursor, Field.AlpnListLength);
            case ExtensionType.ExtendedMasterSecret:
                connection.Set(ConnectionFlags.ExtendedMasterSecret);
                return Offered(connection, type, 5, true) && Sized(connection, type, length == 0) && NextExtension(ref cursor);
            case ExtensionType.RenegotiationInfo:
                return Offered(connection, type, 6, true)
                    && (length == 1 || connection.Fail(FaultReason.RenegotiationInfoInvalid)) && Go(ref cursor, Field.RenegotiationInfo);
            default:
                return connection.Fail(FaultReason.ExtensionNotOffered, 0, type);
        }
    }

    /// <summary>RFC 8422 §5.2: a list that is sent must hold the uncompressed format, 0.</summary>
    private static bool ReadPointFormat(scoped in Connection connection, ref FieldCursor cursor, scoped ref FieldReader reader)
    {
        const uint SawUncompressed = 1u << 31;
        if (!reader.TryNumber(1, out uint format))
        {
            return false;
        }

        connection.State.Seen |= format == 0 ? SawUncompressed : 0;
        if (--cursor.ElementLeft != 0)
        {
            return true;
        }

        return ((connection.State.Seen & SawUncompressed) != 0 || connection.Fail(FaultReason.PointFormatMissing)) && NextExtension(ref cursor);
    }

    private static bool ReadAlpnName(scoped in Connection connection, ref FieldCursor cursor, scoped ref FieldReader reader)
    {
        ReadOnlySpan<byte> offered = connection.Config.Alpn;
        if (!reader.TryNumber(1, out uint value))
        {
            return false;
        }

        if (value != offered[offered.Length - (int)cursor.ElementLeft])
        {
            return connection.Fail(FaultReason.AlpnNotOffered);
        }

        if (--cursor.ElementLeft != 0)
        {
            return true;
        }

        connection.Set(ConnectionFlags.AlpnNegotiated);
        return NextExtension(ref cursor);
    }

    /// <summary>RFC 6066 §4: what was agreed binds both directions.</summary>
    private static bool LimitRecords(scoped in Connection connection, int bytes)
    {
        if (bytes < connection.State.SendLimitBytes)
        {
            connection.State.SendLimitBytes = (ushort)bytes;
        }

        return true;
    }

    /// <summary>RFC 5246 §7.4.1.4: only what was offered, and once.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Offered(scoped in Connection connection, uint type, int bit, bool offered)
    {
        if (!offered)
        {
            return connection.Fail(FaultReason.ExtensionNotOffered, 0, type);
        }

        bool seen = (connection.State.Seen & (1u << bit)) != 0;
        connection.State.Seen |= 1u << bit;
        return !seen || connection.Fail(FaultReason.DuplicateHelloExtension, 0, type);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Sized(scoped in Connection connection, uint type, bool fits) =>
        fits || MalformedExtension(connection, (ExtensionType)type);

    private static bool MalformedExtension(scoped in Connection connection, ExtensionType type) =>
        connection.Fail(FaultReason.HelloExtensionMalformed, 0, (uint)type);

    private static bool Malformed(scoped in Connection connection) =>
        connection.Fail(FaultReason.MessageMalformed, (uint)HandshakeType.ServerHello);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool NextExtension(ref FieldCursor cursor) =>
        Go(ref cursor, cursor.ListLeft == 0 ? Field.End : Field.ExtensionTypeAndLength);

    private static bool Go(ref FieldCursor cursor, Field next)
    {
        cursor.Step = (byte)next;
        return true;
    }
}
