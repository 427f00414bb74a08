using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Thimble.Crypto;

/// <summary>AES-CCM (SP 800-38C) on this machine: with the processor's instructions for AES where it has them, otherwise in 32-bit words.</summary>
internal static class Ccm
{
    /// <summary>The scratch of one call for keys of 16 or 32 bytes, here or on a machine with words of 4 bytes.</summary>
    public static int ScratchBytes(int keyBytes, int wordBytes) => wordBytes == nuint.Size && IsAccelerated
        ? CcmRecord<CcmCipherAccelerated<GcmInstructionsX86>>.ScratchBytes(keyBytes)
        : CcmRecord<CcmCipherPortable>.ScratchBytes(keyBytes);

    private static bool IsAccelerated => GcmInstructionsX86.IsSupported || GcmInstructionsArm.IsSupported;

    /// <summary>SP 800-38C §6.1, with a tag as long as its span: 8 or 16 bytes. Inlined, its frame would burden every AEAD's stack. Leaks: all lengths.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, Span<byte> scratch)
    {
        if (GcmInstructionsX86.IsSupported)
        {
            Seal<CcmCipherAccelerated<GcmInstructionsX86>>(key, nonce, aad, plaintext, ciphertext, tag, scratch);
        }
        else if (GcmInstructionsArm.IsSupported)
        {
            Seal<CcmCipherAccelerated<GcmInstructionsArm>>(key, nonce, aad, plaintext, ciphertext, tag, scratch);
        }
        else
        {
            Seal<CcmCipherPortable>(key, nonce, aad, plaintext, ciphertext, tag, scratch);
        }
    }

    /// <summary>SP 800-38C §6.2; nothing is written to <paramref name="plaintext"/> before the tag is verified. Leaks: all lengths and the verdict.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, Span<byte> scratch)
    {
        if (GcmInstructionsX86.IsSupported)
        {
            return Open<CcmCipherAccelerated<GcmInstructionsX86>>(key, nonce, aad, ciphertext, tag, plaintext, scratch);
        }

        if (GcmInstructionsArm.IsSupported)
        {
            return Open<CcmCipherAccelerated<GcmInstructionsArm>>(key, nonce, aad, ciphertext, tag, plaintext, scratch);
        }

        return Open<CcmCipherPortable>(key, nonce, aad, ciphertext, tag, plaintext, scratch);
    }

    /// <summary>With a chosen form of AES. Leaks: all lengths.</summary>
    public static void Seal<TCipher>(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, Span<byte> scratch)
        where TCipher : struct, ICcmCipher
    {
        ref CcmRecord<TCipher> record = ref MemoryMarshal.AsRef<CcmRecord<TCipher>>(scratch);
        Span<byte> cipher = scratch[Unsafe.SizeOf<CcmRecord<TCipher>>()..];
        record.Start(key, nonce, aad.Length, plaintext.Length, tag.Length, cipher);
        record.AuthenticateAad(key, aad, cipher);
        record.Encrypt(key, plaintext, ciphertext, cipher);
        record.Finish()[..tag.Length].CopyTo(tag);
    }

    /// <summary>With a chosen form of AES. The text is decrypted twice, since the tag is one of the plaintext. Leaks: all lengths and the verdict.</summary>
    public static bool Open<TCipher>(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, Span<byte> scratch)
        where TCipher : struct, ICcmCipher
    {
        if (ciphertext.Length > CcmRecord<TCipher>.MaxTextBytes)
        {
            return false;
        }

        ref CcmRecord<TCipher> record = ref MemoryMarshal.AsRef<CcmRecord<TCipher>>(scratch);
        Span<byte> cipher = scratch[Unsafe.SizeOf<CcmRecord<TCipher>>()..];
        record.Start(key, nonce, aad.Length, ciphertext.Length, tag.Length, cipher);
        record.AuthenticateAad(key, aad, cipher);
        record.AuthenticateCiphertext(key, ciphertext, cipher);
        if (!CryptographicOperations.FixedTimeEquals(record.Finish()[..tag.Length], tag))
        {
            return false;
        }

        record.Release(key, ciphertext, plaintext, cipher);
        return true;
    }
}
