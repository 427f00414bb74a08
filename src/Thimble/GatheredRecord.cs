using System;
using System.Buffers;
using System.Security.Cryptography;

namespace Thimble;

/// <summary>
/// A record larger than the engine's window, on its way to a user who wants verified bytes only: they wait here until its tag
/// verified. The memory is borrowed while such a record is in progress, and wiped.
/// </summary>
internal sealed class GatheredRecord
{
    /// <summary>The longest ciphertext of a record in TLS 1.3, and more than any content (RFC 8446 §5.2).</summary>
    private const int MostBytes = (1 << 14) + 256;

    private byte[]? _bytes;
    private int _start;
    private int _end;

    /// <summary>Whether bytes wait for their tag.</summary>
    public bool IsGathering => _bytes is not null && !IsVerified;

    /// <summary>Whether there are bytes to take.</summary>
    public bool IsVerified { get; private set; }

    /// <summary>Where the next bytes go.</summary>
    public Span<byte> Room => _bytes.AsSpan(_end);

    /// <summary>Begins with bytes that came to their reader too early, and takes them away there.</summary>
    public void Begin(Span<byte> first)
    {
        _bytes = ArrayPool<byte>.Shared.Rent(MostBytes);
        first.CopyTo(_bytes);
        first.Clear();
        _end = first.Length;
    }

    /// <summary>So many bytes were put into <see cref="Room"/>.</summary>
    public void Grow(int bytes) => _end += bytes;

    /// <summary>The tag verified.</summary>
    public void Commit() => IsVerified = true;

    /// <summary>Hands bytes over.</summary>
    public int Take(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, _end - _start);
        _bytes.AsSpan(_start, count).CopyTo(destination);
        _start += count;
        if (_start == _end)
        {
            Forget();
        }

        return count;
    }

    /// <summary>Wipes the bytes, and gives the memory back.</summary>
    public void Forget()
    {
        if (_bytes is not null)
        {
            CryptographicOperations.ZeroMemory(_bytes.AsSpan(0, _end));
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = null;
        _start = 0;
        _end = 0;
        IsVerified = false;
    }
}
