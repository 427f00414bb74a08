using System;
using System.Globalization;

namespace Thimble.Cli;

/// <summary>A broker as a URL: <c>mqtts://[user[:password]@]host[:port][/topic]</c>, or <c>mqtt://</c> without TLS.</summary>
/// <param name="IsSecure">Whether the scheme is <c>mqtts</c>.</param>
/// <param name="UserName">The user name, with its percent-encoding undone, or null.</param>
/// <param name="Password">The password, likewise.</param>
/// <param name="Host">A name or an address, without brackets.</param>
/// <param name="Port">The port, or null where the scheme's is meant.</param>
/// <param name="Topic">What follows the slash, as it stands there: '%', '+' and '#' mean themselves. Null where nothing follows.</param>
internal sealed record BrokerUrl(bool IsSecure, string? UserName, string? Password, string Host, int? Port, string? Topic)
{
    private const string Secure = "mqtts://";
    private const string Plain = "mqtt://";

    /// <summary>Reads a URL. The errors never show the password.</summary>
    /// <exception cref="UsageException">It is none, or none of a broker.</exception>
    public static BrokerUrl Parse(string text)
    {
        bool secure = text.StartsWith(Secure, StringComparison.OrdinalIgnoreCase);
        if (!secure && !text.StartsWith(Plain, StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException("The URL of a broker begins with mqtts://, or with mqtt:// where TLS is not wanted.");
        }

        string rest = text[(secure ? Secure : Plain).Length..];
        int slash = rest.IndexOf('/');
        string authority = slash < 0 ? rest : rest[..slash];
        string topic = slash < 0 ? "" : rest[(slash + 1)..];
        int at = authority.LastIndexOf('@');
        (string? user, string? password) = at < 0 ? (null, null) : Credentials(authority[..at]);
        (string host, int? port) = Server(authority[(at + 1)..]);
        return new BrokerUrl(secure, user, password, host, port, topic.Length == 0 ? null : topic);
    }

    /// <summary>Shows no password.</summary>
    public override string ToString() => $"{(IsSecure ? Secure : Plain)}{(Host.Contains(':') ? $"[{Host}]" : Host)}{(Port is null ? "" : string.Create(CultureInfo.InvariantCulture, $":{Port}"))}";

    private static (string User, string? Password) Credentials(string text)
    {
        int colon = text.IndexOf(':');
        return colon < 0 ? (Decode(text), null) : (Decode(text[..colon]), Decode(text[(colon + 1)..]));
    }

    /// <summary>Undoes percent-encoding (RFC 3986 §2.1).</summary>
    private static string Decode(string text)
    {
        for (int i = text.IndexOf('%'); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
            {
                throw new UsageException("In the user name and the password of a URL, '%' is followed by two hexadecimal digits; '%' itself is %25.");
            }
        }

        return Uri.UnescapeDataString(text);
    }

    private static (string Host, int? Port) Server(string text)
    {
        string host = text.StartsWith('[') && text.EndsWith(']') ? text[1..^1] : text;
        if (HostAndPort.IsHost(host) && (host.Length == text.Length) != host.Contains(':'))
        {
            return (host, null);
        }

        return HostAndPort.Parse(text) is { } server
            ? (server.Host, server.Port)
            : throw new UsageException($"'{text}' in the URL is not HOST or HOST:PORT with a port from 1 to 65535; an IPv6 address stands in brackets.");
    }
}
