namespace Thimble.Tls;

/// <summary>What a secret in a <see cref="KeyLog"/> is, by the names of the NSS key log format.</summary>
public enum KeyLogLabel : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>No secret: ClientHello.random, by which all that follows is found. Once in a connection, before all else.</summary>
    Random = 1,

    /// <summary><c>CLIENT_RANDOM</c>: the master secret of TLS 1.2.</summary>
    MasterSecret = 2,

    /// <summary><c>CLIENT_HANDSHAKE_TRAFFIC_SECRET</c>.</summary>
    ClientHandshakeTrafficSecret = 3,

    /// <summary><c>SERVER_HANDSHAKE_TRAFFIC_SECRET</c>.</summary>
    ServerHandshakeTrafficSecret = 4,

    /// <summary><c>CLIENT_TRAFFIC_SECRET_0</c>. Later ones follow from it.</summary>
    ClientTrafficSecret = 5,

    /// <summary><c>SERVER_TRAFFIC_SECRET_0</c>. Later ones follow from it.</summary>
    ServerTrafficSecret = 6,

    /// <summary><c>EXPORTER_SECRET</c>, where the profile exports keys.</summary>
    ExporterSecret = 7,
}
