using System;
using Thimble.Memory;
using Thimble.X509;

namespace Thimble.Tls;

/// <summary>
/// Reads CertificateRequest of TLS 1.3 (RFC 8446 §4.3.2) of any length: what matters is which of our key's schemes the
/// server accepts; its other extensions are passed over.
/// </summary>
internal static class CertificateRequest13
{
    private const uint SawSchemes = 1u << 31;

    private enum Field : byte
    {
        ContextLength = 0,
        ExtensionsLength,
        TypeAndLength,
        SchemesLength,
        Scheme,
        Skipped,
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

        if ((connection.State.Seen & SawSchemes) == 0)
        {
            return connection.Fail(FaultReason.ExtensionMissing, (uint)HandshakeType.CertificateRequest, (uint)ExtensionType.SignatureAlgorithms);
        }

        connection.Set(ConnectionFlags.CertificateRequested);
        return connection.ClientKey.Kind == KeyKind.None || ChooseScheme(connection);
    }

    private static bool ReadField(scoped in Connection connection, ref FieldCursor cursor, scoped ref FieldReader reader)
    {
        uint value;
        switch ((Field)cursor.Step)
        {
            case Field.ContextLength:
                // §4.3.2: a context is for authentication after the handshake, which we do not offer.
                return reader.TryNumber(1, out value) && (value == 0 || Malformed(connection)) && Go(ref cursor, Field.ExtensionsLength);
            case Field.ExtensionsLength:
                if (!reader.TryNumber(2, out value))
                {
                    return false;
                }

                cursor.ListLeft = value;
                return NextExtension(ref cursor);
            case Field.TypeAndLength:
                return reader.TryNumber(4, out value) && BeginExtension(connection, ref cursor, value);
            case Field.SchemesLength:
                return reader.TryNumber(2, out value) && BeginSchemes(connection, ref cursor, value);
            case Field.Scheme:
                return reader.TryNumber(2, out value) && TakeScheme(connection, ref cursor, (SignatureScheme)value);
            case Field.Skipped:
                return reader.TrySkip(ref cursor.ElementLeft) && NextExtension(ref cursor);
            default:
                return !reader.Rest.IsEmpty && Malformed(connection);
        }
    }

    private static bool BeginExtension(scoped in Connection connection, ref FieldCursor cursor, uint typeAndLength)
    {
        uint length = (ushort)typeAndLength;
        if (cursor.ListLeft < length + 4)
        {
            return Malformed(connection);
        }

        cursor.ListLeft -= length + 4;
        cursor.ElementLeft = length;
        if ((ExtensionType)(typeAndLength >> 16) != ExtensionType.SignatureAlgorithms)
        {
            return Go(ref cursor, Field.Skipped);
        }

        bool seen = (connection.State.Seen & SawSchemes) != 0;
        connection.State.Seen |= SawSchemes;
        return (!seen || connection.Fail(FaultReason.DuplicateHelloExtension, 0, typeAndLength >> 16))
            && (length >= 4 || MalformedSchemes(connection)) && Go(ref cursor, Field.SchemesLength);
    }

    private static bool BeginSchemes(scoped in Connection connection, ref FieldCursor cursor, uint length)
    {
        cursor.ElementLeft -= 2;
        connection.State.RequestedSchemes = (ushort)(length >> 1);
        return ((length == cursor.ElementLeft && length != 0 && length % 2 == 0) || MalformedSchemes(connection)) && Go(ref cursor, Field.Scheme);
    }

    private static bool TakeScheme(scoped in Connection connection, ref FieldCursor cursor, SignatureScheme scheme)
    {
        connection.State.Seen |= SignatureSchemes.BitOf(scheme);
        cursor.ElementLeft -= 2;
        return cursor.ElementLeft != 0 || NextExtension(ref cursor);
    }

    /// <summary>The first scheme of ours that the server named, that fits the client's key (RFC 8446 §4.4.3), and whose digest was planned for.</summary>
    private static bool ChooseScheme(scoped in Connection connection)
    {
        PrivateKey key = connection.ClientKey;
        for (int i = 0; i < SignatureSchemes.Count; i++)
        {
            SignatureScheme scheme = SignatureSchemes.At(i);
            if ((connection.State.Seen & (1u << i)) != 0 && SignatureSchemes13.Fits(scheme, key.Kind)
                && SignatureSchemes13.IsPlanned(connection.Config.Profile, scheme))
            {
                connection.State.ClientScheme = scheme;
                connection.Set(ConnectionFlags.ClientCertificate);
                return true;
            }
        }

        return connection.Fail(FaultReason.NoCommonSignatureScheme, 0, connection.State.RequestedSchemes);
    }

    private static bool MalformedSchemes(scoped in Connection connection) =>
        connection.Fail(FaultReason.HelloExtensionMalformed, 0, (uint)ExtensionType.SignatureAlgorithms);

    private static bool Malformed(scoped in Connection connection) =>
        connection.Fail(FaultReason.MessageMalformed, (uint)HandshakeType.CertificateRequest);

    private static bool NextExtension(ref FieldCursor cursor) =>
        Go(ref cursor, cursor.ListLeft == 0 ? Field.End : Field.TypeAndLength);

    private static bool Go(ref FieldCursor cursor, Field next)
    {
        cursor.Step = (byte)next;
        return true;
    }
}
