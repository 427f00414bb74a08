using System.Collections.Generic;
using System.Linq;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Tests.Tls;
using Thimble.Tests.X509;

namespace Thimble.Tests.Bogo;

/// <summary>A chain with its key, in memory and in the files that flags name.</summary>
internal sealed record BogoCredential(IReadOnlyList<TestCertificate> Chain, string ChainFile, string RootFile, string KeyFile)
{
    public ScriptedIdentity Identity { get; } = new(Chain[0]);

    /// <summary>One context for all connections, so that sessions go on from one to the next.</summary>
    public SslStreamCertificateContext Context { get; } = SslStreamCertificateContext.Create(
        WithKey(Chain[0]), [.. Chain.Skip(1).Select(static issuer => issuer.Certificate)], offline: true);

    private static X509Certificate2 WithKey(TestCertificate leaf) => leaf.Key is RSA rsa
        ? leaf.Certificate.CopyWithPrivateKey(rsa)
        : leaf.Certificate.CopyWithPrivateKey((ECDsa)leaf.Key);
}
