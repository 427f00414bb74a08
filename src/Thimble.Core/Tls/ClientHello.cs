using System;
using System.Runtime.CompilerServices;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>The client's first message (RFC 5246 §7.4.1.2).</summary>
internal static class ClientHello
{
    /// <summary>The size of <c>Random</c>, on either side.</summary>
    public const int RandomBytes = 32;

    /// <summary>What every ClientHello needs at most, without suites, the two names and the last signature scheme, Ed25519: see <see cref="Write"/>, field by field.</summary>
    private const int MaxBytesWithoutLists = 4 + 2 + RandomBytes + 1 + 2 + 2 + 2
        + 12 + 6 + (6 + (2 * (SignatureSchemes.Count - 1))) + 4 + 5 + 6 + 5 + 9 + 7;

    /// <summary>status_request as it is sent.</summary>
    private const int StatusRequestBytes = 4 + 5;

    /// <summary>The longest ClientHello, handshake header included, that the profile can lead to.</summary>
    public static int MaxBytes(in Profile profile) =>
        MaxBytesWithoutLists + (profile.TakesEd25519 ? 2 : 0) + (2 * CipherSuite.CountOffered(profile)) + SessionId.RegionBytes(profile) + LongestSessionTicketBytes(profile)
        + ClientHello13.MaxBytes(profile) + profile.MaxServerNameBytes + profile.MaxAlpnBytes + (profile.StapledStatus ? StatusRequestBytes : 0);

    /// <summary>The code of the largest max_fragment_length that the in window can hold, or 0 where none is asked for (RFC 6066 §4).</summary>
    public static byte MaxFragmentLengthCode(in Profile profile)
    {
        if (profile.InWindowBytes is < 512 or >= RecordHeader.MaxContentBytes)
        {
            return 0;
        }

        byte code = 1;
        while (code < 4 && (512 << code) <= profile.InWindowBytes)
        {
            code++;
        }

        return code;
    }

    /// <summary>Writes the message, header included.</summary>
    public static bool Write(scoped in Connection connection, ref ByteWriter writer, ReadOnlySpan<byte> random)
    {
        writer.WriteUInt8((byte)HandshakeType.ClientHello);
        writer.WriteUInt8(0);
        int body = writer.BeginUInt16();
        writer.WriteUInt16(RecordHeader.Tls12);
        writer.Write(random);
        ReadOnlySpan<byte> sessionId = SessionId.Sent(connection);
        writer.WriteUInt8((byte)sessionId.Length);
        writer.Write(sessionId);
        bool offersSuite = WriteSuites(connection, ref writer);
        writer.WriteUInt16(0x0100); // compression_methods: one, null
        int extensions = writer.BeginUInt16();
        WriteServerName(connection, ref writer);
        WriteGroups(connection, ref writer);
        bool offersScheme = SuiteOffer.WantsSignatures(connection) && WriteSignatureAlgorithms(connection.Config.Profile, ref writer);
        WriteRecordLimits(connection.Config.Profile, ref writer);
        WriteAlpn(connection, ref writer);
        WriteStatusRequest(connection, ref writer);
        WriteSecurityOf12(connection, ref writer);
        WriteSessionTicket(connection, ref writer);
        if (connection.Offers13 && !ClientHello13.Write(connection, ref writer))
        {
            return false;
        }

        writer.EndUInt16(extensions);
        writer.EndUInt16(body);
        bool shared = SuiteOffer.HasSharedKey(connection);
        bool agrees = !SuiteOffer.WantsGroups(connection) || OffersGroups(connection.Config.Profile) || (shared && (connection.Config.Profile.PskModes & PskModes.Psk) != 0);
        return (offersSuite && agrees && (offersScheme || shared) && !writer.Overrun) || connection.Fail(FaultReason.ProfileOffersNothing);
    }

    /// <summary>
    /// Whether the profile offers a group. A curve of ECDSA keys is offered for key agreement as well, because TLS 1.2
    /// has one list for both (RFC 8422 §5.1). That goes for the client's own key too: OpenSSL refuses one on a curve
    /// that was not offered.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool OffersGroup(in Profile profile, NamedGroup group)
    {
        switch (group)
        {
            case NamedGroup.X25519: return (profile.Groups & Groups.X25519) != 0;
            case NamedGroup.Secp256r1: return (profile.Groups & Groups.Secp256r1) != 0 || LongestEcdsaBits12(profile) >= 256;
            case NamedGroup.Secp384r1: return (profile.Groups & Groups.Secp384r1) != 0 || LongestEcdsaBits12(profile) >= 384;
            default: return false;
        }
    }

    /// <summary>Whether the profile offers any group.</summary>
    public static bool OffersGroups(in Profile profile) =>
        OffersGroup(profile, NamedGroup.X25519) || OffersGroup(profile, NamedGroup.Secp256r1) || OffersGroup(profile, NamedGroup.Secp384r1);

    private static int LongestEcdsaBits12(in Profile profile) =>
        !profile.Offers(TlsVersions.Tls12) ? 0 : profile.MaxEcdsaBits > profile.ClientEcdsaBits ? profile.MaxEcdsaBits : profile.ClientEcdsaBits;

    private static bool WriteSuites(scoped in Connection connection, ref ByteWriter writer)
    {
        int start = writer.BeginUInt16();
        for (int i = 0; i < CipherSuite.Count; i++)
        {
            ushort number = SuiteOffer.At(connection, i);
            if (number != 0)
            {
                writer.WriteUInt16(number);
            }
        }

        writer.EndUInt16(start);
        return writer.Position > start;
    }

    /// <summary>RFC 6066 §3: DNS names only, so an IP address sends nothing.</summary>
    private static void WriteServerName(scoped in Connection connection, ref ByteWriter writer)
    {
        ReadOnlySpan<byte> name = connection.Config.ServerName;
        if (!ServerName.IsDnsName(name))
        {
            return;
        }

        writer.WriteUInt16((ushort)ExtensionType.ServerName);
        writer.WriteUInt16((ushort)(name.Length + 5));
        writer.WriteUInt16((ushort)(name.Length + 3));
        writer.WriteUInt8(0); // name_type: host_name
        writer.WriteUInt16((ushort)name.Length);
        writer.Write(name);
    }

    /// <summary>RFC 8422 §5.1.</summary>
    private static void WriteGroups(scoped in Connection connection, ref ByteWriter writer)
    {
        ref readonly Profile profile = ref connection.Config.Profile;
        if (!SuiteOffer.WantsGroups(connection) || !OffersGroups(profile))
        {
            return;
        }

        writer.WriteUInt16((ushort)ExtensionType.SupportedGroups);
        int extension = writer.BeginUInt16();
        int list = writer.BeginUInt16();
        WriteGroup(profile, ref writer, NamedGroup.X25519);
        WriteGroup(profile, ref writer, NamedGroup.Secp256r1);
        WriteGroup(profile, ref writer, NamedGroup.Secp384r1);
        writer.EndUInt16(list);
        writer.EndUInt16(extension);
        WritePointFormats(connection, ref writer);
    }

    private static void WritePointFormats(scoped in Connection connection, ref ByteWriter writer)
    {
        if (connection.Offers12)
        {
            writer.WriteUInt16((ushort)ExtensionType.EcPointFormats);
            writer.WriteUInt16(2);
            writer.WriteUInt16(0x0100); // one format, uncompressed
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WriteGroup(in Profile profile, ref ByteWriter writer, NamedGroup group)
    {
        if (OffersGroup(profile, group))
        {
            writer.WriteUInt16((ushort)group);
        }
    }

    /// <summary>RFC 5246 §7.4.1.4.1, RFC 8446 §4.2.3. None at all is possible with a shared key, and then the extension stays away.</summary>
    private static bool WriteSignatureAlgorithms(in Profile profile, ref ByteWriter writer)
    {
        if (!SignatureSchemes.AnyIsOffered(profile))
        {
            return false;
        }

        writer.WriteUInt16((ushort)ExtensionType.SignatureAlgorithms);
        int extension = writer.BeginUInt16();
        int list = writer.BeginUInt16();
        for (int i = 0; i < SignatureSchemes.Count; i++)
        {
            if (SignatureSchemes.IsOffered(profile, SignatureSchemes.At(i)))
            {
                writer.WriteUInt16((ushort)SignatureSchemes.At(i));
            }
        }

        writer.EndUInt16(list);
        writer.EndUInt16(extension);
        return true;
    }

    /// <summary>RFC 6066 §4 and RFC 8449 §4: a server takes the one that it knows.</summary>
    private static void WriteRecordLimits(in Profile profile, ref ByteWriter writer)
    {
        byte code = MaxFragmentLengthCode(profile);
        if (code != 0)
        {
            writer.WriteUInt16((ushort)ExtensionType.MaxFragmentLength);
            writer.WriteUInt16(1);
            writer.WriteUInt8(code);
        }

        ushort limit = RecordSizeLimit.Offered(profile);
        if (limit != 0)
        {
            writer.WriteUInt16((ushort)ExtensionType.RecordSizeLimit);
            writer.WriteUInt16(2);
            writer.WriteUInt16(limit);
        }
    }

    private static void WriteAlpn(scoped in Connection connection, ref ByteWriter writer)
    {
        ReadOnlySpan<byte> protocol = connection.Config.Alpn;
        if (!protocol.IsEmpty)
        {
            writer.WriteUInt16((ushort)ExtensionType.ApplicationLayerProtocolNegotiation);
            writer.WriteUInt16((ushort)(protocol.Length + 3));
            writer.WriteUInt16((ushort)(protocol.Length + 1));
            writer.WriteUInt8((byte)protocol.Length);
            writer.Write(protocol);
        }
    }

    /// <summary>RFC 6066 §8: OCSP, from any responder, without extensions. A nonce could not come back from a staple.</summary>
    private static void WriteStatusRequest(scoped in Connection connection, ref ByteWriter writer)
    {
        if (connection.OffersStatus)
        {
            writer.WriteUInt16((ushort)ExtensionType.StatusRequest);
            writer.WriteUInt16(StatusRequestBytes - 4);
            writer.WriteUInt8(ServerCertificateStatus.Ocsp);
            writer.WriteUInt16(0);
            writer.WriteUInt16(0);
        }
    }

    /// <summary>RFC 7627 and RFC 5746: what TLS 1.3 has by itself.</summary>
    private static void WriteSecurityOf12(scoped in Connection connection, ref ByteWriter writer)
    {
        if (connection.Offers12)
        {
            writer.WriteUInt16((ushort)ExtensionType.ExtendedMasterSecret);
            writer.WriteUInt16(0);
            writer.WriteUInt16((ushort)ExtensionType.RenegotiationInfo);
            writer.WriteUInt16(1);
            writer.WriteUInt8(0);
        }
    }

    /// <summary>RFC 5077 §3.2: the session's ticket, or nothing, which asks for one. To go on by a session id asks for one too (§3.4).</summary>
    private static void WriteSessionTicket(scoped in Connection connection, ref ByteWriter writer)
    {
        if (Resumption12.TakesTickets(connection))
        {
            ReadOnlySpan<byte> ticket = Resumption12.IsOffered(connection) ? Resumption12.Offer(connection).Ticket : default;
            writer.WriteUInt16((ushort)ExtensionType.SessionTicket);
            writer.WriteUInt16((ushort)ticket.Length);
            writer.Write(ticket);
        }
    }

    private static int LongestSessionTicketBytes(in Profile profile) =>
        profile.MaxTicketBytes > 0 && profile.Offers(TlsVersions.Tls12) ? 4 + profile.MaxTicketBytes : 0;
}
