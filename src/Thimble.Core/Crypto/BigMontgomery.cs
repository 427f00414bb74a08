using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thimble.Crypto;

/// <summary>
/// Arithmetic modulo an odd n of any length in Montgomery's form (P. Montgomery, "Modular multiplication without trial
/// division", 1985), as a lens over two registers of n's length: X, and the one in which the next product grows. They
/// change places when it is complete. R = 2^(8·length) &gt; n. Resumable row by row.
/// Leaks: lengths, and what <typeparamref name="TLimbs"/> leaks.
/// </summary>
internal readonly ref struct BigMontgomery<TLimbs>
    where TLimbs : struct, IBigMontgomeryLimbs
{
    private readonly ref BigMontgomeryProgress _progress;
    private readonly Span<byte> _registers;
    private readonly ReadOnlySpan<byte> _modulus;
    private readonly nuint _inverse;

    /// <summary>A lens: <paramref name="registers"/> is twice as long as <paramref name="modulus"/>, which is a multiple of 8.</summary>
    public BigMontgomery(ref BigMontgomeryProgress progress, Span<byte> registers, ReadOnlySpan<byte> modulus)
    {
        _progress = ref progress;
        _registers = registers;
        _modulus = modulus;
        _inverse = TLimbs.NegatedInverse(modulus);
    }

    /// <summary>The register with the current number, little-endian.</summary>
    public Span<byte> X
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _registers.Slice(_progress.Flip * _modulus.Length, _modulus.Length);
    }

    /// <summary>The other register: free between products.</summary>
    public Span<byte> Other
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _registers.Slice((_progress.Flip ^ 1) * _modulus.Length, _modulus.Length);
    }

    /// <summary>X = 2^exponent, which must be below n.</summary>
    public void SetPowerOfTwo(int exponent)
    {
        Span<byte> x = X;
        x.Clear();
        x[exponent >> 3] = (byte)(1 << (exponent & 7));
    }

    /// <summary>X = X·factor/R mod n, for a factor below R. False where the work ran out first: call again.</summary>
    public bool Multiply(scoped in BigMontgomeryFactor factor, ref int work)
    {
        Span<byte> product = Other;
        ReadOnlySpan<byte> x = X;
        ReadOnlySpan<byte> modulus = _modulus;
        nuint inverse = _inverse;
        int row = _progress.Row;
        uint top = _progress.Top;
        if (row == 0)
        {
            product.Clear();
            top = 0;
        }

        int rows = TLimbs.Bytes == 8 ? product.Length >> 3 : product.Length >> 2; // a division is a call on ARM
        int rowWork = TLimbs.RowWork(product.Length);
        do
        {
            top = TLimbs.Row(product, x, factor.Limb<TLimbs>(row), modulus, inverse, top);
            row++;
            work -= rowWork;
        }
        while (row < rows && work > 0);

        _progress.Top = (byte)top;
        if (row < rows)
        {
            _progress.Row = (ushort)row;
            return false;
        }

        ReduceOnce(product, top);
        _progress.Row = 0;
        _progress.Flip ^= 1;
        return true;
    }

    /// <summary>X = X·X/R mod n. False where the work ran out first: call again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Square(ref int work) => Multiply(BigMontgomeryFactor.LittleEndian(X), ref work);

    /// <summary>X = X + y mod n, for y below n.</summary>
    public void Add(ReadOnlySpan<byte> y) => ReduceOnce(X, TLimbs.Add(X, y, ~(nuint)0));

    /// <summary>X = X - y mod n, for y below n.</summary>
    public void Subtract(ReadOnlySpan<byte> y) => TLimbs.Add(X, _modulus, 0 - (nuint)TLimbs.Subtract(X, y, ~(nuint)0));

    /// <summary>
    /// X = R² mod n, from X = 2^start below n, without a division and without a constant of n's length in memory. With
    /// X = 2^k·R, a doubling adds 1 to k and a Montgomery squaring doubles k: R = 2^w is reached at k = w by
    /// square-and-double over the bits of w, of which the first seven are done by doublings alone, which are cheap.
    /// False where the work ran out first: call again.
    /// </summary>
    public bool SquareOfR(int start, ref int work)
    {
        int width = _modulus.Length * 8;
        int rest = BitOperations.Log2((uint)width) - 6;
        int doublings = width - start + (width >> rest);
        if (_progress.Count == 0)
        {
            SetPowerOfTwo(start);
        }

        while (_progress.Count < doublings)
        {
            Add(X);
            _progress.Count++;
            work -= TLimbs.Bytes >> 2;
            if (work <= 0)
            {
                return false;
            }
        }

        while (_progress.Count < doublings + rest)
        {
            if (!Square(ref work))
            {
                return false;
            }

            _progress.Count++;
            if (((width >> (doublings + rest - _progress.Count)) & 1) != 0)
            {
                Add(X);
            }

            if (work <= 0)
            {
                return false;
            }
        }

        _progress.Count = 0;
        return true;
    }

    /// <summary>
    /// X = X·2^(limbs·w) mod n, limb by limb: for public numbers the shortest way into Montgomery's form, half the work
    /// of a product. False where the work ran out first: call again.
    /// </summary>
    public bool ShiftLimbs(int limbs, int bits, ref int work)
    {
        nuint reciprocal = TLimbs.Reciprocal(_modulus, bits);
        do
        {
            TLimbs.ShiftLimb(X, _modulus, bits, reciprocal);
            _progress.Count++;
            work -= TLimbs.RowWork(_modulus.Length);
        }
        while (_progress.Count < limbs && work > 0);
        if (_progress.Count < limbs)
        {
            return false;
        }

        _progress.Count = 0;
        return true;
    }

    /// <summary>top:t is below 2n; subtracts n where it is not below n.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReduceOnce(Span<byte> t, uint top)
    {
        uint isBelow = TLimbs.IsBelow(t, _modulus) & (top ^ 1);
        TLimbs.Subtract(t, _modulus, 0 - (nuint)(isBelow ^ 1));
    }
}
