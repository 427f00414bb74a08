using System;
using Thimble.Memory;
using Thimble.X509;

namespace Thimble.Tls;

/// <summary>
/// Reads CertificateRequest (RFC 5246 §7.4.4) of any length: what matters is which of our key's schemes the server
/// accepts; its list of authorities is passed over.
/// </summary>
internal static class CertificateRequest
{
    private const byte RsaSign = 1;
    private const byte EcdsaSign = 64;

    /// <summary>The bits of <see cref="ConnectionState.Seen"/> for the certificate types, above those of the schemes.</summary>
    private const uint SawRsaSign = 1u << 30;
    private const uint SawEcdsaSign = 1u << 31;

    private enum Field : byte
    {
        TypesLength = 0,
        Type,
        SchemesLength,
        Scheme,
        AuthoritiesLength,
        AuthorityLength,
        Authority,
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

    /// <summary>Chooses the scheme that the client will sign with, when the message has ended.</summary>
    public static bool Finish(scoped in Connection connection)
    {
        if ((Field)connection.State.MessageCursor.Step != Field.End)
        {
            return Malformed(connection);
        }

        connection.Set(ConnectionFlags.CertificateRequested);
        return connection.ClientKey.Kind == KeyKind.None || ChooseScheme(connection);
    }

    private static bool ReadField(scoped in Connection connection, ref FieldCursor cursor, scoped ref FieldReader reader)
    {
        uint value;
        switch ((Field)cursor.Step)
        {
            case Field.TypesLength:
                return reader.TryNumber(1, out value) && BeginList(connection, ref cursor, value, value != 0, Field.Type);
            case Field.Type:
                if (!reader.TryNumber(1, out value))
                {
                    return false;
                }

                connection.State.Seen |= value == RsaSign ? SawRsaSign : value == EcdsaSign ? SawEcdsaSign : 0;
                return Element(ref cursor, 1, Field.Type, Field.SchemesLength);
            case Field.SchemesLength:
                return reader.TryNumber(2, out value) && BeginSchemes(connection, ref cursor, value);
            case Field.Scheme:
                if (!reader.TryNumber(2, out value))
                {
                    return false;
                }

                connection.State.Seen |= SignatureSchemes.BitOf((SignatureScheme)value);
                return Element(ref cursor, 2, Field.Scheme, Field.AuthoritiesLength);
            case Field.AuthoritiesLength:
                return reader.TryNumber(2, out value)
                    && BeginList(connection, ref cursor, value, true, value == 0 ? Field.End : Field.AuthorityLength);
            case Field.AuthorityLength:
                return reader.TryNumber(2, out value) && BeginAuthority(connection, ref cursor, value);
            case Field.Authority:
                return reader.TrySkip(ref cursor.ElementLeft) && Element(ref cursor, 0, Field.AuthorityLength, Field.End);
            default:
                return !reader.Rest.IsEmpty && Malformed(connection);
        }
    }

    private static bool BeginList(scoped in Connection connection, ref FieldCursor cursor, uint length, bool legal, Field next)
    {
        cursor.ListLeft = length;
        cursor.Step = (byte)next;
        return legal || Malformed(connection);
    }

    private static bool BeginSchemes(scoped in Connection connection, ref FieldCursor cursor, uint length)
    {
        connection.State.RequestedSchemes = (ushort)(length >> 1);
        return BeginList(connection, ref cursor, length, length != 0 && length % 2 == 0, Field.Scheme);
    }

    private static bool BeginAuthority(scoped in Connection connection, ref FieldCursor cursor, uint length)
    {
        if (length == 0 || cursor.ListLeft < 2 || length > cursor.ListLeft - 2)
        {
            return Malformed(connection);
        }

        cursor.ListLeft -= length + 2;
        cursor.ElementLeft = length;
        cursor.Step = (byte)Field.Authority;
        return true;
    }

    /// <summary>An element of the list was read: read the next one, or go on behind the list.</summary>
    private static bool Element(ref FieldCursor cursor, uint bytes, Field again, Field behind)
    {
        cursor.ListLeft -= bytes;
        cursor.Step = (byte)(cursor.ListLeft == 0 ? behind : again);
        return true;
    }

    /// <summary>
    /// The first scheme of ours that fits the client's key, whose hash a transcript is kept under (RFC 5246 §7.4.8), and
    /// that the server named. None fits Ed25519: it signs the messages and hashes them twice (RFC 8032 §5.1.6), and no transcript is kept whole.
    /// </summary>
    private static bool ChooseScheme(scoped in Connection connection)
    {
        KeyKind key = connection.ClientKey.Kind;
        uint seen = connection.State.Seen;
        bool typeAccepted = (seen & (key == KeyKind.Rsa ? SawRsaSign : SawEcdsaSign)) != 0;
        for (int i = 0; typeAccepted && i < SignatureSchemes.Count; i++)
        {
            SignatureScheme scheme = SignatureSchemes.At(i);
            if ((seen & (1u << i)) != 0 && SignatureSchemes.Fits(scheme, key)
                && Transcript.Keeps(connection, SignatureSchemes.HashOf(scheme)))
            {
                connection.State.ClientScheme = scheme;
                connection.Set(ConnectionFlags.ClientCertificate);
                return true;
            }
        }

        return connection.Fail(FaultReason.NoCommonSignatureScheme, 0, connection.State.RequestedSchemes);
    }

    private static bool Malformed(scoped in Connection connection) =>
        connection.Fail(FaultReason.MessageMalformed, (uint)HandshakeType.CertificateRequest);
}
