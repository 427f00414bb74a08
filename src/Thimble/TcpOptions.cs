using System;

namespace Thimble;

/// <summary>How TCP connections are opened. Immutable, and one object may serve any number of connections.</summary>
public sealed record TcpOptions
{
    /// <summary>The longest that opening a connection may take, over all addresses of the host.</summary>
    public TimeSpan ConnectTimeout
    {
        get;
        init => field = (value > TimeSpan.Zero && value.TotalMilliseconds < int.MaxValue) || value == System.Threading.Timeout.InfiniteTimeSpan
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "ConnectTimeout must be longer than nothing and shorter than 24 days, or Timeout.InfiniteTimeSpan.");
    } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long an address is tried before the next one is tried beside it (RFC 8305 §5 recommends 250 ms). One that fails gives way at once.
    /// </summary>
    public TimeSpan AttemptDelay
    {
        get;
        init => field = value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "AttemptDelay must be longer than nothing: RFC 8305 recommends 250 ms.");
    } = TimeSpan.FromMilliseconds(250);

    /// <summary>After how long a silence TCP asks whether the peer is still there, or null not to ask.</summary>
    public TimeSpan? KeepAlive
    {
        get;
        init => field = value is null || value >= TimeSpan.FromSeconds(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "KeepAlive must be one second or more, or null for none.");
    }

    /// <summary>Where time comes from.</summary>
    public TimeProvider TimeProvider
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(value));
    } = TimeProvider.System;
}
