using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Tls;

namespace Thimble;

/// <summary>The user's own code has the last word about a server that was verified.</summary>
public sealed partial class TlsConnection
{
    private string? _refusal;

    /// <summary>Whether <see cref="TlsConnectionOptions.JudgeServer"/> refuses the server. A session goes on without a chain: its server was judged when it was made.</summary>
    private bool IsServerRefused()
    {
        if (_options.JudgeServer is not { } judge || Resumed || UsedPreSharedKey)
        {
            return false;
        }

        _refusal = Judge(judge);
        if (_refusal is null)
        {
            return false;
        }

        TlsClient tls = Lens();
        tls.Refuse();
        return true;
    }

    [SuppressMessage("Design", "CA1031", Justification = "It is the user's code and may throw anything; all of it refuses the server, in a fault that carries it.")]
    private string? Judge(Func<VerifiedServer, string?> judge)
    {
        List<X509Certificate2> chain = [];
        try
        {
            return PeerChainReader.TryVerified(_peerChain, chain)
                ? judge(new VerifiedServer(_options.ServerName, chain, Version, CertificateStatus))
                : $"its chain is longer than the {MaxChainBytes:N0} bytes that are kept for code to look at.";
        }
        catch (Exception e)
        {
            _signerFailure = e;
            return e is CryptographicException ? "this platform cannot read its chain." : "the code that judges servers failed: " + e.Message;
        }
        finally
        {
            chain.ForEach(static certificate => certificate.Dispose());
        }
    }
}
