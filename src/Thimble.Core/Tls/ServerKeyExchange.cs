using System;
using System.Buffers.Binary;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.X509;

namespace Thimble.Tls;

/// <summary>
/// Reads ServerKeyExchange (RFC 8422 §5.4): the server's share, signed together with both randoms under the key of
/// its certificate. Where a shared key stands for the certificate there is no signature, but a hint to the key before the
/// share (RFC 5489 §2), or a hint and no share (RFC 4279 §2): we have one key, and pass over the hint.
/// </summary>
internal static class ServerKeyExchange
{
    /// <summary>ECCurveType.named_curve.</summary>
    private const byte NamedCurve = 3;

    /// <summary>The type and number of the curve, and the length of the point.</summary>
    private const int HeadBytes = 4;

    private enum Field : byte
    {
        Start = 0,
        HintLength,
        Hint,
        CurveType,
        NamedCurve,
        PointLength,
        Point,
        SignatureScheme,
        SignatureLength,
        Signature,
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

    /// <summary>Judges the form, when the message has ended, and prepares the verification.</summary>
    public static bool Finish(scoped in Connection connection)
    {
        if ((Field)connection.State.MessageCursor.Step != Field.End)
        {
            return Malformed(connection);
        }

        if (!KeyExchanges.IsCertified(Exchange(connection)))
        {
            return true;
        }

        if (connection.State.ServerScheme == SignatureScheme.Ed25519)
        {
            Span<byte> parameters = SignedParameters(connection);
            WriteHead(connection, parameters);
            PeerPublicKey(connection).CopyTo(parameters.Slice(HeadBytes));
        }
        else
        {
            HashSignedParameters(connection);
        }

        connection.Buffer[RegionId.VerifyOperation].Slice(0, 8).Clear();
        return true;
    }

    /// <summary>Verifies the signature, as far as the granted work reaches. False while there is more work, and after a fault.</summary>
    public static bool Verify(scoped in Connection connection, ref int work)
    {
        SignatureScheme scheme = connection.State.ServerScheme;
        var key = new SubjectPublicKey(connection.Buffer[RegionId.LeafKey]);
        Span<byte> operation = connection.Buffer[RegionId.VerifyOperation];
        Span<byte> signature = connection.Buffer[RegionId.Signature].Slice(0, (int)connection.State.MessageCursor.ElementLeft);
        StepStatus status = scheme == SignatureScheme.Ed25519
            ? key.VerifyMessage(operation, signature, KeySchedule.BothRandoms(connection), SignedParameters(connection), ref work)
            : key.Verify(operation, SignatureSchemes.AlgorithmOf(scheme), signature, Digest(connection), ref work);
        return status == StepStatus.Done
            || (status == StepStatus.Failed && connection.Fail(FaultReason.ServerKeyExchangeSignatureInvalid));
    }

    private static bool ReadField(scoped in Connection connection, ref FieldCursor cursor, scoped ref FieldReader reader)
    {
        uint value;
        switch ((Field)cursor.Step)
        {
            case Field.Start:
                return Go(ref cursor, KeyExchanges.IsShared(Exchange(connection)) ? Field.HintLength : Field.CurveType);
            case Field.HintLength:
                return reader.TryNumber(2, out cursor.ElementLeft) && Go(ref cursor, Field.Hint);
            case Field.Hint:
                return reader.TrySkip(ref cursor.ElementLeft)
                    && Go(ref cursor, Exchange(connection) == KeyExchange.Psk ? Field.End : Field.CurveType);
            case Field.CurveType:
                return reader.TryNumber(1, out value)
                    && (value == NamedCurve || connection.Fail(FaultReason.GroupNotOffered, NamedCurve, value))
                    && Go(ref cursor, Field.NamedCurve);
            case Field.NamedCurve:
                return reader.TryNumber(2, out value) && ChooseGroup(connection, value) && Go(ref cursor, Field.PointLength);
            case Field.PointLength:
                int expected = KeyAgreement.PublicKeyBytes((NamedGroup)connection.State.Group);
                return reader.TryNumber(1, out value)
                    && (value == (uint)expected || connection.Fail(FaultReason.KeyShareInvalid, (uint)expected, value))
                    && Go(ref cursor, Field.Point);
            case Field.Point:
                return reader.TryBytes(PeerPublicKey(connection))
                    && Go(ref cursor, KeyExchanges.IsCertified(Exchange(connection)) ? Field.SignatureScheme : Field.End);
            case Field.SignatureScheme:
                return reader.TryNumber(2, out value) && ChooseScheme(connection, (SignatureScheme)value) && Go(ref cursor, Field.SignatureLength);
            case Field.SignatureLength:
                return reader.TryNumber(2, out value) && BeginSignature(connection, ref cursor, value);
            case Field.Signature:
                return reader.TryBytes(connection.Buffer[RegionId.Signature].Slice(0, (int)cursor.ElementLeft)) && Go(ref cursor, Field.End);
            default:
                return !reader.Rest.IsEmpty && Malformed(connection);
        }
    }

    private static bool ChooseGroup(scoped in Connection connection, uint group)
    {
        connection.State.Group = (ushort)group;
        return ClientHello.OffersGroup(connection.Config.Profile, (NamedGroup)group) || connection.Fail(FaultReason.GroupNotOffered, 0, group);
    }

    /// <summary>RFC 5246 §7.4.3: the scheme must have been offered, and fit the key of the certificate and the suite.</summary>
    private static bool ChooseScheme(scoped in Connection connection, SignatureScheme scheme)
    {
        KeyKind key = new SubjectPublicKey(connection.Buffer[RegionId.LeafKey]).Kind;
        bool suits = (key == KeyKind.Rsa) == (Exchange(connection) == KeyExchange.EcdheRsa);
        if (!suits)
        {
            return connection.Fail(FaultReason.KeyDoesNotFitSuite, 0, connection.State.Suite);
        }

        connection.State.ServerScheme = scheme;
        bool fits = SignatureSchemes.IsOffered(connection.Config.Profile, scheme) && SignatureSchemes.Fits(scheme, key);
        return fits || connection.Fail(FaultReason.SignatureSchemeNotOffered, 0, (uint)scheme);
    }

    private static bool BeginSignature(scoped in Connection connection, ref FieldCursor cursor, uint length)
    {
        cursor.ElementLeft = length;
        int room = connection.Buffer[RegionId.Signature].Length;
        return ((length != 0 && length <= (uint)room) || connection.Fail(FaultReason.ServerKeyExchangeSignatureInvalid, (uint)room, length))
            && Go(ref cursor, Field.Signature);
    }

    /// <summary>The digest of client random, server random and parameters; the parameters' head is made anew from what was agreed.</summary>
    private static void HashSignedParameters(scoped in Connection connection)
    {
        HashAlgorithm hash = SignatureSchemes.HashOf(connection.State.ServerScheme);
        Span<byte> digest = Digest(connection);
        Span<byte> state = connection.Buffer[RegionId.SignedHash];
        Span<byte> head = digest.Slice(0, HeadBytes);
        WriteHead(connection, head);
        Hash.Initialize(hash, state);
        Hash.Update(hash, state, KeySchedule.BothRandoms(connection));
        Hash.Update(hash, state, head);
        Hash.Update(hash, state, PeerPublicKey(connection));
        Hash.Finish(hash, state, digest);
    }

    private static void WriteHead(scoped in Connection connection, Span<byte> head)
    {
        head[0] = NamedCurve;
        BinaryPrimitives.WriteUInt16BigEndian(head.Slice(1), connection.State.Group);
        head[3] = (byte)PeerPublicKey(connection).Length;
    }

    /// <summary>The parameters whole, for Ed25519: no digest is made, and the hash's room holds those of any group, 101 bytes.</summary>
    private static Span<byte> SignedParameters(scoped in Connection connection) =>
        connection.Buffer[RegionId.SignedHash].Slice(0, HeadBytes + PeerPublicKey(connection).Length);

    private static Span<byte> Digest(scoped in Connection connection) =>
        connection.Buffer[RegionId.SignedDigest].Slice(0, Hash.DigestBytes(SignatureSchemes.HashOf(connection.State.ServerScheme)));

    private static KeyExchange Exchange(scoped in Connection connection) => connection.State.SuiteFacts.KeyExchange;

    private static Span<byte> PeerPublicKey(scoped in Connection connection) =>
        connection.Buffer[RegionId.PeerPublicKey].Slice(0, KeyAgreement.PublicKeyBytes((NamedGroup)connection.State.Group));

    private static bool Malformed(scoped in Connection connection) =>
        connection.Fail(FaultReason.MessageMalformed, (uint)HandshakeType.ServerKeyExchange);

    private static bool Go(ref FieldCursor cursor, Field next)
    {
        cursor.Step = (byte)next;
        return true;
    }
}
