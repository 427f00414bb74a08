using System;
using System.Linq;
using System.Security.Cryptography;
using Thimble.Crypto;
using Xunit;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble.Core.Tests.Crypto;

/// <summary>Operations in small steps, in painted memory, and what of the memory they use.</summary>
public sealed class EcResumeTests
{
    [Theory]
    [InlineData(NamedGroup.Secp256r1)]
    [InlineData(NamedGroup.Secp384r1)]
    public void Work_of_one_unit_per_call_gives_the_same_results(NamedGroup group)
    {
        using ECDiffieHellman key = ECDiffieHellman.Create(EcCurves.Curve(group));
        ECParameters parameters = key.ExportParameters(true);
        byte[] publicKey = [.. parameters.Q.X!, .. parameters.Q.Y!];
        byte[] digest = SHA256.HashData([1]);
        foreach (int bits in EcCurves.WordSizes)
        {
            foreach (int work in new[] { 1, 100 })
            {
                Assert.Equal(EcCurves.WithPrefix(publicKey), EcCurves.PublicKey(group, bits, parameters.D!, work));
                Assert.Equal(
                    EcCurves.Agree(group, bits, parameters.D!, EcCurves.WithPrefix(publicKey)),
                    EcCurves.Agree(group, bits, parameters.D!, EcCurves.WithPrefix(publicKey), work));
                byte[]? signature = EcCurves.Sign(group, bits, parameters.D!, publicKey, HashAlgorithm.Sha256, digest, []);
                Assert.NotNull(signature);
                Assert.Equal(signature, EcCurves.Sign(group, bits, parameters.D!, publicKey, HashAlgorithm.Sha256, digest, [], work));
                Assert.True(EcCurves.Verify(group, bits, publicKey, digest, signature, work));
                signature[^1] ^= 1;
                Assert.False(EcCurves.Verify(group, bits, publicKey, digest, signature, work));
            }
        }
    }

    [Theory]
    [InlineData(NamedGroup.Secp256r1)]
    [InlineData(NamedGroup.Secp384r1)]
    public void Operations_are_as_large_as_documented_and_use_their_memory(NamedGroup group)
    {
        Assert.Equal(EcCurves.AgreementBytes(group, 8 * nuint.Size), KeyAgreement.OperationBytes(group));
        Assert.Equal(EcCurves.SignBytes(group, 8 * nuint.Size), Ecdsa.SignOperationBytes(group));
        Assert.Equal(EcCurves.VerifyBytes(group, 8 * nuint.Size), Ecdsa.VerifyOperationBytes(group));
        using ECDiffieHellman key = ECDiffieHellman.Create(EcCurves.Curve(group));
        ECParameters parameters = key.ExportParameters(true);
        byte[] publicKey = [.. parameters.Q.X!, .. parameters.Q.Y!];
        byte[] digest = SHA256.HashData([2]);
        byte[] der = EcCurves.Sign(group, 64, parameters.D!, publicKey, HashAlgorithm.Sha256, digest, [])!;
        foreach (int bits in EcCurves.WordSizes)
        {
            AssertUsed(EcCurves.AgreementBytes(group, bits), operation =>
            {
                int work = int.MaxValue;
                EcCurves.Agree(group, bits, operation, parameters.D!, EcCurves.WithPrefix(publicKey), new byte[parameters.D!.Length], ref work);
            });
            AssertUsed(EcCurves.VerifyBytes(group, bits), operation =>
            {
                int work = int.MaxValue;
                EcCurves.Verify(group, bits, operation, publicKey, digest, der, ref work);
            });
            AssertUsed(EcCurves.SignBytes(group, bits), operation =>
            {
                int work = int.MaxValue;
                EcCurves.Sign(group, bits, operation, parameters.D!, publicKey, HashAlgorithm.Sha256, digest, [], new byte[110], out _, ref work);
            });
        }
    }

    [Fact]
    public void Wrong_public_keys_and_short_destinations_release_no_signature()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECParameters parameters = key.ExportParameters(true), others = other.ExportParameters(false);
        byte[] digest = SHA256.HashData([3]);
        byte[] der = new byte[Ecdsa.MaxSignatureBytes(NamedGroup.Secp256r1)];
        int work = int.MaxValue;
        StepStatus status = Ecdsa.Sign(NamedGroup.Secp256r1, EcCurves.Operation(EcCurves.SignBytes(NamedGroup.Secp256r1, 64)), parameters.D!, [.. others.Q.X!, .. others.Q.Y!], HashAlgorithm.Sha256, digest, [], der, out int written, ref work);
        Assert.Equal(StepStatus.Failed, status);
        Assert.Equal(0, written);
        Assert.All(der, octet => Assert.Equal(0, octet));
        work = int.MaxValue;
        byte[] publicKey = [.. parameters.Q.X!, .. parameters.Q.Y!];
        Assert.Equal(StepStatus.Failed, Ecdsa.Sign(NamedGroup.Secp256r1, EcCurves.Operation(EcCurves.SignBytes(NamedGroup.Secp256r1, 64)), parameters.D!, publicKey, HashAlgorithm.Sha256, digest, [], der.AsSpan(1), out _, ref work));
        Assert.Equal(StepStatus.Failed, Ecdsa.Sign(NamedGroup.Secp256r1, EcCurves.Operation(EcCurves.SignBytes(NamedGroup.Secp256r1, 64)), parameters.D!, publicKey, HashAlgorithm.Sha384, digest, [], der, out _, ref work));
        Assert.Equal(StepStatus.Done, Ecdsa.Sign(NamedGroup.Secp256r1, EcCurves.Operation(EcCurves.SignBytes(NamedGroup.Secp256r1, 64)), parameters.D!, publicKey, HashAlgorithm.Sha256, digest, [], der, out _, ref work));
    }

    [Fact]
    public void Additional_random_changes_the_nonce()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECParameters parameters = key.ExportParameters(true);
        byte[] publicKey = [.. parameters.Q.X!, .. parameters.Q.Y!];
        byte[] digest = SHA256.HashData([4]);
        byte[]?[] signatures = [.. Enumerable.Range(0, 4).Select(i => EcCurves.Sign(
            NamedGroup.Secp256r1, 64, parameters.D!, publicKey, HashAlgorithm.Sha256, digest, i == 0 ? [] : [.. Enumerable.Repeat((byte)i, 32)]))];
        Assert.Equal(4, signatures.Select(signature => Convert.ToHexString(signature!)).Distinct().Count());
        Assert.All(signatures, signature => Assert.True(key.VerifyHash(digest, signature!, DSASignatureFormat.Rfc3279DerSequence)));
    }

    /// <summary>Bytes that differ from either of two paints were written; 90 % must be.</summary>
    private static void AssertUsed(int bytes, Action<byte[]> run)
    {
        byte[] one = EcCurves.Operation(bytes, 0x5A), two = EcCurves.Operation(bytes, 0xA5);
        run(one);
        run(two);
        int used = Enumerable.Range(0, bytes).Count(i => one[i] != 0x5A || two[i] != 0xA5);
        Assert.True(used * 10 >= bytes * 9, $"{used} of {bytes} bytes");
    }
}
