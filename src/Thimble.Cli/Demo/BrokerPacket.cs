using System;
using System.Buffers.Binary;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Thimble.Cli.Demo;

/// <summary>One control packet of MQTT 3.1.1 as it came: its first byte and its body.</summary>
internal readonly record struct BrokerPacket(byte Header, byte[] Body)
{
    /// <summary>The largest body that the broker takes: far above what a demonstration sends.</summary>
    private const int MaxBodyBytes = 1 << 16;

    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The type in the upper half of the first byte (§2.2.1).</summary>
    public int Type => Header >> 4;

    /// <summary>The flags in its lower half.</summary>
    public int Flags => Header & 15;

    /// <summary>Reads one packet, or null where the stream ends before it.</summary>
    public static async Task<BrokerPacket?> ReadAsync(Stream stream, CancellationToken cancel)
    {
        byte[] one = new byte[1];
        if (await stream.ReadAsync(one, cancel).ConfigureAwait(false) == 0)
        {
            return null;
        }

        byte header = one[0];
        int length = 0;
        int shift = 0;
        do
        {
            if (shift > 21)
            {
                throw new InvalidDataException("The remaining length has more than four bytes.");
            }

            await stream.ReadExactlyAsync(one, cancel).ConfigureAwait(false);
            length |= (one[0] & 0x7F) << shift;
            shift += 7;
        }
        while ((one[0] & 0x80) != 0);

        if (length > MaxBodyBytes)
        {
            throw new InvalidDataException($"A packet of {length} bytes is larger than this broker takes.");
        }

        byte[] body = new byte[length];
        await stream.ReadExactlyAsync(body, cancel).ConfigureAwait(false);
        return new BrokerPacket(header, body);
    }

    /// <summary>Lays out a packet as it is sent.</summary>
    public static byte[] Write(int header, params ReadOnlySpan<byte> body)
    {
        using var packet = new MemoryStream(body.Length + 5);
        packet.WriteByte((byte)header);
        int left = body.Length;
        do
        {
            int digit = left & 0x7F;
            left >>= 7;
            packet.WriteByte((byte)(left > 0 ? digit | 0x80 : digit));
        }
        while (left > 0);

        packet.Write(body);
        return packet.ToArray();
    }

    /// <summary>Takes a string with its length from <paramref name="body"/> (§1.5.3).</summary>
    public static string TakeString(ref ReadOnlySpan<byte> body)
    {
        string text;
        try
        {
            text = s_strictUtf8.GetString(TakeBytes(ref body));
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException("A string is not UTF-8.", e);
        }

        return text;
    }

    /// <summary>Takes bytes with their length.</summary>
    public static ReadOnlySpan<byte> TakeBytes(ref ReadOnlySpan<byte> body)
    {
        int length = TakeUInt16(ref body);
        return Take(ref body, length);
    }

    /// <summary>Takes two bytes, the higher first.</summary>
    public static ushort TakeUInt16(ref ReadOnlySpan<byte> body) => BinaryPrimitives.ReadUInt16BigEndian(Take(ref body, 2));

    /// <summary>Takes one byte.</summary>
    public static byte TakeByte(ref ReadOnlySpan<byte> body) => Take(ref body, 1)[0];

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> body, int length)
    {
        if (length > body.Length)
        {
            throw new InvalidDataException("A packet ends before its last field.");
        }

        ReadOnlySpan<byte> taken = body[..length];
        body = body[length..];
        return taken;
    }
}
