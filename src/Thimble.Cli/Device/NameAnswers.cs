using System;
using System.Net;
using System.Text;

namespace Thimble.Cli.Device;

/// <summary>A name server that knows one name (RFC 1035 §4).</summary>
internal static class NameAnswers
{
    private const int HeaderBytes = 12;

    /// <summary>Answers for <paramref name="name"/> with <paramref name="address"/>, and denies every other name.</summary>
    public static Func<byte[], byte[]?> For(string name, IPAddress address) => query => Answer(query, name, address);

    private static byte[]? Answer(byte[] query, string name, IPAddress address)
    {
        int end = EndOfQuestion(query);
        if (end < 0)
        {
            return null;
        }

        bool known = string.Equals(NameIn(query), name, StringComparison.OrdinalIgnoreCase);
        byte[] header = [query[0], query[1], 0x81, known ? (byte)0x80 : (byte)0x83, 0, 1, 0, known ? (byte)1 : (byte)0, 0, 0, 0, 0];
        byte[] question = query[HeaderBytes..end];
        byte[] record = [0xC0, HeaderBytes, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, .. address.GetAddressBytes()];
        return known ? [.. header, .. question, .. record] : [.. header, .. question];
    }

    /// <summary>One question, with type and class behind its name.</summary>
    private static int EndOfQuestion(byte[] query)
    {
        int at = HeaderBytes;
        while (at < query.Length && query[at] is > 0 and < 64)
        {
            at += 1 + query[at];
        }

        return at + 5 <= query.Length && query[at] == 0 ? at + 5 : -1;
    }

    private static string NameIn(byte[] query)
    {
        var name = new StringBuilder();
        for (int at = HeaderBytes; query[at] != 0; at += 1 + query[at])
        {
            name.Append(name.Length == 0 ? "" : ".").Append(Encoding.ASCII.GetString(query, at + 1, query[at]));
        }

        return name.ToString();
    }
}
