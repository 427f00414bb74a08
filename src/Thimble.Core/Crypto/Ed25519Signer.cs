using System;
using System.Security.Cryptography;

namespace Thimble.Crypto;

/// <summary>Ed25519 signatures (RFC 8032 §5.1.6) and public keys (§5.1.5). Leaks: the length of the message, and the finished results.</summary>
internal static class Ed25519Signer<TField, TScalars>
    where TField : struct, IField25519
    where TScalars : struct, IField
{
    private const int NumberBytes = 32;

    /// <summary>Bytes of a signing operation: the header, the verifier's memory, the nonce, the signature.</summary>
    public static int SignOperationBytes => EcProgress.Bytes + Ed25519Verifier<TField, TScalars>.MemoryBytes + (3 * NumberBytes);

    /// <summary>Bytes of an operation that makes a public key: the header, the registers, the scalar.</summary>
    public static int PublicKeyOperationBytes => EcProgress.Bytes + Ed25519Registers<TField>.SizeBytes(Ed25519Point.Registers) + NumberBytes;

    /// <summary>
    /// Goes on with the signature. Before it leaves it is verified under the public key, and the nonce is made once more: had the message, the
    /// public key or a register changed between the calls, two signatures with one nonce would reveal the private key.
    /// </summary>
    public static StepStatus Sign(
        Span<byte> operation, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, scoped in Ed25519Message message, Span<byte> signature, ref int work)
    {
        ref EcProgress progress = ref EcProgress.Of(operation);
        int verifierBytes = Ed25519Verifier<TField, TScalars>.MemoryBytes;
        Span<byte> memory = operation.Slice(EcProgress.Bytes, verifierBytes), k = memory[^NumberBytes..];
        Span<byte> nonce = operation.Slice(EcProgress.Bytes + verifierBytes, NumberBytes);
        Span<byte> made = operation.Slice(EcProgress.Bytes + verifierBytes + NumberBytes, 2 * NumberBytes);
        var r = new Ed25519Registers<TField>(memory, Ed25519Encoding.Registers);
        do
        {
            bool finished = true;
            switch (progress.Stage)
            {
                case 0:
                    if (privateKey.Length != NumberBytes || publicKey.Length != NumberBytes || signature.Length < made.Length)
                    {
                        return StepStatus.Failed;
                    }

                    Ed25519Scalars<TScalars>.Nonce(memory, privateKey, message, nonce);
                    nonce.CopyTo(k);
                    Ed25519BaseMultiply.MakeOdd(k);
                    work -= message.Cost;
                    break;
                case 1:
                    finished = Ed25519BaseMultiply.Step(r, k, ref progress.Index, ref work);
                    break;
                case 2:
                    finished = Field25519Power.Step(r, root: false, ref progress.Index, ref work);
                    break;
                case 3:
                    Ed25519Encoding.Write(r, made);
                    Ed25519Scalars<TScalars>.Challenge(memory, made[..NumberBytes], publicKey, message, k);
                    Ed25519Scalars<TScalars>.Response(memory, privateKey, nonce, k, made[NumberBytes..]);
                    work -= message.Cost;
                    break;
                default:
                    StepStatus status = Ed25519Verifier<TField, TScalars>.Run(ref progress, ref progress.CheckStage, memory, publicKey, message, made, ref work);
                    return status == StepStatus.Done ? Release(memory, privateKey, message, nonce, made, signature) : status;
            }

            progress.NextWhen(finished);
        }
        while (work > 0);
        return StepStatus.More;
    }

    /// <summary>Goes on with the public key.</summary>
    public static StepStatus PublicKey(Span<byte> operation, ReadOnlySpan<byte> privateKey, Span<byte> publicKey, ref int work)
    {
        ref EcProgress progress = ref EcProgress.Of(operation);
        Span<byte> memory = operation[EcProgress.Bytes..PublicKeyOperationBytes], s = memory[^NumberBytes..];
        var r = new Ed25519Registers<TField>(memory, Ed25519Point.Registers);
        do
        {
            bool finished = true;
            switch (progress.Stage)
            {
                case 0:
                    if (privateKey.Length != NumberBytes || publicKey.Length != NumberBytes)
                    {
                        return StepStatus.Failed;
                    }

                    Ed25519Scalars<TScalars>.SecretScalar(memory, privateKey, s);
                    Ed25519BaseMultiply.MakeOdd(s);
                    break;
                case 1:
                    finished = Ed25519BaseMultiply.Step(r, s, ref progress.Index, ref work);
                    break;
                case 2:
                    finished = Field25519Power.Step(r, root: false, ref progress.Index, ref work);
                    break;
                case 3:
                    Ed25519Encoding.Write(r, publicKey);
                    progress.NextWhen(true);
                    return StepStatus.Done;
                default:
                    return StepStatus.Failed;
            }

            progress.NextWhen(finished);
        }
        while (work > 0);
        return StepStatus.More;
    }

    private static StepStatus Release(
        Span<byte> memory, ReadOnlySpan<byte> privateKey, scoped in Ed25519Message message, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> made, Span<byte> signature)
    {
        Span<byte> again = memory[^NumberBytes..];
        Ed25519Scalars<TScalars>.Nonce(memory, privateKey, message, again);
        if (!CryptographicOperations.FixedTimeEquals(again, nonce))
        {
            return StepStatus.Failed;
        }

        made.CopyTo(signature);
        return StepStatus.Done;
    }
}
