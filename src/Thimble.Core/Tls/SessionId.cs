using System;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// The session id of ClientHello (RFC 5246 §7.4.1.2), and then that of ServerHello: the server's takes the place of ours as it
/// is compared with it, because of one that differs nothing is needed any more.
/// </summary>
internal static class SessionId
{
    /// <summary>The longest, and the length of one that we make up: for a ticket (RFC 5077 §3.4), and where TLS 1.3 is offered (RFC 8446 §D.4).</summary>
    public const int MaxBytes = 32;

    /// <summary>What the profile keeps of an id.</summary>
    public static int RegionBytes(in Profile profile) => profile.Offers(TlsVersions.Tls13) || profile.MaxTicketBytes > 0 ? MaxBytes : 0;

    /// <summary>The id that ClientHello carries.</summary>
    public static Span<byte> Sent(scoped in Connection connection)
    {
        bool resumes = Resumption12.IsOffered(connection);
        int own = resumes ? Resumption12.Offer(connection).SessionId.Length : 0;
        int made = connection.Offers13 || resumes ? MaxBytes : 0;
        return Place(connection).Slice(0, own != 0 ? own : made);
    }

    /// <summary>Takes the session's id, or makes one up, before ClientHello is written. False where the generator fails.</summary>
    public static bool Choose(scoped in Connection connection, Span<byte> scratch)
    {
        Span<byte> id = Sent(connection);
        if (Resumption12.IsOffered(connection) && !Resumption12.Offer(connection).SessionId.IsEmpty)
        {
            Resumption12.Offer(connection).SessionId.CopyTo(id);
            return true;
        }

        return id.IsEmpty || HmacDrbg.Generate(connection.Buffer[RegionId.Drbg], id, default, scratch);
    }

    /// <summary>The length of the server's id is known. Whether it may be an echo of ours.</summary>
    public static bool BeginServer(scoped in Connection connection, uint length)
    {
        connection.State.SessionIdBytes = (byte)length;
        return length != 0 && length == (uint)Sent(connection).Length;
    }

    /// <summary>Takes the next bytes of the server's id, of which <paramref name="left"/> are to come. Whether they are those of ours.</summary>
    public static bool TakeServer(scoped in Connection connection, ReadOnlySpan<byte> next, uint left)
    {
        Span<byte> place = Place(connection);
        if (place.IsEmpty)
        {
            return false;
        }

        place = place.Slice(connection.State.SessionIdBytes - (int)left, next.Length);
        bool same = next.SequenceEqual(place);
        next.CopyTo(place);
        return same;
    }

    /// <summary>The server's, once ServerHello was read.</summary>
    public static ReadOnlySpan<byte> Server(scoped in Connection connection) => Place(connection).Slice(0, connection.State.SessionIdBytes);

    private static Span<byte> Place(scoped in Connection connection) => connection.Buffer[RegionId.Randoms].Slice(2 * ClientHello.RandomBytes);
}
