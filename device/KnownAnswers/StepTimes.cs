using System;
using System.Runtime.CompilerServices;
using Thimble.Boards;
using Thimble.Crypto;

namespace Thimble.KnownAnswers;

/// <summary>
/// How long the resumable operations keep a caller waiting: the longest call with one unit of work, the longest with the work that a poll
/// is usually given, and the instructions that a unit stands for.
/// </summary>
internal static class StepTimes
{
    /// <summary>The units that a poll is given where its caller has nothing better to say.</summary>
    private const int UsualWork = 800;

    private const uint LongestStep = 400_000, LongestPoll = 1_600_000;
    private const int OperationBytes = 2048;

    private enum Operation
    {
        PublicKey,
        Agreement,
        Sign,
        Verify,
        RsaVerify,
        RsaSign,
    }

    public static void Run(ref Workbench bench)
    {
        Measure(ref bench, Operation.PublicKey, "P-256 public key: longest step"u8, "P-256 public key: longest poll"u8, "P-256 public key: a unit"u8);
        Measure(ref bench, Operation.Agreement, "P-256 agreement: longest step"u8, "P-256 agreement: longest poll"u8, "P-256 agreement: a unit"u8);
        Measure(ref bench, Operation.Sign, "ECDSA P-256 sign: longest step"u8, "ECDSA P-256 sign: longest poll"u8, "ECDSA P-256 sign: a unit"u8);
        Measure(ref bench, Operation.Verify, "ECDSA P-256 verify: longest step"u8, "ECDSA P-256 verify: longest poll"u8, "ECDSA P-256 verify: a unit"u8);
        Measure(ref bench, Operation.RsaVerify, "RSA-2048 verify: longest step"u8, "RSA-2048 verify: longest poll"u8, "RSA-2048 verify: a unit"u8);
        Measure(ref bench, Operation.RsaSign, "RSA-2048 sign: longest step"u8, "RSA-2048 sign: longest poll"u8, "RSA-2048 sign: a unit"u8);
    }

    private static void Measure(ref Workbench bench, Operation operation, ReadOnlySpan<byte> stepName, ReadOnlySpan<byte> pollName, ReadOnlySpan<byte> unitName)
    {
        bench.Begin(stepName);
        uint longest = Longest(ref bench, operation, 1, out bool done, out _);
        bench.End(done && longest <= LongestStep, longest);
        bench.Begin(pollName);
        longest = Longest(ref bench, operation, UsualWork, out done, out uint unit);
        bench.End(done && longest <= LongestPoll, longest);
        bench.Begin(unitName);
        bench.Start();
        bench.End(done, unit);
    }

    /// <summary>Instructions of the longest call; <paramref name="unit"/> is what a unit of work took on average.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static uint Longest(ref Workbench bench, Operation operation, int work, out bool done, out uint unit)
    {
        Span<byte> memory = bench.Take(OperationBytes), publicKey = bench.Take(65), result = bench.Take(256);
        bool isSigner = operation is Operation.Sign or Operation.Verify;
        Span<byte> privateKey = isSigner ? bench.Hex(CurveAnswers.P256SigningKey) : bench.Hex(CurveAnswers.P256Private);
        int all = int.MaxValue;
        memory[..8].Clear();
        done = KeyAgreement.PublicKey(NamedGroup.Secp256r1, memory, privateKey, publicKey, ref all) == StepStatus.Done;
        uint longest = 0, total = 0, units = 0;
        RsaPrivateKey key = RsaAnswers.Key(ref bench);
        Span<byte> digest = bench.Hex(CurveAnswers.Sha256Sample), signature = bench.Hex(CurveAnswers.P256Signature);
        Span<byte> rsaDigest = bench.Hex(RsaAnswers.Digest), rsaSignature = bench.Hex(RsaAnswers.Pkcs1Signature);
        StepStatus status = StepStatus.More;
        memory[..8].Clear();
        while (status == StepStatus.More)
        {
            int left = work;
            SysTick.Start();
            status = operation switch
            {
                Operation.PublicKey => KeyAgreement.PublicKey(NamedGroup.Secp256r1, memory, privateKey, publicKey, ref left),
                Operation.Agreement => KeyAgreement.Agree(NamedGroup.Secp256r1, memory, privateKey, publicKey, result[..32], ref left),
                Operation.Sign => Ecdsa.Sign(NamedGroup.Secp256r1, memory, privateKey, publicKey[1..], HashAlgorithm.Sha256, digest, default, result, out _, ref left),
                Operation.Verify => Ecdsa.Verify(NamedGroup.Secp256r1, memory, publicKey[1..], digest, signature, ref left),
                Operation.RsaVerify => RsaVerify.Pkcs1(memory, key.Modulus, key.Bits, key.Exponent, rsaSignature, HashAlgorithm.Sha256, rsaDigest, ref left),
                _ => RsaSign.Pkcs1(memory, key, HashAlgorithm.Sha256, rsaDigest, rsaSignature[..RsaSign.RandomBytes], result, ref left),
            };
            uint taken = SysTick.Stop();
            longest = taken > longest ? taken : longest;
            total += taken;
            units += (uint)(work - left);
        }

        done &= status == StepStatus.Done;
        unit = units == 0 ? 0 : total / units;
        return longest;
    }
}
