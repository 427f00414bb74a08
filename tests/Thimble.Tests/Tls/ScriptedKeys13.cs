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
    public const ushort Aes128Ccm = 0x1304;
    public const ushort Aes128Ccm8 = 0x1305;

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

    public static HashAlgorithmName HashOf(ushort suite) => ScriptedCipher.Hash(suite);

    public static byte[] ExpandLabel(ushort suite, byte[] secret, string label, byte[] context, int bytes)
    {
        byte[] name = Encoding.ASCII.GetBytes("tls13 " + label);
        return HKDF.Expand(HashOf(suite), secret, bytes, [.. Wire.U16(bytes), .. Wire.Vector8(name), .. Wire.Vector8(context)]);
    }

    /// <summary>A fragment of the content, its type and padding.</summary>
    public byte[] Seal(byte type, byte[] content, int padding)
    {
        byte[] inner = [.. content, type, .. new byte[padding]];
        byte[] data = [23, 3, 3, .. Wire.U16(inner.Length + ScriptedCipher.TagBytes(_suite))];
        return ScriptedCipher.Seal(_suite, _key, Nonce(), inner, data);
    }

    /// <summary>Opens a fragment; throws where its tag does not verify.</summary>
    public byte[] Open(byte[] fragment) => ScriptedCipher.Open(_suite, _key, Nonce(), fragment, [23, 3, 3, .. Wire.U16(fragment.Length)]);

    /// <summary>The next secret (RFC 8446 §7.2).</summary>
    public void Update()
    {
        Secret = ExpandLabel(_suite, Secret, "traffic upd", [], Secret.Length);
        Derive();
    }

    private void Derive()
    {
        _key = ExpandLabel(_suite, Secret, "key", [], ScriptedCipher.KeyBytes(_suite));
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
