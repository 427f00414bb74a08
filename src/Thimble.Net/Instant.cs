namespace Thimble.Net;

/// <summary>Comparing times in milliseconds that wrap at 2^32: two of them lie less than 2^31 apart.</summary>
internal static class Instant
{
    /// <summary>Whether <paramref name="at"/> has come.</summary>
    public static bool IsDue(uint now, uint at) => (int)(now - at) >= 0;

    /// <summary>The milliseconds until <paramref name="at"/>; 0 when it has come.</summary>
    public static uint Until(uint now, uint at) => IsDue(now, at) ? 0 : at - now;
}
