using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Threading;

namespace Thimble;

/// <summary>
/// Slots of one size for connections that rest, in chunks of memory outside the garbage-collected heap (RULES 7). A slot that is given back is wiped. Safe for
/// concurrent use; what a slot holds is its owner's to guard.
/// </summary>
internal sealed class ConnectionSlab : IDisposable
{
    /// <summary>A chunk has as many slots as make it grow in steps of some hundred kilobytes.</summary>
    private const int ChunkBytes = 1 << 19;
    private const int MaxChunkSlots = 1024;

    private const int SlotAlignment = 8;

    private readonly Lock _gate = new();
    private readonly Stack<int> _released = [];
    private readonly int _strideBytes;
    private readonly int _chunkSlots;
    private PlanBuffer[] _chunks = []; // replaced as it grows, so that slots are found without the lock
    private int _next;

    public ConnectionSlab(int slotBytes)
    {
        SlotBytes = slotBytes;
        _strideBytes = (slotBytes + SlotAlignment - 1) / SlotAlignment * SlotAlignment;
        _chunkSlots = int.Clamp(ChunkBytes / _strideBytes, 1, MaxChunkSlots);
    }

    /// <summary>What a slot holds.</summary>
    public int SlotBytes { get; }

    /// <summary>What all chunks take.</summary>
    public long Bytes => (long)Volatile.Read(ref _chunks).Length * _chunkSlots * _strideBytes;

    /// <summary>How many slots are taken.</summary>
    public int Taken
    {
        get
        {
            lock (_gate)
            {
                return _next - _released.Count;
            }
        }
    }

    /// <summary>The bytes of a slot.</summary>
    public Span<byte> this[int slot] => Volatile.Read(ref _chunks)[slot / _chunkSlots].Span.Slice(slot % _chunkSlots * _strideBytes, SlotBytes);

    /// <summary>Takes a slot, all zero.</summary>
    public int Take()
    {
        lock (_gate)
        {
            if (_released.TryPop(out int slot))
            {
                return slot;
            }

            if (_next == _chunks.Length * _chunkSlots)
            {
                Volatile.Write(ref _chunks, [.. _chunks, new PlanBuffer(_chunkSlots * _strideBytes)]);
            }

            return _next++;
        }
    }

    /// <summary>Wipes a slot and gives it back.</summary>
    public void Release(int slot)
    {
        CryptographicOperations.ZeroMemory(this[slot]);
        lock (_gate)
        {
            _released.Push(slot);
        }
    }

    /// <summary>Wipes all slots, and gives their memory back.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (PlanBuffer chunk in _chunks)
            {
                chunk.Dispose();
            }
        }
    }
}
