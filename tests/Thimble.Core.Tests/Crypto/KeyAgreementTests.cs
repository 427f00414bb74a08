using System;
using Thimble.Crypto;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

/// <summary>The one door to all groups.</summary>
public sealed class KeyAgreementTests
{
    [Theory]
    [InlineData(NamedGroup.Secp256r1)]
    [InlineData(NamedGroup.Secp384r1)]
    [InlineData(NamedGroup.X25519)]
    public void Both_sides_come_to_one_secret(NamedGroup group)
    {
        byte[] one = new byte[KeyAgreement.PrivateKeyBytes(group)], two = new byte[one.Length];
        new Random(1).NextBytes(one);
        new Random(2).NextBytes(two);
        one[0] = two[0] = 0x40;
        Assert.True(KeyAgreement.IsPrivateKey(group, one));
        byte[] secret = Agree(group, one, PublicKey(group, two));
        Assert.Equal(secret, Agree(group, two, PublicKey(group, one)));
        Assert.Equal(KeyAgreement.SharedSecretBytes(group), secret.Length);
    }

    [Fact]
    public void An_unknown_group_fails()
    {
        int work = 1;
        Assert.Equal(0, KeyAgreement.OperationBytes(NamedGroup.None));
        Assert.False(KeyAgreement.IsPrivateKey(NamedGroup.None, new byte[32]));
        Assert.Equal(StepStatus.Failed, KeyAgreement.PublicKey(NamedGroup.None, [], [], [], ref work));
        Assert.Equal(StepStatus.Failed, KeyAgreement.Agree(NamedGroup.None, [], [], [], [], ref work));
    }

    [Theory]
    [InlineData(NamedGroup.Secp256r1)]
    [InlineData(NamedGroup.Secp384r1)]
    [InlineData(NamedGroup.X25519)]
    public void Peer_keys_of_another_length_fail(NamedGroup group)
    {
        byte[] privateKey = new byte[KeyAgreement.PrivateKeyBytes(group)];
        privateKey[^1] = 1;
        byte[] peer = [.. PublicKey(group, privateKey), 0];
        byte[] operation = EcCurves.Operation(KeyAgreement.OperationBytes(group));
        foreach (int length in new[] { 0, 1, peer.Length - 2, peer.Length })
        {
            int work = int.MaxValue;
            Assert.Equal(StepStatus.Failed, KeyAgreement.Agree(group, operation, privateKey, peer.AsSpan(0, length), new byte[KeyAgreement.SharedSecretBytes(group)], ref work));
        }
    }

    private static byte[] PublicKey(NamedGroup group, byte[] privateKey)
    {
        byte[] publicKey = new byte[KeyAgreement.PublicKeyBytes(group)];
        int work = int.MaxValue;
        Assert.Equal(StepStatus.Done, KeyAgreement.PublicKey(group, EcCurves.Operation(KeyAgreement.OperationBytes(group)), privateKey, publicKey, ref work));
        return publicKey;
    }

    private static byte[] Agree(NamedGroup group, byte[] privateKey, byte[] peer)
    {
        byte[] secret = new byte[KeyAgreement.SharedSecretBytes(group)];
        int work = int.MaxValue;
        Assert.Equal(StepStatus.Done, KeyAgreement.Agree(group, EcCurves.Operation(KeyAgreement.OperationBytes(group)), privateKey, peer, secret, ref work));
        return secret;
    }
}
