namespace Thimble.Cli.Clouds;

/// <summary>A port at which a cloud speaks MQTT over TLS, and the application protocol that is to be offered there (RFC 7301), or nothing.</summary>
internal readonly record struct CloudPort(int Port, string Alpn = "");
