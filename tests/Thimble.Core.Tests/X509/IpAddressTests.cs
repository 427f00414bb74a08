using System;
using System.Net;
using System.Text;
using Thimble.X509;
using Xunit;

namespace Thimble.Core.Tests.X509;

public sealed class IpAddressTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("192.0.2.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("1::")]
    [InlineData("2001:DB8::8:800:200c:417A")]
    [InlineData("1:2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4:5:6:7::")]
    [InlineData("::2:3:4:5:6:7:8")]
    [InlineData("::ffff:192.0.2.1")]
    [InlineData("1:2:3:4:5:6:192.0.2.1")]
    [InlineData("1:2:3::192.0.2.1")]
    public void Literals_agree_with_the_platform(string text)
    {
        Span<byte> address = stackalloc byte[16];
        byte[] wanted = IPAddress.Parse(text).GetAddressBytes();
        Assert.Equal(wanted.Length, IpAddress.Parse(Encoding.ASCII.GetBytes(text), address));
        Assert.Equal(Convert.ToHexString(wanted), Convert.ToHexString(address[..wanted.Length]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("example.com")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.4.")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.04")]
    [InlineData("1..3.4")]
    [InlineData("1.2.3.99999999999999999999")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4::5:6:7:8")]
    [InlineData("1::2::3")]
    [InlineData("1:")]
    [InlineData(":1")]
    [InlineData("12345::")]
    [InlineData("g::")]
    [InlineData("1:2:3:4:5:6:7:192.0.2.1")]
    [InlineData("::1.2.3")]
    [InlineData("fe80::1%eth0")]
    public void Other_texts_are_no_address(string text)
    {
        Span<byte> address = stackalloc byte[16];
        Assert.Equal(0, IpAddress.Parse(Encoding.ASCII.GetBytes(text), address));
    }
}
