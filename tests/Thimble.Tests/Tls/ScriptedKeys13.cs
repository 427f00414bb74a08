using System;
using System.Security.Cryptography;
using System.Text;

namespace Thimble.Tests.Tls;

/// <summary>The keys of one direction, written from RFC 8446 §7 and §5 over the platform's primitives only.</summary>
internal sealed class ScriptedKeys13
{
    public const ushort Aes128 = 0x1301;
    public const ushort Aes256 = 0x1302;
    public const ushort ChaCha = 0x1303;

    private readonly ushort _suite;
    private byte[] _key = [];
    private byte[] _iv = [];

    public ScriptedKeys13(ushort suite, byte[] secret)
    {
        _suite = suite;
        Secret = secret;
        Derive();
    }

    public byte[] Secret { get; private set; }

    public ulong Sequence { get; set; }

    public static HashAlgorithmName HashOf(ushort suite) => suite == Aes256 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;

    public static byte[] ExpandLabel(ushort suite, byte[] secret, string label, byte[] context, int bytes)
    {
        byte[] name = Encoding.ASCII.GetBytes("tls13 " + label);
        return HKDF.Expand(HashOf(suite), secret, bytes, [.. Wire.U16(bytes), .. Wire.Vector8(name), .. Wire.Vector8(context)]);
    }

    /// <summary>A fragment of the content, its type and padding.</summary>
    public byte[] Seal(byte type, byte[] content, int padding)
    {
        byte[] inner = [.. content, type, .. new byte[padding]];
        byte[] output = new byte[inner.Length + 16];
        byte[] data = [23, 3, 3, .. Wire.U16(output.Length)];
        if (_suite == ChaCha)
        {
            using var cipher = new ChaCha20Poly1305(_key);
            cipher.Encrypt(Nonce(), inner, output.AsSpan(0, inner.Length), output.AsSpan(inner.Length), data);
        }
        else
        {
            using var cipher = new AesGcm(_key, 16);
            cipher.Encrypt(Nonce(), inner, output.AsSpan(0, inner.Length), output.AsSpan(inner.Length), data);
        }

        return output;
    }

    /// <summary>Opens a fragment; throws where its tag does not verify.</summary>
    public byte[] Open(byte[] fragment)
    {
        byte[] inner = new byte[fragment.Length - 16];
        byte[] data = [23, 3, 3, .. Wire.U16(fragment.Length)];
        if (_suite == ChaCha)
        {
            using var cipher = new ChaCha20Poly1305(_key);
            cipher.Decrypt(Nonce(), fragment.AsSpan(0, inner.Length), fragment.AsSpan(inner.Length), inner, data);
        }
        else
        {
            using var cipher = new AesGcm(_key, 16);
            cipher.Decrypt(Nonce(), fragment.AsSpan(0, inner.Length), fragment.AsSpan(inner.Length), inner, data);
        }

        return inner;
    }

    /// <summary>The next secret (RFC 8446 §7.2).</summary>
    public void Update()
    {
        Secret = ExpandLabel(_suite, Secret, "traffic upd", [], Secret.Length);
        Derive();
    }

    private void Derive()
    {
        _key = ExpandLabel(_suite, Secret, "key", [], _suite == Aes128 ? 16 : 32);
        _iv = ExpandLabel(_suite, Secret, "iv", [], 12);
        Sequence = 0;
    }

    private byte[] Nonce()
    {
        byte[] nonce = [.. _iv];
        for (int i = 0; i < 8; i++)
        {
            nonce[11 - i] ^= (byte)(Sequence >> (8 * i));
        }

        Sequence++;
        return nonce;
    }
}
