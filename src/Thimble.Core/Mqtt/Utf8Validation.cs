using System;

namespace Thimble.Mqtt;

/// <summary>How far into a character a stream of UTF-8 is; one byte, so that a string may arrive in any pieces.</summary>
internal enum Utf8State : byte
{
    Invalid = 0,
    Boundary = 1,
    OneMore = 2,
    TwoMore = 3,
    ThreeMore = 4,
    AfterE0 = 5,
    AfterEd = 6,
    AfterF0 = 7,
    AfterF4 = 8,
}

/// <summary>
/// Well-formed UTF-8 (RFC 3629 §4, the grammar), which leaves out surrogates as [MQTT-1.5.3-1] demands, and without U+0000
/// ([MQTT-1.5.3-2]). A byte order mark is an ordinary character ([MQTT-1.5.3-3]).
/// </summary>
internal static class Utf8Validation
{
    // Behind a lead, from OneMore on: the lowest and the highest byte, and the state after it.
    private static ReadOnlySpan<byte> Continuations =>
    [
        0x80, 0xBF, (byte)Utf8State.Boundary,
        0x80, 0xBF, (byte)Utf8State.OneMore,
        0x80, 0xBF, (byte)Utf8State.TwoMore,
        0xA0, 0xBF, (byte)Utf8State.OneMore,
        0x80, 0x9F, (byte)Utf8State.OneMore,
        0x90, 0xBF, (byte)Utf8State.TwoMore,
        0x80, 0x8F, (byte)Utf8State.TwoMore,
    ];

    /// <summary>The state after one more byte; <see cref="Utf8State.Invalid"/> stays.</summary>
    public static Utf8State After(Utf8State state, byte next)
    {
        if (state <= Utf8State.Boundary)
        {
            return state == Utf8State.Boundary ? AfterLead(next) : Utf8State.Invalid;
        }

        ReadOnlySpan<byte> expected = Continuations.Slice(((int)state - (int)Utf8State.OneMore) * 3, 3);
        return next >= expected[0] && next <= expected[1] ? (Utf8State)expected[2] : Utf8State.Invalid;
    }

    private static Utf8State AfterLead(byte lead) => lead switch
    {
        >= 0x01 and <= 0x7F => Utf8State.Boundary,
        >= 0xC2 and <= 0xDF => Utf8State.OneMore,
        0xE0 => Utf8State.AfterE0,
        0xED => Utf8State.AfterEd,
        >= 0xE1 and <= 0xEF => Utf8State.TwoMore,
        0xF0 => Utf8State.AfterF0,
        >= 0xF1 and <= 0xF3 => Utf8State.ThreeMore,
        0xF4 => Utf8State.AfterF4,
        _ => Utf8State.Invalid,
    };
}
