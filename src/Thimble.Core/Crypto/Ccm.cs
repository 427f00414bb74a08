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

    /// <summary>Begins a text of <paramref name="textBytes"/> bytes that comes in pieces. Leaks: all lengths.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void BeginPieces(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, int textBytes, int tagBytes, Span<byte> sum, Span<byte> scratch)
    {
        if (GcmInstructionsX86.IsSupported)
        {
            BeginPieces<CcmCipherAccelerated<GcmInstructionsX86>>(key, nonce, aad, textBytes, tagBytes, sum, scratch);
        }
        else if (GcmInstructionsArm.IsSupported)
        {
            BeginPieces<CcmCipherAccelerated<GcmInstructionsArm>>(key, nonce, aad, textBytes, tagBytes, sum, scratch);
        }
        else
        {
            BeginPieces<CcmCipherPortable>(key, nonce, aad, textBytes, tagBytes, sum, scratch);
        }
    }

    /// <summary>Decrypts the next piece; the last one is cleared where the tag does not verify. Leaks: all lengths and the verdict.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool OpenPiece(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, int offset, Span<byte> piece, ReadOnlySpan<byte> tag, Span<byte> sum, Span<byte> scratch)
    {
        if (GcmInstructionsX86.IsSupported)
        {
            return OpenPiece<CcmCipherAccelerated<GcmInstructionsX86>>(key, nonce, offset, piece, tag, sum, scratch);
        }

        if (GcmInstructionsArm.IsSupported)
        {
            return OpenPiece<CcmCipherAccelerated<GcmInstructionsArm>>(key, nonce, offset, piece, tag, sum, scratch);
        }

        return OpenPiece<CcmCipherPortable>(key, nonce, offset, piece, tag, sum, scratch);
    }

    /// <summary>With a chosen form of AES. Leaks: all lengths.</summary>
    public static void BeginPieces<TCipher>(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, int textBytes, int tagBytes, Span<byte> sum, Span<byte> scratch)
        where TCipher : struct, ICcmCipher
    {
        ref CcmRecord<TCipher> record = ref MemoryMarshal.AsRef<CcmRecord<TCipher>>(scratch);
        Span<byte> cipher = scratch[Unsafe.SizeOf<CcmRecord<TCipher>>()..];
        record.Start(key, nonce, aad.Length, textBytes, tagBytes, cipher);
        record.AuthenticateAad(key, aad, cipher);
        record.Suspend(sum);
    }

    /// <summary>With a chosen form of AES. The tag is one of the plaintext, so even the last piece is decrypted first. Leaks: all lengths and the verdict.</summary>
    public static bool OpenPiece<TCipher>(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, int offset, Span<byte> piece, ReadOnlySpan<byte> tag, Span<byte> sum, Span<byte> scratch)
        where TCipher : struct, ICcmCipher
    {
        ref CcmRecord<TCipher> record = ref MemoryMarshal.AsRef<CcmRecord<TCipher>>(scratch);
        Span<byte> cipher = scratch[Unsafe.SizeOf<CcmRecord<TCipher>>()..];
        record.Resume(key, nonce, offset, sum, cipher);
        record.Decrypt(key, piece, piece, cipher);
        record.Suspend(sum);
        if (tag.IsEmpty || CryptographicOperations.FixedTimeEquals(record.Finish()[..tag.Length], tag))
        {
            return true;
        }

        piece.Clear();
        return false;
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
