using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Memory;
using Thimble.X509;
using Xunit;

namespace Thimble.Tests.X509;

/// <summary>
/// Certificates put together field by field, each field replaced by what an attacker might send, and signed correctly by
/// a trusted CA: whatever is refused here is refused for what it says. The platform's encoder has no part in them.
/// </summary>
public sealed class AttackCertificateTests
{
    private const string BrokerName = "62726F6B65722E6578616D706C652E636F6D";
    private const string EcAlgorithm = "06072A8648CE3D0201";
    private const string P256 = "06082A8648CE3D030107";
    private const string RsaAlgorithm = "300D06092A864886F70D0101010500";

    private static readonly TestCertificate Root = TestPki.Root("P-256");
    private static readonly byte[] Image = TestPki.Image(Root);
    private static readonly byte[] Point = Sec1Point();
    private static readonly byte[] Modulus = ((RSA)TestPki.Key("RSA-2048", 5)).ExportParameters(false).Modulus!;

    private static readonly Dictionary<string, byte[]> Good = new()
    {
        ["version"] = Hex("A003020102"),
        ["serial"] = Hex("02020123"),
        ["algorithm"] = Hex("300A06082A8648CE3D040302"),
        ["issuer"] = Root.Certificate.SubjectName.RawData,
        ["validity"] = Sequence(Utc("250301120000Z"), Utc("270301120000Z")),
        ["subject"] = Sequence(Tlv(0x31, Sequence(Hex("0603550403"), Tlv(0x0C, "leaf"u8)))),
        ["key"] = Sequence(Sequence(Hex(EcAlgorithm), Hex(P256)), Tlv(0x03, [0, .. Point])),
        ["unique"] = [],
        ["extensions"] = Extensions(Names(BrokerName)),
        ["end"] = [],
        ["outer"] = Hex("300A06082A8648CE3D040302"),
        ["unused"] = [0],
        ["trailer"] = [],
    };

    public static TheoryData<string, string, string, bool> Fields()
    {
        var rows = new TheoryData<string, string, string, bool>();
        void Row(string about, string field, byte[] value, bool accepted = false) => rows.Add(about, field, Convert.ToHexString(value), accepted);

        Row("as it should be", "version", Good["version"], true);
        Row("version 3 in two octets", "version", Hex("A00402020002"));
        Row("version 3 as a BOOLEAN", "version", Hex("A003010102"));
        Row("two versions", "version", Hex("A006020102020102"));
        Row("no version, with extensions", "version", []);
        Row("version 2", "version", Hex("A003020101"));
        Row("serial number 0", "serial", Hex("020100"));
        Row("negative serial number", "serial", Hex("0201FF"));
        Row("empty serial number", "serial", Hex("0200"));
        Row("serial number of 20 octets", "serial", Tlv(2, [0x7F, .. new byte[19]]), true);
        Row("serial number of 21 octets", "serial", Tlv(2, [0x7F, .. new byte[20]]));
        Row("serial number with a long length", "serial", [2, 0x81, 1, 5]);
        Row("serial number of 4 GB", "serial", Hex("0284FFFFFFFF01"));

        Row("algorithm with NULL", "algorithm", Hex("300C06082A8648CE3D0403020500"));
        Row("outer algorithm with NULL", "outer", Hex("300C06082A8648CE3D0403020500"));
        Row("outer algorithm with garbage", "outer", Hex("300D06082A8648CE3D040302020105"));
        Row("outer algorithm of another hash", "outer", Hex("300A06082A8648CE3D040303"));
        Row("outer algorithm RSA", "outer", Hex("300D06092A864886F70D01010B0500"));
        Row("algorithm without an identifier", "algorithm", Hex("3000"));

        Row("no issuer", "issuer", Hex("3000"));
        Row("issuer with an empty set", "issuer", Hex("30023100"));
        Row("issuer under another tag", "issuer", [0x31, .. Root.Certificate.SubjectName.RawData[1..]]);
        Row("subject of 10,000 names", "subject", Tlv(0x30, [.. Enumerable.Repeat(Tlv(0x31, Sequence(Hex("0603550403"), Tlv(0x0C, "n"u8))), 10_000).SelectMany(rdn => rdn)]), true);
        Row("subject whose attribute has no value", "subject", Sequence(Tlv(0x31, Sequence(Hex("0603550403")))));
        Row("subject whose attribute has two values", "subject", Sequence(Tlv(0x31, Sequence(Hex("0603550403"), Tlv(0x0C, "a"u8), Tlv(0x0C, "b"u8)))));

        Row("leap day of 2048", "validity", Sequence(Utc("240229235959Z"), Utc("480229235959Z")), true);
        Row("leap day of 2100", "validity", Sequence(Utc("250301120000Z"), Generalized("21000229000000Z")));
        Row("29 February 2025", "validity", Sequence(Utc("250229000000Z"), Utc("270301120000Z")));
        Row("second 60", "validity", Sequence(Utc("250630235960Z"), Utc("270301120000Z")));
        Row("hour 24", "validity", Sequence(Utc("250630240000Z"), Utc("270301120000Z")));
        Row("month 0", "validity", Sequence(Utc("250030120000Z"), Utc("270301120000Z")));
        Row("no seconds", "validity", Sequence(Utc("2503011200Z"), Utc("270301120000Z")));
        Row("a zone", "validity", Sequence(Utc("250301120000+0000"), Utc("270301120000Z")));
        Row("lower-case z", "validity", Sequence(Utc("250301120000z"), Utc("270301120000Z")));
        Row("no zone", "validity", Sequence(Utc("2503011200000"), Utc("270301120000Z")));
        Row("fraction", "validity", Sequence(Utc("250301120000Z"), Generalized("20700301120000.5Z")));
        Row("year 2049 as GeneralizedTime", "validity", Sequence(Utc("250301120000Z"), Generalized("20491231235959Z")));
        Row("year 2050 as GeneralizedTime", "validity", Sequence(Utc("250301120000Z"), Generalized("20500101000000Z")), true);
        Row("year 2050 as UTCTime is 1950", "validity", Sequence(Utc("250301120000Z"), Utc("500101000000Z")));
        Row("year 9999", "validity", Sequence(Utc("250301120000Z"), Generalized("99991231235959Z")), true);
        Row("not before 1950", "validity", Sequence(Utc("500101000000Z"), Utc("270301120000Z")), true);
        Row("one time", "validity", Sequence(Utc("250301120000Z")));
        Row("three times", "validity", Sequence(Utc("250301120000Z"), Utc("270301120000Z"), Utc("270301120000Z")));
        Row("times reversed", "validity", Sequence(Utc("270301120000Z"), Utc("250301120000Z")));

        Row("compressed point", "key", Sequence(Sequence(Hex(EcAlgorithm), Hex(P256)), Tlv(3, [0, 2, .. Point.AsSpan(1, 32)])));
        Row("hybrid point", "key", Sequence(Sequence(Hex(EcAlgorithm), Hex(P256)), Tlv(3, [0, 6, .. Point.AsSpan(1)])));
        Row("point at infinity", "key", Sequence(Sequence(Hex(EcAlgorithm), Hex(P256)), Tlv(3, [0, 0])));
        Row("point with unused bits", "key", Sequence(Sequence(Hex(EcAlgorithm), Hex(P256)), Tlv(3, [1, .. Point])));
        Row("point one octet too long", "key", Sequence(Sequence(Hex(EcAlgorithm), Hex(P256)), Tlv(3, [0, .. Point, 0])));
        Row("no curve", "key", Sequence(Sequence(Hex(EcAlgorithm)), Tlv(3, [0, .. Point])));
        Row("implicit curve", "key", Sequence(Sequence(Hex(EcAlgorithm), Hex("0500")), Tlv(3, [0, .. Point])));
        Row("explicit curve", "key", Sequence(Sequence(Hex(EcAlgorithm), Sequence(Hex("020101"))), Tlv(3, [0, .. Point])));
        Row("curve and more", "key", Sequence(Sequence(Hex(EcAlgorithm), Hex(P256), Hex("0500")), Tlv(3, [0, .. Point])));
        Row("another curve's point", "key", Sequence(Sequence(Hex(EcAlgorithm), Hex("06052B81040022")), Tlv(3, [0, .. Point])));
        Row("key and more", "key", Sequence(Sequence(Hex(EcAlgorithm), Hex(P256)), Tlv(3, [0, .. Point]), Hex("0500")));

        Row("RSA", "key", Rsa(Unsigned(Modulus), Hex("0203010001")), true);
        Row("RSA, e = 3", "key", Rsa(Unsigned(Modulus), Hex("020103")), true);
        Row("RSA, e = 2^32 - 1", "key", Rsa(Unsigned(Modulus), Hex("020500FFFFFFFF")), true);
        Row("RSA, e = 1", "key", Rsa(Unsigned(Modulus), Hex("020101")));
        Row("RSA, e = 0", "key", Rsa(Unsigned(Modulus), Hex("020100")));
        Row("RSA, e even", "key", Rsa(Unsigned(Modulus), Hex("0203010000")));
        Row("RSA, e = 2^32 + 1", "key", Rsa(Unsigned(Modulus), Hex("02050100000001")));
        Row("RSA, e = 2^32 + 65537", "key", Rsa(Unsigned(Modulus), Hex("02050100010001")));
        Row("RSA, e negative", "key", Rsa(Unsigned(Modulus), Hex("0201FD")));
        Row("RSA, e of 17 octets", "key", Rsa(Unsigned(Modulus), Tlv(2, [1, .. new byte[13], 1, 0, 1])));
        Row("RSA, n negative", "key", Rsa(Tlv(2, Modulus), Hex("0203010001")));
        Row("RSA, n with a second zero before it", "key", Rsa(Tlv(2, [0, 0, .. Modulus]), Hex("0203010001")));
        Row("RSA, n even", "key", Rsa(Unsigned([.. Modulus[..^1], 2]), Hex("0203010001")));
        Row("RSA, n of 2047 bits", "key", Rsa(Tlv(2, [(byte)((Modulus[0] & 0x3F) | 0x40), .. Modulus[1..]]), Hex("0203010001")));
        Row("RSA, n of 2049 bits", "key", Rsa(Tlv(2, [1, .. Modulus]), Hex("0203010001")), true);
        Row("RSA, n of 4097 bits", "key", Rsa(Tlv(2, [1, .. new byte[511], 1]), Hex("0203010001")));
        Row("RSA, n of 70,000 octets", "key", Rsa(Tlv(2, [1, .. new byte[69_998], 1]), Hex("0203010001")));
        Row("RSA, n = 0", "key", Rsa(Hex("020100"), Hex("0203010001")));
        Row("RSA, n empty", "key", Rsa(Hex("0200"), Hex("0203010001")));
        Row("RSA and a third number", "key", Sequence(Hex(RsaAlgorithm), Tlv(3, [0, .. Sequence(Unsigned(Modulus), Hex("0203010001"), Hex("020101"))])));
        Row("RSA and bytes behind the sequence", "key", Sequence(Hex(RsaAlgorithm), Tlv(3, [0, .. Sequence(Unsigned(Modulus), Hex("0203010001")), 5, 0])));
        Row("RSA with unused bits", "key", Sequence(Hex(RsaAlgorithm), Tlv(3, [4, .. Sequence(Unsigned(Modulus), Hex("0203010001"))])));
        Row("RSA without NULL", "key", Sequence(Hex("300B06092A864886F70D010101"), Tlv(3, [0, .. Sequence(Unsigned(Modulus), Hex("0203010001"))])));
        Row("RSA for PSS only", "key", Sequence(Hex("300B06092A864886F70D01010A"), Tlv(3, [0, .. Sequence(Unsigned(Modulus), Hex("0203010001"))])));
        Row("RSA with an EC identifier", "key", Sequence(Sequence(Hex(EcAlgorithm), Hex(P256)), Tlv(3, [0, .. Sequence(Unsigned(Modulus), Hex("0203010001"))])));

        Row("both unique identifiers", "unique", Hex("8102000182020001"), true);
        Row("unique identifiers reversed", "unique", Hex("8202000181020001"));
        Row("a unique identifier twice", "unique", Hex("8102000181020001"));
        Row("constructed unique identifier", "unique", Hex("A104030200 01".Replace(" ", "", StringComparison.Ordinal)));

        Row("no extensions", "extensions", []);
        Row("empty extensions", "extensions", Hex("A3023000"));
        Row("extensions twice", "extensions", [.. Extensions(Names(BrokerName)), .. Extensions(Names(BrokerName))]);
        Row("extensions under another tag", "extensions", [0xA4, .. Extensions(Names(BrokerName))[1..]]);
        Row("something behind the extensions", "end", Hex("0500"));
        Row("something behind the extensions' sequence", "extensions", Tlv(0xA3, [.. Tlv(0x30, Names(BrokerName)), 5, 0]));
        Row("names twice", "extensions", Extensions(Names(BrokerName), Names(BrokerName)));
        Row("FALSE written out", "extensions", Extensions(Names(BrokerName), Extension("551D0E", Hex("040101"), Hex("010100"))), true);
        Row("TRUE that is not FF", "extensions", Extensions(Names(BrokerName), Extension("551D0E", Hex("040101"), Hex("010101"))));
        Row("critical twice", "extensions", Extensions(Names(BrokerName), Extension("551D0E", Hex("040101"), Hex("010100010100"))));
        Row("unknown and critical", "extensions", Extensions(Names(BrokerName), Extension("2A0304", Hex("0500"), Hex("0101FF"))));
        Row("critical identifier of 1000 octets", "extensions", Extensions(Names(BrokerName), ExtensionOf(Tlv(6, [0x55, 0x1D, .. Enumerable.Repeat((byte)0x81, 997), 1]), Hex("0500"), Hex("0101FF"))));
        Row("identifier of 1000 octets", "extensions", Extensions(Names(BrokerName), ExtensionOf(Tlv(6, [0x55, 0x1D, .. Enumerable.Repeat((byte)0x81, 997), 1]), Hex("0500"), [])), true);
        Row("identifier with padding", "extensions", Extensions(ExtensionOf(Hex("0604551D8011"), Sequence(Tlv(0x82, Hex(BrokerName))), [])));
        Row("10,000 extensions", "extensions", Extensions([.. Enumerable.Repeat(Extension("2A0304", Hex("0500"), []), 10_000), Names(BrokerName)]), true);
        Row("a value that is no OCTET STRING", "extensions", Extensions(Names(BrokerName), Sequence(Hex("0603551D0E"), Hex("0301 00".Replace(" ", "", StringComparison.Ordinal)))));
        Row("two values", "extensions", Extensions(Names(BrokerName), Sequence(Hex("0603551D0E"), Hex("0400"), Hex("0400"))));
        Row("no value", "extensions", Extensions(Names(BrokerName), Sequence(Hex("0603551D0E"))));
        Row("path length without CA", "extensions", Extensions(Names(BrokerName), Extension("551D13", Hex("3003020100"), Hex("0101FF"))));
        Row("negative path length", "extensions", Extensions(Names(BrokerName), Extension("551D13", Hex("30060101FF0201FF"), Hex("0101FF"))));
        Row("CA that is neither TRUE nor FALSE", "extensions", Extensions(Names(BrokerName), Extension("551D13", Hex("3003010101"), Hex("0101FF"))));
        Row("an empty policy constraint", "extensions", Extensions(Names(BrokerName), Extension("551D24", Hex("3000"), Hex("0101FF"))));
        Row("a required policy", "extensions", Extensions(Names(BrokerName), Extension("551D24", Hex("3003800100"), Hex("0101FF"))));
        Row("a required policy under a constructed tag", "extensions", Extensions(Names(BrokerName), Extension("551D24", Hex("3005A003020100"), Hex("0101FF"))));
        Row("inhibited policy mapping", "extensions", Extensions(Names(BrokerName), Extension("551D24", Hex("3003810100"), Hex("0101FF"))), true);

        Row("name in capitals", "extensions", Extensions(Names("42524F4B45522E4558414D504C452E434F4D")), true);
        Row("name with NUL", "extensions", Extensions(Names(BrokerName + "00")));
        Row("name with NUL and a tail", "extensions", Extensions(Names(BrokerName + "002E6576696C")));
        Row("name with a dot behind", "extensions", Extensions(Names(BrokerName + "2E")));
        Row("name with a letter that folds to k", "extensions", Extensions(Names("62726FE284AA65722E6578616D706C652E636F6D")));
        Row("name with the eighth bit set", "extensions", Extensions(Names("E2" + BrokerName[2..])));
        Row("name as an e-mail address", "extensions", Extensions(Extension("551D11", Sequence(Tlv(0x81, Hex(BrokerName))), [])));
        Row("name as a URI", "extensions", Extensions(Extension("551D11", Sequence(Tlv(0x86, Hex(BrokerName))), [])));
        Row("constructed name", "extensions", Extensions(Extension("551D11", Sequence(Tlv(0xA2, Tlv(0x16, Hex(BrokerName)))), [])));
        Row("name inside another name", "extensions", Extensions(Extension("551D11", Sequence(Tlv(0xA4, Tlv(0x82, Hex(BrokerName)))), [])));
        Row("wildcard for a part of a label", "extensions", Extensions(Names("622A2E6578616D706C652E636F6D")));
        Row("wildcard for the label", "extensions", Extensions(Names("2A2E6578616D706C652E636F6D")), true);
        Row("wildcard for two labels", "extensions", Extensions(Names("2A2E636F6D")));
        Row("wildcard alone", "extensions", Extensions(Names("2A")));
        Row("name behind other names", "extensions", Extensions(Extension("551D11", Sequence(Tlv(0xA0, Hex("06012A")), Tlv(0x87, new byte[16]), Tlv(0x88, [0x2A]), Tlv(0x82, Hex(BrokerName))), [])), true);
        Row("name behind an address of 5 octets", "extensions", Extensions(Extension("551D11", Sequence(Tlv(0x87, new byte[5]), Tlv(0x82, Hex(BrokerName))), [])));

        Row("signature with unused bits", "unused", [1]);
        Row("signature without the octet of unused bits", "unused", []);
        Row("something behind the signature", "trailer", Hex("0500"));
        return rows;
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_leaf_is_judged_field_by_field(string about, string field, string value, bool accepted)
    {
        byte[] leaf = Certificate(new Dictionary<string, byte[]>(Good) { [field] = Convert.FromHexString(value) });
        ChainOutcome whole = new ChainHarness { Image = Image }.Run(leaf);
        Assert.True(accepted == (whole.Status == ChainStatus.Complete), $"{about}: {whole}");
        Assert.Equal(whole, new ChainHarness { Image = Image, Poison = 0 }.RunSplit(_ => leaf.Length > 20_000 ? 13 : 1, leaf));
        Assert.Equal(whole, new ChainHarness { Image = Image, Poison = 0xFF, Work = int.MinValue }.RunSplit(_ => 64, leaf));
    }

    [Theory]
    [InlineData("3080", "0000")]
    [InlineData("3084000001", "")]
    [InlineData("30830001", "")]
    [InlineData("3083FFFFFF", "")]
    [InlineData("3084FFFFFFFF", "")]
    [InlineData("30FF", "")]
    [InlineData("3F3082", "")]
    public void Lengths_that_are_not_DER_are_refused(string header, string end)
    {
        byte[] good = Certificate(Good);
        byte[] bad = [.. Hex(header), .. good[4..], .. Hex(end)];
        Assert.Equal(FaultReason.CertificateMalformed, new ChainHarness { Image = Image }.Run(bad).Reason);
        Assert.Equal(FaultReason.CertificateMalformed, new ChainHarness { Image = Image }.RunSplit(_ => 1, bad).Reason);
    }

    [Fact]
    public void Elements_nested_a_hundred_thousand_times_are_refused_in_little_memory()
    {
        byte[] nested = [];
        var levels = new List<byte>();
        for (int i = 0; i < 100_000; i++)
        {
            levels.AddRange([0x30, 0x83, 0x0F, 0xFF, 0xFF]);
        }

        nested = [.. levels];
        Assert.Equal(FaultReason.CertificateMalformed, new ChainHarness { Image = Image }.Run(nested).Reason);
        byte[] inName = Certificate(new Dictionary<string, byte[]>(Good) { ["extensions"] = Extensions(Extension("551D11", Sequence(Tlv(0xA4, nested)), [])) });
        Assert.Equal(FaultReason.NameMissing, new ChainHarness { Image = Image }.Run(inName).Reason);
    }

    private static byte[] Certificate(Dictionary<string, byte[]> fields)
    {
        byte[] tbs = Sequence([fields["version"], fields["serial"], fields["algorithm"], fields["issuer"], fields["validity"], fields["subject"], fields["key"], fields["unique"], fields["extensions"], fields["end"]]);
        byte[] signature = ((ECDsa)Root.Key).SignData(tbs, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Sequence(tbs, fields["outer"], Tlv(0x03, [.. fields["unused"], .. signature]), fields["trailer"]);
    }

    private static byte[] Hex(string hex) => Convert.FromHexString(hex);

    private static byte[] Utc(string text) => Tlv(0x17, System.Text.Encoding.ASCII.GetBytes(text));

    private static byte[] Generalized(string text) => Tlv(0x18, System.Text.Encoding.ASCII.GetBytes(text));

    private static byte[] Rsa(byte[] modulus, byte[] exponent) => Sequence(Hex(RsaAlgorithm), Tlv(3, [0, .. Sequence(modulus, exponent)]));

    private static byte[] Unsigned(byte[] number) => Tlv(2, [0, .. number]);

    private static byte[] Extensions(params byte[][] extensions) => Tlv(0xA3, Sequence(extensions));

    private static byte[] Names(string hexName) => Extension("551D11", Sequence(Tlv(0x82, Hex(hexName))), []);

    private static byte[] Extension(string identifier, byte[] value, byte[] critical) => ExtensionOf(Tlv(6, Hex(identifier)), value, critical);

    private static byte[] ExtensionOf(byte[] identifier, byte[] value, byte[] critical) => Sequence(identifier, critical, Tlv(4, value));

    private static byte[] Sequence(params byte[][] elements) => Tlv(0x30, [.. elements.SelectMany(element => element)]);

    private static byte[] Tlv(byte tag, ReadOnlySpan<byte> value) => value.Length switch
    {
        < 0x80 => [tag, (byte)value.Length, .. value],
        < 0x100 => [tag, 0x81, (byte)value.Length, .. value],
        < 0x10000 => [tag, 0x82, (byte)(value.Length >> 8), (byte)value.Length, .. value],
        _ => [tag, 0x83, (byte)(value.Length >> 16), (byte)(value.Length >> 8), (byte)value.Length, .. value],
    };

    private static byte[] Sec1Point()
    {
        ECParameters key = ((ECDsa)TestPki.Key("P-256", 5)).ExportParameters(false);
        return [4, .. key.Q.X!, .. key.Q.Y!];
    }
}
