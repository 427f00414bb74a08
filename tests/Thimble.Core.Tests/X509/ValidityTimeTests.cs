using System;
using System.Globalization;
using System.Text;
using Thimble.X509;
using Xunit;

namespace Thimble.Core.Tests.X509;

public sealed class ValidityTimeTests
{
    [Theory]
    [InlineData("700101000000Z", 0)]
    [InlineData("000229235959Z", 951868799)]
    [InlineData("491231235959Z", 2524607999)]
    [InlineData("500101000000Z", -631152000)]
    [InlineData("991231235959Z", 946684799)]
    public void Two_digit_years_run_from_1950_to_2049(string text, long seconds)
    {
        Assert.True(ValidityTime.TryParse(DerTag.UtcTime, Encoding.ASCII.GetBytes(text), out long parsed));
        Assert.Equal(seconds, parsed);
    }

    [Theory]
    [InlineData("20500101000000Z", true)]
    [InlineData("99991231235959Z", true)]
    [InlineData("20491231235959Z", false)]
    [InlineData("21000229000000Z", false)]
    [InlineData("24000229000000Z", true)]
    [InlineData("20500101000000.5Z", false)]
    [InlineData("20500101000000", false)]
    [InlineData("20500101000000+0000", false)]
    [InlineData("20501301000000Z", false)]
    [InlineData("20500001000000Z", false)]
    [InlineData("20500100000000Z", false)]
    [InlineData("20500432000000Z", false)]
    [InlineData("20500101240000Z", false)]
    [InlineData("20500101006000Z", false)]
    [InlineData("20500101000060Z", false)]
    [InlineData("2050010100000 Z", false)]
    [InlineData("", false)]
    public void Four_digit_years_begin_with_2050(string text, bool good) =>
        Assert.Equal(good, ValidityTime.TryParse(DerTag.GeneralizedTime, Encoding.ASCII.GetBytes(text), out _));

    [Theory]
    [InlineData("7001010000Z")]
    [InlineData("700101000000")]
    [InlineData("700101000000z")]
    [InlineData("700101000000-0100")]
    [InlineData("20500101000000Z")]
    [InlineData("010229000000Z")]
    public void Other_forms_of_two_digit_years_are_refused(string text) =>
        Assert.False(ValidityTime.TryParse(DerTag.UtcTime, Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Every_day_agrees_with_the_platform()
    {
        for (DateTime day = new(2050, 1, 1, 13, 14, 15, DateTimeKind.Utc); day.Year < 2460; day = day.AddDays(1))
        {
            byte[] text = Encoding.ASCII.GetBytes(day.ToString("yyyyMMddHHmmss'Z'", CultureInfo.InvariantCulture));
            Assert.True(ValidityTime.TryParse(DerTag.GeneralizedTime, text, out long seconds));
            Assert.Equal(new DateTimeOffset(day).ToUnixTimeSeconds(), seconds);
            Assert.Equal((uint)(seconds / 86400), ValidityTime.Day(seconds));
        }
    }
}
