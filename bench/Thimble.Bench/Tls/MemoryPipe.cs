using System;
using System.Threading;

namespace Thimble.Bench.Tls;

/// <summary>Bytes on their way from one thread to another. Reading waits for the first byte; writing never waits.</summary>
internal sealed class MemoryPipe
{
    private readonly object _lock = new();
    private byte[] _bytes = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>Whether what is written is thrown away.</summary>
    public bool Discards { get; set; }

    /// <summary>All that was ever written and not thrown away.</summary>
    public int WrittenBytes { get; private set; }

    public bool IsEmpty => _start == _end;

    public void Write(ReadOnlySpan<byte> source)
    {
        if (Discards)
        {
            return;
        }

        lock (_lock)
        {
            if (_end + source.Length > _bytes.Length)
            {
                Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _end + source.Length));
            }

            source.CopyTo(_bytes.AsSpan(_end));
            _end += source.Length;
            WrittenBytes += source.Length;
            Monitor.Pulse(_lock);
        }
    }

    public int Read(Span<byte> destination)
    {
        lock (_lock)
        {
            while (IsEmpty)
            {
                Monitor.Wait(_lock);
            }

            int count = Math.Min(destination.Length, _end - _start);
            _bytes.AsSpan(_start, count).CopyTo(destination);
            _start += count;
            if (IsEmpty)
            {
                _start = _end = 0;
            }

            return count;
        }
    }
}
