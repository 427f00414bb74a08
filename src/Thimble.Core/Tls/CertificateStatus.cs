namespace Thimble.Tls;

/// <summary>What the server's stapled OCSP response said of its certificate. One that is not good ends the handshake, so it is not here.</summary>
public enum CertificateStatus : byte
{
    /// <summary>Nothing was asked for, the handshake is not complete, or it needed no certificate: a session went on, or a shared key vouched for the server.</summary>
    None = 0,

    /// <summary>It was asked for, and the server had none, which the certificate allows.</summary>
    NotStapled = 1,

    /// <summary>The response is in force, its signature verified, and it says "good".</summary>
    Good = 2,
}
