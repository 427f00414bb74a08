using System;
using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Net;

namespace Thimble.Cli;

/// <summary>A server as it is written on the command line: <c>name:port</c>, <c>1.2.3.4:port</c> or <c>[::1]:port</c>.</summary>
internal sealed record HostAndPort(string Host, int Port)
{
    /// <summary>What no name of a host has, and what a URI would take for the end of one.</summary>
    private static readonly SearchValues<char> s_noHostName = SearchValues.Create([.. ":/@ []?#\\%", .. Enumerable.Range(0, 0x20).Select(code => (char)code), '\u007F']);

    /// <summary>The argument <c>HOST:PORT</c>.</summary>
    public static Argument<HostAndPort> Argument() => new("HOST:PORT")
    {
        Description = "The server, such as broker.example.org:8883 or [::1]:8883.",
        CustomParser = static result =>
        {
            string text = result.Tokens[0].Value;
            HostAndPort? server = Parse(text);
            if (server is null)
            {
                result.AddError($"'{text}' is not HOST:PORT with a port from 1 to 65535, such as broker.example.org:8883.");
            }

            return server;
        },
    };

    public static HostAndPort? Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? "" : text[..colon];
        bool isPort = ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0;
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            host = host[1..^1];
            isPort &= IPAddress.TryParse(host, out _);
        }
        else
        {
            isPort &= !host.AsSpan().ContainsAny(s_noHostName);
        }

        return isPort && host.Length is > 0 and <= 253 ? new HostAndPort(host, port) : null;
    }

    /// <summary>Whether <paramref name="text"/> may be a host: an address, without brackets, or what could be a name.</summary>
    public static bool IsHost(string text) =>
        text.Length is > 0 and <= 253 && (!text.AsSpan().ContainsAny(s_noHostName) || (text.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(text, out _)));

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
