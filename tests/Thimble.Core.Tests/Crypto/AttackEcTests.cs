using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Security.Cryptography;
using Thimble.Crypto;
using Xunit;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble.Core.Tests.Crypto;

/// <summary>Elliptic curves as an attacker sees them: scalars at every edge of the recodings, faults in memory, and calls too many.</summary>
public sealed class AttackEcTests
{
    [Theory]
    [InlineData(NamedGroup.Secp256r1, 64, 3)]
    [InlineData(NamedGroup.Secp256r1, 32, 7)]
    [InlineData(NamedGroup.Secp384r1, 64, 31)]
    [InlineData(NamedGroup.Secp384r1, 32, 61)]
    public void Scalars_near_zero_near_the_order_and_near_powers_of_two_multiply_rightly(NamedGroup group, int bits, int stride)
    {
        var reference = new EcReference(group);
        byte[] generator = EcCurves.WithPrefix(reference.ToBytes(reference.G));
        EcReference.Point? multiple = null;
        for (int k = 1; k <= (group == NamedGroup.Secp256r1 ? 64 : 24); k++)
        {
            multiple = reference.Add(multiple, reference.G);
            Check(reference, group, bits, generator, k, multiple!);
            Check(reference, group, bits, generator, reference.N - k, new EcReference.Point(multiple!.X, reference.P - multiple.Y));
        }

        var negative = new EcReference.Point(reference.G.X, reference.P - reference.G.Y);
        EcReference.Point power = reference.G;
        for (int exponent = 1; exponent < reference.Bytes * 8; exponent++)
        {
            power = reference.Add(power, power)!;
            if (exponent > 4 && exponent % stride == 0)
            {
                BigInteger k = BigInteger.One << exponent;
                Check(reference, group, bits, generator, k, power);
                Check(reference, group, bits, generator, k - 1, reference.Add(power, negative)!);
                Check(reference, group, bits, generator, k + 1, reference.Add(power, reference.G)!);
            }
        }
    }

    [Fact]
    public void The_last_window_may_meet_a_doubling_and_no_other_exception()
    {
        // What EcAgreement claims of its digits, by trying all odd k below orders of three windows.
        int doublings = 0;
        foreach (int order in new[] { 1009, 2039, 3989, 4051, 4079, 4091, 4093 })
        {
            for (int k = 1; k < order; k += 2)
            {
                int running = Digit(k, 2);
                for (int window = 1; window >= 0; window--)
                {
                    running *= 16;
                    int digit = Digit(k, window);
                    Assert.InRange(running, 16, window == 0 ? int.MaxValue : order - 16);
                    Assert.NotEqual(0, running % order);
                    Assert.NotEqual(0, (running + digit) % order);
                    if ((running - digit) % order == 0)
                    {
                        Assert.Equal(0, window);
                        doublings++;
                    }

                    running += digit;
                }

                Assert.Equal(k, running);
            }
        }

        Assert.NotEqual(0, doublings);
    }

    [Theory]
    [InlineData(NamedGroup.Secp256r1, 64)]
    [InlineData(NamedGroup.Secp256r1, 32)]
    [InlineData(NamedGroup.Secp384r1, 64)]
    public void A_bit_that_flips_in_r_or_s_while_they_are_checked_is_not_released(NamedGroup group, int bits)
    {
        byte[] privateKey = new EcReference(group).ToBytes(0x1234567);
        byte[] publicKey = EcCurves.PublicKey(group, bits, privateKey)![1..];
        byte[] digest = SHA256.HashData([3]);
        byte[] expected = Sign(group, bits, privateKey, publicKey, digest, _ => { }, out int calls)!;
        int released = 0;
        for (int call = calls / 4; call < calls; call++)
        {
            // s is the last register, r the one before.
            foreach (int fromEnd in new[] { 1, EcCurves.Bytes(group), EcCurves.Bytes(group) + 1, 2 * EcCurves.Bytes(group) })
            {
                int now = 0;
                byte[]? signature = Sign(group, bits, privateKey, publicKey, digest, operation => operation[^fromEnd] ^= (byte)(++now == call ? 0x20 : 0), out _);
                Assert.True(signature is null || signature.SequenceEqual(expected), $"call {call}, byte {fromEnd} from the end");
                released += signature is null ? 0 : 1;
            }
        }

        Assert.NotEqual(0, released);
    }

    [Theory]
    [InlineData(NamedGroup.Secp256r1)]
    [InlineData(NamedGroup.Secp384r1)]
    [InlineData(NamedGroup.X25519)]
    public void A_call_after_the_end_gives_no_second_key_or_secret(NamedGroup group)
    {
        byte[] privateKey = new byte[KeyAgreement.PrivateKeyBytes(group)];
        privateKey[5] = 9;
        byte[] operation = EcCurves.Operation(KeyAgreement.OperationBytes(group));
        byte[] publicKey = new byte[KeyAgreement.PublicKeyBytes(group)];
        byte[] secret = new byte[KeyAgreement.SharedSecretBytes(group)];
        int work = int.MaxValue;
        Assert.Equal(StepStatus.Done, KeyAgreement.PublicKey(group, operation, privateKey, publicKey, ref work));
        byte[] first = [.. publicKey];
        Assert.Equal(StepStatus.Failed, KeyAgreement.PublicKey(group, operation, privateKey, publicKey, ref work));
        Assert.Equal(first, publicKey);

        operation.AsSpan(0, 8).Clear();
        Assert.Equal(StepStatus.Done, KeyAgreement.Agree(group, operation, privateKey, first, secret, ref work));
        byte[] agreed = [.. secret];
        Assert.Equal(StepStatus.Failed, KeyAgreement.Agree(group, operation, privateKey, first, secret, ref work));
        Assert.Equal(agreed, secret);
    }

    private static void Check(EcReference reference, NamedGroup group, int bits, byte[] generator, BigInteger k, EcReference.Point expected)
    {
        byte[] privateKey = reference.ToBytes(k);
        Assert.Equal(EcCurves.WithPrefix(reference.ToBytes(expected)), EcCurves.PublicKey(group, bits, privateKey));
        Assert.Equal(reference.ToBytes(expected.X), EcCurves.Agree(group, bits, privateKey, generator));
    }

    private static int Digit(int k, int window)
    {
        int nibble = (k >> (4 * window)) & 15;
        int above = window == 2 ? 1 : (k >> (4 * (window + 1))) & 1;
        return (nibble | 1) - (above == 0 ? 16 : 0);
    }

    private static byte[]? Sign(
        NamedGroup group, int bits, byte[] privateKey, byte[] publicKey, byte[] digest, Action<byte[]> beforeCall, out int calls)
    {
        byte[] operation = EcCurves.Operation(EcCurves.SignBytes(group, bits));
        byte[] der = new byte[Ecdsa.MaxSignatureBytes(group)];
        StepStatus status;
        int written;
        calls = 0;
        do
        {
            int work = 200;
            beforeCall(operation);
            status = EcCurves.Sign(group, bits, operation, privateKey, publicKey, HashAlgorithm.Sha256, digest, new byte[32], der, out written, ref work);
            calls++;
        }
        while (status == StepStatus.More);
        Assert.True(status == StepStatus.Done || der.All(b => b == 0));
        return status == StepStatus.Done ? der[..written] : null;
    }
}
