namespace Thimble.Cli.Probe;

/// <summary>What the application decides about a profile, and no server.</summary>
/// <param name="WindowBytes">The largest application record, in and out.</param>
/// <param name="MaxMqttTopicBytes">The longest MQTT topic; 0 plans no session.</param>
/// <param name="ServerNameBytes">The server's name.</param>
/// <param name="AlpnBytes">The protocol to offer.</param>
/// <param name="ClientRsaBits">The client's RSA key, or 0.</param>
/// <param name="ClientEcdsaBits">The client's EC key, or 0.</param>
/// <param name="ClientEd25519">Whether the client's key is Ed25519.</param>
internal sealed record Wishes(int WindowBytes, int MaxMqttTopicBytes, int ServerNameBytes, int AlpnBytes, int ClientRsaBits, int ClientEcdsaBits, bool ClientEd25519);
