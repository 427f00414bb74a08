using System;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Threading;

namespace Thimble;

/// <summary>
/// A ROM image outside the garbage-collected heap which any number of connections read at once. It holds a private key: it is wiped when the last
/// of its users has released it.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "No user disposes of it: each releases it, and the last one ends it.")]
internal sealed class SharedRomImage
{
    private readonly PlanBuffer _bytes;
    private readonly DateTimeOffset _from;
    private readonly DateTimeOffset _until;
    private int _users = 1;

    /// <summary>Takes an image over, and wipes it where it was. It says the same for all times from <paramref name="from"/> to <paramref name="until"/>.</summary>
    public SharedRomImage(byte[] image, DateTimeOffset from, DateTimeOffset until)
    {
        _bytes = new PlanBuffer(image.Length);
        _from = from;
        _until = until;
        image.CopyTo(_bytes.Span);
        CryptographicOperations.ZeroMemory(image);
    }

    /// <summary>The image. It lies still as long as it is not released.</summary>
    public Span<byte> Span => _bytes.Span;

    /// <summary>Whether the image that was made then is the one for this time: none of its anchors has ended, and no other has begun.</summary>
    public bool Serves(DateTimeOffset now) => now >= _from && now < _until;

    /// <summary>Counts a user more. Only who has not released it himself may do that.</summary>
    public SharedRomImage Share()
    {
        Interlocked.Increment(ref _users);
        return this;
    }

    /// <summary>Counts a user less.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _bytes.Dispose();
        }
    }
}
