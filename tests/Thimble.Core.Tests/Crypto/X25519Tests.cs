using System;
using System.Linq;
using System.Numerics;
using System.Text.Json;
using Thimble.Crypto;
using Thimble.Testing;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

public class X25519Tests
{
    private const string BasePoint = "0900000000000000000000000000000000000000000000000000000000000000";

    private static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;

    // RFC 7748 §5.2 and §6.1.
    [Theory]
    [InlineData("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4", "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c", "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")]
    [InlineData("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d", "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493", "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957")]
    [InlineData("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a", BasePoint, "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")]
    [InlineData("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb", BasePoint, "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")]
    [InlineData("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb", "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a", "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")]
    public void Rfc7748(string scalar, string u, string expected)
    {
        foreach (int work in new[] { int.MaxValue, 1 })
        {
            foreach (bool is64 in new[] { false, true })
            {
                Assert.Equal(expected, Hex(Multiply(is64, Bytes(scalar), Bytes(u), out StepStatus status, work)));
                Assert.Equal(StepStatus.Done, status);
            }
        }
    }

    // RFC 7748 §5.2: once, and a thousand times.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rfc7748Iterated(bool is64)
    {
        byte[] k = Bytes(BasePoint), u = Bytes(BasePoint);
        for (int i = 1; i <= 1000; i++)
        {
            byte[] next = Multiply(is64, k, u, out _);
            u = k;
            k = next;
            if (i == 1)
            {
                Assert.Equal("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079", Hex(k));
            }
        }

        Assert.Equal("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51", Hex(k));
    }

    [VectorFact]
    public void Wycheproof()
    {
        int count = 0;
        using JsonDocument file = Vectors.Read("wycheproof/x25519_test.json.gz");
        foreach (JsonElement test in file.RootElement.GetProperty("testGroups").EnumerateArray().SelectMany(group => group.GetProperty("tests").EnumerateArray()))
        {
            byte[] u = Bytes(test.GetProperty("public").GetString()!), scalar = Bytes(test.GetProperty("private").GetString()!);
            byte[] expected = Bytes(test.GetProperty("shared").GetString()!);

            // RFC 7748 §6.1 lets an implementation refuse the all-zero result: this one must (RULES 11).
            StepStatus verdict = expected.All(b => b == 0) ? StepStatus.Failed : StepStatus.Done;
            foreach (bool is64 in new[] { false, true })
            {
                Assert.Equal(expected, Multiply(is64, scalar, u, out StepStatus status));
                Assert.Equal(verdict, status);
            }

            count++;
        }

        Assert.Equal(518, count);
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")]
    public void PointsOfSmallOrderFail(string u)
    {
        byte[] scalar = Bytes("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
        foreach (bool is64 in new[] { false, true })
        {
            Multiply(is64, scalar, Bytes(u), out StepStatus status);
            Assert.Equal(StepStatus.Failed, status);
            Multiply(is64, scalar, Bytes(u), out status, 1);
            Assert.Equal(StepStatus.Failed, status);
        }
    }

    [Fact]
    public void BothFormsAgreeAndTheTopBitOfUIsIgnored()
    {
        var random = new Random(25519);
        for (int i = 0; i < 100; i++)
        {
            byte[] scalar = new byte[32], u = new byte[32];
            random.NextBytes(scalar);
            random.NextBytes(u);
            byte[] result = Multiply(true, scalar, u, out _);
            Assert.Equal(result, Multiply(false, scalar, u, out _));
            u[31] ^= 0x80;
            Assert.Equal(result, Multiply(false, scalar, u, out _));
            scalar[0] ^= 7;
            scalar[31] ^= 0xC0;
            scalar[31] &= 0xBF;
            Assert.Equal(result, Multiply(true, scalar, u, out _));
        }
    }

    [Fact]
    public void TheDispatcherStepsInTheMemoryItAsksFor()
    {
        byte[] scalar = Bytes("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
        byte[] operation = RsaTesting.Painted(X25519.OperationBytes);
        byte[] result = new byte[32];
        StepStatus status;
        int calls = 0;
        do
        {
            int work = 10;
            status = X25519.ScalarMultiply(operation, scalar, Bytes(BasePoint), result, ref work);
            calls++;
        }
        while (status == StepStatus.More);
        Assert.Equal("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f", Hex(result));
        Assert.InRange(calls, 255, 300);
        Assert.Equal(nuint.Size == 8 ? 248 : 408, X25519.OperationBytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FieldArithmeticIsRightAtTheEdges(bool is64)
    {
        BigInteger[] values = [0, 1, 2, 18, 19, 20, 8191, 8192, 1 << 26, P - 1, P - 2, P - 19, P / 2, (P + 1) / 2, P - (BigInteger.One << 200)];
        foreach (BigInteger a in values)
        {
            foreach (BigInteger b in values)
            {
                if (is64)
                {
                    CheckField<Field25519Radix51>(a, b);
                }
                else
                {
                    CheckField<Field25519Radix13>(a, b);
                }
            }
        }
    }

    private static void CheckField<TField>(BigInteger a, BigInteger b)
        where TField : struct, IField25519
    {
        byte[] x = new byte[40], y = new byte[40], sum = new byte[40], difference = new byte[40], product = new byte[40], small = new byte[40], wide = new byte[160];
        TField.Decode(x, Little(a));
        TField.Decode(y, Little(b));
        TField.Add(sum, x, y);
        TField.Subtract(difference, x, y);
        TField.Multiply(product, sum, difference, wide);
        TField.MultiplyByA24(small, difference);
        TField.Add(small, small, product);
        BigInteger expectedProduct = Mod((a + b) * (a - b));
        Assert.Equal(Mod(expectedProduct + (121665 * (a - b))), Encoded<TField>(small));
        Assert.Equal(Mod(a + b), Encoded<TField>(sum));
        Assert.Equal(Mod(a - b), Encoded<TField>(difference));
        Assert.Equal(expectedProduct, Encoded<TField>(product));
    }

    private static BigInteger Encoded<TField>(byte[] element)
        where TField : struct, IField25519
    {
        byte[] bytes = new byte[32];
        TField.Encode(bytes, element);
        return new BigInteger(bytes, isUnsigned: true);
    }

    private static BigInteger Mod(BigInteger value) => ((value % P) + P) % P;

    private static byte[] Little(BigInteger value)
    {
        byte[] bytes = new byte[32];
        value.ToByteArray(isUnsigned: true).CopyTo(bytes, 0);
        return bytes;
    }

    private static byte[] Multiply(bool is64, byte[] scalar, byte[] u, out StepStatus status, int workPerCall = int.MaxValue)
    {
        byte[] operation = RsaTesting.Painted(408);
        byte[] result = new byte[32];
        do
        {
            int work = workPerCall;
            status = is64
                ? X25519.ScalarMultiply<Field25519Radix51>(operation, scalar, u, result, ref work)
                : X25519.ScalarMultiply<Field25519Radix13>(operation, scalar, u, result, ref work);
        }
        while (status == StepStatus.More);
        return result;
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
