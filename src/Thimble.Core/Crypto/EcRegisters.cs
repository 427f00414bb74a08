using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>
/// Numbered registers for numbers modulo one prime, over memory whose length was checked when the registers were laid out; behind
/// them lie two elements' bytes of scratch for products. The register numbers are constants of the code, so no access is
/// checked again. Leaks: register numbers.
/// </summary>
internal readonly ref struct EcRegisters<TField>
    where TField : struct, IField
{
    private readonly ref byte _first;

    /// <summary>Lays <paramref name="count"/> registers over the memory.</summary>
    public EcRegisters(Span<byte> memory, int count) => _first = ref MemoryMarshal.GetReference(memory[..SizeBytes(count)][TField.ScratchBytes..]);

    /// <summary>Units of work that a multiplication counts.</summary>
    public static int Cost => TField.Bytes > 48 ? 4 : TField.Bytes > 32 ? 2 : 1;

    /// <summary>The memory that so many registers take.</summary>
    public static int SizeBytes(int count) => TField.ScratchBytes + (count * TField.Bytes);

    /// <summary>The first byte of a register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref byte At(int register) => ref Unsafe.Add(ref _first, register * TField.Bytes);

    /// <summary>A register's bytes.</summary>
    public Span<byte> Bytes(int register) => MemoryMarshal.CreateSpan(ref At(register), TField.Bytes);

    /// <summary>result = a · b / R.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Multiply(int result, int a, int b) => TField.Multiply(ref At(result), ref At(a), ref At(b), ref Scratch);

    /// <summary>result = a · b / R with b outside the registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Multiply(int result, int a, ref byte b) => TField.Multiply(ref At(result), ref At(a), ref b, ref Scratch);

    /// <summary>result = a · b / R with b in a table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Multiply(int result, int a, ReadOnlySpan<ulong> b) =>
        TField.Multiply(ref At(result), ref At(a), ref MemoryMarshal.GetReference(MemoryMarshal.AsBytes(b)), ref Scratch);

    /// <summary>result = a² / R.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Square(int result, int a) => TField.Square(ref At(result), ref At(a), ref Scratch);

    /// <summary>result = a + b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int result, int a, int b) => TField.Add(ref At(result), ref At(a), ref At(b));

    /// <summary>result = a - b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Subtract(int result, int a, int b) => TField.Subtract(ref At(result), ref At(a), ref At(b));

    /// <summary>result = a.</summary>
    public void Copy(int result, int a) => Bytes(a).CopyTo(Bytes(result));

    /// <summary>result = a table's or another memory's element.</summary>
    public void Copy(int result, ReadOnlySpan<byte> element) => element.CopyTo(Bytes(result));

    /// <summary>result = one in Montgomery form.</summary>
    public void SetOne(int result) => Copy(result, MemoryMarshal.AsBytes(TField.One));

    /// <summary>result = 0.</summary>
    public void SetZero(int result) => Bytes(result).Clear();

    /// <summary>Turns a number into its Montgomery form.</summary>
    public void ToMontgomery(int register) => Multiply(register, register, TField.RSquared);

    /// <summary>Turns a Montgomery form into the number: a product with 1, which <paramref name="spare"/> holds meanwhile.</summary>
    public void FromMontgomery(int register, int spare)
    {
        SetZero(spare);
        At(spare) = 1;
        Multiply(register, register, spare);
    }

    /// <summary>All ones where a register is zero, else 0. Leaks: nothing.</summary>
    [ConstantTime(PublicBranches = 1)]
    public uint IsZero(int register)
    {
        ref uint word = ref Unsafe.As<byte, uint>(ref At(register));
        uint any = 0;
        for (int i = 0; i < TField.Bytes / sizeof(uint); i++)
        {
            any |= Unsafe.Add(ref word, i);
        }

        return (uint)(((long)any - 1) >> 63);
    }

    /// <summary>result = a where the mask is all ones; unchanged where it is 0. Leaks: nothing.</summary>
    [ConstantTime(PublicBranches = 1)]
    public void CopyMasked(int result, int a, uint mask)
    {
        ref uint target = ref Unsafe.As<byte, uint>(ref At(result));
        ref uint source = ref Unsafe.As<byte, uint>(ref At(a));
        for (int i = 0; i < TField.Bytes / sizeof(uint); i++)
        {
            ref uint word = ref Unsafe.Add(ref target, i);
            word ^= (word ^ Unsafe.Add(ref source, i)) & mask;
        }
    }

    /// <summary>value = -value where the mask is all ones; <paramref name="spare"/> is overwritten. Leaks: nothing.</summary>
    public void NegateMasked(int value, int spare, uint mask)
    {
        SetZero(spare);
        Subtract(spare, spare, value);
        CopyMasked(value, spare, mask);
    }

    /// <summary>
    /// The first <paramref name="count"/> registers from <paramref name="result"/> on become those of entry <paramref name="index"/> of a
    /// table: every entry is read, a mask keeps one. Leaks: nothing of the index.
    /// </summary>
    [ConstantTime(PublicBranches = 4)]
    public void Select(int result, ref byte table, int entries, int count, uint index)
    {
        ref ulong target = ref Unsafe.As<byte, ulong>(ref At(result));
        ref ulong source = ref Unsafe.As<byte, ulong>(ref table);
        int words = (count * TField.Bytes) >> 3;
        for (int i = 0; i < words; i++)
        {
            ulong word = 0;
            for (int entry = 0; entry < entries; entry++)
            {
                ulong mask = (ulong)(((long)((uint)entry ^ index) - 1) >> 63);
                word |= Unsafe.Add(ref source, (entry * words) + i) & mask;
            }

            Unsafe.Add(ref target, i) = word;
        }
    }

    /// <summary>Reads a number from its big-endian bytes, filled with zeros above. It is not reduced.</summary>
    public void Read(int register, ReadOnlySpan<byte> bigEndian)
    {
        Span<byte> number = Bytes(register);
        number[bigEndian.Length..].Clear();
        for (int i = 0; i < bigEndian.Length; i++)
        {
            number[i] = bigEndian[bigEndian.Length - 1 - i];
        }
    }

    /// <summary>Writes a number as big-endian bytes, one element long.</summary>
    public void Write(int register, Span<byte> bigEndian)
    {
        Span<byte> number = Bytes(register);
        for (int i = 0; i < number.Length; i++)
        {
            bigEndian[number.Length - 1 - i] = number[i];
        }
    }

    /// <summary>All ones where the register's number is below the modulus, else 0. Leaks: nothing.</summary>
    [ConstantTime(PublicBranches = 1)]
    public uint IsReduced(int register)
    {
        ref uint word = ref Unsafe.As<byte, uint>(ref At(register));
        ref uint modulus = ref FieldWords32.First(TField.Modulus);
        long borrow = 0;
        for (int i = 0; i < TField.Bytes / sizeof(uint); i++)
        {
            borrow = (borrow + Unsafe.Add(ref word, i) - Unsafe.Add(ref modulus, i)) >> 32;
        }

        return (uint)borrow;
    }

    /// <summary>Takes the modulus off a number below twice the modulus where it is not reduced: the digest and x modulo n. Leaks: nothing.</summary>
    public void ReduceOnce(int register) =>
        FieldWords32.SubtractMasked(ref Unsafe.As<byte, uint>(ref At(register)), ref FieldWords32.First(TField.Modulus), ~IsReduced(register), TField.Bytes / sizeof(uint));

    /// <summary>The scratch for products.</summary>
    public ref byte Scratch => ref Unsafe.Subtract(ref _first, TField.ScratchBytes);
}
