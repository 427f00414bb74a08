using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>
/// RSAVP1 (RFC 8017 §5.2.2): s^e mod n in two registers of n's length and no more. s stays where it arrived and serves
/// as the plain factor of each multiplication, which takes one R out of the product. So for e = 2^k + 1 (65537, 3) the
/// power starts as s·R, keeps that form through the squarings, and the one multiplication, the last, ends it. For
/// other e it starts as s·R², each squaring gives R³, and each is followed by a factor s or 1; two factors 1 end it.
/// Public data only. Leaks: everything.
/// </summary>
internal static class RsaPublicPower
{
    private const byte Begin = 0;
    private const byte EnterForm = 1;
    private const byte SquarePower = 2;
    private const byte MultiplyPower = 3;
    private const byte LeaveForm = 4;
    private const byte Finished = 5;

    /// <summary>Bytes of a register: those of the modulus as it is stored.</summary>
    public static int RegisterBytes(int bits) => (bits + 63) >> 6 << 3;

    /// <summary>
    /// s^e, left in <see cref="Power"/>. Fails for an unfit key, for a signature that is not exactly as long as
    /// n, and for s &gt;= n. Resumable: about one row of a product per step.
    /// </summary>
    public static StepStatus Raise<TLimbs>(
        Span<byte> operation, ReadOnlySpan<byte> modulus, int bits, uint exponent, ReadOnlySpan<byte> signature, ref int work)
        where TLimbs : struct, IBigMontgomeryLimbs
    {
        ref BigMontgomeryProgress progress = ref MemoryMarshal.AsRef<BigMontgomeryProgress>(operation);
        if (progress.Phase == Begin && !TryBegin(operation, modulus, bits, exponent, signature))
        {
            return StepStatus.Failed;
        }

        Span<byte> registers = operation.Slice(BigMontgomeryProgress.Bytes, 2 * modulus.Length);
        var number = new BigMontgomery<TLimbs>(ref progress, registers, modulus);
        do
        {
            bool complete = progress.Phase == EnterForm
                ? number.ShiftLimbs(FormLimbs<TLimbs>(modulus, exponent), bits, ref work)
                : number.Multiply(Factor(progress, number.X, exponent, signature), ref work);
            if (complete)
            {
                GoOn(ref progress, exponent);
            }
        }
        while (progress.Phase != Finished && work > 0);
        return progress.Phase == Finished ? StepStatus.Done : StepStatus.More;
    }

    /// <summary>Checks the arguments and loads the power with s.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryBegin(Span<byte> operation, ReadOnlySpan<byte> modulus, int bits, uint exponent, ReadOnlySpan<byte> signature)
    {
        if (!RsaVerify.IsPublicKey(modulus, bits, exponent) || signature.Length != (bits + 7) >> 3 || !IsBelow(signature, modulus))
        {
            return false;
        }

        Load(Power(operation, modulus.Length), signature);
        MemoryMarshal.AsRef<BigMontgomeryProgress>(operation).Phase = EnterForm;
        return true;
    }

    /// <summary>The result: little-endian, <see cref="RegisterBytes"/> long.</summary>
    public static Span<byte> Power(Span<byte> operation, int registerBytes) =>
        operation.Slice(BigMontgomeryProgress.Bytes + (MemoryMarshal.AsRef<BigMontgomeryProgress>(operation).Flip * registerBytes), registerBytes);

    private static bool IsShort(uint exponent) => BitOperations.PopCount(exponent) == 2;

    /// <summary>By how many limbs s is shifted in the beginning.</summary>
    private static int FormLimbs<TLimbs>(ReadOnlySpan<byte> modulus, uint exponent)
        where TLimbs : struct, IBigMontgomeryLimbs => (IsShort(exponent) ? modulus.Length : 2 * modulus.Length) >> (TLimbs.Bytes == 8 ? 3 : 2);

    /// <summary>What the present phase multiplies the power by.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static BigMontgomeryFactor Factor(in BigMontgomeryProgress progress, ReadOnlySpan<byte> power, uint exponent, ReadOnlySpan<byte> signature)
    {
        if (progress.Phase == SquarePower)
        {
            return BigMontgomeryFactor.LittleEndian(power);
        }

        bool takesSignature = progress.Phase == MultiplyPower && ((exponent >> (BitOperations.Log2(exponent) - progress.Count)) & 1) != 0;
        return takesSignature ? BigMontgomeryFactor.BigEndian(signature) : BigMontgomeryFactor.One;
    }

    /// <summary>The phase after one that is complete.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void GoOn(ref BigMontgomeryProgress progress, uint exponent)
    {
        int squarings = BitOperations.Log2(exponent);
        switch (progress.Phase)
        {
            case EnterForm:
                progress.Phase = SquarePower;
                break;
            case SquarePower:
                progress.Count++;
                progress.Phase = !IsShort(exponent) || progress.Count == squarings ? MultiplyPower : SquarePower;
                break;
            case MultiplyPower:
                progress.Phase = progress.Count < squarings ? SquarePower : IsShort(exponent) ? Finished : LeaveForm;
                break;
            default:
                progress.Count++;
                progress.Phase = progress.Count == squarings + 2 ? Finished : LeaveForm;
                break;
        }
    }

    private static void Load(Span<byte> number, ReadOnlySpan<byte> bigEndian)
    {
        for (int i = 0; i < bigEndian.Length; i++)
        {
            number[i] = bigEndian[bigEndian.Length - 1 - i];
        }

        number[bigEndian.Length..].Clear();
    }

    // s < n (RFC 8017 §5.2.2 step 1): a big-endian number against a little-endian one that is padded with zeros.
    private static bool IsBelow(ReadOnlySpan<byte> signature, ReadOnlySpan<byte> modulus)
    {
        for (int i = 0; i < signature.Length; i++)
        {
            int difference = signature[i] - modulus[signature.Length - 1 - i];
            if (difference != 0)
            {
                return difference < 0;
            }
        }

        return false;
    }
}
