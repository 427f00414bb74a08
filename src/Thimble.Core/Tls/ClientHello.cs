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

    /// <summary>What every ClientHello needs at most, without the two names: see <see cref="Write"/>, field by field.</summary>
    private const int MaxBytesWithoutNames = 4 + 2 + RandomBytes + 1 + (2 + (2 * CipherSuite.Count12)) + 2 + 2
        + 12 + 6 + (6 + (2 * SignatureSchemes.Count)) + 4 + 5 + 5 + 9 + 7;

    /// <summary>status_request as it is sent.</summary>
    private const int StatusRequestBytes = 4 + 5;

    /// <summary>The longest ClientHello, handshake header included, that the profile can lead to.</summary>
    public static int MaxBytes(in Profile profile) => MaxBytesWithoutNames + ClientHello13.MaxBytes(profile) + profile.MaxServerNameBytes + profile.MaxAlpnBytes
        + (profile.StapledStatus ? StatusRequestBytes : 0);

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

    /// <summary>Writes the message, header included. No session is resumed: the session id is empty, or made up where TLS 1.3 is offered.</summary>
    public static bool Write(scoped in Connection connection, ref ByteWriter writer, ReadOnlySpan<byte> random)
    {
        writer.WriteUInt8((byte)HandshakeType.ClientHello);
        writer.WriteUInt8(0);
        int body = writer.BeginUInt16();
        writer.WriteUInt16(RecordHeader.Tls12);
        writer.Write(random);
        writer.WriteUInt8((byte)(connection.Offers13 ? ClientHello13.SessionIdBytes : 0));
        writer.Write(connection.Offers13 ? ClientHello13.SessionId(connection) : default);
        bool offersSuite = WriteSuites(connection.Config.Profile, ref writer);
        writer.WriteUInt16(0x0100); // compression_methods: one, null
        int extensions = writer.BeginUInt16();
        WriteServerName(connection, ref writer);
        WriteGroups(connection.Config.Profile, ref writer);
        WritePointFormats(connection, ref writer);
        bool offersScheme = WriteSignatureAlgorithms(connection.Config.Profile, ref writer);
        WriteMaxFragmentLength(connection.Config.Profile, ref writer);
        WriteAlpn(connection, ref writer);
        WriteStatusRequest(connection, ref writer);
        WriteSecurityOf12(connection, ref writer);
        if (connection.Offers13 && !ClientHello13.Write(connection, ref writer))
        {
            return false;
        }

        writer.EndUInt16(extensions);
        writer.EndUInt16(body);
        bool offersGroup = connection.Config.Profile.Groups != Groups.None || (connection.Offers12 && connection.Config.Profile.MaxEcdsaBits != 0);
        return (offersSuite && offersGroup && offersScheme && !writer.Overrun) || connection.Fail(FaultReason.ProfileOffersNothing);
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

    private static int LongestEcdsaBits12(in Profile profile) =>
        !profile.Offers(TlsVersions.Tls12) ? 0 : profile.MaxEcdsaBits > profile.ClientEcdsaBits ? profile.MaxEcdsaBits : profile.ClientEcdsaBits;

    private static bool WriteSuites(in Profile profile, ref ByteWriter writer)
    {
        int start = writer.BeginUInt16();
        for (int i = 0; i < CipherSuite.Count; i++)
        {
            ushort number = CipherSuite.Offered(profile, i);
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
    private static void WriteGroups(in Profile profile, ref ByteWriter writer)
    {
        writer.WriteUInt16((ushort)ExtensionType.SupportedGroups);
        int extension = writer.BeginUInt16();
        int list = writer.BeginUInt16();
        WriteGroup(profile, ref writer, NamedGroup.X25519);
        WriteGroup(profile, ref writer, NamedGroup.Secp256r1);
        WriteGroup(profile, ref writer, NamedGroup.Secp384r1);
        writer.EndUInt16(list);
        writer.EndUInt16(extension);
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

    private static bool WriteSignatureAlgorithms(in Profile profile, ref ByteWriter writer)
    {
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
        return writer.Position > list;
    }

    private static void WriteMaxFragmentLength(in Profile profile, ref ByteWriter writer)
    {
        byte code = MaxFragmentLengthCode(profile);
        if (code != 0)
        {
            writer.WriteUInt16((ushort)ExtensionType.MaxFragmentLength);
            writer.WriteUInt16(1);
            writer.WriteUInt8(code);
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
}
