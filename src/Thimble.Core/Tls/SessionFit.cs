namespace Thimble.Tls;

/// <summary>Whether a stored session can be offered, and why not. Only what is malformed is a fault; the rest leads to a full handshake.</summary>
public enum SessionFit : byte
{
    /// <summary>These bytes are no session, or were changed since they were one.</summary>
    Malformed = 0,

    /// <summary>Its lifetime is over, or that of the server's certificate.</summary>
    Expired,

    /// <summary>The clock is before its issue.</summary>
    NotYetIssued,

    /// <summary>It was made with another server name, protocol, ROM image or shared key, or where the profile asked other things of certificates.</summary>
    OtherPeer,

    /// <summary>The profile does not offer its version, its suite (in TLS 1.3: its hash), or tickets of its length.</summary>
    NotInProfile,

    /// <summary>It can be offered.</summary>
    Fits,
}
