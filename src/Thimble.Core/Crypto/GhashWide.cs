using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Thimble.Crypto;

/// <summary>
/// The same sums as <see cref="GhashAccelerated{T}"/>, four blocks in each vector, for x86 processors whose carry-less
/// multiplication takes 512 bits. It is worthwhile in long texts, where GHASH otherwise takes longer than AES.
/// </summary>
internal static class GhashWide
{
    /// <summary>The blocks between two reductions, and the powers that they need.</summary>
    public const int GroupBlocks = 16;

    /// <summary>True where the processor has such a multiplication.</summary>
    public static bool IsSupported
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Pclmulqdq.V512.IsSupported && Avx512BW.IsSupported;
    }

    /// <summary>Adds whole groups of blocks. The powers fall from <see cref="GroupBlocks"/> to 1. Leaks: the number.</summary>
    public static Vector128<ulong> Absorb(Vector128<ulong> sum, ref byte data, nuint groups, ref Vector128<ulong> powers)
    {
        ref Vector512<ulong> power = ref Unsafe.As<Vector128<ulong>, Vector512<ulong>>(ref powers);
        Vector512<ulong> power0 = power, power1 = Unsafe.Add(ref power, 1), power2 = Unsafe.Add(ref power, 2), power3 = Unsafe.Add(ref power, 3);
        for (nuint at = 0; groups != 0; groups--, at += GroupBlocks * 16)
        {
            Vector512<ulong> block = Load(ref data, at) ^ Vector512.Create(Vector256.Create(sum, Vector128<ulong>.Zero), Vector256<ulong>.Zero);
            Vector512<ulong> low = Pclmulqdq.V512.CarrylessMultiply(block, power0, 0x00);
            Vector512<ulong> middle = Middle(block, power0);
            Vector512<ulong> high = Pclmulqdq.V512.CarrylessMultiply(block, power0, 0x11);
            MultiplyAdd(Load(ref data, at + 64), power1, ref low, ref middle, ref high);
            MultiplyAdd(Load(ref data, at + 128), power2, ref low, ref middle, ref high);
            MultiplyAdd(Load(ref data, at + 192), power3, ref low, ref middle, ref high);
            sum = GhashAccelerated<GcmInstructionsX86>.Reduce(Fold(low), Fold(middle), Fold(high));
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAdd(Vector512<ulong> a, Vector512<ulong> b, ref Vector512<ulong> low, ref Vector512<ulong> middle, ref Vector512<ulong> high)
    {
        low ^= Pclmulqdq.V512.CarrylessMultiply(a, b, 0x00);
        middle ^= Middle(a, b);
        high ^= Pclmulqdq.V512.CarrylessMultiply(a, b, 0x11);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Middle(Vector512<ulong> a, Vector512<ulong> b)
        => Pclmulqdq.V512.CarrylessMultiply(a, b, 0x10) ^ Pclmulqdq.V512.CarrylessMultiply(a, b, 0x01);

    /// <summary>Four blocks, each with its bytes reversed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Load(ref byte data, nuint at)
    {
        Vector128<byte> order = Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
        Vector256<byte> twice = Vector256.Create(order, order);
        return Avx512BW.Shuffle(Vector512.LoadUnsafe(ref data, at), Vector512.Create(twice, twice)).AsUInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Fold(Vector512<ulong> x)
    {
        Vector256<ulong> half = x.GetLower() ^ x.GetUpper();
        return half.GetLower() ^ half.GetUpper();
    }
}
