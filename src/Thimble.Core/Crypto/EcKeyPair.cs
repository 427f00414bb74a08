using System;

namespace Thimble.Crypto;

/// <summary>Public keys from private keys: Q = d G.</summary>
internal static class EcKeyPair<TCurve, TField, TScalars>
    where TCurve : struct, IEcKeyCurve
    where TField : struct, IField
    where TScalars : struct, IField
{
    /// <summary>Registers in all.</summary>
    public const int Registers = Scalar + 1;

    private const int Powers = EcComplete.Spare, Inverse = Powers + EcInverse.Powers, Scalar = Inverse + 1;

    /// <summary>Goes on with 04 || X || Y. Leaks: whether the private key is in range.</summary>
    public static StepStatus Run(Span<byte> operation, ReadOnlySpan<byte> privateKey, Span<byte> publicKey, ref int work)
    {
        ref EcProgress progress = ref EcProgress.Of(operation);
        var r = new EcRegisters<TField>(operation[EcProgress.Bytes..], Registers);
        var scalars = new EcRegisters<TScalars>(operation[EcProgress.Bytes..], Registers);
        do
        {
            switch (progress.Stage)
            {
                case 0:
                    if (!EcScalar.IsInRange<TScalars>(privateKey) || publicKey.Length != (2 * TCurve.Bytes) + 1)
                    {
                        return StepStatus.Failed;
                    }

                    scalars.Read(Scalar, privateKey);
                    EcBaseMultiply.MakeOdd(scalars, Scalar, EcComplete.Spare);
                    progress.NextWhen(true);
                    break;
                case 1:
                    progress.NextWhen(EcBaseMultiply.Step<TCurve, TField>(r, Scalar, ref progress.Index, ref work));
                    if (progress.Stage != 1)
                    {
                        r.Copy(Powers, EcComplete.Z);
                    }

                    break;
                case 2:
                    progress.NextWhen(EcInverse.Step(r, Inverse, Powers, ref progress.Index, ref work));
                    break;
                case 3:
                    WriteAffine(r, (uint)(privateKey[^1] & 1) - 1, publicKey);
                    progress.NextWhen(true);
                    return StepStatus.Done;
                default:
                    return StepStatus.Failed;
            }
        }
        while (work > 0);
        return StepStatus.More;
    }

    /// <summary>x = X / Z and y = Y / Z, which is negated where the multiplier had been.</summary>
    private static void WriteAffine(EcRegisters<TField> r, uint negative, Span<byte> publicKey)
    {
        r.Multiply(EcComplete.X, EcComplete.X, Inverse);
        r.Multiply(EcComplete.Y, EcComplete.Y, Inverse);
        r.NegateMasked(EcComplete.Y, EcComplete.Spare, negative);
        r.FromMontgomery(EcComplete.X, EcComplete.Spare);
        r.FromMontgomery(EcComplete.Y, EcComplete.Spare);
        publicKey[0] = 4;
        r.Write(EcComplete.X, publicKey[1..]);
        r.Write(EcComplete.Y, publicKey[(1 + TCurve.Bytes)..]);
    }
}
