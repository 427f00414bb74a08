using System;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>
/// Ed25519 verification (RFC 8032 §5.1.7): S B - k A by interleaving (Möller, SAC 2001), both multipliers recoded from the top
/// (<see cref="EcDigits"/>), is encoded and compared with R. Leaks: everything; all of it is public.
/// </summary>
internal static class Ed25519Verifier<TField, TScalars>
    where TField : struct, IField25519
    where TScalars : struct, IField
{
    private const int NumberBytes = 32, ScalarBits = 253;
    private const int WindowB = 5, WindowA = 2;

    /// <summary>Bytes of the memory behind the header: the registers, then k.</summary>
    public static int MemoryBytes => Ed25519Registers<TField>.SizeBytes(Ed25519Encoding.Registers) + NumberBytes;

    /// <summary>Goes on with the verification in the memory behind the header; <paramref name="stage"/> says how far it is.</summary>
    public static StepStatus Run(
        ref EcProgress progress, ref byte stage, Span<byte> memory, ReadOnlySpan<byte> publicKey, scoped in Ed25519Message message,
        ReadOnlySpan<byte> signature, ref int work)
    {
        var r = new Ed25519Registers<TField>(memory, Ed25519Encoding.Registers);
        Span<byte> k = memory.Slice(MemoryBytes - NumberBytes, NumberBytes);
        do
        {
            bool finished = true;
            switch (stage)
            {
                case 0:
                    if (!Begin(memory, publicKey, message, signature, k))
                    {
                        return StepStatus.Failed;
                    }

                    work -= message.Cost;
                    break;
                case 1:
                    if (!Ed25519Encoding.BeginRead(r, publicKey))
                    {
                        return StepStatus.Failed;
                    }

                    break;
                case 2:
                    finished = Field25519Power.Step(r, root: true, ref progress.Index, ref work);
                    break;
                case 3:
                    if (!Ed25519Encoding.FinishReadNegated(r, publicKey))
                    {
                        return StepStatus.Failed;
                    }

                    Ed25519Point.SetNeutral(r);
                    work -= 4 * Ed25519Point.Cost;
                    break;
                case 4:
                    finished = NextPosition(r, ref progress, signature[NumberBytes..], k, ref work);
                    break;
                case 5:
                    finished = Field25519Power.Step(r, root: false, ref progress.Index, ref work);
                    break;
                default:
                    Ed25519Encoding.Write(r, k);
                    return k.SequenceEqual(signature[..NumberBytes]) ? StepStatus.Done : StepStatus.Failed;
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

    /// <summary>Checks the lengths and S, and hashes the message.</summary>
    private static bool Begin(
        Span<byte> memory, ReadOnlySpan<byte> publicKey, scoped in Ed25519Message message, ReadOnlySpan<byte> signature, Span<byte> k)
    {
        if (publicKey.Length != Ed25519Encoding.Bytes || signature.Length != 2 * NumberBytes
            || !Ed25519Scalars<TScalars>.IsReduced(memory, signature[NumberBytes..]))
        {
            return false;
        }

        Ed25519Scalars<TScalars>.Challenge(memory, signature[..NumberBytes], publicKey, message, k);
        return true;
    }

    /// <summary>A doubling, and the digits of both multipliers that have their lowest bit here.</summary>
    private static bool NextPosition(Ed25519Registers<TField> r, ref EcProgress progress, ReadOnlySpan<byte> s, ReadOnlySpan<byte> k, ref int work)
    {
        int position = ScalarBits - progress.Index;
        Ed25519Point.Double(r);
        work -= Ed25519Point.Cost;
        int digit = EcDigits.Next(s, position, WindowB, ref progress.DigitG, ref progress.WaitG);
        if (digit != 0)
        {
            ReadOnlySpan<byte> entry = MemoryMarshal.AsBytes(Ed25519Tables.OddMultiples.Slice((Math.Abs(digit) >> 1) * Ed25519Tables.EntryWords, Ed25519Tables.EntryWords));
            r.Decode(Ed25519Point.Sum, entry);
            r.Decode(Ed25519Point.Difference, entry[NumberBytes..]);
            r.Decode(Ed25519Point.Product, entry[(2 * NumberBytes)..]);
            Add(r, digit, ref work);
        }

        digit = EcDigits.Next(k, position, WindowA, ref progress.DigitQ, ref progress.WaitQ);
        if (digit != 0)
        {
            r.Copy(Ed25519Point.Sum, Ed25519Encoding.Sum);
            r.Copy(Ed25519Point.Difference, Ed25519Encoding.Difference);
            r.Copy(Ed25519Point.Product, Ed25519Encoding.Product);
            Add(r, digit, ref work);
        }

        progress.Index++;
        return position == 0;
    }

    private static void Add(Ed25519Registers<TField> r, int digit, ref int work)
    {
        Ed25519Point.Add(r, digit < 0 ? uint.MaxValue : 0);
        work -= Ed25519Point.Cost;
    }
}
