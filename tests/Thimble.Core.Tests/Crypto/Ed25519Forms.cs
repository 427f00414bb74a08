using System;
using Thimble.Crypto;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

/// <summary>Ed25519 in the form of this machine and in that of a 32-bit one. Operations are as large as declared, poisoned before and guarded behind.</summary>
internal static class Ed25519Forms
{
    private const byte Guard = 0xA5;

    private delegate StepStatus Step(Span<byte> operation, ref int work);

    public static readonly int[] Bits = [32, 64];

    public static byte[]? PublicKey(int bits, byte[] privateKey, int perCall = int.MaxValue)
    {
        byte[] publicKey = new byte[Ed25519.PublicKeyBytes];
        StepStatus status = Run(Ed25519.PublicKeyOperationBytes(bits / 8), perCall, out _, (operation, ref work) => bits == 64
            ? Ed25519Signer<Field25519Radix51, Montgomery64<Ed25519Order>>.PublicKey(operation, privateKey, publicKey, ref work)
            : Ed25519Signer<Field25519Radix13, Montgomery32<Ed25519Order, SecretProducts>>.PublicKey(operation, privateKey, publicKey, ref work));
        return status == StepStatus.Done ? publicKey : null;
    }

    public static byte[]? Sign(int bits, byte[] privateKey, byte[] publicKey, byte[] message, int split = 0, int perCall = int.MaxValue)
    {
        byte[] signature = new byte[Ed25519.SignatureBytes];
        StepStatus status = Run(Ed25519.SignOperationBytes(bits / 8), perCall, out _, (operation, ref work) =>
            Sign(bits, operation, privateKey, publicKey, message, split, signature, ref work));
        Assert.True(status == StepStatus.Done || signature.AsSpan().IndexOfAnyExcept((byte)0) < 0);
        return status == StepStatus.Done ? signature : null;
    }

    public static StepStatus Sign(int bits, Span<byte> operation, byte[] privateKey, byte[] publicKey, byte[] message, int split, Span<byte> signature, ref int work)
    {
        var parts = new Ed25519Message(message.AsSpan(0, split), message.AsSpan(split));
        return bits == 64
            ? Ed25519Signer<Field25519Radix51, Montgomery64<Ed25519Order>>.Sign(operation, privateKey, publicKey, parts, signature, ref work)
            : Ed25519Signer<Field25519Radix13, Montgomery32<Ed25519Order, SecretProducts>>.Sign(operation, privateKey, publicKey, parts, signature, ref work);
    }

    public static bool Verify(int bits, byte[] publicKey, byte[] message, byte[] signature, int split = 0, int perCall = int.MaxValue) =>
        Verify(bits, publicKey, message, signature, split, perCall, out _);

    public static bool Verify(int bits, byte[] publicKey, byte[] message, byte[] signature, int split, int perCall, out int calls) =>
        Run(Ed25519.VerifyOperationBytes(bits / 8), perCall, out calls, (operation, ref work) =>
        {
            ref EcProgress progress = ref EcProgress.Of(operation);
            Span<byte> memory = operation[EcProgress.Bytes..];
            var parts = new Ed25519Message(message.AsSpan(0, split), message.AsSpan(split));
            return bits == 64
                ? Ed25519Verifier<Field25519Radix51, Montgomery64<Ed25519Order>>.Run(ref progress, ref progress.Stage, memory, publicKey, parts, signature, ref work)
                : Ed25519Verifier<Field25519Radix13, Montgomery32<Ed25519Order, SecretProducts>>.Run(ref progress, ref progress.Stage, memory, publicKey, parts, signature, ref work);
        }) == StepStatus.Done;

    private static StepStatus Run(int bytes, int perCall, out int calls, Step step)
    {
        byte[] memory = new byte[bytes + 64];
        memory.AsSpan(0, bytes).Fill(0xEE);
        memory.AsSpan(0, 8).Clear();
        memory.AsSpan(bytes).Fill(Guard);
        calls = 0;
        StepStatus status;
        do
        {
            int work = perCall;
            status = step(memory.AsSpan(0, bytes), ref work);
            calls++;
        }
        while (status == StepStatus.More);
        Assert.Equal(-1, memory.AsSpan(bytes).IndexOfAnyExcept(Guard));
        return status;
    }
}
