using System;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Thimble.Crypto;

/// <summary>
/// AES-GCM (SP 800-38D) with nonces of 96 bits, in 32-bit words: the state of one record, which lies at the start of
/// the caller's scratch. The steps are Start, TakeHashKey once its blocks are encrypted, Authenticate for the additional
/// data and then for the ciphertext, Crypt before or between, and Finish. <see cref="Seal"/> and <see cref="Open"/> compose them.
/// The state is not wiped.
/// </summary>
internal struct GcmPortable
{
    private const int BlockBytes = AesPortable.BlockBytes;
    private const int NonceBytes = 12;

    /// <summary>Four pairs share each pass through the key schedule.</summary>
    private const int KeystreamBytes = 4 * AesPortable.PairBytes;

    /// <summary>The nonce and the number of the next block.</summary>
    private Block _counter;

    private Block _sum;
    private Block _mask;
    private HashKey _hashKey;
    private HashKey _product;
    private Keystream _keystream;
    private int _aadBytes;
    private int _dataBytes;
    private int _keystreamUsed;
    private int _keystreamEnd;

    /// <summary>What one call needs: the state, and the scratch of AES.</summary>
    public static int ScratchBytes(int keyBytes) => Unsafe.SizeOf<GcmPortable>() + AesPortable.ScratchBytes(keyBytes);

    /// <summary>SP 800-38D §7.1. Leaks: all lengths.</summary>
    /// <remarks>In the frame of the caller, and AES is called from there only: frames between the two would be the deepest on a device.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, Span<byte> scratch)
    {
        ref GcmPortable gcm = ref MemoryMarshal.AsRef<GcmPortable>(scratch);
        gcm.Start(nonce, plaintext.Length);
        gcm.Encrypt(key, scratch);
        gcm.TakeHashKey();
        gcm.AuthenticateAad(aad);
        Crypt(key, plaintext, ciphertext, scratch);
        gcm.AuthenticateCiphertext(ciphertext[..plaintext.Length]);
        gcm.Finish().CopyTo(tag);
    }

    /// <summary>SP 800-38D §7.2; nothing is written to <paramref name="plaintext"/> before the tag is verified. Leaks: all lengths and the verdict.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, Span<byte> scratch)
    {
        ref GcmPortable gcm = ref MemoryMarshal.AsRef<GcmPortable>(scratch);
        gcm.Start(nonce, ciphertext.Length);
        gcm.Encrypt(key, scratch);
        gcm.TakeHashKey();
        gcm.AuthenticateAad(aad);
        gcm.AuthenticateCiphertext(ciphertext);
        if (!CryptographicOperations.FixedTimeEquals(gcm.Finish(), tag))
        {
            return false;
        }

        Crypt(key, ciphertext, plaintext, scratch);
        return true;
    }

    /// <summary>GCTR of SP 800-38D §6.5: adds the key stream. In place, or to bytes that do not overlap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Crypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> source, Span<byte> destination, Span<byte> scratch)
    {
        ref GcmPortable gcm = ref MemoryMarshal.AsRef<GcmPortable>(scratch);
        for (int done = gcm.AddKeystream(source, destination, 0); done < source.Length; done = gcm.AddKeystream(source, destination, done))
        {
            gcm.Count(0, (uint)(source.Length - done));
            gcm.Encrypt(key, scratch);
        }
    }

    /// <summary>Begins a text that comes in pieces: <paramref name="sum"/> takes what of it must be remembered. Leaks: the length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BeginPieces(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, Span<byte> sum, Span<byte> scratch)
    {
        ref GcmPortable gcm = ref MemoryMarshal.AsRef<GcmPortable>(scratch);
        gcm.Start(nonce, 0);
        gcm.Encrypt(key, scratch);
        gcm.TakeHashKey();
        gcm.AuthenticateAad(aad);
        gcm.PadAfter(aad.Length);
        ((ReadOnlySpan<byte>)gcm._sum).CopyTo(sum);
    }

    /// <summary>
    /// Decrypts the piece that begins <paramref name="offset"/> bytes into the text, a whole number of blocks, in its place.
    /// The last one comes with the tag, and is decrypted only if that verifies. Leaks: all lengths and the verdict.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool OpenPiece(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, int aadBytes, int offset,
        Span<byte> piece, ReadOnlySpan<byte> tag, Span<byte> sum, Span<byte> scratch)
    {
        ref GcmPortable gcm = ref MemoryMarshal.AsRef<GcmPortable>(scratch);
        gcm.Start(nonce, 0);
        gcm.Encrypt(key, scratch);
        gcm.TakeHashKey();
        gcm.Resume(offset, sum);
        gcm.AuthenticateCiphertext(piece);
        ((ReadOnlySpan<byte>)gcm._sum).CopyTo(sum);
        gcm._aadBytes = aadBytes; // not before: the sum has it, padded, and it is not to be padded again
        if (!tag.IsEmpty && !CryptographicOperations.FixedTimeEquals(gcm.Finish(), tag))
        {
            return false;
        }

        Crypt(key, piece, piece, scratch);
        return true;
    }

    /// <summary>Goes to where a piece begins.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Resume(int offset, ReadOnlySpan<byte> sum)
    {
        Span<byte> counter = _counter;
        BinaryPrimitives.WriteUInt32BigEndian(counter[NonceBytes..], 2 + ((uint)offset / BlockBytes));
        sum[..BlockBytes].CopyTo(_sum);
        _dataBytes = offset;
    }

    /// <summary>
    /// Begins a record: behind the block of zeros that becomes H and the first counter, which becomes the mask of the tag, the same
    /// pass makes the first key stream, if <paramref name="expectedBytes"/> asks for it.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Start(ReadOnlySpan<byte> nonce, int expectedBytes)
    {
        Span<byte> counter = _counter;
        nonce.CopyTo(counter);
        BinaryPrimitives.WriteUInt32BigEndian(counter[nonce.Length..], 1);
        _aadBytes = 0;
        _dataBytes = 0;
        ((Span<byte>)_sum).Clear();
        ((Span<byte>)_keystream)[..BlockBytes].Clear();
        Count(BlockBytes, (uint)expectedBytes + BlockBytes);
    }

    /// <summary>Encrypts the blocks that <see cref="Count"/> made.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Encrypt(ReadOnlySpan<byte> key, Span<byte> scratch) =>
        AesPortable.Encrypt(key, ((Span<byte>)_keystream)[.._keystreamEnd], scratch[Unsafe.SizeOf<GcmPortable>()..]);

    /// <summary>The first key stream begins with H and the mask of the tag.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TakeHashKey()
    {
        Span<byte> keystream = _keystream;
        GhashPortable.LoadKey(keystream[..BlockBytes], _hashKey);
        keystream[BlockBytes..(2 * BlockBytes)].CopyTo(_mask);
        _keystreamUsed = 2 * BlockBytes;
    }

    /// <summary>Adds the additional data, which comes before all ciphertext.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AuthenticateAad(ReadOnlySpan<byte> aad)
    {
        Absorb(aad, _aadBytes);
        _aadBytes += aad.Length;
    }

    /// <summary>Adds the next ciphertext. Its first byte ends the additional data with zeros up to a whole block.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AuthenticateCiphertext(ReadOnlySpan<byte> ciphertext)
    {
        if (_dataBytes == 0)
        {
            PadAfter(_aadBytes);
        }

        Absorb(ciphertext, _dataBytes);
        _dataBytes += ciphertext.Length;
    }

    /// <summary>Adds the lengths in bits and returns the tag, which lies in the state.</summary>
    [UnscopedRef]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Span<byte> Finish()
    {
        Span<byte> sum = _sum;
        PadAfter(_dataBytes);
        BinaryPrimitives.WriteUInt64BigEndian(sum, BinaryPrimitives.ReadUInt64BigEndian(sum) ^ ((ulong)(uint)_aadBytes << 3));
        BinaryPrimitives.WriteUInt64BigEndian(sum[8..], BinaryPrimitives.ReadUInt64BigEndian(sum[8..]) ^ ((ulong)(uint)_dataBytes << 3));
        GhashPortable.Multiply(sum, _hashKey, _product);
        Xor(sum, _mask, sum);
        return sum;
    }

    /// <summary>Adds what there is of the key stream, from <paramref name="done"/> on, and returns how far it reached.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int AddKeystream(ReadOnlySpan<byte> source, Span<byte> destination, int done)
    {
        int available = _keystreamEnd - _keystreamUsed;
        int left = source.Length - done;
        int bytes = left < available ? left : available;
        Xor(source.Slice(done, bytes), ((Span<byte>)_keystream).Slice(_keystreamUsed, bytes), destination.Slice(done, bytes));
        _keystreamUsed += bytes;
        return done + bytes;
    }

    /// <summary>Writes as many counters from <paramref name="start"/> on as are wanted, up to a whole pair, for the next key stream.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Count(int start, uint wantedBytes)
    {
        Span<byte> counter = _counter;
        Span<byte> keystream = _keystream;
        uint number = BinaryPrimitives.ReadUInt32BigEndian(counter[12..]);
        int end = wantedBytes >= (uint)(KeystreamBytes - start)
            ? KeystreamBytes
            : (start + (int)wantedBytes + AesPortable.PairBytes - 1) & -AesPortable.PairBytes;
        for (int at = start; at < end; at += BlockBytes)
        {
            counter[..12].CopyTo(keystream[at..]);
            BinaryPrimitives.WriteUInt32BigEndian(keystream[(at + 12)..], number++);
        }

        BinaryPrimitives.WriteUInt32BigEndian(counter[12..], number);
        _keystreamEnd = end;
        _keystreamUsed = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Absorb(ReadOnlySpan<byte> data, int position)
    {
        Span<byte> sum = _sum;
        for (int i = 0; i < data.Length; i++)
        {
            sum[position++ & (BlockBytes - 1)] ^= data[i];
            if ((position & (BlockBytes - 1)) == 0)
            {
                GhashPortable.Multiply(sum, _hashKey, _product);
            }
        }
    }

    /// <summary>Ends a part of the input; the zeros that fill its last block need no addition.</summary>
    private void PadAfter(int position)
    {
        if ((position & (BlockBytes - 1)) != 0)
        {
            GhashPortable.Multiply(_sum, _hashKey, _product);
        }
    }

    private static void Xor(ReadOnlySpan<byte> source, ReadOnlySpan<byte> mask, Span<byte> destination)
    {
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = (byte)(source[i] ^ mask[i]);
        }
    }

    [InlineArray(BlockBytes)]
    private struct Block
    {
        private byte _element0;
    }

    [InlineArray(GhashPortable.KeyBytes)]
    private struct HashKey
    {
        private byte _element0;
    }

    [InlineArray(KeystreamBytes)]
    private struct Keystream
    {
        private byte _element0;
    }
}
