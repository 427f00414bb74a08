namespace Thimble.X509;

/// <summary>What a call of <see cref="ChainVerifier"/> came to. The value of cleared memory is never success.</summary>
public enum ChainStatus : byte
{
    /// <summary>The chain is refused; the fault says why. It stays so.</summary>
    Faulted = 0,

    /// <summary>All input was taken and the certificate goes on.</summary>
    NeedMoreData,

    /// <summary>
    /// Go on: first with the signature of <see cref="ChainVerifier.Pending"/> where one waits to be verified, then with the
    /// input that was not consumed.
    /// </summary>
    MoreWork,

    /// <summary>The certificate has ended.</summary>
    CertificateComplete,

    /// <summary>The chain leads to a trust anchor and the leaf is the one that was asked for.</summary>
    Complete,
}
