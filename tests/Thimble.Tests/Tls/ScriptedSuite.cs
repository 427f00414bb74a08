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
    public const ushort EcdsaAes128Ccm = 0xC0AC;
    public const ushort EcdsaAes256Ccm = 0xC0AD;
    public const ushort EcdsaAes128Ccm8 = 0xC0AE;
    public const ushort EcdsaAes256Ccm8 = 0xC0AF;

    public ushort Number { get; } = number;

    public bool IsChaCha => ScriptedCipher.IsChaCha(Number);

    public HashAlgorithmName Hash => ScriptedCipher.Hash(Number);

    public int KeyBytes => ScriptedCipher.KeyBytes(Number);

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
        byte[] sequenceBytes = Sequence(sequence);
        byte[] data = AdditionalData(sequenceBytes, type, version, content.Length);
        return [.. sequenceBytes[..ExplicitNonceBytes], .. ScriptedCipher.Seal(Number, key, Nonce(fixedNonce, sequenceBytes, sequenceBytes), content.ToArray(), data)];
    }

    /// <summary>Opens a fragment; throws where its tag does not verify.</summary>
    public byte[] Open(byte[] key, byte[] fixedNonce, ulong sequence, byte type, ReadOnlySpan<byte> fragment)
    {
        int length = fragment.Length - ExplicitNonceBytes - ScriptedCipher.TagBytes(Number);
        byte[] sequenceBytes = Sequence(sequence);
        byte[] nonce = Nonce(fixedNonce, sequenceBytes, fragment[..ExplicitNonceBytes]);
        return ScriptedCipher.Open(Number, key, nonce, fragment[ExplicitNonceBytes..].ToArray(), AdditionalData(sequenceBytes, type, 0x0303, length));
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
