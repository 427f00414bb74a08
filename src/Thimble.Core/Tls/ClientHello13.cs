using System;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>What ClientHello carries for TLS 1.3 (RFC 8446 §4.1.2, §4.2).</summary>
internal static class ClientHello13
{
    /// <summary>What the extensions here need at most, without the cookie, whose limit is the out window.</summary>
    public static int MaxBytes(in Profile profile) =>
        profile.Offers(TlsVersions.Tls13) ? (4 + 1 + 4) + (4 + 2 + 4) + LongestShareBytes(profile) + PreSharedKey13.MaxHelloBytes(profile) : 0;

    /// <summary>The group of the share that is sent at once: the first that the profile names, or else the first that is offered because of keys on it.</summary>
    public static NamedGroup PreferredGroup(in Profile profile)
    {
        return (profile.Groups & Groups.X25519) != 0 ? NamedGroup.X25519
            : (profile.Groups & Groups.Secp256r1) != 0 ? NamedGroup.Secp256r1
            : (profile.Groups & Groups.Secp384r1) != 0 ? NamedGroup.Secp384r1
            : ClientHello.OffersGroup(profile, NamedGroup.Secp256r1) ? NamedGroup.Secp256r1 : NamedGroup.None;
    }

    /// <summary>
    /// Writes supported_versions, key_share and psk_key_exchange_modes; then the cookie, because it may lie at the end of the room
    /// that is written to; and pre_shared_key, which must come last.
    /// </summary>
    public static bool Write(scoped in Connection connection, ref ByteWriter writer)
    {
        WriteVersions(connection, ref writer);
        WriteKeyShare(connection, ref writer);
        if (Features.PreSharedKeys && PreSharedKey13.SendsModes(connection))
        {
            PreSharedKey13.WriteModes(connection, ref writer);
        }

        if (connection.State.CookieBytes != 0 && !WriteCookie(connection, ref writer))
        {
            return false;
        }

        if (Features.PreSharedKeys && PreSharedKey13.IsOffered(connection))
        {
            PreSharedKey13.WriteOffer(connection, ref writer);
        }

        return true;
    }

    private static void WriteVersions(scoped in Connection connection, ref ByteWriter writer)
    {
        int count = connection.Offers12 ? 2 : 1;
        writer.WriteUInt16((ushort)ExtensionType.SupportedVersions);
        writer.WriteUInt16((ushort)(1 + (2 * count)));
        writer.WriteUInt8((byte)(2 * count));
        writer.WriteUInt16(RecordHeader.Tls13);
        if (connection.Offers12)
        {
            writer.WriteUInt16(RecordHeader.Tls12);
        }
    }

    /// <summary>One share; where only curves of signatures are offered an empty list, and without any group nothing (RFC 8446 §9.2).</summary>
    private static void WriteKeyShare(scoped in Connection connection, ref ByteWriter writer)
    {
        ushort group = connection.State.Group;
        if (group == 0)
        {
            WriteNoShare(connection, ref writer);
            return;
        }

        int bytes = KeyAgreement.PublicKeyBytes((NamedGroup)group);
        writer.WriteUInt16((ushort)ExtensionType.KeyShare);
        writer.WriteUInt16((ushort)(bytes + 6));
        writer.WriteUInt16((ushort)(bytes + 4));
        writer.WriteUInt16(group);
        writer.WriteUInt16((ushort)bytes);
        writer.Write(connection.Buffer[RegionId.PeerPublicKey].Slice(0, bytes));
    }

    private static void WriteNoShare(scoped in Connection connection, ref ByteWriter writer)
    {
        if (ClientHello.OffersGroups(connection.Config.Profile))
        {
            writer.WriteUInt16((ushort)ExtensionType.KeyShare);
            writer.WriteUInt16(2);
            writer.WriteUInt16(0);
        }
    }

    private static bool WriteCookie(scoped in Connection connection, ref ByteWriter writer)
    {
        const int HeadBytes = 6;
        ReadOnlySpan<byte> cookie = HelloRetry.Cookie(connection);
        int room = connection.Buffer[RegionId.OutWindow].Length - RecordHeader.Bytes - writer.Position - HeadBytes - (Features.PreSharedKeys ? PreSharedKey13.OfferBytes(connection) : 0);
        if (room < cookie.Length)
        {
            return connection.Fail(FaultReason.CookieTooLong, (uint)int.Max(room, 0), (uint)cookie.Length);
        }

        writer.WriteUInt16((ushort)ExtensionType.Cookie);
        writer.WriteUInt16((ushort)(cookie.Length + 2));
        writer.WriteUInt16((ushort)cookie.Length);
        writer.Write(cookie);
        return true;
    }

    private static int LongestShareBytes(in Profile profile)
    {
        if (PreferredGroup(profile) == NamedGroup.None)
        {
            return 0;
        }

        NamedGroup longest = ClientHello.OffersGroup(profile, NamedGroup.Secp384r1) ? NamedGroup.Secp384r1
            : ClientHello.OffersGroup(profile, NamedGroup.Secp256r1) ? NamedGroup.Secp256r1 : NamedGroup.X25519;
        return KeyAgreement.PublicKeyBytes(longest);
    }
}
