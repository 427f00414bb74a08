using System;

namespace Thimble.Crypto;

/// <summary>AES as CCM uses it: always two blocks side by side, one of the chain and one of the key stream.</summary>
internal interface ICcmCipher
{
    /// <summary>Bytes of scratch, which lives as long as the record, at a multiple of 4.</summary>
    static abstract int ScratchBytes(int keyBytes);

    /// <summary>Begins a record: fills what of the scratch the blocks below read. Leaks: the length of the key.</summary>
    static abstract void Start(ReadOnlySpan<byte> key, Span<byte> scratch);

    /// <summary>Encrypts two blocks in place. Leaks: the length of the key.</summary>
    static abstract void EncryptPair(ReadOnlySpan<byte> key, Span<byte> pair, Span<byte> scratch);
}
