using System;
using Thimble.Crypto;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

/// <summary>ECDSA-Sig-Value in DER and nothing else.</summary>
public sealed class EcdsaSignatureTests
{
    [Theory]
    [InlineData("3006020101020102", "01", "02")]
    [InlineData("3008020200800202007F", null, null)]
    [InlineData("300702020080020102", "80", "02")]
    [InlineData("3006020100020102", "", "02")]
    public void Integers_come_out_without_leading_zeros(string der, string? r, string? s)
    {
        bool read = EcdsaSignature.TryRead(Convert.FromHexString(der), 32, out ReadOnlySpan<byte> first, out ReadOnlySpan<byte> second);
        Assert.Equal(r is not null, read);
        if (read)
        {
            Assert.Equal(r, Convert.ToHexString(first));
            Assert.Equal(s, Convert.ToHexString(second));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("3000")]
    [InlineData("3003020101")]
    [InlineData("3006020101020102FF")]
    [InlineData("300702010102010200")]
    [InlineData("3005020101020102")]
    [InlineData("308106020101020102")]
    [InlineData("3006020181020102")]
    [InlineData("300702020001020102")]
    [InlineData("30050200020102")]
    [InlineData("3106020101020102")]
    [InlineData("3006030101020102")]
    [InlineData("3006020101020202")]
    [InlineData("3080020101020102")]
    public void Other_encodings_are_refused(string der) =>
        Assert.False(EcdsaSignature.TryRead(Convert.FromHexString(der), 32, out _, out _));

    [Fact]
    public void The_longest_of_P521_has_a_length_of_two_octets()
    {
        byte[] number = [0x01, .. new byte[65]];
        byte[] der = [0x30, 0x81, 0x88, 0x02, 0x42, .. number, 0x02, 0x42, .. number];
        Assert.Equal(141, EcdsaSignature.MaxBytes(66)); // two octets more, for numbers that the order does not reach
        Assert.True(EcdsaSignature.TryRead(der, 66, out ReadOnlySpan<byte> r, out ReadOnlySpan<byte> s));
        Assert.True(r.SequenceEqual(number) && s.SequenceEqual(number));
        Assert.False(EcdsaSignature.TryRead([.. der, 0], 66, out _, out _));
        Assert.False(EcdsaSignature.TryRead(der.AsSpan(0, der.Length - 1), 66, out _, out _));
        Assert.False(EcdsaSignature.TryRead([0x30, 0x82, 0x00, 0x88, .. der[3..]], 66, out _, out _));
        Assert.False(EcdsaSignature.TryRead([0x30, 0x88, .. der[3..]], 66, out _, out _));
        Assert.False(EcdsaSignature.TryRead(der, 48, out _, out _));
    }

    [Fact]
    public void A_length_that_fits_one_octet_takes_no_two()
    {
        byte[] number = new byte[58];
        number[0] = 1;
        byte[] content = [0x02, 0x3A, .. number, 0x02, 0x3A, .. number];
        Assert.True(EcdsaSignature.TryRead([0x30, 0x78, .. content], 66, out _, out _));
        Assert.False(EcdsaSignature.TryRead([0x30, 0x81, 0x78, .. content], 66, out _, out _));
    }

    [Fact]
    public void Numbers_longer_than_the_order_are_refused()
    {
        byte[] der = [0x30, 0x26, 0x02, 0x21, 1, .. new byte[32], 0x02, 0x01, 0x01];
        Assert.False(EcdsaSignature.TryRead(der, 32, out _, out _));
        Assert.True(EcdsaSignature.TryRead(der, 33, out _, out _));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var random = new Random(9);
        byte[] r = new byte[48], s = new byte[48], der = new byte[EcdsaSignature.MaxBytes(48)];
        for (int i = 0; i < 500; i++)
        {
            random.NextBytes(r);
            random.NextBytes(s);
            r.AsSpan(0, i % 48).Clear();
            s.AsSpan(0, i % 47).Clear();
            int length = EcdsaSignature.Write(r, s, der);
            Assert.True(EcdsaSignature.TryRead(der.AsSpan(0, length), 48, out ReadOnlySpan<byte> readR, out ReadOnlySpan<byte> readS));
            Assert.True(r.AsSpan().TrimStart((byte)0).SequenceEqual(readR));
            Assert.True(s.AsSpan().TrimStart((byte)0).SequenceEqual(readS));
        }
    }
}
