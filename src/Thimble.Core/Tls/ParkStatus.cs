namespace Thimble.Tls;

/// <summary>What came of <see cref="TlsClient.Park"/>. Unless it is <see cref="Parked"/>, nothing has changed.</summary>
public enum ParkStatus : byte
{
    /// <summary>The key has not 32 bytes, or is one byte repeated. The value of cleared memory is never success.</summary>
    KeyUnusable = 0,

    /// <summary>The connection is sealed, and gone from its buffer.</summary>
    Parked = 1,

    /// <summary>The handshake is not complete, or the connection, or one side of it, has ended.</summary>
    NotConnected = 2,

    /// <summary>Bytes wait for the transport: <see cref="TlsClient.Flush"/> first.</summary>
    OutputPending = 3,

    /// <summary>A record or a message has come in part, or was not taken whole: read on first.</summary>
    InputPending = 4,

    /// <summary><c>destination</c> is too small; <see cref="MemoryPlan.ParkedBytes"/> is always enough.</summary>
    DestinationTooSmall = 5,

    /// <summary>A new session waits for the user, and does not go with the connection: <see cref="TlsClient.TryTakeSession"/> first.</summary>
    SessionWaiting = 6,
}
