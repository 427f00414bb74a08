using System;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// Reads the extensions of ServerHello, HelloRetryRequest and EncryptedExtensions as the bytes arrive: only what was
/// offered, only where it may stand (RFC 8446 §4.2), and once.
/// </summary>
internal static class ServerExtensions
{
    /// <summary>The step at which the list begins, above those of the messages' own fields.</summary>
    public const byte ListLengthStep = (byte)Field.ListLength;

    /// <summary>The step behind the list's end.</summary>
    public const byte EndStep = (byte)Field.End;

    private enum Field : byte
    {
        ListLength = 16,
        TypeAndLength,
        MaxFragmentLength,
        EcPointFormatsLength,
        EcPointFormats,
        AlpnListLength,
        AlpnNameLength,
        AlpnName,
        RenegotiationInfo,
        SelectedVersion,
        SelectedGroup,
        ShareGroup,
        ShareLength,
        Share,
        SelectedIdentity,
        CookieLength,
        Cookie,
        RecordSizeLimit,
        Skipped,
        End,
    }

    /// <summary>Reads one field. False when the input ends, after the list, and after a fault.</summary>
    public static bool ReadField(scoped in Connection connection, ref FieldCursor cursor, scoped ref FieldReader reader)
    {
        uint value;
        switch ((Field)cursor.Step)
        {
            case Field.ListLength:
                if (!reader.TryNumber(2, out value))
                {
                    return false;
                }

                cursor.ListLeft = value;
                return NextExtension(ref cursor);
            case Field.TypeAndLength:
                return reader.TryNumber(4, out value) && BeginExtension(connection, ref cursor, value);
            case Field.End:
                return !reader.Rest.IsEmpty && Malformed(connection);
            case Field.Skipped:
                return reader.TrySkip(ref cursor.ElementLeft) && NextExtension(ref cursor);
            default:
                return ReadExtension(connection, ref cursor, ref reader);
        }
    }

    /// <summary>Whether an extension of that kind was in the list.</summary>
    public static bool Saw(scoped in Connection connection, ExtensionType type) => (connection.State.Seen & BitOf(type)) != 0;

    private static bool BeginExtension(scoped in Connection connection, ref FieldCursor cursor, uint typeAndLength)
    {
        var type = (ExtensionType)(typeAndLength >> 16);
        uint length = (ushort)typeAndLength;
        if (cursor.ListLeft < length + 4)
        {
            return Malformed(connection);
        }

        cursor.ListLeft -= length + 4;
        cursor.ElementLeft = length;
        if (!ExtensionRules.IsOffered(connection, type))
        {
            return connection.Fail(FaultReason.ExtensionNotOffered, 0, (uint)type);
        }

        if (!ExtensionRules.MayStandIn(connection, type))
        {
            return connection.Fail(FaultReason.ExtensionMisplaced, (uint)connection.State.MessageType, (uint)type);
        }

        uint bit = BitOf(type);
        bool seen = (connection.State.Seen & bit) != 0;
        connection.State.Seen |= bit;
        if (seen)
        {
            return connection.Fail(FaultReason.DuplicateHelloExtension, 0, (uint)type);
        }

        return BeginContent(connection, ref cursor, type, length);
    }

    private static bool BeginContent(scoped in Connection connection, ref FieldCursor cursor, ExtensionType type, uint length)
    {
        switch (type)
        {
            case ExtensionType.ServerName:
                return Sized(connection, type, length == 0) && NextExtension(ref cursor); // RFC 6066 §3: the answer is empty
            case ExtensionType.MaxFragmentLength:
                return RecordSizeLimit.StandsAlone(connection) && Sized(connection, type, length == 1) && Go(ref cursor, Field.MaxFragmentLength);
            case ExtensionType.RecordSizeLimit:
                return RecordSizeLimit.StandsAlone(connection) && Sized(connection, type, length == 2) && Go(ref cursor, Field.RecordSizeLimit);
            case ExtensionType.EcPointFormats when Features.Tls12:
                return Sized(connection, type, length >= 2) && Go(ref cursor, Field.EcPointFormatsLength);
            case ExtensionType.ApplicationLayerProtocolNegotiation:
                return Sized(connection, type, length >= 4) && Go(ref cursor, Field.AlpnListLength);
            case ExtensionType.ExtendedMasterSecret when Features.Tls12:
                connection.Set(ConnectionFlags.ExtendedMasterSecret);
                return Sized(connection, type, length == 0) && NextExtension(ref cursor);
            case ExtensionType.SessionTicket when Features.Tls12:
                connection.Set(ConnectionFlags.TicketAnnounced);
                return Sized(connection, type, length == 0) && NextExtension(ref cursor); // RFC 5077 §3.2
            case ExtensionType.StatusRequest when Features.Tls12:
                connection.Set(ConnectionFlags.StatusNegotiated);
                return Sized(connection, type, length == 0) && NextExtension(ref cursor); // RFC 6066 §8: a CertificateStatus may follow
            case ExtensionType.RenegotiationInfo when Features.Tls12:
                return (length == 1 || connection.Fail(FaultReason.RenegotiationInfoInvalid)) && Go(ref cursor, Field.RenegotiationInfo);
            case ExtensionType.SupportedVersions:
                return Sized(connection, type, length == 2) && Go(ref cursor, Field.SelectedVersion);
            case ExtensionType.KeyShare:
                return HelloRetry.IsBeingRead(connection)
                    ? Sized(connection, type, length == 2) && Go(ref cursor, Field.SelectedGroup)
                    : Sized(connection, type, length > 4) && Go(ref cursor, Field.ShareGroup);
            case ExtensionType.PreSharedKey when Features.PreSharedKeys:
                return Sized(connection, type, length == 2) && Go(ref cursor, Field.SelectedIdentity);
            case ExtensionType.Cookie:
                return Sized(connection, type, length > 2) && Go(ref cursor, Field.CookieLength);
            default:
                return Go(ref cursor, Field.Skipped); // supported_groups: its echo is legal, and says nothing about this connection
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
                    && LimitRecords(connection, 256u << (int)value)
                    && NextExtension(ref cursor);
            case Field.RecordSizeLimit:
                return reader.TryNumber(2, out value) && RecordSizeLimit.Accept(connection, value) && NextExtension(ref cursor);
            case Field.EcPointFormatsLength when Features.Tls12:
                return reader.TryNumber(1, out value)
                    && Sized(connection, ExtensionType.EcPointFormats, value == --cursor.ElementLeft)
                    && Go(ref cursor, Field.EcPointFormats);
            case Field.EcPointFormats when Features.Tls12:
                return ReadPointFormat(connection, ref cursor, ref reader);
            case Field.AlpnListLength:
                return reader.TryNumber(2, out value)
                    && Sized(connection, ExtensionType.ApplicationLayerProtocolNegotiation, value == (cursor.ElementLeft -= 2))
                    && Go(ref cursor, Field.AlpnNameLength);
            case Field.AlpnNameLength:
                return reader.TryNumber(1, out value)
                    && Sized(connection, ExtensionType.ApplicationLayerProtocolNegotiation, value == --cursor.ElementLeft && value != 0)
                    && (value == connection.Config.Alpn.Length || connection.Fail(FaultReason.AlpnNotOffered))
                    && Go(ref cursor, Field.AlpnName);
            case Field.AlpnName:
                return ReadAlpnName(connection, ref cursor, ref reader);
            case Field.RenegotiationInfo when Features.Tls12:
                connection.Set(ConnectionFlags.SecureRenegotiation);
                return reader.TryNumber(1, out value)
                    && (value == 0 || connection.Fail(FaultReason.RenegotiationInfoInvalid))
                    && NextExtension(ref cursor);
            default:
                return Features.Tls13 && ReadExtension13(connection, ref cursor, ref reader); // none is offered by a build without
        }
    }

    private static bool ReadExtension13(scoped in Connection connection, ref FieldCursor cursor, scoped ref FieldReader reader)
    {
        uint value;
        switch ((Field)cursor.Step)
        {
            case Field.SelectedVersion:
                return reader.TryNumber(2, out value)
                    && (value == RecordHeader.Tls13 || connection.Fail(FaultReason.VersionNotOffered, RecordHeader.Tls13, value))
                    && NextExtension(ref cursor);
            case Field.SelectedGroup:
                return reader.TryNumber(2, out value) && HelloRetry.ChooseGroup(connection, value) && NextExtension(ref cursor);
            case Field.ShareGroup:
                return reader.TryNumber(2, out value)
                    && ((value == connection.State.Group && value != 0) || connection.Fail(FaultReason.GroupNotOffered, connection.State.Group, value))
                    && Go(ref cursor, Field.ShareLength);
            case Field.ShareLength:
                int expected = KeyAgreement.PublicKeyBytes((NamedGroup)connection.State.Group);
                return reader.TryNumber(2, out value)
                    && Sized(connection, ExtensionType.KeyShare, value == cursor.ElementLeft - 4)
                    && (value == (uint)expected || connection.Fail(FaultReason.KeyShareInvalid, (uint)expected, value))
                    && Go(ref cursor, Field.Share);
            case Field.Share:
                return reader.TryBytes(connection.Buffer[RegionId.PeerPublicKey].Slice(0, KeyAgreement.PublicKeyBytes((NamedGroup)connection.State.Group)))
                    && NextExtension(ref cursor);
            case Field.SelectedIdentity when Features.PreSharedKeys:
                connection.Set(ConnectionFlags.PskSelected);
                return reader.TryNumber(2, out value)
                    && (value == 0 || connection.Fail(FaultReason.PskIdentityNotOffered, 0, value))
                    && NextExtension(ref cursor);
            case Field.CookieLength:
                return reader.TryNumber(2, out value)
                    && Sized(connection, ExtensionType.Cookie, value == cursor.ElementLeft - 2)
                    && HelloRetry.BeginCookie(connection, value)
                    && Go(ref cursor, Field.Cookie);
            default:
                return reader.TryBytes(HelloRetry.Cookie(connection)) && NextExtension(ref cursor);
        }
    }

    /// <summary>RFC 8422 §5.2: a list that is sent must hold the uncompressed format, 0.</summary>
    private static bool ReadPointFormat(scoped in Connection connection, ref FieldCursor cursor, scoped ref FieldReader reader)
    {
        const uint SawUncompressed = 1u << 29;
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

    /// <summary>Our records will be no larger: what was agreed binds both directions (RFC 6066 §4), or the server has a limit of its own.</summary>
    public static bool LimitRecords(scoped in Connection connection, uint bytes)
    {
        if (bytes < connection.State.SendLimitBytes)
        {
            connection.State.SendLimitBytes = (ushort)bytes;
        }

        return true;
    }

    private static uint BitOf(ExtensionType type) => 1u << ExtensionRules.PositionOf(type);

    private static bool Sized(scoped in Connection connection, ExtensionType type, bool fits) =>
        fits || connection.Fail(FaultReason.HelloExtensionMalformed, 0, (uint)type);

    private static bool Malformed(scoped in Connection connection) =>
        connection.Fail(FaultReason.MessageMalformed, (uint)connection.State.MessageType);

    private static bool NextExtension(ref FieldCursor cursor) =>
        Go(ref cursor, cursor.ListLeft == 0 ? Field.End : Field.TypeAndLength);

    private static bool Go(ref FieldCursor cursor, Field next)
    {
        cursor.Step = (byte)next;
        return true;
    }
}
