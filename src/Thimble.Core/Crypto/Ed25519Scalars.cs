using System;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>
/// The hashes of Ed25519 and the arithmetic modulo L on them (RFC 8032 §5.1.5, §5.1.6). The memory holds a SHA-512, then a digest,
/// which serves as two numbers, and a third number. Numbers are little-endian. Leaks: the lengths of messages.
/// </summary>
internal static class Ed25519Scalars<TScalars>
    where TScalars : struct, IField
{
    /// <summary>Bytes of a number, and of each half of a digest.</summary>
    public const int NumberBytes = 32;

    private const int Low = 0, High = 1, Result = 2, Registers = 3;

    /// <summary>The memory that these operations take.</summary>
    public static int MemoryBytes => Sha512.StateBytes + EcRegisters<TScalars>.SizeBytes(Registers);

    /// <summary>The secret scalar s, clamped (RFC 8032 §5.1.5). Leaks: nothing.</summary>
    public static void SecretScalar(Span<byte> memory, ReadOnlySpan<byte> privateKey, Span<byte> s)
    {
        Expand(memory, privateKey);
        Digest(memory)[..NumberBytes].CopyTo(s);
    }

    /// <summary>r = SHA-512(prefix || message) mod L (§5.1.6, step 2). Leaks: the length of the message.</summary>
    public static void Nonce(Span<byte> memory, ReadOnlySpan<byte> privateKey, scoped in Ed25519Message message, Span<byte> r)
    {
        Expand(memory, privateKey);
        ref Sha512 hash = ref Begin(memory);
        hash.Update(Digest(memory)[NumberBytes..]);
        Finish(ref hash, message, memory, r);
    }

    /// <summary>k = SHA-512(R || A || message) mod L (§5.1.6, step 4). Leaks: all, which is public.</summary>
    public static void Challenge(Span<byte> memory, ReadOnlySpan<byte> r, ReadOnlySpan<byte> publicKey, scoped in Ed25519Message message, Span<byte> k)
    {
        ref Sha512 hash = ref Begin(memory);
        hash.Update(r);
        hash.Update(publicKey);
        Finish(ref hash, message, memory, k);
    }

    /// <summary>S = (r + k s) mod L (§5.1.6, step 5). Leaks: nothing.</summary>
    public static void Response(Span<byte> memory, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> r, ReadOnlySpan<byte> k, Span<byte> response)
    {
        // A Montgomery product of a number below 2^256 and one below L is reduced, so s needs no reduction before.
        Expand(memory, privateKey);
        EcRegisters<TScalars> numbers = Numbers(memory);
        numbers.ToMontgomery(Low);
        numbers.Copy(High, k);
        numbers.Multiply(Low, Low, High);
        numbers.Copy(High, r);
        numbers.Add(Low, Low, High);
        numbers.Bytes(Low).CopyTo(response);
    }

    /// <summary>Whether S is below L, as §5.1.7 demands: otherwise S + L would be a second signature. Leaks: S.</summary>
    public static bool IsReduced(Span<byte> memory, ReadOnlySpan<byte> s)
    {
        EcRegisters<TScalars> numbers = Numbers(memory);
        numbers.Copy(Low, s);
        return numbers.IsReduced(Low) != 0;
    }

    /// <summary>The digest becomes that of the private key: s, clamped, and the prefix.</summary>
    private static void Expand(Span<byte> memory, ReadOnlySpan<byte> privateKey)
    {
        ref Sha512 hash = ref Begin(memory);
        hash.Update(privateKey);
        Span<byte> digest = Digest(memory);
        hash.Finish(digest);
        digest[0] &= 0xF8;
        digest[31] = (byte)((digest[31] & 0x7F) | 0x40);
    }

    /// <summary>Ends a hash with the message, and writes it modulo L: low + high · 2^256.</summary>
    private static void Finish(ref Sha512 hash, scoped in Ed25519Message message, Span<byte> memory, Span<byte> number)
    {
        hash.Update(message.First);
        hash.Update(message.Second);
        hash.Finish(Digest(memory));
        EcRegisters<TScalars> numbers = Numbers(memory);
        numbers.Multiply(Low, Low, TScalars.One);
        numbers.Multiply(High, High, TScalars.RSquared);
        numbers.Add(Result, Low, High);
        numbers.Bytes(Result).CopyTo(number);
    }

    private static ref Sha512 Begin(Span<byte> memory)
    {
        ref Sha512 hash = ref MemoryMarshal.AsRef<Sha512>(memory);
        hash.Initialize512();
        return ref hash;
    }

    private static EcRegisters<TScalars> Numbers(Span<byte> memory) => new(memory[Sha512.StateBytes..], Registers);

    private static Span<byte> Digest(Span<byte> memory) => memory.Slice(Sha512.StateBytes + TScalars.ScratchBytes, Sha512.DigestBytes);
}
