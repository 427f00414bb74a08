namespace Thimble.Net.Tests.Link;

/// <summary>How often, in thousandths, a link does what to a frame; and how long it takes, in milliseconds, both limits included.</summary>
internal readonly record struct LinkFaults(int Drop, int Duplicate, int Corrupt, int Truncate, int Delay, int Jitter)
{
    public static LinkFaults None => new(0, 0, 0, 0, 5, 0);
}
