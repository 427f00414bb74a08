using System;
using System.Threading;

namespace Thimble;

/// <summary>One connection's hold on its credentials and on their image: both stay while it lasts, whatever their owner does meanwhile.</summary>
internal sealed class CredentialLease : IDisposable
{
    private readonly SharedRomImage _image;
    private int _returned;

    public CredentialLease(Credentials credentials, SharedRomImage image)
    {
        Credentials = credentials;
        _image = image;
    }

    /// <summary>Whose they are.</summary>
    public Credentials Credentials { get; }

    /// <summary>The image that the engine reads.</summary>
    public Span<byte> RomImage => _image.Span;

    /// <summary>Gives both back, once.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _returned, 1) == 0)
        {
            _image.Release();
            Credentials.Release();
        }
    }
}
