using System;

namespace Thimble.Crypto;

/// <summary>The bitsliced AES, which encrypts two blocks in one pass anyway. Each pass expands the key anew (RULES 27).</summary>
internal readonly struct CcmCipherPortable : ICcmCipher
{
    /// <inheritdoc/>
    public static int ScratchBytes(int keyBytes) => AesPortable.ScratchBytes(keyBytes);

    /// <inheritdoc/>
    public static void Start(ReadOnlySpan<byte> key, Span<byte> scratch)
    {
    }

    /// <inheritdoc/>
    public static void EncryptPair(ReadOnlySpan<byte> key, Span<byte> pair, Span<byte> scratch) => AesPortable.Encrypt(key, pair, scratch);
}
