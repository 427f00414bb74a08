using System;
using System.Text;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>Talks to servers that answer each line with one line.</summary>
internal static class Lines
{
    /// <summary>Sends a line of <paramref name="length"/> characters and expects it back, reversed or as it was.</summary>
    public static void AssertEchoes(this AuditedClient client, int length, bool reversed)
    {
        byte[] line = new byte[length + 1];
        for (int i = 0; i < length; i++)
        {
            line[i] = (byte)('a' + (i % 26));
        }

        line[length] = (byte)'\n';
        client.Write(line);

        byte[] answer = new byte[line.Length];
        client.ReadExactly(answer);
        if (reversed)
        {
            line.AsSpan(0, length).Reverse();
        }

        Assert.Equal(Encoding.ASCII.GetString(line), Encoding.ASCII.GetString(answer));
    }

    public static void WriteLine(this AuditedClient client, string line) => client.Write(Encoding.ASCII.GetBytes(line + "\n"));

    public static string ReadText(this AuditedClient client, int bytes)
    {
        byte[] text = new byte[bytes];
        client.ReadExactly(text);
        return Encoding.ASCII.GetString(text);
    }
}
