using System;
using System.Buffers.Binary;

namespace Thimble.Net.Wire;

/// <summary>The types of ICMP message that are looked at (RFC 792).</summary>
public enum IcmpType : byte
{
    /// <summary>The answer to an echo.</summary>
    EchoReply = 0,

    /// <summary>A datagram of ours could not be delivered.</summary>
    DestinationUnreachable = 3,

    /// <summary>Asks for the same bytes back.</summary>
    Echo = 8,
}

/// <summary>An ICMP message (RFC 792): type, code, checksum over the whole, and four bytes that belong to the type.</summary>
public readonly ref struct IcmpMessage
{
    /// <summary>The bytes before the data.</summary>
    public const int HeaderBytes = 8;

    private readonly ReadOnlySpan<byte> _message;

    private IcmpMessage(ReadOnlySpan<byte> message) => _message = message;

    /// <summary>What the message says.</summary>
    public IcmpType Type => (IcmpType)_message[0];

    /// <summary>What exactly; its meaning belongs to the type.</summary>
    public byte Code => _message[1];

    /// <summary>Whether the checksum over the whole is right.</summary>
    public bool IsSound => InternetChecksum.Verify(_message);

    /// <summary>Looks at the payload of an IP datagram, which is all of the message.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out IcmpMessage message)
    {
        bool fits = payload.Length >= HeaderBytes;
        message = fits ? new IcmpMessage(payload) : default;
        return fits;
    }

    /// <summary>Turns an echo into its reply, in place: type, and the checksum by RFC 1624. The rest goes back as it came.</summary>
    public static void MakeEchoReply(Span<byte> message)
    {
        message[0] = (byte)IcmpType.EchoReply;
        ushort checksum = BinaryPrimitives.ReadUInt16BigEndian(message.Slice(2));
        BinaryPrimitives.WriteUInt16BigEndian(message.Slice(2), InternetChecksum.Update(checksum, (ushort)IcmpType.Echo << 8, 0));
    }
}
