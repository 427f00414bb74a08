using System;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Thimble.Cli.Register;
using Xunit;

namespace Thimble.Tool.Tests.Register;

/// <summary>Topics, bodies and waits, without a server.</summary>
public sealed class DpsAnswerTests
{
    [Theory]
    [InlineData("$dps/registrations/res/202/?$rid=1&retry-after=3", 202, 1, 3)]
    [InlineData("$dps/registrations/res/200/?$rid=12", 200, 12, null)]
    [InlineData("$dps/registrations/res/429/?retry-after=7&x=y&$rid=2", 429, 2, 7)]
    [InlineData("$dps/registrations/res/202/?$rid=1&retry-after=Fri, 31 Dec 1999 23:59:59 GMT", 202, 1, null)]
    public void A_topic_tells_status_request_and_wait(string topic, int status, int request, int? seconds)
    {
        TimeSpan? wait = seconds is { } number ? TimeSpan.FromSeconds(number) : null;
        Assert.Equal(new DpsTopic(status, request, wait), DpsTopic.Parse(topic));
    }

    [Theory]
    [InlineData("")]
    [InlineData("$dps/registrations/res/")]
    [InlineData("$dps/registrations/res/200")]
    [InlineData("$dps/registrations/res/20/?$rid=1")]
    [InlineData("$dps/registrations/res/+20/?$rid=1")]
    [InlineData("$dps/registrations/res/200/?$rid=-1")]
    [InlineData("$dps/registrations/res/200/?$rid=1&$rid=2")]
    [InlineData("$dps/registrations/res/200/?$rid=99999999999999")]
    [InlineData("$dps/registrations/res/200/?$rid=1/?$rid=1")]
    [InlineData("$dps/registrations/res/200/?a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&$rid=1")]
    public void Another_topic_is_none(string topic) => Assert.Null(DpsTopic.Parse(topic));

    [Fact]
    public void No_topic_and_no_body_makes_the_readers_fail() => Prop.ForAll<string, byte[]>((topic, body) =>
    {
        _ = DpsTopic.Parse("$dps/registrations/res/" + topic);
        _ = DpsTopic.Parse("$dps/registrations/res/200/?" + topic);
        _ = DpsBody.Parse(body ?? []);
        _ = DpsBody.Parse(Encoding.UTF8.GetBytes($$"""{"status":"{{topic}}","registrationState":{"payload":{} } }"""));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Waits_are_as_DPS_says_and_grow_where_it_says_nothing_and_refuses()
    {
        var patience = new Patience(TimeSpan.FromMinutes(5), TimeProvider.System);
        Assert.Equal(TimeSpan.FromSeconds(7), patience.Next(TimeSpan.FromSeconds(7), isRefused: true));
        Assert.Equal(TimeSpan.FromSeconds(1), patience.Next(TimeSpan.Zero, isRefused: false));
        Assert.Equal(TimeSpan.FromSeconds(3), patience.Next(null, isRefused: false));
        foreach (int seconds in (int[])[3, 6, 12, 24, 48, 60, 60])
        {
            Assert.InRange(patience.Next(null, isRefused: true), TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds * 1.25));
        }

        Assert.Equal(TimeSpan.FromSeconds(3), patience.Next(null, isRefused: false));
        Assert.InRange(patience.Next(null, isRefused: true), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3.75));
    }
}
