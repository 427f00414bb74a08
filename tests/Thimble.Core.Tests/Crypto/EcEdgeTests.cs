using System;
using System.Collections.Generic;
using System.Numerics;
using Thimble.Crypto;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

/// <summary>Scalars and sums at which formulas have exceptions.</summary>
public sealed class EcEdgeTests
{
    [Theory]
    [InlineData(NamedGroup.Secp256r1, 64)]
    [InlineData(NamedGroup.Secp256r1, 32)]
    [InlineData(NamedGroup.Secp384r1, 64)]
    [InlineData(NamedGroup.Secp384r1, 32)]
    public void Edge_scalars_multiply_like_the_schoolbook(NamedGroup group, int bits)
    {
        var reference = new EcReference(group);
        EcReference.Point peer = reference.Multiply(7, reference.G)!;
        foreach (BigInteger k in Scalars(reference))
        {
            byte[] privateKey = reference.ToBytes(k);
            EcReference.Point expected = reference.Multiply(k, reference.G)!;
            Assert.Equal(EcCurves.WithPrefix(reference.ToBytes(expected)), EcCurves.PublicKey(group, bits, privateKey));
            Assert.Equal(reference.ToBytes(expected.X), EcCurves.Agree(group, bits, privateKey, EcCurves.WithPrefix(reference.ToBytes(reference.G))));
            Assert.Equal(reference.ToBytes(reference.Multiply(7, expected)!.X), EcCurves.Agree(group, bits, privateKey, EcCurves.WithPrefix(reference.ToBytes(peer))));
        }
    }

    [Theory]
    [InlineData(NamedGroup.Secp256r1)]
    [InlineData(NamedGroup.Secp384r1)]
    public void Private_keys_outside_the_range_are_refused(NamedGroup group)
    {
        var reference = new EcReference(group);
        byte[] peer = EcCurves.WithPrefix(reference.ToBytes(reference.G));
        BigInteger all = BigInteger.Pow(2, reference.Bytes * 8) - 1;
        foreach (BigInteger k in new[] { 0, reference.N, reference.N + 1, all })
        {
            byte[] key = reference.ToBytes(k);
            Assert.False(KeyAgreement.IsPrivateKey(group, key));
            Assert.Null(EcCurves.PublicKey(group, 64, key));
            Assert.Null(EcCurves.Agree(group, 64, key, peer));
            Assert.Null(EcCurves.Sign(group, 64, key, peer[1..], HashAlgorithm.Sha256, new byte[32], []));
        }

        Assert.True(KeyAgreement.IsPrivateKey(group, reference.ToBytes(1)));
        Assert.True(KeyAgreement.IsPrivateKey(group, reference.ToBytes(reference.N - 1)));
        Assert.False(KeyAgreement.IsPrivateKey(group, new byte[reference.Bytes - 1]));
    }

    [Theory]
    [InlineData(NamedGroup.Secp256r1)]
    [InlineData(NamedGroup.Secp384r1)]
    public void Peer_keys_of_another_form_or_off_the_curve_are_refused(NamedGroup group)
    {
        var reference = new EcReference(group);
        byte[] key = reference.ToBytes(5);
        byte[] good = EcCurves.WithPrefix(reference.ToBytes(reference.G));
        Assert.NotNull(EcCurves.Agree(group, 64, key, good));
        for (int prefix = 0; prefix < 256; prefix++)
        {
            byte[] other = [(byte)prefix, .. good[1..]];
            Assert.Equal(prefix == 4, EcCurves.Agree(group, 64, key, other) is not null);
        }

        Assert.Null(EcCurves.Agree(group, 64, key, good[..^1]));
        Assert.Null(EcCurves.Agree(group, 64, key, [.. good, 0]));
        Assert.Null(EcCurves.Agree(group, 64, key, [0]));
        Assert.Null(EcCurves.Agree(group, 64, key, new byte[good.Length]));
        byte[] offCurve = [.. good];
        offCurve[^1] ^= 1;
        Assert.Null(EcCurves.Agree(group, 64, key, offCurve));

        // x + p still fits the bytes for small x: the same point, not reduced. x = 5 is on P-256, 2 on P-384.
        BigInteger x = group == NamedGroup.Secp256r1 ? 5 : 2;
        BigInteger y = SquareRoot(reference, x);
        Assert.NotNull(EcCurves.Agree(group, 64, key, [4, .. reference.ToBytes(x), .. reference.ToBytes(y)]));
        Assert.Null(EcCurves.Agree(group, 64, key, [4, .. reference.ToBytes(x + reference.P), .. reference.ToBytes(y)]));
    }

    [Theory]
    [InlineData(NamedGroup.Secp256r1, 64)]
    [InlineData(NamedGroup.Secp256r1, 32)]
    [InlineData(NamedGroup.Secp384r1, 64)]
    [InlineData(NamedGroup.Secp384r1, 32)]
    [InlineData(NamedGroup.Secp521r1, 64)]
    [InlineData(NamedGroup.Secp521r1, 32)]
    public void Sums_of_equal_and_opposite_points_verify(NamedGroup group, int bits)
    {
        var reference = new EcReference(group);
        BigInteger[] keys = [1, 2, 3, 5, reference.N - 1, reference.N - 2, reference.N - 3, reference.N - 15];
        BigInteger[] multipliers = [1, 2, 3, 4, 6, 15, 16, 17, 1025, reference.N - 1];
        int sums = 0;
        foreach (BigInteger d in keys)
        {
            EcReference.Point q = reference.Multiply(d, reference.G)!;
            byte[] publicKey = reference.ToBytes(q);
            foreach (BigInteger u1 in multipliers)
            {
                // One of u1 and u2 is varied a little around what makes infinity midway.
                foreach (BigInteger u2 in new[] { 1, 3, u1, reference.N - u1, (u1 * 1024) + 1 })
                {
                    if (reference.Sign(u1, u2, d) is var (digest, signature))
                    {
                        Assert.True(EcCurves.Verify(group, bits, publicKey, digest, signature), $"{d} {u1} {u2}");
                        sums++;
                    }
                }

                sums++;
            }
        }

        Assert.True(sums > 300);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(32)]
    public void A_point_off_P521_or_not_reduced_verifies_nothing(int bits)
    {
        var reference = new EcReference(NamedGroup.Secp521r1);
        (byte[] digest, byte[] signature) = reference.Sign(5, 9, 3)!.Value;
        EcReference.Point q = reference.Multiply(3, reference.G)!;
        Assert.True(EcCurves.Verify(NamedGroup.Secp521r1, bits, reference.ToBytes(q), digest, signature));
        Assert.False(EcCurves.Verify(NamedGroup.Secp521r1, bits, [.. reference.ToBytes(q.X), .. reference.ToBytes(q.Y ^ 1)], digest, signature));
        Assert.False(EcCurves.Verify(NamedGroup.Secp521r1, bits, [.. reference.ToBytes(q.X + reference.P), .. reference.ToBytes(q.Y)], digest, signature));
        Assert.False(EcCurves.Verify(NamedGroup.Secp521r1, bits, [.. reference.ToBytes(q.X), .. reference.ToBytes(q.Y + reference.P)], digest, signature));
        Assert.False(EcCurves.Verify(NamedGroup.Secp521r1, bits, new byte[132], digest, signature));
        Assert.False(EcCurves.Verify(NamedGroup.Secp521r1, bits, reference.ToBytes(q)[..131], digest, signature));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(32)]
    public void Numbers_outside_the_range_are_no_signature_on_P521(int bits)
    {
        var reference = new EcReference(NamedGroup.Secp521r1);
        byte[] key = reference.ToBytes(reference.Multiply(3, reference.G)!);
        foreach ((BigInteger r, BigInteger s) in new[] { ((BigInteger)0, (BigInteger)1), (1, 0), (reference.N, 1), (1, reference.N), (reference.P, 1), (1, reference.P) })
        {
            Assert.False(EcCurves.Verify(NamedGroup.Secp521r1, bits, key, new byte[64], EcCurves.Der(reference.ToBytes(r), reference.ToBytes(s))));
        }
    }

    [Fact]
    public void A_sum_of_infinity_does_not_verify()
    {
        // e = -r d: u1 G + u2 Q is infinity for every s.
        var reference = new EcReference(NamedGroup.Secp256r1);
        EcReference.Point q = reference.Multiply(3, reference.G)!;
        byte[] der = new byte[EcdsaSignature.MaxBytes(32)];
        int length = EcdsaSignature.Write(reference.ToBytes(7), reference.ToBytes(11), der);
        Assert.False(EcCurves.Verify(NamedGroup.Secp256r1, 64, reference.ToBytes(q), reference.ToBytes(reference.N - 21), der[..length]));
    }

    [Fact]
    public void Recoded_digits_add_up_to_the_number()
    {
        var random = new Random(4);
        byte[] number = new byte[32];
        for (int i = 0; i < 300; i++)
        {
            random.NextBytes(number);
            number.AsSpan(random.Next(32)).Fill((byte)(i % 3 == 0 ? 255 : i % 3 == 1 ? 0 : 0x5A));
            for (int width = 2; width <= 6; width++)
            {
                BigInteger sum = 0;
                sbyte digit = 0;
                byte wait = 0;
                for (int position = 256; position >= 0; position--)
                {
                    int due = EcDigits.Next(number, position, width, ref digit, ref wait);
                    Assert.True(due == 0 || ((due & 1) == 1 && Math.Abs(due) < 1 << (width - 1)));
                    sum = (2 * sum) + due;
                }

                Assert.Equal(new BigInteger(number, isUnsigned: true), sum);
            }
        }
    }

    private static IEnumerable<BigInteger> Scalars(EcReference reference)
    {
        int bits = reference.Bytes * 8;
        for (int i = 1; i <= 17; i++)
        {
            yield return i;
            yield return reference.N - i;
        }

        BigInteger nibbles = (BigInteger.Pow(2, bits) - 1) / 15;
        for (int i = 1; i < 15; i++)
        {
            yield return nibbles * i;
        }

        yield return BigInteger.Pow(2, bits - 1);
        yield return BigInteger.Pow(2, bits - 1) - 1;
        yield return BigInteger.Pow(2, bits / 2);
        yield return BigInteger.Pow(2, bits / 2) - 1;
        yield return reference.N / 2;
        yield return (reference.N / 2) + 1;
        yield return reference.N - BigInteger.Pow(2, bits / 2);
    }

    private static BigInteger SquareRoot(EcReference reference, BigInteger x)
    {
        BigInteger b = (reference.G.Y * reference.G.Y) - (reference.G.X * reference.G.X * reference.G.X) + (3 * reference.G.X);
        BigInteger square = ((((x * x * x) - (3 * x) + b) % reference.P) + reference.P) % reference.P;
        return BigInteger.ModPow(square, (reference.P + 1) / 4, reference.P);
    }
}
