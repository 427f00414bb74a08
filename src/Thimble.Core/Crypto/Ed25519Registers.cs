using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>
/// Numbered registers for numbers modulo 2^255 - 19, over memory whose length was checked when the registers were laid out; before
/// them lies the scratch for products. The register numbers are constants of the code, so no access is checked again.
/// Leaks: register numbers.
/// </summary>
internal readonly ref struct Ed25519Registers<TField>
    where TField : struct, IField25519
{
    private readonly ref byte _first;

    /// <summary>Lays <paramref name="count"/> registers over the memory.</summary>
    public Ed25519Registers(Span<byte> memory, int count) => _first = ref MemoryMarshal.GetReference(memory[..SizeBytes(count)]);

    /// <summary>The memory that so many registers take.</summary>
    public static int SizeBytes(int count) => TField.ScratchBytes + (count * Field25519.Bytes);

    /// <summary>The limbs of a register.</summary>
    public Span<byte> this[int register] => MemoryMarshal.CreateSpan(ref Unsafe.Add(ref _first, TField.ScratchBytes + (register * Field25519.Bytes)), Field25519.Bytes);

    private Span<byte> Wide => MemoryMarshal.CreateSpan(ref _first, TField.ScratchBytes);

    /// <summary>result = a · b.</summary>
    public void Multiply(int result, int a, int b) => TField.Multiply(this[result], this[a], this[b], Wide);

    /// <summary>result = a + b.</summary>
    public void Add(int result, int a, int b) => TField.Add(this[result], this[a], this[b]);

    /// <summary>result = a - b, where b is a product, a decoded element, 0 or 1.</summary>
    public void Subtract(int result, int a, int b) => TField.Subtract(this[result], this[a], this[b]);

    /// <summary>result = a.</summary>
    public void Copy(int result, int a) => this[a].CopyTo(this[result]);

    /// <summary>result = 0 or 1, which have the same bytes in both forms.</summary>
    public void Set(int result, byte number)
    {
        this[result].Clear();
        this[result][0] = number;
    }

    /// <summary>Reads 32 little-endian bytes; the top bit is ignored.</summary>
    public void Decode(int result, ReadOnlySpan<byte> bytes) => TField.Decode(this[result], bytes);

    /// <summary>Writes the number, fully reduced, as 32 bytes. The register becomes scratch.</summary>
    public void Encode(Span<byte> bytes, int register) => TField.Encode(bytes, this[register]);

    /// <summary>Exchanges two registers where the mask is all ones. Leaks: nothing.</summary>
    [ConstantTime(PublicBranches = 1)]
    public void SwapMasked(int a, int b, uint mask)
    {
        ref uint left = ref Unsafe.As<byte, uint>(ref this[a][0]);
        ref uint right = ref Unsafe.As<byte, uint>(ref this[b][0]);
        for (int i = 0; i < Field25519.Bytes / sizeof(uint); i++)
        {
            uint difference = (Unsafe.Add(ref left, i) ^ Unsafe.Add(ref right, i)) & mask;
            Unsafe.Add(ref left, i) ^= difference;
            Unsafe.Add(ref right, i) ^= difference;
        }
    }
}
