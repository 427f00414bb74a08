using System;
using System.Buffers;
using System.Linq;
using System.Text;
using Thimble.Cli;
using Thimble.Cli.PubSub;
using Thimble.Mqtt;
using Xunit;

namespace Thimble.Tests.Cli;

/// <summary>What is printed for a message. The expectations are what mosquitto_sub 2.0.11 printed.</summary>
public sealed class OutputFormatTests
{
    private static readonly DateTimeOffset s_time = new(2026, 11, 22, 20, 25, 31, TimeSpan.FromHours(1));

    private static readonly MqttMessageProperties s_properties = new()
    {
        ContentType = "text/x",
        CorrelationData = "corr"u8.ToArray(),
        Expiry = TimeSpan.FromSeconds(100),
        PayloadFormat = MqttPayloadFormat.Utf8,
        ResponseTopic = "r/t",
        SubscriptionIdentifiers = [7],
        UserProperties = [new("k1", "v1"), new("k2", "v2")],
    };

    [Theory]
    [InlineData("%%|%A|%C|%D|%E|%F|%l|%m|%P|%p|%q|%R|%r|%S|%t|%x|%X", "%||text/x|corr|100|1|5|1|k1:v1 k2:v2|hello|1|r/t|0|7|f/topic|68656c6c6f|68656C6C6F")]
    [InlineData("[%10t][%-10t][%3.3t][%.2t][%010t][%.0t][%5.0t]", "[   f/topic][f/topic   ][f/t][f/][   f/topic][][     ]")]
    [InlineData("[%05l][%-5l][%5l][%05m][%3q][%3r][%.3l][%05.3l]", "[00005][5    ][    5][00001][1][0][5][00005]")]
    [InlineData("[%8p][%-8p][%08p][%2p][%.2p]", "[   hello][hello   ][000hello][he][hello]")]
    [InlineData("[%12x][%012X][%-12x][%2x]", "[  68656c6c6f][0068656C6C6F][68656c6c6f  ][68]")]
    [InlineData("[%10C][%-10C][%.2C][%10R][%5E][%05E][%5F][%05F][%5S][%05S][%5A][%5P][%D]", "[    text/x][text/x    ][te][       r/t][  100][00100][    1][00001][    7][00007][     ][k1:v1 k2:v2][corr]")]
    [InlineData(@"\\|\0|\a|\e|\n|\r|\t|\v|@@|%10%", "\\|\0|\a|\e|\n|\r|\t|\v|@|%")]
    [InlineData("no parameter é", "no parameter é")]
    [InlineData("", "")]
    [InlineData("%I %30I %.4I %U", "2026-11-22T20:25:31+0100       2026-11-22T20:25:31+0100 2026 1795375531.000000000")]
    [InlineData("@a @A @b @B @c @C @d @D @e @F @g @G @h @H @I @j @k @l @m @M @n@p @P @r @R", "Sun Sunday Nov November Sun Nov 22 20:25:31 2026 20 22 11/22/26 22 2026-11-22 26 2026 Nov 20 08 326 20  8 11 25 \nPM pm 08:25:31 PM 20:25")]
    [InlineData("@s @S @t @T @u @U @V @w @W @x @X @y @Y @z @% @Q @E @O @i @N", "1795375531 31 \t 20:25:31 7 47 47 0 46 11/22/26 20:25:31 26 2026 +0100 % %Q %E %O %i 000000000")]
    public void Formats_are_those_of_mosquitto_sub(string format, string expected) =>
        Assert.Equal(expected + "\n", Print(OutputFormat.Parse(format, endsLines: true, pretty: false), "hello"u8, s_properties));

    [Fact]
    public void Properties_that_are_absent_are_empty_and_as_wide_as_their_field() => Assert.Equal(
        "[          ][          ][][][     ][00000][     ][00000][     ][00000][     ][][]",
        Print(OutputFormat.Parse("[%10C][%-10C][%.2C][%R][%5E][%05E][%5F][%05F][%5S][%05S][%5A][%P][%D]", endsLines: false, pretty: false), "hello"u8, MqttMessageProperties.None));

    [Theory]
    [InlineData(false, true, "hello", "hello\n")]
    [InlineData(false, false, "hello", "hello")]
    [InlineData(true, true, "hello", "f/topic hello\n")]
    [InlineData(true, false, "hello", "f/topic hello")]
    [InlineData(true, true, "", "f/topic (null)\n")]
    [InlineData(true, false, "", "")]
    [InlineData(false, true, "", "")]
    public void Without_a_format_it_is_the_payload_perhaps_with_its_topic(bool verbose, bool endsLines, string payload, string expected) =>
        Assert.Equal(expected, Print(OutputFormat.Simple(verbose, endsLines), Encoding.UTF8.GetBytes(payload), MqttMessageProperties.None));

    [Theory]
    [InlineData("%j", "he\"llo\n\\/é", "\"he\\\"llo\\n\\\\/é\"")]
    [InlineData("%j", "\u0001\u007f\t\b\f\r</>&'", "\"\\u0001\u007f\\t\\b\\f\\r</>&'\"")]
    [InlineData("%j", "", "null")]
    [InlineData("%J", "", "null")]
    [InlineData("%J", "5", "5")]
    [InlineData("%J", "[1e99999999999,-1E+99999999999,1e-99999999999,1e999]", "[null,null,0,null]")]
    [InlineData("%J", " \"x\" ", "\"x\"")]
    [InlineData("%J", "{\"a\":[1,2.50,\"x\",1e3,12345678901234567890,0.1,-0, true],\"b\":null, \"é\\u00e9\":\"\\/\",\"b\":{}}", "{\"a\":[1,2.5,\"x\",1000,1.2345678901234567e+19,0.1,-0,true],\"b\":null,\"éé\":\"/\",\"b\":{}}")]
    public void Json_holds_the_payload_as_a_string_or_as_json(string format, string payload, string expected) => Assert.Equal(
        $"{{\"tst\":\"2026-11-22T20:25:31.000000+0100\",\"topic\":\"f/topic\",\"qos\":1,\"retain\":0,\"payloadlen\":{Encoding.UTF8.GetByteCount(payload)},\"mid\":1,\"payload\":{expected}}}",
        Print(OutputFormat.Parse(format, endsLines: false, pretty: false), Encoding.UTF8.GetBytes(payload), MqttMessageProperties.None));

    [Fact]
    public void Json_holds_the_properties() => Assert.Contains(
        ",\"mid\":1,\"properties\":{\"subscription-identifier\":7,\"content-type\":\"text/x\",\"correlation-data\":\"corr\",\"payload-format-indicator\":1,\"response-topic\":\"r/t\",\"user-properties\":{\"k1\":\"v1\",\"k2\":\"v2\"},\"message-expiry-interval\":100},\"payload\":\"hello\"}",
        Print(OutputFormat.Parse("%j", endsLines: false, pretty: false), "hello"u8, s_properties),
        StringComparison.Ordinal);

    [Fact]
    public void Pretty_json_has_a_line_for_each_member() => Assert.Equal(
        "{\n\t\"tst\":\t\"2026-11-22T20:25:31.000000+0100\",\n\t\"topic\":\t\"f/topic\",\n\t\"qos\":\t1,\n\t\"retain\":\t0,\n\t\"payloadlen\":\t42,\n\t\"mid\":\t1,\n\t\"payload\":\t{\n\t\t\"a\":\t[1, 2.5, \"x\"],\n\t\t\"b\":\tnull,\n\t\t\"c\":\t{\n\t\t},\n\t\t\"d\":\t[]\n\t}\n}",
        Print(OutputFormat.Parse("%J", endsLines: false, pretty: true), "{\"a\":[1,2.50,\"x\"],\"b\":null,\"c\":{}, \"d\":[]}"u8, MqttMessageProperties.None));

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{} x")]
    [InlineData("{\"a\":}")]
    [InlineData("\"\\ud800\"")]
    public void A_payload_that_is_no_json_is_told_and_leaves_the_rest_of_the_format(string payload)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.False(OutputFormat.Parse("<%J>", endsLines: true, pretty: false).Write(output, Message(Encoding.UTF8.GetBytes(payload), MqttMessageProperties.None)));
        Assert.Equal("<>\n", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_printed_as_they_are_and_replaced_in_json()
    {
        byte[] payload = [0xff, 0x00, (byte)'a', 0x80];
        var output = new ArrayBufferWriter<byte>();
        OutputFormat.Parse("%p", endsLines: false, pretty: false).Write(output, Message(payload, MqttMessageProperties.None));
        Assert.Equal(payload, output.WrittenSpan);
        Assert.EndsWith("\"payload\":\"\uFFFD\\u0000a\uFFFD\"}", Print(OutputFormat.Parse("%j", endsLines: false, pretty: false), payload, MqttMessageProperties.None), StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_makes_the_reader_of_formats_fail_otherwise_than_by_saying_no()
    {
        var random = new Random(11);
        const string Alphabet = "%@\\0-5.tpxXjJlq aé";
        for (int round = 0; round < 20_000; round++)
        {
            string format = new([.. Enumerable.Range(0, random.Next(10)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
            try
            {
                Print(OutputFormat.Parse(format, endsLines: true, pretty: false), "hello"u8, s_properties);
            }
            catch (UsageException e)
            {
                Assert.Contains("-F", e.Message, StringComparison.Ordinal);
            }
        }
    }

    private static string Print(OutputFormat format, ReadOnlySpan<byte> payload, MqttMessageProperties properties)
    {
        var output = new ArrayBufferWriter<byte>();
        format.Write(output, Message(payload, properties));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static ReceivedMessage Message(ReadOnlySpan<byte> payload, MqttMessageProperties properties) =>
        new("f/topic"u8.ToArray(), payload.ToArray(), MqttQos.AtLeastOnce, Retain: false, PacketIdentifier: 1, properties, s_time);
}
