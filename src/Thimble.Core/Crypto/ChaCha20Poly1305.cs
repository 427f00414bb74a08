using System;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Thimble.Crypto;

/// <summary>
/// The AEAD of RFC 8439 §2.8: the state of one record, which lies at the start of the caller's scratch and is followed by
/// that of Poly1305. The steps are Start, Authenticate for the additional data and then for the ciphertext, Crypt before
/// or between, and Finish; data may come in pieces. <see cref="Seal"/> and <see cref="Open"/> compose them. The state is not wiped.
/// </summary>
internal struct ChaCha20Poly1305<TLimbs>
    where TLimbs : struct, IPoly1305Limbs
{
    private const int BlockBytes = 16;

    private Keystream _keystream;
    private Block _partial;
    private Block _pad;
    private uint _number;
    private int _keystreamUsed;
    private int _aadBytes;
    private int _dataBytes;

    /// <summary>What one call needs.</summary>
    public static int ScratchBytes => Unsafe.SizeOf<ChaCha20Poly1305<TLimbs>>() + TLimbs.StateBytes;

    /// <summary>Encrypts and authenticates. Leaks: all lengths.</summary>
    public static void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, Span<byte> scratch)
    {
        ref ChaCha20Poly1305<TLimbs> aead = ref MemoryMarshal.AsRef<ChaCha20Poly1305<TLimbs>>(scratch);
        Span<byte> poly = scratch[Unsafe.SizeOf<ChaCha20Poly1305<TLimbs>>()..ScratchBytes];
        aead.Start(key, nonce, poly);
        aead.AuthenticateAad(aad, poly);
        aead.Crypt(key, nonce, plaintext, ciphertext);
        aead.AuthenticateCiphertext(ciphertext[..plaintext.Length], poly);
        aead.Finish(poly).CopyTo(tag);
    }

    /// <summary>Verifies and decrypts; nothing is written to <paramref name="plaintext"/> before the tag is verified. Leaks: all lengths and the verdict.</summary>
    public static bool Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, Span<byte> scratch)
    {
        ref ChaCha20Poly1305<TLimbs> aead = ref MemoryMarshal.AsRef<ChaCha20Poly1305<TLimbs>>(scratch);
        Span<byte> poly = scratch[Unsafe.SizeOf<ChaCha20Poly1305<TLimbs>>()..ScratchBytes];
        aead.Start(key, nonce, poly);
        aead.AuthenticateAad(aad, poly);
        aead.AuthenticateCiphertext(ciphertext, poly);
        if (!CryptographicOperations.FixedTimeEquals(aead.Finish(poly), tag))
        {
            return false;
        }

        aead.Crypt(key, nonce, ciphertext, plaintext);
        return true;
    }

    /// <summary>Begins a text that comes in pieces: <paramref name="sum"/> takes what of it must be remembered. Leaks: the length.</summary>
    public static void BeginPieces(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, Span<byte> sum, Span<byte> scratch)
    {
        ref ChaCha20Poly1305<TLimbs> aead = ref MemoryMarshal.AsRef<ChaCha20Poly1305<TLimbs>>(scratch);
        Span<byte> poly = scratch[Unsafe.SizeOf<ChaCha20Poly1305<TLimbs>>()..ScratchBytes];
        aead.Start(key, nonce, poly);
        aead.AuthenticateAad(aad, poly);
        aead.PadAfter(aad.Length, poly);
        poly[..TLimbs.SumBytes].CopyTo(sum);
    }

    /// <summary>
    /// Decrypts the piece that begins <paramref name="offset"/> bytes into the text, a multiple of 16, in its place. The
    /// last one comes with the tag, and is decrypted only if that verifies. Leaks: all lengths and the verdict.
    /// </summary>
    public static bool OpenPiece(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, int aadBytes, int offset,
        Span<byte> piece, ReadOnlySpan<byte> tag, Span<byte> sum, Span<byte> scratch)
    {
        ref ChaCha20Poly1305<TLimbs> aead = ref MemoryMarshal.AsRef<ChaCha20Poly1305<TLimbs>>(scratch);
        Span<byte> poly = scratch[Unsafe.SizeOf<ChaCha20Poly1305<TLimbs>>()..ScratchBytes];
        aead.Start(key, nonce, poly);
        sum[..TLimbs.SumBytes].CopyTo(poly);
        aead._dataBytes = offset;
        aead.AuthenticateCiphertext(piece, poly);
        poly[..TLimbs.SumBytes].CopyTo(sum);
        aead._aadBytes = aadBytes;
        if (!tag.IsEmpty && !CryptographicOperations.FixedTimeEquals(aead.Finish(poly), tag))
        {
            return false;
        }

        aead.GoTo(key, nonce, (uint)offset);
        aead.Crypt(key, nonce, piece, piece);
        return true;
    }

    /// <summary>The key stream from a place in the text on, which may lie within a block.</summary>
    private void GoTo(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, uint offset)
    {
        _number = 1 + (offset / ChaCha20.BlockBytes);
        if (offset % ChaCha20.BlockBytes != 0)
        {
            ChaCha20.Block(key, _number++, nonce, _keystream);
            _keystreamUsed = (int)(offset % ChaCha20.BlockBytes);
        }
    }

    /// <summary>RFC 8439 §2.6: block 0 is the one-time key r, s. The text begins with block 1.</summary>
    private void Start(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, Span<byte> poly)
    {
        Span<byte> keystream = _keystream;
        ChaCha20.Block(key, 0, nonce, keystream);
        TLimbs.Start(keystream[..BlockBytes], poly);
        keystream[BlockBytes..(2 * BlockBytes)].CopyTo(_pad);
        _number = 1;
        _keystreamUsed = ChaCha20.BlockBytes;
        _aadBytes = 0;
        _dataBytes = 0;
    }

    /// <summary>Adds the additional data, which comes before all ciphertext.</summary>
    private void AuthenticateAad(ReadOnlySpan<byte> aad, Span<byte> poly)
    {
        Absorb(aad, _aadBytes, poly);
        _aadBytes += aad.Length;
    }

    /// <summary>Adds the next ciphertext. Its first byte ends the additional data with zeros up to a whole block.</summary>
    private void AuthenticateCiphertext(ReadOnlySpan<byte> ciphertext, Span<byte> poly)
    {
        if (_dataBytes == 0)
        {
            PadAfter(_aadBytes, poly);
        }

        Absorb(ciphertext, _dataBytes, poly);
        _dataBytes += ciphertext.Length;
    }

    /// <summary>Adds both lengths and returns the tag, which lies in the state.</summary>
    [UnscopedRef]
    private Span<byte> Finish(Span<byte> poly)
    {
        Span<byte> block = _partial;
        PadAfter(_dataBytes, poly);
        BinaryPrimitives.WriteUInt64LittleEndian(block, (uint)_aadBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(block[8..], (uint)_dataBytes);
        TLimbs.Absorb(block, poly);
        TLimbs.Finish(poly, block);
        AddPad(block, _pad);
        return block;
    }

    /// <summary>RFC 8439 §2.4: adds the next key stream. In place, or to bytes that do not overlap.</summary>
    private void Crypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        Span<byte> keystream = _keystream;
        if (ChaCha20Avx2.IsSupported && _keystreamUsed == keystream.Length)
        {
            int done = ChaCha20Avx2.Crypt(key, _number, nonce, source, destination);
            _number += (uint)done / ChaCha20.BlockBytes;
            source = source[done..];
            destination = destination[done..];
        }

        while (!source.IsEmpty)
        {
            if (_keystreamUsed == keystream.Length)
            {
                ChaCha20.Block(key, _number++, nonce, keystream);
                _keystreamUsed = 0;
            }

            int available = keystream.Length - _keystreamUsed;
            int bytes = source.Length < available ? source.Length : available;
            for (int i = 0; i < bytes; i++)
            {
                destination[i] = (byte)(source[i] ^ keystream[_keystreamUsed++]);
            }

            source = source[bytes..];
            destination = destination[bytes..];
        }
    }

    /// <summary>Adds whole blocks from where they lie, and gathers what is split.</summary>
    private void Absorb(ReadOnlySpan<byte> data, int position, Span<byte> poly)
    {
        Span<byte> partial = _partial;
        while (!data.IsEmpty)
        {
            int at = position & (BlockBytes - 1);
            int bytes = data.Length & -BlockBytes;
            if (at == 0 && bytes != 0)
            {
                TLimbs.Absorb(data[..bytes], poly);
            }
            else
            {
                bytes = data.Length < BlockBytes - at ? data.Length : BlockBytes - at;
                data[..bytes].CopyTo(partial[at..]);
                if (at + bytes == BlockBytes)
                {
                    TLimbs.Absorb(partial, poly);
                }
            }

            data = data[bytes..];
            position += bytes;
        }
    }

    /// <summary>Ends a part of the input with zeros up to a whole block.</summary>
    private void PadAfter(int position, Span<byte> poly)
    {
        Span<byte> partial = _partial;
        int at = position & (BlockBytes - 1);
        if (at != 0)
        {
            partial[at..].Clear();
            TLimbs.Absorb(partial, poly);
        }
    }

    /// <summary>Adds s modulo 2^128. Leaks: nothing.</summary>
    [ConstantTime(PublicBranches = 1)]
    private static void AddPad(Span<byte> sum, ReadOnlySpan<byte> pad)
    {
        ulong carry = 0;
        for (int i = 0; i < BlockBytes; i += 4)
        {
            carry += (ulong)BinaryPrimitives.ReadUInt32LittleEndian(sum[i..]) + BinaryPrimitives.ReadUInt32LittleEndian(pad[i..]);
            BinaryPrimitives.WriteUInt32LittleEndian(sum[i..], (uint)carry);
            carry >>= 32;
        }
    }

    [InlineArray(ChaCha20.BlockBytes)]
    private struct Keystream
    {
        private byte _element0;
    }

    [InlineArray(BlockBytes)]
    private struct Block
    {
        private byte _element0;
    }
}
