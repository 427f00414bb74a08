using System;
using System.Runtime.CompilerServices;

namespace Thimble.Crypto;

/// <summary>AES-GCM on this machine: with the processor's instructions for AES where it has them, otherwise in 32-bit words.</summary>
internal static class Gcm
{
    /// <summary>The scratch of one call for keys of 16 or 32 bytes, here or on a machine with words of 4 bytes.</summary>
    public static int ScratchBytes(int keyBytes, int wordBytes) => wordBytes == nuint.Size && IsAccelerated ? GcmAcceleratedScratchBytes : GcmPortable.ScratchBytes(keyBytes);

    private const int GcmAcceleratedScratchBytes = GcmAccelerated<GcmInstructionsX86>.ScratchBytes;

    private static bool IsAccelerated => GcmInstructionsX86.IsSupported || GcmInstructionsArm.IsSupported;

    /// <summary>SP 800-38D §7.1. Leaks: all lengths.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, Span<byte> scratch)
    {
        if (GcmInstructionsX86.IsSupported)
        {
            GcmAccelerated<GcmInstructionsX86>.Seal(key, nonce, aad, plaintext, ciphertext, tag, scratch);
        }
        else if (GcmInstructionsArm.IsSupported)
        {
            GcmAccelerated<GcmInstructionsArm>.Seal(key, nonce, aad, plaintext, ciphertext, tag, scratch);
        }
        else
        {
            GcmPortable.Seal(key, nonce, aad, plaintext, ciphertext, tag, scratch);
        }
    }

    /// <summary>SP 800-38D §7.2; nothing is written to <paramref name="plaintext"/> before the tag is verified. Leaks: all lengths and the verdict.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, Span<byte> scratch)
    {
        if (GcmInstructionsX86.IsSupported)
        {
            return GcmAccelerated<GcmInstructionsX86>.Open(key, nonce, aad, ciphertext, tag, plaintext, scratch);
        }

        if (GcmInstructionsArm.IsSupported)
        {
            return GcmAccelerated<GcmInstructionsArm>.Open(key, nonce, aad, ciphertext, tag, plaintext, scratch);
        }

        return GcmPortable.Open(key, nonce, aad, ciphertext, tag, plaintext, scratch);
    }

    /// <summary>Begins a text that comes in pieces. Leaks: the length.</summary>
    public static void BeginPieces(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, Span<byte> sum, Span<byte> scratch)
    {
        if (GcmInstructionsX86.IsSupported)
        {
            GcmAccelerated<GcmInstructionsX86>.BeginPieces(key, aad, sum, scratch);
        }
        else if (GcmInstructionsArm.IsSupported)
        {
            GcmAccelerated<GcmInstructionsArm>.BeginPieces(key, aad, sum, scratch);
        }
        else
        {
            GcmPortable.BeginPieces(key, nonce, aad, sum, scratch);
        }
    }

    /// <summary>Decrypts the next piece, and the last one only if the tag verifies. Leaks: all lengths and the verdict.</summary>
    public static bool OpenPiece(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, int aadBytes, int offset,
        Span<byte> piece, ReadOnlySpan<byte> tag, Span<byte> sum, Span<byte> scratch)
    {
        if (GcmInstructionsX86.IsSupported)
        {
            return GcmAccelerated<GcmInstructionsX86>.OpenPiece(key, nonce, aadBytes, offset, piece, tag, sum, scratch);
        }

        if (GcmInstructionsArm.IsSupported)
        {
            return GcmAccelerated<GcmInstructionsArm>.OpenPiece(key, nonce, aadBytes, offset, piece, tag, sum, scratch);
        }

        return GcmPortable.OpenPiece(key, nonce, aadBytes, offset, piece, tag, sum, scratch);
    }
}
