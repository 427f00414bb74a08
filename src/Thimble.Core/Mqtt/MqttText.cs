using System;

namespace Thimble.Mqtt;

/// <summary>The rules that MQTT sets for strings. Work is bounded by the length. Leaks: what it reads, which is public.</summary>
public static class MqttText
{
    /// <summary>The longest string, in bytes (§1.5.3).</summary>
    public const int MaxBytes = 65_535;

    private const int SharePrefixBytes = 7;

    /// <summary>What stands for a list that could not be gathered whole: no packet accepts it.</summary>
    internal static ReadOnlySpan<byte> Refused => "\0"u8;

    /// <summary>True for at most 65,535 bytes of well-formed UTF-8 without surrogates and U+0000 ([MQTT-1.5.3-1], [MQTT-1.5.3-2]).</summary>
    public static bool IsString(ReadOnlySpan<byte> text)
    {
        if (text.Length > MaxBytes)
        {
            return false;
        }

        Utf8State state = Utf8State.Boundary;
        foreach (byte next in text)
        {
            state = Utf8Validation.After(state, next);
        }

        return state == Utf8State.Boundary;
    }

    /// <summary>True for a topic to publish to: a string of one byte or more ([MQTT-4.7.3-1]) without wildcards ([MQTT-3.3.2-2]).</summary>
    public static bool IsTopicName(ReadOnlySpan<byte> topic) => topic.Length != 0 && !HasWildcards(topic) && IsString(topic);

    /// <summary>
    /// True for a topic filter to subscribe to: a string of one byte or more in which '+' fills a whole level
    /// ([MQTT-4.7.1-3]) and '#' fills the last one ([MQTT-4.7.1-2]).
    /// </summary>
    public static bool IsTopicFilter(ReadOnlySpan<byte> filter)
    {
        byte before = (byte)'/';
        foreach (byte next in filter)
        {
            bool isOver = before == '#' || (before == '+' && next != '/');
            if (isOver || (IsWildcard(next) && before != '/'))
            {
                return false;
            }

            before = next;
        }

        return filter.Length != 0 && IsString(filter);
    }

    /// <summary>True for a filter that begins like one of a shared subscription (MQTT 5 §4.8.2).</summary>
    internal static bool IsShared(ReadOnlySpan<byte> filter) => filter.StartsWith("$share/"u8);

    /// <summary>
    /// True where a filter of a shared subscription has a name of one character or more without '/', '+' and '#', and then a filter
    /// ([MQTT-4.8.2-1], [MQTT-4.8.2-2]).
    /// </summary>
    internal static bool IsSharedFilter(ReadOnlySpan<byte> filter)
    {
        int at = SharePrefixBytes;
        while (at < filter.Length && filter[at] != '/')
        {
            if (IsWildcard(filter[at++]))
            {
                return false;
            }
        }

        return at > SharePrefixBytes && at < filter.Length && IsTopicFilter(filter[(at + 1)..]);
    }

    /// <summary>True where a topic filter matches more than one topic.</summary>
    internal static bool HasWildcards(ReadOnlySpan<byte> filter)
    {
        foreach (byte next in filter)
        {
            if (IsWildcard(next))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True for the two characters that no topic name may hold.</summary>
    internal static bool IsWildcard(byte character) => character is (byte)'+' or (byte)'#';
}
