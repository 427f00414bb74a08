using System;

namespace Thimble.Crypto;

/// <summary>
/// ECDH (SP 800-56A §5.7.1.2): x of k P, with k made odd (the sign of P does not matter for x) and written in digits ±1, ±3 ... ±15 of
/// weight 16^i, so that no addition meets a zero digit. Before each but the last, the running point is j P with
/// 16 at most j below n - 16, so it is neither infinity nor ± the table's point and incomplete formulas do; the last may be
/// a doubling (k = n - 2 for P-256) and is done both ways. Leaks: nothing.
/// </summary>
internal static class EcAgreement<TCurve, TField, TScalars>
    where TCurve : struct, IEcKeyCurve
    where TField : struct, IField
    where TScalars : struct, IField
{
    /// <summary>Registers in all.</summary>
    public const int Registers = Table + (3 * Entries);

    private const int X = EcJacobian.X, Y = EcJacobian.Y, Z = EcJacobian.Z, Spare = EcJacobian.T0;
    private const int Chosen = 6, Scalar = 9, Table = 10, Entries = 8;

    /// <summary>The table is no longer needed when these are.</summary>
    private const int Doubled = Table, Kept = Table + 3, Powers = Table, Inverse = Table + EcInverse.Powers;

    /// <summary>Bytes of an operation.</summary>
    public static int OperationBytes => EcProgress.Bytes + EcRegisters<TField>.SizeBytes(Registers);

    private static int Windows => TCurve.Bytes * 2;

    /// <summary>Goes on with the agreement. Leaks: whether the private key is in range, and the peer's point.</summary>
    public static StepStatus Run(Span<byte> operation, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peer, Span<byte> secret, ref int work)
    {
        ref EcProgress progress = ref EcProgress.Of(operation);
        var r = new EcRegisters<TField>(operation[EcProgress.Bytes..], Registers);
        do
        {
            switch (progress.Stage)
            {
                case 0:
                    if (!Begin(operation, privateKey, peer, ref work) || secret.Length != TCurve.Bytes)
                    {
                        return StepStatus.Failed;
                    }

                    progress.NextWhen(true);
                    break;
                case 1:
                    progress.NextWhen(FillTable(r, ref progress.Index, ref work));
                    break;
                case 2:
                    progress.NextWhen(NextWindow(r, ref progress.Index, ref work));
                    break;
                case 3:
                    progress.NextWhen(EcInverse.Step(r, Inverse, Powers, ref progress.Index, ref work));
                    break;
                case 4:
                    progress.NextWhen(true);
                    return Finish(r, secret);
                default:
                    return StepStatus.Failed;
            }
        }
        while (work > 0);
        return StepStatus.More;
    }

    /// <summary>Checks both keys and begins the table: P first, 2 P where 15 P will come.</summary>
    private static bool Begin(Span<byte> operation, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peer, ref int work)
    {
        var r = new EcRegisters<TField>(operation[EcProgress.Bytes..], Registers);
        var scalars = new EcRegisters<TScalars>(operation[EcProgress.Bytes..], Registers);
        if (peer.Length != (2 * TCurve.Bytes) + 1 || peer[0] != 4 || !EcPoint.Read<TCurve, TField>(r, peer[1..])
            || !EcScalar.IsInRange<TScalars>(privateKey))
        {
            return false;
        }

        scalars.Read(Scalar, privateKey);
        EcBaseMultiply.MakeOdd(scalars, Scalar, Spare);
        r.SetOne(Z);
        CopyPoint(r, Table, X);
        EcJacobian.Double(r);
        CopyPoint(r, Table + (3 * (Entries - 1)), X);
        CopyPoint(r, X, Table);
        work -= (EcJacobian.DoubleCost + 5) * EcRegisters<TField>.Cost;
        return true;
    }

    /// <summary>The next odd multiple of P: 2 P more than the one before, which is still in X, Y, Z.</summary>
    private static bool FillTable(EcRegisters<TField> r, ref ushort index, ref int work)
    {
        EcJacobian.Add(r, ref r.At(Table + (3 * (Entries - 1))));
        index++;
        CopyPoint(r, Table + (3 * index), X);
        work -= EcJacobian.AddCost * EcRegisters<TField>.Cost;
        return index == Entries - 1;
    }

    /// <summary>Four doublings and an addition; for the topmost digit, which is positive, nothing but its choice.</summary>
    private static bool NextWindow(EcRegisters<TField> r, ref ushort index, ref int work)
    {
        int window = Windows - 1 - index;
        Choose(r, index == 0 ? X : Chosen, window);
        index++;
        if (index == 1)
        {
            return false;
        }

        for (int i = 0; i < 4; i++)
        {
            EcJacobian.Double(r);
        }

        work -= ((4 * EcJacobian.DoubleCost) + EcJacobian.AddCost) * EcRegisters<TField>.Cost;
        if (window != 0)
        {
            EcJacobian.Add(r, ref r.At(Chosen));
            return false;
        }

        AddLast(r);
        return true;
    }

    /// <summary>
    /// Digit i of k is nibble | 1, less 16 where the next nibble is even: there that next nibble counts as one more. Its
    /// magnitude 2 e + 1 chooses entry e. The topmost nibble has nothing above it.
    /// </summary>
    [ConstantTime(PublicBranches = 4)]
    private static void Choose(EcRegisters<TField> r, int register, int window)
    {
        Span<byte> scalar = r.Bytes(Scalar);
        uint nibble = (uint)(scalar[window >> 1] >> ((window & 1) * 4)) & 15;
        uint negative = 0;
        if (window != Windows - 1)
        {
            int above = window + 1;
            negative = ((uint)(scalar[above >> 1] >> ((above & 1) * 4)) & 1) - 1;
        }

        r.Select(register, ref r.At(Table), Entries, 3, (nibble >> 1) ^ (negative & (Entries - 1)));
        r.NegateMasked(register + 1, Spare, negative);
    }

    /// <summary>P + Q, or 2 Q where P = Q: there, and only there since k P is not infinity, the sum's Z is 0.</summary>
    private static void AddLast(EcRegisters<TField> r)
    {
        CopyPoint(r, Kept, X);
        CopyPoint(r, X, Chosen);
        EcJacobian.Double(r);
        CopyPoint(r, Doubled, X);
        CopyPoint(r, X, Kept);
        EcJacobian.Add(r, ref r.At(Chosen));
        uint same = r.IsZero(Z);
        r.CopyMasked(X, Doubled, same);
        r.CopyMasked(Z, Doubled + 2, same);
        r.Square(Powers, Z);
    }

    private static StepStatus Finish(EcRegisters<TField> r, Span<byte> secret)
    {
        if (r.IsZero(Z) != 0)
        {
            return StepStatus.Failed;
        }

        r.Multiply(X, X, Inverse);
        r.FromMontgomery(X, Spare);
        r.Write(X, secret);
        return StepStatus.Done;
    }

    private static void CopyPoint(EcRegisters<TField> r, int result, int point)
    {
        r.Copy(result, point);
        r.Copy(result + 1, point + 1);
        r.Copy(result + 2, point + 2);
    }
}
