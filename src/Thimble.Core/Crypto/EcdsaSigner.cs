using System;

namespace Thimble.Crypto;

/// <summary>
/// ECDSA signatures (FIPS 186-5 §6.4.1). The last two type parameters serve the check of the finished signature, which is public.
/// Leaks: the digest, the finished signature, whether an argument is unfit.
/// </summary>
internal static class EcdsaSigner<TCurve, TField, TScalars, TPublicField, TPublicScalars>
    where TCurve : struct, IEcKeyCurve
    where TField : struct, IField
    where TScalars : struct, IField
    where TPublicField : struct, IField
    where TPublicScalars : struct, IField
{
    private const int X = EcComplete.X, Spare = 1, Powers = EcComplete.Spare, Inverse = Powers + EcInverse.Powers, OddNonce = Inverse + 1;

    /// <summary>r and s lie above the registers of the check. k waits where s will come, and the nonce's bytes where r will.</summary>
    private const int R = 13, S = 14, Registers = S + 1;

    /// <summary>Bytes of an operation.</summary>
    public static int OperationBytes => EcProgress.Bytes + EcRegisters<TField>.SizeBytes(Registers);

    /// <summary>Goes on with the signature.</summary>
    public static StepStatus Run(
        Span<byte> operation, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, scoped in EcdsaMessage message, Span<byte> derSignature, out int written, ref int work)
    {
        written = 0;
        ref EcProgress progress = ref EcProgress.Of(operation);
        Span<byte> memory = operation[EcProgress.Bytes..];
        var points = new EcRegisters<TField>(memory, Registers);
        var scalars = new EcRegisters<TScalars>(memory, Registers);
        do
        {
            bool finished = true;
            switch (progress.Stage)
            {
                case 0:
                    if (!Begin(scalars, privateKey, message, derSignature))
                    {
                        return StepStatus.Failed;
                    }

                    break;
                case 1:
                    finished = EcdsaNonce.Next<TScalars>(memory, privateKey, message, scalars.Bytes(R), progress.Index++ == 0);
                    work -= NonceCost;
                    break;
                case 2:
                    scalars.Read(S, scalars.Bytes(R));
                    scalars.Copy(OddNonce, S);
                    EcBaseMultiply.MakeOdd(scalars, OddNonce, Spare);
                    break;
                case 3:
                    finished = EcBaseMultiply.Step<TCurve, TField>(points, OddNonce, ref progress.Index, ref work);
                    break;
                case 4:
                    points.Copy(Powers, EcComplete.Z);
                    break;
                case 5:
                    finished = EcInverse.Step(points, Inverse, Powers, ref progress.Index, ref work);
                    break;
                case 6:
                    if (!FinishR(points, scalars))
                    {
                        return StepStatus.Failed;
                    }

                    break;
                case 7:
                    finished = EcInverse.Step(scalars, Inverse, Powers, ref progress.Index, ref work);
                    break;
                case 8:
                    if (!FinishS(scalars, privateKey, message.Digest))
                    {
                        return StepStatus.Failed;
                    }

                    break;
                default:
                    StepStatus status = EcdsaVerifier<TCurve, TPublicField, TPublicScalars>.Run(
                        ref progress, ref progress.CheckStage, memory, publicKey, message.Digest, scalars.Bytes(R), scalars.Bytes(S), ref work);
                    if (status == StepStatus.Done && !IsWhatWasChecked(scalars))
                    {
                        return StepStatus.Failed;
                    }

                    written = status == StepStatus.Done ? EcdsaSignature.Write(scalars.Bytes(R), scalars.Bytes(S), derSignature) : 0;
                    return status;
            }

            progress.NextWhen(finished);
        }
        while (work > 0);
        return StepStatus.More;
    }

    /// <summary>A nonce takes some 20 blocks of SHA-256 or 14 times the instructions in SHA-512.</summary>
    private static int NonceCost => 80 * EcRegisters<TField>.Cost;

    /// <summary>Checks the arguments and puts bits2octets of the digest where the nonce will come.</summary>
    private static bool Begin(EcRegisters<TScalars> scalars, ReadOnlySpan<byte> privateKey, scoped in EcdsaMessage message, Span<byte> derSignature)
    {
        if (!EcScalar.IsInRange<TScalars>(privateKey) || message.Digest.IsEmpty || message.Digest.Length != Hash.DigestBytes(message.Hash)
            || derSignature.Length < EcdsaSignature.MaxBytes(TCurve.Bytes))
        {
            return false;
        }

        EcScalar.ReadDigest(scalars, S, message.Digest);
        scalars.Write(S, scalars.Bytes(R));
        return true;
    }

    /// <summary>r = x mod n as a number, x being below 2 n; then k goes where its inversion begins. False where r is zero.</summary>
    private static bool FinishR(EcRegisters<TField> points, EcRegisters<TScalars> scalars)
    {
        points.Multiply(X, X, Inverse);
        points.FromMontgomery(X, Spare);
        scalars.Copy(R, X);
        scalars.ReduceOnce(R);
        scalars.Copy(Powers, S);
        scalars.ToMontgomery(Powers);
        return scalars.IsZero(R) == 0;
    }

    /// <summary>s = (e + r d) / k; both numbers become big-endian. False where s is zero.</summary>
    private static bool FinishS(EcRegisters<TScalars> scalars, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> digest)
    {
        scalars.Read(X, privateKey);
        scalars.ToMontgomery(X);
        scalars.Multiply(X, X, R);
        EcScalar.ReadDigest(scalars, Spare, digest);
        scalars.Add(X, X, Spare);
        scalars.Multiply(S, X, Inverse);
        bool zero = scalars.IsZero(S) != 0;
        MakeBigEndian(scalars, R);
        MakeBigEndian(scalars, S);
        return !zero;
    }

    /// <summary>
    /// Whether s u2 is r: the check compares r in the end but reads s in the beginning only, many calls before, and a fault since
    /// then would leave unseen. Leaks: all of it; the signature is public now.
    /// </summary>
    private static bool IsWhatWasChecked(EcRegisters<TScalars> scalars)
    {
        scalars.Read(Spare, scalars.Bytes(S));
        scalars.Multiply(Spare, Spare, EcdsaVerifier<TCurve, TPublicField, TPublicScalars>.U2);
        scalars.Read(X, scalars.Bytes(R));
        scalars.FromMontgomery(X, Powers);
        scalars.Subtract(X, X, Spare);
        return scalars.IsZero(X) != 0;
    }

    private static void MakeBigEndian(EcRegisters<TScalars> scalars, int register)
    {
        scalars.Write(register, scalars.Bytes(Spare));
        scalars.Copy(register, Spare);
    }
}
