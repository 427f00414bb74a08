using System;
using System.Security.Cryptography;

namespace Thimble;

/// <summary>
/// A record larger than the engine's window, on its way to a user who wants verified bytes only: they wait here until its tag
/// verified. The memory is borrowed while such a record is in progress, and wiped.
/// </summary>
internal sealed class GatheredRecord
{
    private PlanBuffer? _memory;
    private int _start;
    private int _end;

    /// <summary>Whether bytes wait for their tag.</summary>
    public bool IsGathering => _memory is not null && !IsVerified;

    /// <summary>Whether there are bytes to take.</summary>
    public bool IsVerified { get; private set; }

    /// <summary>Where the next bytes go.</summary>
    public Span<byte> Room => _memory!.Span[_end..];

    /// <summary>Begins with bytes that came to their reader too early, and takes them away there.</summary>
    public void Begin(Span<byte> first)
    {
        _memory = GatheringMemory.Borrow();
        first.CopyTo(_memory.Span);
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
        _memory!.Span.Slice(_start, count).CopyTo(destination);
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
        if (_memory is not null)
        {
            CryptographicOperations.ZeroMemory(_memory.Span[.._end]);
            GatheringMemory.Return(_memory);
        }

        _memory = null;
        _start = 0;
        _end = 0;
        IsVerified = false;
    }
}
