using System;
using System.Buffers;
using System.Text;
using Thimble.Mqtt;
using Xunit;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>The rules for strings, topic names and topic filters (MQTT 3.1.1 §1.5.3 and §4.7).</summary>
public class MqttTextTests
{
    [Fact]
    public void Every_scalar_value_but_zero_is_a_string()
    {
        byte[] text = new byte[4];
        for (int value = 0; value <= 0x10FFFF; value++)
        {
            if (Rune.TryCreate(value, out Rune rune))
            {
                Assert.Equal(value != 0, MqttText.IsString(text.AsSpan(0, rune.EncodeToUtf8(text))));
            }
        }
    }

    [Fact]
    public void Every_sequence_of_up_to_three_bytes_is_judged_as_the_platform_judges_it()
    {
        byte[] text = new byte[3];
        for (int value = 0; value < 1 << 24; value++)
        {
            text[0] = (byte)(value >> 16);
            text[1] = (byte)(value >> 8);
            text[2] = (byte)value;

            // All three where the first is no ASCII, else the last two or one: no sequence is looked at twice.
            ReadOnlySpan<byte> sequence = text[0] >= 0x80 ? text : text[0] != 0 ? [] : text[1] != 0 ? text.AsSpan(1) : text.AsSpan(2);
            if (!sequence.IsEmpty && IsWellFormed(sequence) != MqttText.IsString(sequence))
            {
                Assert.Fail(Convert.ToHexString(sequence));
            }
        }
    }

    [Fact]
    public void Four_byte_sequences_at_the_edges_of_the_grammar_are_judged_as_the_platform_judges_them()
    {
        byte[] edges = [0x00, 0x01, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xE0, 0xED, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF];
        foreach (byte a in edges)
        {
            foreach (byte b in edges)
            {
                foreach (byte c in edges)
                {
                    foreach (byte d in edges)
                    {
                        Assert.Equal(IsWellFormed([a, b, c, d]), MqttText.IsString([a, b, c, d]));
                    }
                }
            }
        }
    }

    [Fact]
    public void A_string_has_at_most_65535_bytes()
    {
        Assert.True(MqttText.IsString(Filled(65_535)));
        Assert.False(MqttText.IsString(Filled(65_536)));
        Assert.True(MqttText.IsString([]));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("/", true)]
    [InlineData("//", true)]
    [InlineData("$SYS/broker", true)]
    [InlineData("Accounts payable", true)]
    [InlineData("", false)]
    [InlineData("#", false)]
    [InlineData("a/+/b", false)]
    [InlineData("a+", false)]
    [InlineData("a\0b", false)]
    public void A_topic_name_is_not_empty_and_has_no_wildcard(string topic, bool valid)
        => Assert.Equal(valid, MqttText.IsTopicName(Encoding.UTF8.GetBytes(topic)));

    // The examples are those of §4.7.1.2 and §4.7.1.3, and some more.
    [Theory]
    [InlineData("sport/tennis/player1/#", true)]
    [InlineData("sport/#", true)]
    [InlineData("#", true)]
    [InlineData("/#", true)]
    [InlineData("sport/tennis/#", true)]
    [InlineData("sport/tennis#", false)]
    [InlineData("sport/tennis/#/ranking", false)]
    [InlineData("##", false)]
    [InlineData("#/", false)]
    [InlineData("+", true)]
    [InlineData("+/tennis/#", true)]
    [InlineData("sport+", false)]
    [InlineData("+sport", false)]
    [InlineData("sport/+/player1", true)]
    [InlineData("+/+", true)]
    [InlineData("/+", true)]
    [InlineData("++", false)]
    [InlineData("+#", false)]
    [InlineData("a/+b", false)]
    [InlineData("a/b", true)]
    [InlineData("", false)]
    [InlineData("a\0", false)]
    public void A_wildcard_fills_a_level_of_a_topic_filter(string filter, bool valid)
        => Assert.Equal(valid, MqttText.IsTopicFilter(Encoding.UTF8.GetBytes(filter)));

    private static bool IsWellFormed(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            if (text[0] == 0 || Rune.DecodeFromUtf8(text, out _, out int consumed) != OperationStatus.Done)
            {
                return false;
            }

            text = text[consumed..];
        }

        return true;
    }

    private static byte[] Filled(int bytes)
    {
        byte[] text = new byte[bytes];
        Array.Fill(text, (byte)'x');
        return text;
    }
}
