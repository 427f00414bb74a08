using System;
using Thimble.Memory;

namespace Thimble.Tests.Tls;

/// <summary>A connection that stands, of either version, whose client has a window of 512 bytes, and its server.</summary>
internal sealed class StreamedPeer
{
    public required ScriptedClient Client { get; init; }

    public ScriptedServer? Server12 { get; init; }

    public ScriptedServer13? Server13 { get; init; }

    /// <summary>What the client sent as application data since the last call.</summary>
    public byte[] TakeSent()
    {
        int before = Received.Length;
        byte[] output = [.. Client.Output];
        Client.Output.Clear();
        _ = Server12?.Answer(output) ?? Server13!.Answer(output);
        return Received[before..];
    }

    public static StreamedPeer Connect(string kind, bool provisional, Func<Profile, Profile>? change = null, ushort? poison = null)
    {
        Profile profile = kind.StartsWith("1.2", StringComparison.Ordinal) ? ScriptedClient.Everything with { InWindowBytes = 512 } : Streamed13.Windowed;
        profile = change?.Invoke(profile) ?? profile;
        if (kind.StartsWith("1.2", StringComparison.Ordinal))
        {
            (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected(
                kind[4..] switch { "ChaCha" => ScriptedSuite.EcdsaChaCha, "CCM" => ScriptedSuite.EcdsaAes256Ccm, "CCM_8" => ScriptedSuite.EcdsaAes128Ccm8, _ => ScriptedSuite.EcdsaAes128 },
                new ScriptedClient { Profile = profile, Provisional = provisional, Poison = poison });
            return new StreamedPeer { Client = client, Server12 = server };
        }

        ushort suite = kind[4..] switch { "ChaCha" => ScriptedKeys13.ChaCha, "CCM" => ScriptedKeys13.Aes128Ccm, "CCM_8" => ScriptedKeys13.Aes128Ccm8, _ => ScriptedKeys13.Aes128 };
        (ScriptedClient later, ScriptedServer13 server13) = Scripted13.Connected(
            new ScriptedServer13 { Suite = suite, Alpn = "mqtt" },
            new ScriptedClient { Profile = profile, Provisional = provisional, Alpn = "mqtt", Poison = poison });
        return new StreamedPeer { Client = later, Server13 = server13 };
    }

    public byte[] Seal(byte type, byte[] content) => Server12?.Seal(type, content) ?? Server13!.Seal(type, content);

    private byte[] Received => Server12?.ReceivedData ?? Server13!.ReceivedData;
}
