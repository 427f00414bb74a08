using System;

namespace Thimble.Crypto;

/// <summary>
/// Arithmetic modulo 2^255 - 19 over elements of 40 bytes in limbs that leave room above, so that carries wait. Results
/// may lie where an operand lies. Nothing branches on a value. Leaks: nothing.
/// </summary>
internal interface IField25519
{
    /// <summary>Bytes of scratch for a product.</summary>
    static abstract int ScratchBytes { get; }

    /// <summary>r = the 32 little-endian bytes, without their top bit (RFC 7748 §5).</summary>
    static abstract void Decode(Span<byte> r, ReadOnlySpan<byte> bytes);

    /// <summary>The 32 little-endian bytes of a, fully reduced. a becomes scratch.</summary>
    static abstract void Encode(Span<byte> bytes, Span<byte> a);

    /// <summary>r = a + b, of products, differences or decoded elements: a sum may then only be multiplied.</summary>
    static abstract void Add(Span<byte> r, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b);

    /// <summary>r = a - b, of products or decoded elements.</summary>
    static abstract void Subtract(Span<byte> r, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b);

    /// <summary>r = a·b. <paramref name="wide"/> is scratch of <see cref="ScratchBytes"/>.</summary>
    static abstract void Multiply(Span<byte> r, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, Span<byte> wide);

    /// <summary>r = a·121665: a24 of RFC 7748 §5.</summary>
    static abstract void MultiplyByA24(Span<byte> r, ReadOnlySpan<byte> a);
}

/// <summary>Sizes that both forms of <see cref="IField25519"/> share.</summary>
internal static class Field25519
{
    /// <summary>Bytes of an element.</summary>
    public const int Bytes = 40;

    /// <summary>Bytes of scratch for a product: the 32-bit form's columns.</summary>
    public static int WideBytes => nuint.Size == 8 ? 0 : Field25519Radix13.WideBytes;
}
