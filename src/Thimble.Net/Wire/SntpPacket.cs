using System;
using System.Buffers.Binary;

namespace Thimble.Net.Wire;

/// <summary>
/// A packet of SNTP version 4 (RFC 4330 §4): 48 bytes, of which a client sets two fields and reads five.
/// <code>
///  0  leap (2), version (3), mode (3) | 1 stratum | 2 poll | 3 precision | 4 root delay | 8 root dispersion
/// 12  reference | 16 reference time | 24 originate | 32 receive | 40 transmit
/// </code>
/// </summary>
public readonly ref struct SntpPacket
{
    /// <summary>The bytes of a packet without authentication.</summary>
    public const int Bytes = 48;

    private const byte ClientVersion4 = 0x23;
    private const int ModeServer = 4;
    private const int LeapAlarm = 3;
    private const byte MaxStratum = 15;

    // 1970 in seconds since 1900, and the year 1968, where the numbers of the second era end (RFC 4330 §3).
    private const uint UnixEpoch = 2_208_988_800;
    private const uint FirstEraBegins = 0x8000_0000;

    private readonly ReadOnlySpan<byte> _packet;

    private SntpPacket(ReadOnlySpan<byte> packet) => _packet = packet;

    /// <summary>How far the server is from a clock: 1 to 15; 0 is a kiss-o'-death (§8).</summary>
    public byte Stratum => _packet[1];

    /// <summary>What the client wrote into its transmit field.</summary>
    public ulong Originate => BinaryPrimitives.ReadUInt64BigEndian(_packet.Slice(24));

    /// <summary>Whether the server knows the time: no leap alarm, a stratum within bounds, and a time that was set and is not before 1970.</summary>
    public bool IsFit => _packet[0] >> 6 != LeapAlarm && Stratum is > 0 and <= MaxStratum
        && Seconds is < FirstEraBegins or >= UnixEpoch && (Seconds | Fraction) != 0;

    /// <summary>
    /// When the server sent this, in seconds since 1970: numbers with the high bit belong to 1968 to 2036, those without to
    /// 2036 to 2104 (RFC 4330 §3), and the difference comes out right for both in 32 bits.
    /// </summary>
    public uint UnixSeconds => Seconds - UnixEpoch;

    /// <summary>The milliseconds within that second.</summary>
    public uint Milliseconds => ((Fraction >> 16) * 1000) >> 16;

    private uint Seconds => BinaryPrimitives.ReadUInt32BigEndian(_packet.Slice(40));

    private uint Fraction => BinaryPrimitives.ReadUInt32BigEndian(_packet.Slice(44));

    /// <summary>Looks at the payload of a datagram: a server's answer of version 3 or 4. What follows the 48 bytes is not looked at.</summary>
    public static bool TryReadReply(ReadOnlySpan<byte> payload, out SntpPacket packet)
    {
        bool fits = payload.Length >= Bytes && (payload[0] & 7) == ModeServer && ((payload[0] >> 3) & 7) is 3 or 4;
        packet = fits ? new SntpPacket(payload) : default;
        return fits;
    }

    /// <summary>Writes a question. The transmit field is the sender's to choose, and comes back as <see cref="Originate"/>: a nonce tells more than a clock.</summary>
    public static void WriteRequest(Span<byte> destination, ulong nonce)
    {
        Span<byte> packet = destination.Slice(0, Bytes);
        packet.Clear();
        packet[0] = ClientVersion4;
        BinaryPrimitives.WriteUInt64BigEndian(packet.Slice(40), nonce);
    }
}
