using System;
using System.Runtime.CompilerServices;
using Thimble.Boards;
using Thimble.Crypto;

namespace Thimble.KnownAnswers;

/// <summary>Ed25519 (RFC 8032 §7.1, test 3); and the time of public keys, in which a secret would show.</summary>
internal static class EdAnswers
{
    private const int Secrets = 20;

    private static ReadOnlySpan<byte> PrivateKey => "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"u8;

    private static ReadOnlySpan<byte> PublicKey => "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"u8;

    private static ReadOnlySpan<byte> Message => "af82"u8;

    private static ReadOnlySpan<byte> Signature =>
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"u8;

    public static void Run(ref Workbench bench)
    {
        bench.Begin("Ed25519 public key"u8);
        Derive(ref bench);
        bench.Begin("Ed25519 verify"u8);
        Verify(ref bench, 0);
        bench.Begin("Ed25519 verify refuses a changed message"u8);
        Verify(ref bench, 1);
        bench.Begin("Ed25519 sign and verify own"u8);
        Sign(ref bench);
        bench.Begin("Ed25519 public keys of 20 private ones"u8);
        Compare(ref bench);
    }

    private static void Derive(ref Workbench bench)
    {
        Span<byte> privateKey = bench.Hex(PrivateKey), operation = bench.Take(Ed25519.PublicKeyOperationBytes(nuint.Size)), publicKey = bench.Take(Ed25519.PublicKeyBytes);
        int work = int.MaxValue;
        bench.Start();
        operation[..8].Clear();
        StepStatus status = Ed25519.PublicKey(operation, privateKey, publicKey, ref work);
        bench.End(status == StepStatus.Done ? publicKey : default, PublicKey);
    }

    private static void Verify(ref Workbench bench, byte change)
    {
        Span<byte> publicKey = bench.Hex(PublicKey), message = bench.Hex(Message), signature = bench.Hex(Signature);
        Span<byte> operation = bench.Take(Ed25519.VerifyOperationBytes(nuint.Size));
        message[0] ^= change;
        int work = int.MaxValue;
        bench.Start();
        operation[..8].Clear();
        StepStatus status = Ed25519.Verify(operation, publicKey, message, default, signature, ref work);
        bench.End(status == StepStatus.Done == (change == 0));
    }

    private static void Sign(ref Workbench bench)
    {
        Span<byte> privateKey = bench.Hex(PrivateKey), publicKey = bench.Hex(PublicKey), message = bench.Hex(Message);
        Span<byte> operation = bench.Take(Ed25519.SignOperationBytes(nuint.Size)), signature = bench.Take(Ed25519.SignatureBytes);
        int work = int.MaxValue;
        bench.Start();
        operation[..8].Clear();
        StepStatus status = Ed25519.Sign(operation, privateKey, publicKey, message[..1], message[1..], signature, ref work);
        bench.End(status == StepStatus.Done ? signature : default, Signature);
    }

    /// <summary>A public key takes all of a signature that meets a secret scalar: its hash, the comb, the inversion.</summary>
    private static void Compare(ref Workbench bench)
    {
        Span<byte> privateKey = bench.Hex(PrivateKey), operation = bench.Take(Ed25519.PublicKeyOperationBytes(nuint.Size)), publicKey = bench.Take(Ed25519.PublicKeyBytes);
        uint first = 0, different = 0;
        bool done = true;
        bench.Start();
        for (int i = 0; i < Secrets && done; i++)
        {
            uint taken = Time(operation, privateKey, publicKey, ref done);
            first = i == 0 ? taken : first;
            different += taken == first ? 0u : 1;
            publicKey.CopyTo(privateKey);
        }

        bench.End(done && different == 0, first);
    }

    /// <summary>Instructions, to the resolution of <see cref="SysTick.Stop"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static uint Time(Span<byte> operation, Span<byte> privateKey, Span<byte> publicKey, ref bool done)
    {
        int work = int.MaxValue;
        operation[..8].Clear();
        SysTick.Start();
        done &= Ed25519.PublicKey(operation, privateKey, publicKey, ref work) == StepStatus.Done;
        return SysTick.Stop();
    }
}
