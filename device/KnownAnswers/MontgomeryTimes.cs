using System;
using System.Runtime.CompilerServices;
using Thimble.Boards;
using Thimble.Crypto;

namespace Thimble.KnownAnswers;

/// <summary>
/// Why a ROM image has no Montgomery constants (docs/bake.md): what an RSA operation spends on its way into Montgomery's form,
/// beside what it would spend with R² mod n read from flash. The steps of an operation are told apart by its phase, the first byte of its memory.
/// </summary>
internal static class MontgomeryTimes
{
    // The phases of RsaPublicPower and RsaPrivatePower that are looked at, as they are before a call. The first call of a verification
    // checks its arguments too.
    private const byte BeginAndEnterForm = 0, OneProduct = 3, FindRSquared = 1, FindRSquaredAgain = 8;

    private const int OperationBytes = 2048;

    // A product, or the way into the form: one unit for each of the 64 limbs.
    private const int ProductWork = 64;

    public static void Run(ref Workbench bench)
    {
        bench.Begin("RSA-2048 verify: into Montgomery's form"u8);
        uint form = Verify(ref bench, BeginAndEnterForm, out bool done);
        bench.End(done && form != 0, form);
        bench.Begin("RSA-2048 verify: the same by a stored R^2"u8);
        uint product = Verify(ref bench, OneProduct, out done);
        bench.End(done && form < product, product);
        bench.Begin("RSA-2048 sign: R^2 of blinded moduli"u8);
        uint constants = Sign(ref bench, out uint total, out done);
        bench.End(done && constants != 0 && constants < total / 100, constants);
    }

    /// <summary>Instructions that a verification spends in one phase.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static uint Verify(ref Workbench bench, byte phase, out bool done)
    {
        Span<byte> memory = bench.Take(OperationBytes);
        RsaPrivateKey key = RsaAnswers.Key(ref bench);
        Span<byte> digest = bench.Hex(RsaAnswers.Digest), signature = bench.Hex(RsaAnswers.Pkcs1Signature);
        memory[..8].Clear();
        uint inPhase = 0;
        StepStatus status = StepStatus.More;
        while (status == StepStatus.More)
        {
            int step = ProductWork;
            byte before = memory[0];
            SysTick.Start();
            status = RsaVerify.Pkcs1(memory, key.Modulus, key.Bits, key.Exponent, signature, HashAlgorithm.Sha256, digest, ref step);
            uint taken = SysTick.Stop();
            inPhase += before == phase ? taken : 0;
        }

        done = status == StepStatus.Done;
        return inPhase;
    }

    /// <summary>Instructions that a signature spends on R² modulo p·c and q·c, c being random; <paramref name="total"/> are those of all of it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static uint Sign(ref Workbench bench, out uint total, out bool done)
    {
        Span<byte> memory = bench.Take(OperationBytes), result = bench.Take(256);
        RsaPrivateKey key = RsaAnswers.Key(ref bench);
        Span<byte> digest = bench.Hex(RsaAnswers.Digest), random = bench.Take(RsaSign.RandomBytes);
        random.Fill(0x5A);
        memory[..8].Clear();
        uint constants = 0;
        total = 0;
        StepStatus status = StepStatus.More;
        while (status == StepStatus.More)
        {
            int step = 1;
            byte before = memory[0];
            SysTick.Start();
            status = RsaSign.Pkcs1(memory, key, HashAlgorithm.Sha256, digest, random, result, ref step);
            uint taken = SysTick.Stop();
            total += taken;
            constants += before is FindRSquared or FindRSquaredAgain ? taken : 0;
        }

        done = status == StepStatus.Done;
        return constants;
    }
}
