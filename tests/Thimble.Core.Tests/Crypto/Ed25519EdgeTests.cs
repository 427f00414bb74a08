using System;
using System.Linq;
using System.Numerics;
using Thimble.Crypto;
using Xunit;
using Point = (System.Numerics.BigInteger X, System.Numerics.BigInteger Y);

namespace Thimble.Core.Tests.Crypto;

/// <summary>
/// Where implementations of Ed25519 differ (Chalkias, Garillot and Nikolaenko, "Taming the many EdDSAs", SSR 2020): each case made here
/// from a known scalar, so that what the equation says of it is known, too.
/// </summary>
public sealed class Ed25519EdgeTests
{
    private static readonly BigInteger s_a = BigInteger.Parse("5463243243456457457567567234234987987234723498723498723498723498");
    private static readonly byte[] s_message = [1, 2, 3, 4];
    private static readonly Point[] s_torsion = Ed25519Reference.SmallOrder();

    private static Point A => Ed25519Reference.Multiply(s_a, Ed25519Reference.B);

    /// <summary>The control: what these tests make is a signature where nothing is wrong with it.</summary>
    [Fact]
    public void A_signature_made_by_the_reference_verifies()
    {
        Assert.Equal(8, s_torsion.Distinct().Count());
        Assert.True(Verifies(Ed25519Reference.Encode(A), Ed25519Reference.Encode(Multiple(77)), k => 77 + (k * s_a)));
    }

    /// <summary>S + L satisfies the equation as S does: accepted, it would be a second signature (RFC 8032 §8.4).</summary>
    [Fact]
    public void S_of_L_or_more_is_refused()
    {
        byte[] publicKey = Ed25519Reference.Encode(A), r = Ed25519Reference.Encode(Multiple(77));
        BigInteger s = (77 + (Ed25519Reference.Challenge(r, publicKey, s_message) * s_a)) % Ed25519Reference.L;
        for (BigInteger more = s + Ed25519Reference.L; more < BigInteger.One << 256; more += Ed25519Reference.L)
        {
            Assert.False(Accepts(publicKey, [.. r, .. Ed25519Reference.Number(more)]));
        }

        Assert.True(Accepts(publicKey, [.. r, .. Ed25519Reference.Number(s)]));
    }

    /// <summary>No key is known for the ends of the range, since k depends on R and A: the check of the range is asked itself.</summary>
    [Fact]
    public void S_may_be_0_to_L_less_1()
    {
        foreach (int bits in Ed25519Forms.Bits)
        {
            byte[] memory = new byte[600];
            Assert.True(IsReduced(bits, memory, 0));
            Assert.True(IsReduced(bits, memory, Ed25519Reference.L - 1));
            Assert.False(IsReduced(bits, memory, Ed25519Reference.L));
            Assert.False(IsReduced(bits, memory, (BigInteger.One << 256) - 1));
        }
    }

    /// <summary>With A of small order, S B = R + k A holds for many messages: here R = S B - k A by construction, and all are refused.</summary>
    [Fact]
    public void Public_keys_of_small_order_are_refused()
    {
        foreach (Point point in s_torsion)
        {
            byte[] publicKey = Ed25519Reference.Encode(point);
            bool equationHeld = false;
            for (int s = 1; s < 40 && !equationHeld; s++)
            {
                // Some r = s B - t with t = k A is hit within a few tries, since k A takes at most eight values.
                foreach (Point t in s_torsion)
                {
                    byte[] r = Ed25519Reference.Encode(Ed25519Reference.Add(Multiple(s), Negate(t)));
                    equationHeld |= Ed25519Reference.Multiply(Ed25519Reference.Challenge(r, publicKey, s_message), point) == t;
                    Assert.False(Accepts(publicKey, [.. r, .. Ed25519Reference.Number(s)]));
                }
            }

            Assert.True(equationHeld);
        }
    }

    /// <summary>y of p to 2^255 - 1 names the point of y - p a second time; x = 0 has no negative (RFC 8032 §5.1.3, steps 1 and 4).</summary>
    [Fact]
    public void Public_keys_that_are_not_canonical_are_refused()
    {
        for (int more = 0; more < 19; more++)
        {
            foreach (int sign in new[] { 0, 1 })
            {
                byte[] publicKey = Ed25519Reference.Number(Ed25519Reference.P + more + (sign == 0 ? 0 : BigInteger.One << 255));
                Assert.All(Ed25519Forms.Bits, bits => Assert.False(BeginsToRead(bits, publicKey)));
                Assert.False(Accepts(publicKey, [.. Ed25519Reference.Encode(Ed25519Reference.Neutral), .. new byte[32]]));
            }
        }

        Assert.All(Ed25519Forms.Bits, bits => Assert.True(BeginsToRead(bits, Ed25519Reference.Number(Ed25519Reference.P - 1))));
        foreach (BigInteger y in new[] { 1, Ed25519Reference.P - 1 })
        {
            Assert.False(Accepts(Ed25519Reference.Number(y + (BigInteger.One << 255)), [.. Ed25519Reference.Encode(Ed25519Reference.Neutral), .. new byte[32]]));
        }
    }

    /// <summary>y = 2 is on no point: (y² - 1) / (d y² + 1) is no square.</summary>
    [Fact]
    public void Public_keys_off_the_curve_are_refused()
    {
        int refused = 0;
        for (int y = 2; y < 40; y++)
        {
            bool onCurve = BigInteger.ModPow(
                Ed25519Reference.Mod(((y * y) - 1) * ((Ed25519Reference.D * y * y) + 1)), (Ed25519Reference.P - 1) / 2, Ed25519Reference.P) == 1;
            foreach (int bits in Ed25519Forms.Bits)
            {
                Assert.Equal(onCurve, Reads(bits, Ed25519Reference.Number(y)));
            }

            refused += onCurve ? 0 : 1;
        }

        Assert.InRange(refused, 10, 30);
    }

    /// <summary>The neutral point is a multiple of B like others, and its signer gives away the key: RFC 8032 accepts. A second encoding of it is refused.</summary>
    [Fact]
    public void R_of_small_order_counts_if_it_is_canonical()
    {
        byte[] publicKey = Ed25519Reference.Encode(A);
        Assert.True(Verifies(publicKey, Ed25519Reference.Encode(Ed25519Reference.Neutral), k => k * s_a));
        Assert.False(Verifies(publicKey, Ed25519Reference.Number(Ed25519Reference.P + 1), k => k * s_a));
        Assert.False(Verifies(publicKey, Ed25519Reference.Number(1 + (BigInteger.One << 255)), k => k * s_a));
    }

    /// <summary>R = r B + T: the equation with cofactor holds, the one without does not. OpenSSL and BoringSSL refuse, too.</summary>
    [Fact]
    public void R_of_mixed_order_is_refused()
    {
        foreach (Point torsion in s_torsion.Where(point => point != Ed25519Reference.Neutral))
        {
            byte[] r = Ed25519Reference.Encode(Ed25519Reference.Add(Multiple(77), torsion));
            Assert.False(Verifies(Ed25519Reference.Encode(A), r, k => 77 + (k * s_a)));
        }
    }

    /// <summary>A = a B + T with T of order 8: the equation without cofactor holds where k, a number below L, is a multiple of 8, and there alone.</summary>
    [Fact]
    public void Public_keys_of_mixed_order_verify_where_the_equation_without_cofactor_holds()
    {
        Point torsion = s_torsion.First(point => Ed25519Reference.Multiply(4, point) != Ed25519Reference.Neutral);
        byte[] publicKey = Ed25519Reference.Encode(Ed25519Reference.Add(A, torsion));
        int held = 0;
        for (int nonce = 1; nonce < 60; nonce++)
        {
            byte[] r = Ed25519Reference.Encode(Multiple(nonce));
            bool holds = Ed25519Reference.Challenge(r, publicKey, s_message) % 8 == 0;
            Assert.Equal(holds, Verifies(publicKey, r, k => nonce + (k * s_a)));
            held += holds ? 1 : 0;
        }

        Assert.InRange(held, 1, 30);
    }

    private static Point Multiple(BigInteger k) => Ed25519Reference.Multiply(k, Ed25519Reference.B);

    private static Point Negate(Point point) => (Ed25519Reference.Mod(-point.X), point.Y);

    private static bool Verifies(byte[] publicKey, byte[] r, Func<BigInteger, BigInteger> response) =>
        Accepts(publicKey, [.. r, .. Ed25519Reference.Number(response(Ed25519Reference.Challenge(r, publicKey, s_message)) % Ed25519Reference.L)]);

    private static bool Accepts(byte[] publicKey, byte[] signature)
    {
        bool accepted = Ed25519Forms.Verify(64, publicKey, s_message, signature);
        Assert.Equal(accepted, Ed25519Forms.Verify(32, publicKey, s_message, signature));
        return accepted;
    }

    private static bool IsReduced(int bits, byte[] memory, BigInteger s) => bits == 64
        ? Ed25519Scalars<Montgomery64<Ed25519Order>>.IsReduced(memory, Ed25519Reference.Number(s))
        : Ed25519Scalars<Montgomery32<Ed25519Order, SecretProducts>>.IsReduced(memory, Ed25519Reference.Number(s));

    private static bool BeginsToRead(int bits, byte[] publicKey) => bits == 64
        ? Ed25519Encoding.BeginRead(Registers<Field25519Radix51>(), publicKey)
        : Ed25519Encoding.BeginRead(Registers<Field25519Radix13>(), publicKey);

    private static bool Reads(int bits, byte[] publicKey) => bits == 64
        ? Reads(Registers<Field25519Radix51>(), publicKey)
        : Reads(Registers<Field25519Radix13>(), publicKey);

    private static bool Reads<TField>(Ed25519Registers<TField> r, byte[] publicKey)
        where TField : struct, IField25519
    {
        Assert.True(Ed25519Encoding.BeginRead(r, publicKey));
        ushort index = 0;
        int work = int.MaxValue;
        while (!Field25519Power.Step(r, root: true, ref index, ref work))
        {
        }

        return Ed25519Encoding.FinishReadNegated(r, publicKey);
    }

    private static Ed25519Registers<TField> Registers<TField>()
        where TField : struct, IField25519
        => new(new byte[Ed25519Registers<TField>.SizeBytes(Ed25519Encoding.Registers)], Ed25519Encoding.Registers);
}
