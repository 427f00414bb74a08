using System;
using System.Security.Cryptography;
using Thimble.Crypto;
using Xunit;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble.Core.Tests.Crypto;

/// <summary>Random keys, both ways against the platform's implementation.</summary>
public sealed class EcPlatformTests
{
    [Theory]
    [InlineData(NamedGroup.Secp256r1, 64)]
    [InlineData(NamedGroup.Secp256r1, 32)]
    [InlineData(NamedGroup.Secp384r1, 64)]
    [InlineData(NamedGroup.Secp384r1, 32)]
    public void Keys_and_shared_secrets_are_the_platforms(NamedGroup group, int bits)
    {
        for (int i = 0; i < 20; i++)
        {
            using ECDiffieHellman ours = ECDiffieHellman.Create(EcCurves.Curve(group));
            using ECDiffieHellman theirs = ECDiffieHellman.Create(EcCurves.Curve(group));
            ECParameters parameters = ours.ExportParameters(true);
            byte[]? publicKey = EcCurves.PublicKey(group, bits, parameters.D!);
            Assert.Equal(EcCurves.WithPrefix([.. parameters.Q.X!, .. parameters.Q.Y!]), publicKey);
            ECPoint peer = theirs.ExportParameters(false).Q;
            byte[]? secret = EcCurves.Agree(group, bits, parameters.D!, EcCurves.WithPrefix([.. peer.X!, .. peer.Y!]));
            Assert.Equal(ours.DeriveRawSecretAgreement(theirs.PublicKey), secret);
        }
    }

    [Theory]
    [InlineData(64, HashAlgorithm.Sha256)]
    [InlineData(64, HashAlgorithm.Sha512)]
    [InlineData(32, HashAlgorithm.Sha384)]
    [InlineData(32, HashAlgorithm.Sha512)]
    public void Signatures_of_the_platform_on_P521_verify(int bits, HashAlgorithm hash)
    {
        for (int i = 0; i < 40; i++)
        {
            using ECDsa key = ECDsa.Create(EcCurves.Curve(NamedGroup.Secp521r1));
            ECPoint point = key.ExportParameters(false).Q;
            byte[] publicKey = [.. point.X!, .. point.Y!];
            byte[] digest = EcCurves.Digest(hash, [(byte)i]);
            byte[] signature = key.SignHash(digest, DSASignatureFormat.Rfc3279DerSequence);
            Assert.True(signature.Length <= Ecdsa.MaxSignatureBytes(NamedGroup.Secp521r1));
            Assert.True(EcCurves.Verify(NamedGroup.Secp521r1, bits, publicKey, digest, signature));
            Assert.True(i != 0 || EcCurves.Verify(NamedGroup.Secp521r1, bits, publicKey, digest, signature, perCall: 1));
            digest[i % digest.Length] ^= 1;
            Assert.False(EcCurves.Verify(NamedGroup.Secp521r1, bits, publicKey, digest, signature));
        }
    }

    [Theory]
    [InlineData(NamedGroup.Secp256r1, 64, HashAlgorithm.Sha256)]
    [InlineData(NamedGroup.Secp256r1, 32, HashAlgorithm.Sha512)]
    [InlineData(NamedGroup.Secp384r1, 64, HashAlgorithm.Sha384)]
    [InlineData(NamedGroup.Secp384r1, 32, HashAlgorithm.Sha256)]
    public void Signatures_verify_both_ways(NamedGroup group, int bits, HashAlgorithm hash)
    {
        for (int i = 0; i < 20; i++)
        {
            using ECDsa key = ECDsa.Create(EcCurves.Curve(group));
            ECParameters parameters = key.ExportParameters(true);
            byte[] publicKey = [.. parameters.Q.X!, .. parameters.Q.Y!];
            byte[] digest = EcCurves.Digest(hash, [(byte)i]);
            byte[]? signature = EcCurves.Sign(group, bits, parameters.D!, publicKey, hash, digest, RandomNumberGenerator.GetBytes(32));
            Assert.NotNull(signature);
            Assert.True(key.VerifyHash(digest, signature, DSASignatureFormat.Rfc3279DerSequence));
            byte[] theirs = key.SignHash(digest, DSASignatureFormat.Rfc3279DerSequence);
            Assert.True(EcCurves.Verify(group, bits, publicKey, digest, theirs));
            digest[0] ^= 1;
            Assert.False(EcCurves.Verify(group, bits, publicKey, digest, theirs));
        }
    }
}
