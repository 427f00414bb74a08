using System;
using Thimble.Crypto;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

/// <summary>Arguments that would weaken an AEAD without a sign of it.</summary>
public sealed class AttackAeadTests
{
    [Theory]
    [InlineData(AeadAlgorithm.Aes128Gcm)]
    [InlineData(AeadAlgorithm.Aes256Gcm)]
    [InlineData(AeadAlgorithm.ChaCha20Poly1305)]
    public void A_key_or_nonce_of_another_length_is_never_cut_to_fit(AeadAlgorithm algorithm)
    {
        // Two nonces of 16 bytes that differ in their last four would be one and the same.
        int keyBytes = Aead.KeyBytes(algorithm);
        Assert.Null(Record.Exception(() => Seal(algorithm, keyBytes, 12)));
        foreach (int nonceBytes in new[] { 0, 8, 11, 13, 16, 24 })
        {
            Assert.ThrowsAny<ArgumentException>(() => Seal(algorithm, keyBytes, nonceBytes));
            Assert.ThrowsAny<ArgumentException>(() => Open(algorithm, keyBytes, nonceBytes));
        }

        foreach (int other in new[] { 0, keyBytes - 1, keyBytes + 1, 2 * keyBytes })
        {
            Assert.ThrowsAny<ArgumentException>(() => Seal(algorithm, other, 12));
            Assert.ThrowsAny<ArgumentException>(() => Open(algorithm, other, 12));
        }
    }

    private static void Seal(AeadAlgorithm algorithm, int keyBytes, int nonceBytes) =>
        Aead.Seal(algorithm, new byte[keyBytes], new byte[nonceBytes], [], new byte[20], new byte[20], new byte[16], new byte[Aead.ScratchBytes(algorithm)]);

    private static void Open(AeadAlgorithm algorithm, int keyBytes, int nonceBytes) =>
        Aead.Open(algorithm, new byte[keyBytes], new byte[nonceBytes], [], new byte[20], new byte[16], new byte[20], new byte[Aead.ScratchBytes(algorithm)]);
}
