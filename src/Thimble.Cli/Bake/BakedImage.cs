using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Cli.Bake;

/// <summary>An image, what went into it, and what was noticed on the way. It may hold a private key, which is wiped on disposal.</summary>
internal sealed record BakedImage(byte[] Image, BakedClient? Client, IReadOnlyList<X509Certificate2> Anchors, IReadOnlyList<BakeRemark> Remarks) : IDisposable
{
    /// <summary>Whether the image holds a private key.</summary>
    public bool IsSecret => Client?.Key is not null;

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(Image);
        Client?.Dispose();
        foreach (X509Certificate2 anchor in Anchors)
        {
            anchor.Dispose();
        }
    }
}
