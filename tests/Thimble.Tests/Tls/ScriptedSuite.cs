using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Thimble.Tests.Tls;

/// <summary>The arithmetic of a suite on the server's side, written from the RFCs over the platform's primitives only.</summary>
internal sealed class ScriptedSuite(ushort number)
{
    public const ushort EcdsaAes128 = 0xC02B;
    public const ushort RsaAes128 = 0xC02F;
    public const ushort EcdsaAes256 = 0xC02C;
    public const ushort RsaAes256 = 0xC030;
    public const ushort EcdsaChaCha = 0xCCA9;
    public const ushort RsaChaCha = 0xCCA8;

    public ushort Number { get; } = number;

    public bool IsChaCha => Number is EcdsaChaCha or RsaChaCha or 0xCCAB or 0xCCAC;

    public HashAlgorithmName Hash => Number is EcdsaAes256 or RsaAes256 or 0x00A9 or 0xD002 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;

    public int KeyBytes => IsChaCha || Hash == HashAlgorithmName.SHA384 ? 32 : 16;

    public int FixedNonceBytes => IsChaCha ? 12 : 4;

    public int ExplicitNonceBytes => IsChaCha ? 0 : 8;

    /// <summary>PRF of RFC 5246 §5.</summary>
    public byte[] Prf(byte[] secret, string label, byte[] seed, int bytes)
    {
        byte[] labelled = [.. Encoding.ASCII.GetBytes(label), .. seed];
        byte[] output = new byte[bytes];
        byte[] a = labelled;
        for (int at = 0; at < bytes;)
        {
            a = CryptographicOperations.HmacData(Hash, secret, a);
            byte[] seeded = [.. a, .. labelled];
            byte[] block = CryptographicOperations.HmacData(Hash, secret, seeded);
            int count = Math.Min(block.Length, bytes - at);
            block.AsSpan(0, count).CopyTo(output.AsSpan(at));
            at += count;
        }

        return output;
    }

    /// <summary>A protected fragment: explicit nonce where the suite has one, ciphertext, tag.</summary>
    public byte[] Seal(byte[] key, byte[] fixedNonce, ulong sequence, byte type, ReadOnlySpan<byte> content, ushort version = 0x0303)
    {
        byte[] output = new byte[ExplicitNonceBytes + content.Length + 16];
        byte[] sequenceBytes = Sequence(sequence);
        sequenceBytes.AsSpan(0, ExplicitNonceBytes).CopyTo(output);
        Span<byte> ciphertext = output.AsSpan(ExplicitNonceBytes, content.Length);
        Span<byte> tag = output.AsSpan(ExplicitNonceBytes + content.Length);
        byte[] nonce = Nonce(fixedNonce, sequenceBytes, sequenceBytes);
        byte[] data = AdditionalData(sequenceBytes, type, version, content.Length);
        if (IsChaCha)
        {
            using var cipher = new ChaCha20Poly1305(key);
            cipher.Encrypt(nonce, content, ciphertext, tag, data);
        }
        else
        {
            using var cipher = new AesGcm(key, 16);
            cipher.Encrypt(nonce, content, ciphertext, tag, data);
        }

        return output;
    }

    /// <summary>Opens a fragment; throws where its tag does not verify.</summary>
    public byte[] Open(byte[] key, byte[] fixedNonce, ulong sequence, byte type, ReadOnlySpan<byte> fragment)
    {
        int length = fragment.Length - ExplicitNonceBytes - 16;
        byte[] content = new byte[length];
        byte[] sequenceBytes = Sequence(sequence);
        byte[] nonce = Nonce(fixedNonce, sequenceBytes, fragment[..ExplicitNonceBytes]);
        byte[] data = AdditionalData(sequenceBytes, type, 0x0303, length);
        ReadOnlySpan<byte> ciphertext = fragment.Slice(ExplicitNonceBytes, length);
        ReadOnlySpan<byte> tag = fragment[(ExplicitNonceBytes + length)..];
        if (IsChaCha)
        {
            using var cipher = new ChaCha20Poly1305(key);
            cipher.Decrypt(nonce, ciphertext, tag, content, data);
        }
        else
        {
            using var cipher = new AesGcm(key, 16);
            cipher.Decrypt(nonce, ciphertext, tag, content, data);
        }

        return content;
    }

    private byte[] Nonce(byte[] fixedNonce, byte[] sequence, ReadOnlySpan<byte> explicitNonce)
    {
        if (!IsChaCha)
        {
            return [.. fixedNonce, .. explicitNonce];
        }

        byte[] nonce = [.. fixedNonce];
        for (int i = 0; i < 8; i++)
        {
            nonce[4 + i] ^= sequence[i];
        }

        return nonce;
    }

    private static byte[] AdditionalData(byte[] sequence, byte type, ushort version, int length) =>
        [.. sequence, type, (byte)(version >> 8), (byte)version, (byte)(length >> 8), (byte)length];

    private static byte[] Sequence(ulong number)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        return bytes;
    }
}
