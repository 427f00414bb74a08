using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Threading;

namespace Thimble;

/// <summary>
/// Memory for a plan, outside the garbage-collected heap: a compacting collector would leave copies of secrets behind.
/// It is wiped before it is given back.
/// </summary>
public sealed unsafe class PlanBuffer : IDisposable
{
    /// <summary>A cache line: more than the plan's alignment of eight asks for.</summary>
    private const nuint AlignmentBytes = 64;

    private static long s_liveBytes;

    private byte* _memory;

    /// <summary>Obtains <paramref name="bytes"/> bytes, all zero.</summary>
    public PlanBuffer(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, AlignmentBytes);
        Bytes = bytes;
        _ = Interlocked.Add(ref s_liveBytes, bytes);
        Span.Clear();
    }

    /// <summary>Wipes memory that was not disposed of.</summary>
    ~PlanBuffer() => Release();

    /// <summary>What all buffers of this process take together at the moment, in bytes.</summary>
    public static long LiveBytes => Volatile.Read(ref s_liveBytes);

    /// <summary>The size in bytes.</summary>
    public int Bytes { get; }

    /// <summary>The memory itself. The span must not be used after <see cref="Dispose"/>.</summary>
    public Span<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_memory is null, this);
            return new Span<byte>(_memory, Bytes);
        }
    }

    /// <summary>Wipes the memory and gives it back.</summary>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        if (_memory is not null)
        {
            CryptographicOperations.ZeroMemory(new Span<byte>(_memory, Bytes));
            NativeMemory.AlignedFree(_memory);
            _memory = null;
            _ = Interlocked.Add(ref s_liveBytes, -Bytes);
        }
    }
}
