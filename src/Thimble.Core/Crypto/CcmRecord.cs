using System;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Thimble.Crypto;

/// <summary>
/// AES-CCM (SP 800-38C, RFC 3610) with nonces of 12 bytes, so with lengths of 3 (q = 3), as RFC 5116 §5.3 and RFC 6655 §3 fix it:
/// the state of one record, which lies at the start of the caller's scratch, before that of the cipher. The steps are Start, which must know
/// all lengths, AuthenticateAad, Encrypt or Decrypt, and Finish; data may come in pieces. What Decrypt releases is provisional
/// until the tag was compared. The state is not wiped.
/// </summary>
/// <remarks>
/// Each pass of the cipher adds a block to the chain (CBC-MAC) and makes the next block of the key stream beside it. The last pass makes
/// block 0 of the key stream, which masks the tag. So a record takes 1 pass and 1 more for each block of additional data and text.
/// </remarks>
internal struct CcmRecord<TCipher>
    where TCipher : struct, ICcmCipher
{
    /// <summary>Texts are shorter than this: their lengths, and the numbers of their blocks, have three bytes.</summary>
    public const int MaxTextBytes = (1 << 24) - 1;

    private const int BlockBytes = 16;
    private const int LengthBytes = 3;

    /// <summary>The chain, and the current block of the key stream.</summary>
    private Pair _pair;

    private Nonce _nonce;
    private int _textBytes;
    private int _aadLeft;

    /// <summary>Bytes of the text that were done; before the text, bytes in the current block.</summary>
    private int _position;

    /// <summary>What a record needs: this state, and the scratch of the cipher.</summary>
    public static int ScratchBytes(int keyBytes) => Unsafe.SizeOf<CcmRecord<TCipher>>() + TCipher.ScratchBytes(keyBytes);

    /// <summary>
    /// Begins a record. B_0 and the length of the additional data are those of SP 800-38C §A.2. A text longer than
    /// <see cref="MaxTextBytes"/> ends in the fail-fast of a bounds check. Leaks: all lengths.
    /// </summary>
    public void Start(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, int aadBytes, int textBytes, int tagBytes, Span<byte> cipher)
    {
        Span<byte> pair = _pair;
        pair = pair[..((uint)textBytes <= MaxTextBytes ? 2 * BlockBytes : -1)];
        TCipher.Start(key, cipher);
        nonce.CopyTo(_nonce);
        _textBytes = textBytes;
        _aadLeft = aadBytes;
        _position = 0;

        int hasAad = aadBytes == 0 ? 0 : 0x40;
        PutBlock(pair, hasAad | ((tagBytes - 2) << 2) | (LengthBytes - 1), textBytes);
        Pass(key, 0, cipher);
        if (aadBytes != 0)
        {
            StartAad(aadBytes);
        }
    }

    /// <summary>Takes what must be remembered until <see cref="Resume"/>: both blocks, and the length of the text. Leaks: nothing.</summary>
    public readonly void Suspend(Span<byte> sum)
    {
        ((ReadOnlySpan<byte>)_pair).CopyTo(sum);
        BinaryPrimitives.WriteInt32LittleEndian(sum[(2 * BlockBytes)..], _textBytes);
    }

    /// <summary>Goes on where <see cref="Suspend"/> left off, <paramref name="position"/> bytes into the text. Leaks: the lengths.</summary>
    public void Resume(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, int position, ReadOnlySpan<byte> sum, Span<byte> cipher)
    {
        TCipher.Start(key, cipher);
        nonce.CopyTo(_nonce);
        sum[..(2 * BlockBytes)].CopyTo(_pair);
        _textBytes = BinaryPrimitives.ReadInt32LittleEndian(sum[(2 * BlockBytes)..]);
        _aadLeft = 0;
        _position = position;
    }

    /// <summary>Adds the next piece of the additional data; its end, known from <see cref="Start"/>, fills the block with zeros. Leaks: its length.</summary>
    public void AuthenticateAad(ReadOnlySpan<byte> key, ReadOnlySpan<byte> aad, Span<byte> cipher)
    {
        Span<byte> chain = _pair;
        for (int i = 0; i < aad.Length; i++)
        {
            chain[_position++] ^= aad[i];
            _aadLeft--;
            if (_position == BlockBytes || _aadLeft == 0)
            {
                Pass(key, 0, cipher);
                _position = 0;
            }
        }
    }

    /// <summary>Encrypts the next piece: in place, or to bytes that do not overlap. Leaks: its length.</summary>
    public void Encrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> cipher) =>
        Crypt(key, plaintext, ciphertext, decrypts: 0, cipher);

    /// <summary>Decrypts the next piece: in place, or to bytes that do not overlap; what it yields is provisional. Leaks: its length.</summary>
    public void Decrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext, Span<byte> cipher) =>
        Crypt(key, ciphertext, plaintext, decrypts: 0xFF, cipher);

    /// <summary>Adds the next piece to the chain as <see cref="Decrypt"/> does, but releases nothing. Leaks: its length.</summary>
    public void AuthenticateCiphertext(ReadOnlySpan<byte> key, ReadOnlySpan<byte> ciphertext, Span<byte> cipher) =>
        Crypt(key, ciphertext, default, decrypts: 0xFF, cipher);

    /// <summary>The tag, of which the first 8 or 16 bytes count; it lies in the state, and the record is over. Leaks: nothing.</summary>
    [UnscopedRef]
    public Span<byte> Finish()
    {
        Span<byte> pair = _pair;
        for (int i = 0; i < BlockBytes; i++)
        {
            pair[i] ^= pair[BlockBytes + i];
        }

        return pair[..BlockBytes];
    }

    /// <summary>Decrypts a whole text that was authenticated: both blocks of a pass are key stream now. Leaks: its length.</summary>
    public void Release(ReadOnlySpan<byte> key, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext, Span<byte> cipher)
    {
        Span<byte> pair = _pair;
        int number = 1;
        for (int i = 0; i < ciphertext.Length; i++)
        {
            int at = i & ((2 * BlockBytes) - 1);
            if (at == 0)
            {
                PutBlock(pair, LengthBytes - 1, number++);
                PutBlock(pair[BlockBytes..], LengthBytes - 1, number++);
                TCipher.EncryptPair(key, pair, cipher);
            }

            plaintext[i] = (byte)(ciphertext[i] ^ pair[at]);
        }
    }

    /// <summary>The length comes before the additional data: 2 bytes, or 6 from 2^16 - 2^8 on.</summary>
    private void StartAad(int aadBytes)
    {
        Span<byte> chain = _pair;
        if (aadBytes >= 0xFF00)
        {
            chain[0] ^= 0xFF;
            chain[1] ^= 0xFE;
            chain[2] ^= (byte)(aadBytes >> 24);
            chain[3] ^= (byte)(aadBytes >> 16);
            _position = 4;
        }

        chain[_position++] ^= (byte)(aadBytes >> 8);
        chain[_position++] ^= (byte)aadBytes;
    }

    /// <summary>
    /// Adds the key stream, and the plaintext to the chain: that is the source, or with all bits of <paramref name="decrypts"/> set
    /// the sum of source and key stream. An empty destination takes nothing. A pass follows where a block, or the text, is full.
    /// </summary>
    private void Crypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> source, Span<byte> destination, byte decrypts, Span<byte> cipher)
    {
        Span<byte> pair = _pair;
        bool releases = !destination.IsEmpty;
        for (int i = 0, bytes; i < source.Length; i += bytes)
        {
            int at = _position & (BlockBytes - 1);
            if (nuint.Size == 8 && at == 0 && source.Length - i >= BlockBytes)
            {
                bytes = BlockBytes;
                CryptBlock(pair, source.Slice(i, BlockBytes), releases ? destination.Slice(i, BlockBytes) : default, decrypts);
            }
            else
            {
                bytes = 1;
                byte octet = source[i], keystream = pair[BlockBytes + at];
                pair[at] ^= (byte)(octet ^ (keystream & decrypts));
                if (releases)
                {
                    destination[i] = (byte)(octet ^ keystream);
                }
            }

            _position += bytes;
            if ((_position & (BlockBytes - 1)) == 0 || _position == _textBytes)
            {
                Pass(key, _position, cipher);
            }
        }
    }

    /// <summary>The same for a whole block, on machines with wide registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CryptBlock(Span<byte> pair, ReadOnlySpan<byte> source, Span<byte> destination, byte decrypts)
    {
        Vector128<byte> text = Vector128.Create(source), keystream = Vector128.Create((ReadOnlySpan<byte>)pair[BlockBytes..]);
        (Vector128.Create((ReadOnlySpan<byte>)pair[..BlockBytes]) ^ text ^ (keystream & Vector128.Create(decrypts))).CopyTo(pair);
        if (!destination.IsEmpty)
        {
            (text ^ keystream).CopyTo(destination);
        }
    }

    /// <summary>Encrypts the chain, and beside it the key stream that comes after so many bytes of text.</summary>
    private void Pass(ReadOnlySpan<byte> key, int textBytes, Span<byte> cipher)
    {
        Span<byte> pair = _pair;
        PutBlock(pair[BlockBytes..], LengthBytes - 1, textBytes == _textBytes ? 0 : (textBytes >> 4) + 1);
        TCipher.EncryptPair(key, pair, cipher);
    }

    /// <summary>B_0, or a counter (SP 800-38C §A.3): flags, nonce, and a number of three bytes.</summary>
    private void PutBlock(Span<byte> block, int flags, int number)
    {
        Span<byte> nonce = _nonce;
        BinaryPrimitives.WriteInt32BigEndian(block[12..], number);
        block[0] = (byte)flags;
        nonce.CopyTo(block[1..]);
    }

    [InlineArray(2 * BlockBytes)]
    private struct Pair
    {
        private byte _element0;
    }

    [InlineArray(12)]
    private struct Nonce
    {
        private byte _element0;
    }
}
