namespace Thimble.Net.Tcp;

/// <summary>Comparison of sequence numbers and of times, both modulo 2^32 (RFC 9293 §3.4).</summary>
internal static class SequenceNumber
{
    /// <summary>Whether <paramref name="left"/> lies before <paramref name="right"/>, no more than half the circle away.</summary>
    public static bool IsBefore(uint left, uint right) => (int)(left - right) < 0;

    /// <summary>Whether <paramref name="value"/> lies in <paramref name="first"/> … <paramref name="last"/>, both included.</summary>
    public static bool IsWithin(uint value, uint first, uint last) => value - first <= last - first;

    /// <summary>Whether <paramref name="now"/> has reached <paramref name="deadline"/>.</summary>
    public static bool HasPassed(uint now, uint deadline) => (int)(now - deadline) >= 0;
}
