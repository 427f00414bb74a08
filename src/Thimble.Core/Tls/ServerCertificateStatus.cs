using System;
using Thimble.Memory;
using Thimble.X509;

namespace Thimble.Tls;

/// <summary>
/// Reads the status of the server's certificate: the message CertificateStatus of TLS 1.2 (RFC 6066 §8), or the same
/// structure as an extension of the leaf's entry in TLS 1.3 (RFC 8446 §4.4.2.1).
/// </summary>
internal static class ServerCertificateStatus
{
    /// <summary>CertificateStatusType.ocsp.</summary>
    public const byte Ocsp = 1;

    private enum Field : byte
    {
        Header = 0,
        Response,
        End,
    }

    /// <summary>Reads what there is of the message, up to a signature that must be verified first. Returns how much was consumed.</summary>
    public static int Read(scoped in Connection connection, ReadOnlySpan<byte> input)
    {
        ref FieldCursor cursor = ref connection.State.MessageCursor;
        var reader = new FieldReader(ref cursor, input);
        while (ReadField(connection, ref cursor, ref reader))
        {
        }

        return reader.Consumed;
    }

    /// <summary>Judges the status, when the message has ended.</summary>
    public static bool Finish(scoped in Connection connection) =>
        (Field)connection.State.MessageCursor.Step == Field.End ? Judge(connection) : Malformed(connection);

    /// <summary>A server of TLS 1.2 may leave the message out although it announced it (RFC 6066 §8): what came instead is read in the next state.</summary>
    public static bool PassOver(scoped in Connection connection)
    {
        if (!Judge(connection))
        {
            return false;
        }

        Handshaking.Advance(connection);
        return true;
    }

    /// <summary>Judges the status, or its absence. False after a fault, and where a signature is to be verified first: then it is called again.</summary>
    public static bool Judge(scoped in Connection connection)
    {
        Fault fault = default;
        ChainVerifier verifier = Verifier(connection);
        ChainStatus status = verifier.EndStatus(ref fault);
        if (status == ChainStatus.MoreWork)
        {
            connection.Set(ConnectionFlags.ChainVerifying);
        }

        if (!ServerCertificate.Accepted(connection, status, fault))
        {
            return false;
        }

        if (verifier.IsStatusGood)
        {
            connection.Set(ConnectionFlags.StatusGood);
        }

        return true;
    }

    /// <summary>Begins a response: its type and its length, which must be all of the <paramref name="bytes"/> that follow them.</summary>
    public static bool Begin(scoped in Connection connection, uint typeAndLength, uint bytes)
    {
        uint type = typeAndLength >> 24;
        uint length = typeAndLength & 0xFFFFFF;
        if (type != Ocsp)
        {
            return connection.Fail(FaultReason.StatusTypeNotOffered, Ocsp, type);
        }

        if (length != bytes || length == 0)
        {
            return Malformed(connection);
        }

        if (length > ChainVerifier.MaxResponseBytes)
        {
            return connection.Fail(FaultReason.StatusTooLong, ChainVerifier.MaxResponseBytes, length);
        }

        Verifier(connection).BeginStatus((int)length);
        return true;
    }

    /// <summary>Reads the response. False while it goes on, where a signature waits, and after a fault.</summary>
    public static bool ReadResponse(scoped in Connection connection, ref FieldCursor cursor, scoped ref FieldReader reader)
    {
        Fault fault = default;
        ReadOnlySpan<byte> rest = reader.Rest;
        int available = (int)uint.Min(cursor.ElementLeft, (uint)rest.Length);
        ChainStatus status = Verifier(connection).Update(rest.Slice(0, available), out int consumed, ref fault);
        reader.Advance(consumed);
        cursor.ElementLeft -= (uint)consumed;
        if (status == ChainStatus.MoreWork)
        {
            connection.Set(ConnectionFlags.ChainVerifying);
        }

        return ServerCertificate.Accepted(connection, status, fault) && status == ChainStatus.CertificateComplete;
    }

    /// <summary>Whether the signature that waits is one of the status.</summary>
    public static bool IsVerifying(scoped in Connection connection)
    {
        ChainVerifier verifier = Verifier(connection);
        return verifier.HasStatus && verifier.IsVerifying;
    }

    /// <summary>The verifier of the status.</summary>
    public static ChainVerifier Verifier(scoped in Connection connection)
    {
        ServerCertificate.FillMemory(connection, out ChainMemory memory);
        return ChainVerifier.OfStatus(memory, ServerCertificate.Policy(connection));
    }

    private static bool ReadField(scoped in Connection connection, ref FieldCursor cursor, scoped ref FieldReader reader)
    {
        switch ((Field)cursor.Step)
        {
            case Field.Header:
                if (!reader.TryNumber(4, out uint value))
                {
                    return false;
                }

                // The length was checked: the message holds nothing else.
                cursor.ElementLeft = value & 0xFFFFFF;
                return Begin(connection, value, MessageRest(connection, reader)) && Go(ref cursor, Field.Response);
            case Field.Response:
                return ReadResponse(connection, ref cursor, ref reader) && Go(ref cursor, Field.End);
            default:
                return !reader.Rest.IsEmpty && Malformed(connection);
        }
    }

    /// <summary>What the message still holds, of which this call's share is not counted yet.</summary>
    private static uint MessageRest(scoped in Connection connection, scoped in FieldReader reader) => connection.State.MessageLeft - (uint)reader.Consumed;

    private static bool Malformed(scoped in Connection connection) =>
        connection.Fail(FaultReason.MessageMalformed, (uint)connection.State.MessageType);

    private static bool Go(ref FieldCursor cursor, Field next)
    {
        cursor.Step = (byte)next;
        return true;
    }
}
