using System.Collections.Generic;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Tls;

namespace Thimble;

/// <summary>The user's own code has the last word about a server that was verified.</summary>
internal sealed partial class TlsEngine
{
    private string? _refusal;
    private bool _judged;

    /// <summary>Who signs for the client, for the drivers; asked only where the engine wants a signature.</summary>
    public ClientSigner ClientSigner => _credentials.Credentials.ClientSigner!;

    /// <summary>A session goes on without a chain: its server was judged when it was made.</summary>
    private bool AwaitsVerdict
    {
        get
        {
            TlsClient tls = Lens();
            return _options.JudgeServer is not null && !_judged && !tls.Resumed && !tls.UsedPreSharedKey;
        }
    }

    /// <summary>The server to be judged, with certificates that the caller disposes of; null where its chain is longer than what is kept for code to look at.</summary>
    /// <exception cref="CryptographicException">The platform cannot read the chain.</exception>
    public VerifiedServer? AskedVerdict(List<X509Certificate2> chain)
    {
        lock (_gate)
        {
            TlsClient tls = Lens();
            return PeerChainReader.TryVerified(_peerChain, chain) ? new VerifiedServer(_options.ServerName, chain, tls.Version, tls.CertificateStatus) : null;
        }
    }

    /// <summary>Goes on, or ends the connection because of <paramref name="refusal"/>, with what the user's code threw as its cause.</summary>
    public void ProvideVerdict(string? refusal, System.Exception? failure)
    {
        lock (_gate)
        {
            _judged = true;
            _refusal = refusal;
            _signerFailure = failure;
            if (refusal is not null)
            {
                TlsClient tls = Lens();
                tls.Refuse();
            }
        }
    }

    /// <summary>How much of a chain is kept.</summary>
    public static string ChainTooLong => $"its chain is longer than the {MaxChainBytes:N0} bytes that are kept for code to look at.";
}
