using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>A host may look at the verified chain and still refuse.</summary>
public ref partial struct TlsClient
{
    /// <summary>
    /// Gives the connection up because its user refuses the server that the handshake verified:
    /// <see cref="FaultReason.ServerRefused"/>, and the alert certificate_unknown (RFC 5246 §7.2.2, RFC 8446 §6.2) waits for <see cref="Flush"/>. Bounded.
    /// </summary>
    public void Refuse()
    {
        if (_prepared)
        {
            _connection.FailNow(FaultReason.ServerRefused);
            Settle();
        }
    }
}
