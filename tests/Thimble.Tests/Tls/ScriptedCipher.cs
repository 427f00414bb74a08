using System.Security.Cryptography;

namespace Thimble.Tests.Tls;

/// <summary>The cipher and the hash of a suite of either version, by the platform.</summary>
internal static class ScriptedCipher
{
    public static bool IsChaCha(ushort suite) => suite is 0xCCA8 or 0xCCA9 or 0xCCAB or 0xCCAC or 0x1303;

    public static bool IsCcm(ushort suite) => suite is 0x1304 or 0x1305 or 0xC0A4 or 0xC0A8 or (>= 0xC0AC and <= 0xC0AF) or 0xD003 or 0xD005;

    /// <summary>CCM_8 has shorter tags than all others.</summary>
    public static int TagBytes(ushort suite) => suite is 0x1305 or 0xC0A8 or 0xC0AE or 0xC0AF or 0xD003 ? 8 : 16;

    public static int KeyBytes(ushort suite) => IsChaCha(suite) || Hash(suite) == HashAlgorithmName.SHA384 || suite is 0xC0AD or 0xC0AF ? 32 : 16;

    public static HashAlgorithmName Hash(ushort suite) => suite is 0x1302 or 0xC02C or 0xC030 or 0x00A9 or 0xD002 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;

    /// <summary>Ciphertext and tag.</summary>
    public static byte[] Seal(ushort suite, byte[] key, byte[] nonce, byte[] plaintext, byte[] data)
    {
        byte[] ciphertext = new byte[plaintext.Length];
        byte[] tag = new byte[TagBytes(suite)];
        if (IsChaCha(suite))
        {
            using var cipher = new ChaCha20Poly1305(key);
            cipher.Encrypt(nonce, plaintext, ciphertext, tag, data);
        }
        else if (IsCcm(suite))
        {
            using var cipher = new AesCcm(key);
            cipher.Encrypt(nonce, plaintext, ciphertext, tag, data);
        }
        else
        {
            using var cipher = new AesGcm(key, tag.Length);
            cipher.Encrypt(nonce, plaintext, ciphertext, tag, data);
        }

        return [.. ciphertext, .. tag];
    }

    /// <summary>The plaintext; throws where the tag does not verify.</summary>
    public static byte[] Open(ushort suite, byte[] key, byte[] nonce, byte[] ciphertextAndTag, byte[] data)
    {
        byte[] ciphertext = ciphertextAndTag[..^TagBytes(suite)];
        byte[] tag = ciphertextAndTag[^TagBytes(suite)..];
        byte[] plaintext = new byte[ciphertext.Length];
        if (IsChaCha(suite))
        {
            using var cipher = new ChaCha20Poly1305(key);
            cipher.Decrypt(nonce, ciphertext, tag, plaintext, data);
        }
        else if (IsCcm(suite))
        {
            using var cipher = new AesCcm(key);
            cipher.Decrypt(nonce, ciphertext, tag, plaintext, data);
        }
        else
        {
            using var cipher = new AesGcm(key, tag.Length);
            cipher.Decrypt(nonce, ciphertext, tag, plaintext, data);
        }

        return plaintext;
    }
}
