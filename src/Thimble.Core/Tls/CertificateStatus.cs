namespace Thimble.Tls;

/// <summary>What the server's stapled OCSP response said of its certificate. One that is not good ends the handshake, so it is not here.</summary>
public enum CertificateStatus : byte
{
    /// <summary>Nothing was asked for, or the handshake is not complete.</summary>
    None = 0,

    /// <summary>It was asked for, and the server had none, which the certificate allows.</summary>
    NotStapled = 1,

    /// <summary>The response is in force, its signature verified, and it says "good".</summary>
    Good = 2,
}
