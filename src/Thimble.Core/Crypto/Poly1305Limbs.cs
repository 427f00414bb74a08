using System;

namespace Thimble.Crypto;

/// <summary>Poly1305 (RFC 8439 §2.5) over whole blocks: arithmetic modulo 2^130 - 5 with limbs that suit a machine.</summary>
internal interface IPoly1305Limbs
{
    /// <summary>The size of the state: the multiplier r and the sum.</summary>
    static abstract int StateBytes { get; }

    /// <summary>The size of the sum alone, with which the state begins.</summary>
    static abstract int SumBytes { get; }

    /// <summary>Takes r from the first 16 bytes of the one-time key and clears the sum. Leaks: nothing.</summary>
    static abstract void Start(ReadOnlySpan<byte> r, Span<byte> state);

    /// <summary>Adds each block of 16 bytes, with the bit 2^128, and multiplies the sum by r. Leaks: the length.</summary>
    static abstract void Absorb(ReadOnlySpan<byte> blocks, Span<byte> state);

    /// <summary>Reduces the sum fully and writes its low 128 bits, little-endian. Leaks: nothing.</summary>
    static abstract void Finish(Span<byte> state, Span<byte> sum);
}
