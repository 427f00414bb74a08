using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>
/// ECDSA verification (FIPS 186-5 §6.4.2): u1 G + u2 Q by interleaving (Möller, SAC 2001), each multiplier recoded from the top
/// (<see cref="EcDigits"/>). Leaks: everything, in time and addresses; all of it is public.
/// </summary>
internal static class EcdsaVerifier<TCurve, TField, TScalars>
    where TCurve : struct, IEcCurve
    where TField : struct, IField
    where TScalars : struct, IField
{
    /// <summary>Registers in all.</summary>
    public const int Registers = 13;

    /// <summary>u2 = r / s, which stays to the end.</summary>
    public const int U2 = 7;

    private const int X = EcJacobian.X, Z = EcJacobian.Z, T0 = EcJacobian.T0, T1 = EcJacobian.T1, T2 = EcJacobian.T2;
    private const int U1 = 6, Q = 8, Q3 = 10;
    private const int WindowG = 5, WindowQ = 3;

    /// <summary>While s is inverted there are no points yet.</summary>
    private const int Powers = 0, Inverse = 8, Digest = 9;

    /// <summary>Bytes of an operation.</summary>
    public static int OperationBytes => EcProgress.Bytes + EcRegisters<TField>.SizeBytes(Registers);

    /// <summary>
    /// Goes on with the verification in the memory behind the header. r and s are big-endian, of any length up to an element's, and
    /// <paramref name="stage"/> says how far it is.
    /// </summary>
    public static StepStatus Run(
        ref EcProgress progress, ref byte stage, Span<byte> memory, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> digest,
        ReadOnlySpan<byte> r, ReadOnlySpan<byte> s, ref int work)
    {
        var points = new EcRegisters<TField>(memory, Registers);
        var scalars = new EcRegisters<TScalars>(memory, Registers);
        do
        {
            bool finished = true;
            switch (stage)
            {
                case 0:
                    if (!ReadNumber(scalars, U2, r) || !ReadNumber(scalars, Powers, s))
                    {
                        return StepStatus.Failed;
                    }

                    scalars.ToMontgomery(Powers);
                    break;
                case 1:
                    finished = nuint.Size == 8
                        ? EcInverse.Step(scalars, Inverse, Powers, ref progress.Index, ref work)
                        : EcPublicInverse.Step(scalars, Inverse, Powers, ref progress.Index, ref work);
                    break;
                case 2:
                    EcScalar.ReadDigest(scalars, Digest, digest);
                    scalars.Multiply(U1, Inverse, Digest);
                    scalars.Read(U2, r);
                    scalars.Multiply(U2, Inverse, U2);
                    if (!BeginPoints(points, publicKey))
                    {
                        return StepStatus.Failed;
                    }

                    work -= 40 * EcRegisters<TField>.Cost;
                    break;
                case 3:
                    finished = NextPosition(points, ref progress, ref work);
                    break;
                default:
                    return IsX(points, r) ? StepStatus.Done : StepStatus.Failed;
            }

            if (finished)
            {
                stage++;
                progress.Index = 0;
            }
        }
        while (work > 0);
        return StepStatus.More;
    }

    /// <summary>Reads r or s; false unless it is in [1, n - 1].</summary>
    private static bool ReadNumber(EcRegisters<TScalars> scalars, int register, ReadOnlySpan<byte> number)
    {
        scalars.Read(register, number);
        return scalars.IsReduced(register) != 0 && scalars.IsZero(register) == 0;
    }

    /// <summary>Q and 3 Q, and infinity to begin with. False where Q is not on the curve.</summary>
    private static bool BeginPoints(EcRegisters<TField> r, ReadOnlySpan<byte> publicKey)
    {
        if (!EcPoint.Read<TCurve, TField>(r, publicKey))
        {
            return false;
        }

        r.SetOne(Z);
        r.Copy(Q, X);
        r.Copy(Q + 1, X + 1);
        EcJacobian.Double(r);
        EcPublicAddition.AddAffine(r, ref r.At(Q), false);
        r.Copy(Q3, X);
        r.Copy(Q3 + 1, X + 1);
        r.Copy(Q3 + 2, Z);
        r.SetZero(Z);
        return true;
    }

    /// <summary>A doubling, and the digits of both multipliers that have their lowest bit here.</summary>
    private static bool NextPosition(EcRegisters<TField> r, ref EcProgress progress, ref int work)
    {
        int position = (TCurve.Bytes * 8) - progress.Index;
        EcJacobian.Double(r);
        work -= EcJacobian.DoubleCost * EcRegisters<TField>.Cost;
        int digit = EcDigits.Next(r.Bytes(U1), position, WindowG, ref progress.DigitG, ref progress.WaitG);
        if (digit != 0)
        {
            ref byte table = ref MemoryMarshal.GetReference(MemoryMarshal.AsBytes(TCurve.OddMultiples));
            EcPublicAddition.AddAffine(r, ref Unsafe.Add(ref table, (Math.Abs(digit) >> 1) * 2 * TField.Bytes), digit < 0);
            work -= EcJacobian.AddCost * EcRegisters<TField>.Cost;
        }

        digit = EcDigits.Next(r.Bytes(U2), position, WindowQ, ref progress.DigitQ, ref progress.WaitQ);
        if (digit is 1 or -1)
        {
            EcPublicAddition.AddAffine(r, ref r.At(Q), digit < 0);
            work -= EcJacobian.AddCost * EcRegisters<TField>.Cost;
        }
        else if (digit != 0)
        {
            EcPublicAddition.Add(r, ref r.At(Q3), digit < 0);
            work -= EcJacobian.AddCost * EcRegisters<TField>.Cost;
        }

        progress.Index++;
        return position == 0;
    }

    /// <summary>Whether x mod n = r, without an inversion: X = r Z², or X = (r + n) Z² where r + n is below p.</summary>
    private static bool IsX(EcRegisters<TField> r, ReadOnlySpan<byte> number)
    {
        if (r.IsZero(Z) != 0)
        {
            return false;
        }

        r.Square(Z, Z);
        r.Read(T0, number);
        r.ToMontgomery(T0);
        if (IsXOver(r, T0))
        {
            return true;
        }

        // p - n, against which r is compared as a number.
        r.SetZero(T1);
        r.Copy(T2, MemoryMarshal.AsBytes(TScalars.Modulus));
        r.Subtract(T1, T1, T2);
        r.Read(T2, number);
        if (!IsBelow(r.Bytes(T2), r.Bytes(T1)))
        {
            return false;
        }

        r.ToMontgomery(T1);
        r.Subtract(T0, T0, T1);
        return IsXOver(r, T0);
    }

    private static bool IsXOver(EcRegisters<TField> r, int candidate)
    {
        r.Multiply(T2, candidate, Z);
        r.Subtract(T2, T2, X);
        return r.IsZero(T2) != 0;
    }

    private static bool IsBelow(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        int borrow = 0;
        for (int i = 0; i < a.Length; i++)
        {
            borrow = (borrow + a[i] - b[i]) >> 8;
        }

        return borrow != 0;
    }
}
