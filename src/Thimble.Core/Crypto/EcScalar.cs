using System;
using System.Runtime.CompilerServices;

namespace Thimble.Crypto;

/// <summary>Numbers modulo the order of the group.</summary>
internal static class EcScalar
{
    /// <summary>Whether big-endian bytes, as many as the order has, hold a number in [1, n - 1]. Leaks: that answer only.</summary>
    [ConstantTime(PublicBranches = 3)]
    public static bool IsInRange<TOrder>(ReadOnlySpan<byte> bigEndian)
        where TOrder : struct, IFieldModulus
    {
        if (bigEndian.Length != TOrder.Bytes)
        {
            return false;
        }

        int borrow = 0;
        int any = 0;
        ref byte order = ref Unsafe.As<uint, byte>(ref FieldWords32.First(TOrder.Modulus));
        for (int i = 0; i < bigEndian.Length; i++)
        {
            int digit = bigEndian[bigEndian.Length - 1 - i];
            any |= digit;
            borrow = (borrow + digit - Unsafe.Add(ref order, i)) >> 8;
        }

        int nonZero = (0 - any) >> 31;
        return (borrow & nonZero) != 0;
    }

    /// <summary>Reads a digest as a number modulo n: its leftmost bits, as many as n has (FIPS 186-5 §6.4.1). Leaks: its length.</summary>
    public static void ReadDigest<TScalars>(EcRegisters<TScalars> r, int register, ReadOnlySpan<byte> digest)
        where TScalars : struct, IField
    {
        r.Read(register, digest[..Math.Min(digest.Length, TScalars.Bytes)]);
        r.ReduceOnce(register);
    }
}
