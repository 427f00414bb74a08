using System;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>What a HelloRetryRequest changes (RFC 8446 §4.1.4): the group of our share, and a cookie to send back.</summary>
internal static class HelloRetry
{
    /// <summary>ServerHello.random of a HelloRetryRequest: SHA-256 of "HelloRetryRequest" (RFC 8446 §4.1.3).</summary>
    private static ReadOnlySpan<byte> Random =>
    [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ];

    /// <summary>Looks at the random of a ServerHello, which tells a HelloRetryRequest apart. A second one is a fault.</summary>
    public static bool Recognize(scoped in Connection connection, ReadOnlySpan<byte> random)
    {
        if (!connection.Offers13 || !random.SequenceEqual(Random))
        {
            return true;
        }

        ref RetryState retry = ref connection.State.Retry;
        if (retry != RetryState.None)
        {
            return connection.Fail(FaultReason.SecondHelloRetryRequest);
        }

        retry = RetryState.Asked;
        return true;
    }

    /// <summary>Whether the ServerHello that is being read is a HelloRetryRequest.</summary>
    public static bool IsBeingRead(scoped in Connection connection) =>
        Features.Tls13 && connection.State.Retry is (RetryState.Asked or RetryState.AskedForGroup);

    /// <summary>The group must have been offered, and be another one than that of the share.</summary>
    public static bool ChooseGroup(scoped in Connection connection, uint group)
    {
        ref ConnectionState state = ref connection.State;
        if (!ClientHello.OffersGroup(connection.Config.Profile, (NamedGroup)group))
        {
            return connection.Fail(FaultReason.GroupNotOffered, 0, group);
        }

        if (group == state.Group)
        {
            return connection.Fail(FaultReason.RetryChangesNothing, state.Group, group);
        }

        state.Group = (ushort)group;
        state.Retry = RetryState.AskedForGroup;
        return true;
    }

    /// <summary>The cookie waits at the end of the out window, where the second ClientHello leaves it alone until it takes it.</summary>
    public static bool BeginCookie(scoped in Connection connection, uint length)
    {
        uint room = (uint)connection.Buffer[RegionId.OutWindow].Length;
        connection.State.CookieBytes = (ushort)length;
        return length <= room || connection.Fail(FaultReason.CookieTooLong, room, length);
    }

    /// <summary>Where the cookie waits.</summary>
    public static Span<byte> Cookie(scoped in Connection connection)
    {
        Span<byte> window = connection.Buffer[RegionId.OutWindow];
        return window.Slice(window.Length - connection.State.CookieBytes);
    }

    /// <summary>A request that would lead to the same ClientHello again is a fault.</summary>
    public static bool Finish(scoped in Connection connection) =>
        connection.State.Retry == RetryState.AskedForGroup || connection.State.CookieBytes != 0 || connection.Fail(FaultReason.RetryChangesNothing);
}
