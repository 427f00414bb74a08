using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble;

/// <summary>The user's own code has the last word about a server that was verified.</summary>
public sealed partial class TlsConnection
{
    /// <summary>Asks it, while the engine rests.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "It is the user's code and may throw anything; all of it refuses the server, in a fault that carries it.")]
    private void ProvideVerdict()
    {
        List<X509Certificate2> chain = [];
        try
        {
            _engine.ProvideVerdict(_engine.AskedVerdict(chain) is { } server ? _options.JudgeServer!(server) : TlsEngine.ChainTooLong, null);
        }
        catch (Exception e)
        {
            _engine.ProvideVerdict(e is CryptographicException ? "this platform cannot read its chain." : "the code that judges servers failed: " + e.Message, e);
        }
        finally
        {
            chain.ForEach(static certificate => certificate.Dispose());
        }
    }
}
