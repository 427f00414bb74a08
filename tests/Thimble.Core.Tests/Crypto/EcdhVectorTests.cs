using System;
using System.Text.Json;
using Thimble.Crypto;
using Thimble.Testing;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

/// <summary>RFC 5903 and Wycheproof, in both word sizes.</summary>
public sealed class EcdhVectorTests
{
    [Theory]
    [InlineData(NamedGroup.Secp256r1, 64)]
    [InlineData(NamedGroup.Secp256r1, 32)]
    [InlineData(NamedGroup.Secp384r1, 64)]
    [InlineData(NamedGroup.Secp384r1, 32)]
    public void Both_sides_of_RFC_5903_section_8_agree(NamedGroup group, int bits)
    {
        string[] rfc = group == NamedGroup.Secp256r1 ? Rfc5903Section81 : Rfc5903Section82;
        byte[] initiator = Convert.FromHexString(rfc[0]), responder = Convert.FromHexString(rfc[2]);
        byte[] initiatorPublic = EcCurves.WithPrefix(Convert.FromHexString(rfc[1])), responderPublic = EcCurves.WithPrefix(Convert.FromHexString(rfc[3]));
        byte[] secret = Convert.FromHexString(rfc[4]);
        Assert.Equal(initiatorPublic, EcCurves.PublicKey(group, bits, initiator));
        Assert.Equal(responderPublic, EcCurves.PublicKey(group, bits, responder));
        Assert.Equal(secret, EcCurves.Agree(group, bits, initiator, responderPublic));
        Assert.Equal(secret, EcCurves.Agree(group, bits, responder, initiatorPublic));
    }

    [VectorTheory]
    [InlineData(NamedGroup.Secp256r1, 64)]
    [InlineData(NamedGroup.Secp256r1, 32)]
    [InlineData(NamedGroup.Secp384r1, 64)]
    [InlineData(NamedGroup.Secp384r1, 32)]
    public void Wycheproof_points(NamedGroup group, int bits)
    {
        using JsonDocument file = Vectors.Read($"wycheproof/ecdh_{Name(group)}_ecpoint_test.json.gz");
        int tests = Run(file, group, bits, point => point);
        Assert.Equal(group == NamedGroup.Secp256r1 ? 355 : 790, tests);
    }

    /// <summary>Where the SubjectPublicKeyInfo is the usual one; the encodings of others are the DER reader's matter.</summary>
    [VectorTheory]
    [InlineData(NamedGroup.Secp256r1, 64)]
    [InlineData(NamedGroup.Secp384r1, 64)]
    public void Wycheproof_points_within_the_usual_public_key_info(NamedGroup group, int bits)
    {
        using JsonDocument file = Vectors.Read($"wycheproof/ecdh_{Name(group)}_test.json.gz");
        byte[] header = Convert.FromHexString(group == NamedGroup.Secp256r1
            ? "3059301306072a8648ce3d020106082a8648ce3d030107034200"
            : "3076301006072a8648ce3d020106052b81040022036200");
        int tests = Run(file, group, bits, info => info.AsSpan().StartsWith(header) ? info[header.Length..] : null);
        Assert.True(tests > 300, $"{tests} only");
    }

    [VectorFact]
    public void Wycheproof_curve_parameters_are_the_tables()
    {
        using JsonDocument file = Vectors.Read("wycheproof/ec_prime_order_curves_test.json.gz");
        int found = 0;
        foreach (JsonElement test in file.RootElement.GetProperty("testGroups")[0].GetProperty("tests").EnumerateArray())
        {
            found += test.GetProperty("name").GetString() switch
            {
                "secp256r1" => Compare<P256Curve, P256Field64, Montgomery64<P256Order>>(test),
                "secp384r1" => Compare<P384Curve, P384Field32<PublicProducts>, Montgomery64<P384Order>>(test),
                _ => 0,
            };
        }

        Assert.Equal(2, found);
    }

    private static int Compare<TCurve, TField, TScalars>(JsonElement test)
        where TCurve : struct, IEcKeyCurve
        where TField : struct, IField
        where TScalars : struct, IField
    {
        var r = new EcRegisters<TField>(new byte[EcRegisters<TField>.SizeBytes(2)], 2);
        Expect(System.Runtime.InteropServices.MemoryMarshal.AsBytes(TField.Modulus), "p");
        Expect(System.Runtime.InteropServices.MemoryMarshal.AsBytes(TScalars.Modulus), "n");
        ReadOnlySpan<byte> table = System.Runtime.InteropServices.MemoryMarshal.AsBytes(TCurve.OddMultiples);
        ExpectMontgomery(r, System.Runtime.InteropServices.MemoryMarshal.AsBytes(TCurve.B), "b");
        ExpectMontgomery(r, table[..TCurve.Bytes], "gx");
        ExpectMontgomery(r, table.Slice(TCurve.Bytes, TCurve.Bytes), "gy");
        return 1;

        void ExpectMontgomery(EcRegisters<TField> registers, ReadOnlySpan<byte> element, string name)
        {
            registers.Copy(0, element);
            registers.FromMontgomery(0, 1);
            Expect(registers.Bytes(0), name);
        }

        void Expect(ReadOnlySpan<byte> number, string name)
        {
            byte[] bigEndian = number.ToArray();
            Array.Reverse(bigEndian);
            Assert.Equal(Fit(test.GetProperty(name).GetString()!, TCurve.Bytes), bigEndian);
        }
    }

    private static int Run(JsonDocument file, NamedGroup group, int bits, Func<byte[], byte[]?> toPoint)
    {
        int tests = 0;
        foreach (JsonElement vectors in file.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            foreach (JsonElement test in vectors.GetProperty("tests").EnumerateArray())
            {
                byte[]? point = toPoint(Convert.FromHexString(test.GetProperty("public").GetString()!));
                if (point is null)
                {
                    continue;
                }

                byte[] privateKey = Fit(test.GetProperty("private").GetString()!, EcCurves.Bytes(group));
                byte[]? secret = EcCurves.Agree(group, bits, privateKey, point);
                string result = test.GetProperty("result").GetString()!;
                bool uncompressed = point.Length == KeyAgreement.PublicKeyBytes(group);
                byte[]? expected = result == "invalid" || !uncompressed ? null : Convert.FromHexString(test.GetProperty("shared").GetString()!);
                if (result == "acceptable" && secret is null)
                {
                    // A damaged point that some libraries take for its origin.
                    expected = null;
                }

                Assert.True(expected.AsSpan().SequenceEqual(secret), $"tcId {test.GetProperty("tcId").GetInt32()}");
                tests++;
            }
        }

        return tests;
    }

    /// <summary>A big-endian number as so many bytes.</summary>
    private static byte[] Fit(string hex, int bytes) =>
        Convert.FromHexString(hex.TrimStart('0').PadLeft(2 * bytes, '0'));

    private static string Name(NamedGroup group) => group == NamedGroup.Secp256r1 ? "secp256r1" : "secp384r1";

    private static readonly string[] Rfc5903Section81 =
    [
        "C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433",
        "DAD0B65394221CF9B051E1FECA5787D098DFE637FC90B9EF945D0C37725811805271A0461CDB8252D61F1C456FA3E59AB1F45B33ACCF5F58389E0577B8990BB3",
        "C6EF9C5D78AE012A011164ACB397CE2088685D8F06BF9BE0B283AB46476BEE53",
        "D12DFB5289C8D4F81208B70270398C342296970A0BCCB74C736FC7554494BF6356FBF3CA366CC23E8157854C13C58D6AAC23F046ADA30F8353E74F33039872AB",
        "D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE",
    ];

    private static readonly string[] Rfc5903Section82 =
    [
        "099F3C7034D4A2C699884D73A375A67F7624EF7C6B3C0F160647B67414DCE655E35B538041E649EE3FAEF896783AB194",
        "667842D7D180AC2CDE6F74F37551F55755C7645C20EF73E31634FE72B4C55EE6DE3AC808ACB4BDB4C88732AEE95F41AA"
            + "9482ED1FC0EEB9CAFC4984625CCFC23F65032149E0E144ADA024181535A0F38EEB9FCFF3C2C947DAE69B4C634573A81C",
        "41CB0779B4BDB85D47846725FBEC3C9430FAB46CC8DC5060855CC9BDA0AA2942E0308312916B8ED2960E4BD55A7448FC",
        "E558DBEF53EECDE3D3FCCFC1AEA08A89A987475D12FD950D83CFA41732BC509D0D1AC43A0336DEF96FDA41D0774A3571"
            + "DCFBEC7AACF3196472169E838430367F66EEBE3C6E70C416DD5F0C68759DD1FFF83FA40142209DFF5EAAD96DB9E6386C",
        "11187331C279962D93D604243FD592CB9D0A926F422E47187521287E7156C5C4D603135569B9E9D09CF5D4A270F59746",
    ];
}
