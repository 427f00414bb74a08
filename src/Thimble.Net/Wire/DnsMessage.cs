using System;
using System.Buffers.Binary;

namespace Thimble.Net.Wire;

/// <summary>
/// A DNS message (RFC 1035 §4), read in place. The second word of the header:
/// <code>
///  15  14   11  10  9   8   7   6  4 3     0
/// +--+--------+---+---+---+---+-----+-------+
/// |QR| opcode |AA |TC |RD |RA |  Z  | RCODE |
/// +--+--------+---+---+---+---+-----+-------+
/// </code>
/// </summary>
public readonly ref struct DnsMessage
{
    /// <summary>The bytes of the header.</summary>
    public const int HeaderBytes = 12;

    /// <summary>The flag that says that the answer did not fit (TC).</summary>
    public const ushort Truncated = 0x0200;

    private const ushort Response = 0x8000;
    private const ushort OpcodeBits = 0x7800;
    private const ushort RecursionDesired = 0x0100;
    private const ushort ResponseCodeBits = 0x000F;
    private const ushort TypeA = 1;
    private const ushort TypeCname = 5;
    private const ushort ClassInternet = 1;

    // Fixed fields of a record: type, class, time to live, length (§4.1.3).
    private const int RecordFieldBytes = 10;

    // Aliases of aliases that are followed: more than any honest zone has.
    private const int MaxAliases = 8;

    private readonly ReadOnlySpan<byte> _message;

    private DnsMessage(ReadOnlySpan<byte> message) => _message = message;

    /// <summary>The end of a question for an IPv4 address: type A, class IN.</summary>
    public static ReadOnlySpan<byte> QuestionEnd => [0, (byte)TypeA, 0, (byte)ClassInternet];

    /// <summary>The number that ties an answer to a question.</summary>
    public ushort Id => Word(0);

    /// <summary>Whether the answer did not fit the datagram.</summary>
    public bool IsTruncated => (Word(2) & Truncated) != 0;

    /// <summary>The response code (RCODE): 0 for no error, 3 for a name that does not exist.</summary>
    public byte ResponseCode => (byte)(Word(2) & ResponseCodeBits);

    /// <summary>
    /// Looks at the payload of a datagram: a response to a standard query with one question, which is for the address of
    /// <paramref name="name"/>, in the form of <see cref="DnsName"/>; case does not matter (RFC 4343).
    /// </summary>
    public static bool TryReadResponse(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> name, out DnsMessage message)
    {
        message = payload.Length >= HeaderBytes ? new DnsMessage(payload) : default;
        if (payload.Length < HeaderBytes + name.Length + QuestionEnd.Length)
        {
            return false;
        }

        return (message.Word(2) & (Response | OpcodeBits)) == Response && message.Word(4) == 1
            && DnsName.AreEqual(payload.Slice(HeaderBytes, name.Length), name)
            && payload.Slice(HeaderBytes + name.Length, QuestionEnd.Length).SequenceEqual(QuestionEnd);
    }

    /// <summary>Writes the header of a query with one question, which asks for recursion.</summary>
    public static void WriteQuery(Span<byte> destination, ushort id)
    {
        Span<byte> header = destination.Slice(0, HeaderBytes);
        header.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(header, id);
        BinaryPrimitives.WriteUInt16BigEndian(header.Slice(2), RecursionDesired);
        BinaryPrimitives.WriteUInt16BigEndian(header.Slice(4), 1);
    }

    /// <summary>
    /// The address in the answers to a question whose name has <paramref name="nameBytes"/> bytes, through aliases (§3.6.2).
    /// False where the message is malformed; true with none where there is no address. Bounded: nine passes over the records.
    /// </summary>
    public bool TryFindAddress(int nameBytes, out Ipv4Address address)
    {
        int owner = HeaderBytes;
        int records = HeaderBytes + nameBytes + QuestionEnd.Length;
        address = default;
        for (int aliases = 0; aliases <= MaxAliases; aliases++)
        {
            int alias = 0;
            if (!TrySearch(owner, records, ref alias, ref address))
            {
                return false;
            }

            if (alias == 0)
            {
                return true;
            }

            owner = alias;
        }

        return true;
    }

    /// <summary>Goes over the answers for one owner: stops at its address; gives the place of the name that it is an alias of.</summary>
    private bool TrySearch(int owner, int at, ref int alias, ref Ipv4Address address)
    {
        for (int left = Word(6); left > 0; left--)
        {
            int name = at;
            if (!DnsName.TrySkip(_message, ref at) || _message.Length - at < RecordFieldBytes)
            {
                return false;
            }

            int data = at + RecordFieldBytes;
            int dataBytes = Word(at + 8);
            if (dataBytes > _message.Length - data)
            {
                return false;
            }

            bool ours = Word(at + 2) == ClassInternet && DnsName.AreEqual(_message, name, owner);
            if (ours && Word(at) == TypeA && dataBytes == sizeof(uint))
            {
                alias = 0;
                address = Ipv4Address.Read(_message.Slice(data));
                return true;
            }

            alias = ours && Word(at) == TypeCname ? data : alias;
            at = data + dataBytes;
        }

        return true;
    }

    private ushort Word(int at) => BinaryPrimitives.ReadUInt16BigEndian(_message.Slice(at));
}
