using System;
using System.Text;

namespace Thimble.Cli.Probe;

/// <summary>What a probe says above TLS, so that the server answers with records of its own: nothing, unless asked to.</summary>
internal sealed record Speech(string Name)
{
    public static Speech None { get; } = new("none");

    public static Speech Http { get; } = new("http");

    public static Speech Mqtt { get; } = new("mqtt");

    /// <summary>A request for a page's head, or a CONNECT of MQTT 3.1.1 with a clean session and no name.</summary>
    public ReadOnlyMemory<byte> Bytes(string host) => Name switch
    {
        "http" => Encoding.ASCII.GetBytes($"HEAD / HTTP/1.1\r\nHost: {host}\r\nUser-Agent: thimble-probe\r\nConnection: close\r\n\r\n"),
        "mqtt" => new byte[] { 0x10, 12, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4, 2, 0, 10, 0, 0 },
        _ => default,
    };

    /// <summary>Whether all that is waited for came: a CONNACK has four bytes, and a page's head ends with the connection.</summary>
    public bool IsAnswered(int received) => Name == "mqtt" && received >= 4;
}
