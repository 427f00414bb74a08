using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Cli.Bake;

/// <summary>The client's chain, its own certificate first, and its private key unless that is kept elsewhere.</summary>
internal sealed record BakedClient(IReadOnlyList<X509Certificate2> Chain, AsymmetricAlgorithm? Key) : IDisposable
{
    public void Dispose()
    {
        Key?.Dispose();
        foreach (X509Certificate2 certificate in Chain)
        {
            certificate.Dispose();
        }
    }
}
