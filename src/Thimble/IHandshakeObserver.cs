namespace Thimble;

/// <summary>Somebody who watches a handshake step by step. It is called between steps, on the thread that drives the connection.</summary>
internal interface IHandshakeObserver
{
    /// <summary>A step was made.</summary>
    void Saw(in HandshakeStep step);
}
