using System;
using System.Buffers.Binary;

namespace Thimble.Net.Wire;

/// <summary>What a DHCP message is for (RFC 2132 §9.6).</summary>
public enum DhcpMessageType : byte
{
    /// <summary>It does not say.</summary>
    None = 0,

    /// <summary>Is there a server?</summary>
    Discover = 1,

    /// <summary>A server has an address for us.</summary>
    Offer = 2,

    /// <summary>We want it, or want it longer.</summary>
    Request = 3,

    /// <summary>Someone else uses it.</summary>
    Decline = 4,

    /// <summary>It is ours.</summary>
    Ack = 5,

    /// <summary>It is not, or no longer.</summary>
    Nak = 6,
}

/// <summary>The options that are looked at or sent (RFC 2132).</summary>
public enum DhcpOption : byte
{
    /// <summary>Nothing; one byte (§3.1).</summary>
    Pad = 0,

    /// <summary>The mask of the link (§3.3).</summary>
    SubnetMask = 1,

    /// <summary>Routers, the best first (§3.5).</summary>
    Router = 3,

    /// <summary>Name servers, the best first (§3.8).</summary>
    NameServer = 6,

    /// <summary>The address that is asked for (§9.1).</summary>
    RequestedAddress = 50,

    /// <summary>How long the address is ours, in seconds (§9.2).</summary>
    LeaseTime = 51,

    /// <summary>What the message is for (§9.6).</summary>
    MessageType = 53,

    /// <summary>Which server speaks, or is spoken to (§9.7).</summary>
    ServerIdentifier = 54,

    /// <summary>What we want to know (§9.8).</summary>
    ParameterList = 55,

    /// <summary>T1, in seconds (§9.11).</summary>
    RenewalTime = 58,

    /// <summary>T2, in seconds (§9.12).</summary>
    RebindingTime = 59,

    /// <summary>No more options (§3.2).</summary>
    End = 255,
}

/// <summary>
/// A DHCP message (RFC 2131 §2), read in place:
/// <code>
/// op, htype, hlen, hops | xid | secs, flags | ciaddr | yiaddr | siaddr | giaddr | chaddr (16) | sname (64) | file (128)
/// | 99.130.83.99 | options: code, length, value ... 255
/// </code>
/// Options that a server lays into sname or file (§9.3 of RFC 2132) are not looked at: what a client needs stands in front.
/// </summary>
public readonly ref struct DhcpMessage
{
    /// <summary>The bytes before the options.</summary>
    public const int FixedBytes = 240;

    /// <summary>The bytes from the start to the end of the client's hardware address: what differs between messages.</summary>
    public const int HeadBytes = 34;

    /// <summary>The bytes of the last run of a message of ours.</summary>
    public const int TailBytes = 16;

    private const uint Cookie = 0x6382_5363;
    private const uint Reply = 0x0201_0600;
    private const uint Request = 0x0101_0600;
    private const ushort BroadcastFlag = 0x8000;

    private readonly ReadOnlySpan<byte> _message;

    private DhcpMessage(ReadOnlySpan<byte> message) => _message = message;

    /// <summary>
    /// What stands between the head and the tail of every message of ours: the rest of the hardware address, sname and file,
    /// all empty; the cookie; what we want to know; and padding to the 300 bytes that relays of BOOTP ask for (RFC 1542 §2.1).
    /// </summary>
    public static ReadOnlySpan<byte> Middle =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0x63, 0x82, 0x53, 0x63,
        (byte)DhcpOption.ParameterList, 3, (byte)DhcpOption.SubnetMask, (byte)DhcpOption.Router, (byte)DhcpOption.NameServer,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0,
    ];

    /// <summary>The number that ties an answer to a question.</summary>
    public uint TransactionId => BinaryPrimitives.ReadUInt32BigEndian(_message.Slice(4));

    /// <summary>The address that the server gives.</summary>
    public Ipv4Address YourAddress => Ipv4Address.Read(_message.Slice(16));

    /// <summary>Whose address it is.</summary>
    public MacAddress ClientStation => MacAddress.Read(_message.Slice(28));

    /// <summary>What the message is for.</summary>
    public DhcpMessageType Type => Find(DhcpOption.MessageType) is { Length: 1 } value ? (DhcpMessageType)value[0] : default;

    /// <summary>Looks at the payload of a datagram: a reply for Ethernet, with the cookie, whose options end properly. Bounded by its length.</summary>
    public static bool TryReadReply(ReadOnlySpan<byte> payload, out DhcpMessage message)
    {
        bool fits = payload.Length >= FixedBytes && BinaryPrimitives.ReadUInt32BigEndian(payload) == Reply
            && BinaryPrimitives.ReadUInt32BigEndian(payload.Slice(FixedBytes - 4)) == Cookie && HasEnd(payload);
        message = fits ? new DhcpMessage(payload) : default;
        return fits;
    }

    /// <summary>The four bytes of an option as a number; of a list of addresses, the first. False where the option is absent or shorter.</summary>
    public bool TryNumber(DhcpOption option, out uint value)
    {
        ReadOnlySpan<byte> found = Find(option);
        value = found.Length >= sizeof(uint) ? BinaryPrimitives.ReadUInt32BigEndian(found) : 0;
        return found.Length >= sizeof(uint) && (found.Length & 3) == 0;
    }

    /// <summary>
    /// Writes the <see cref="HeadBytes"/> first bytes of a message of ours. <paramref name="wantsBroadcast"/> asks for answers to
    /// all stations, for servers that cannot send to an address which nobody has yet.
    /// </summary>
    public static void WriteHead(Span<byte> destination, uint transactionId, ushort seconds, bool wantsBroadcast, Ipv4Address current, MacAddress station)
    {
        Span<byte> head = destination.Slice(0, HeadBytes);
        head.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(head, Request);
        BinaryPrimitives.WriteUInt32BigEndian(head.Slice(4), transactionId);
        BinaryPrimitives.WriteUInt16BigEndian(head.Slice(8), seconds);
        BinaryPrimitives.WriteUInt16BigEndian(head.Slice(10), wantsBroadcast ? BroadcastFlag : (ushort)0);
        current.Write(head.Slice(12));
        station.Write(head.Slice(28));
    }

    /// <summary>Writes the <see cref="TailBytes"/> last bytes of a message of ours: its type, the address and the server where they are not none, the end.</summary>
    public static void WriteTail(Span<byte> destination, DhcpMessageType type, Ipv4Address requested, Ipv4Address server)
    {
        Span<byte> tail = destination.Slice(0, TailBytes);
        tail.Clear();
        tail[0] = (byte)DhcpOption.MessageType;
        tail[1] = 1;
        tail[2] = (byte)type;
        int at = WriteAddress(tail, 3, DhcpOption.RequestedAddress, requested);
        at = WriteAddress(tail, at, DhcpOption.ServerIdentifier, server);
        tail[at] = (byte)DhcpOption.End;
    }

    private static int WriteAddress(Span<byte> tail, int at, DhcpOption option, Ipv4Address address)
    {
        if (address.IsNone)
        {
            return at;
        }

        tail[at] = (byte)option;
        tail[at + 1] = sizeof(uint);
        address.Write(tail.Slice(at + 2));
        return at + 6;
    }

    /// <summary>The value of the first option of that code; empty where there is none.</summary>
    private ReadOnlySpan<byte> Find(DhcpOption option)
    {
        int at = FixedBytes;
        while (TryNext(_message, ref at, out DhcpOption code, out ReadOnlySpan<byte> value))
        {
            if (code == option)
            {
                return value;
            }
        }

        return default;
    }

    private static bool HasEnd(ReadOnlySpan<byte> message)
    {
        int at = FixedBytes;
        while (TryNext(message, ref at, out _, out _))
        {
        }

        return at < message.Length && message[at] == (byte)DhcpOption.End;
    }

    /// <summary>Goes over one option. False at the end, or where an option would reach beyond the message.</summary>
    private static bool TryNext(ReadOnlySpan<byte> message, scoped ref int at, scoped out DhcpOption code, out ReadOnlySpan<byte> value)
    {
        value = default;
        while (at < message.Length && message[at] == (byte)DhcpOption.Pad)
        {
            at++;
        }

        code = at < message.Length ? (DhcpOption)message[at] : DhcpOption.End;
        if (code == DhcpOption.End || message.Length - at < 2 || message[at + 1] > message.Length - at - 2)
        {
            return false;
        }

        value = message.Slice(at + 2, message[at + 1]);
        at += 2 + value.Length;
        return true;
    }
}
