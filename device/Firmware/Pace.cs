namespace Thimble.Firmware;

/// <summary>How the work is cut into turns of the loop.</summary>
internal static class Pace
{
    /// <summary>
    /// Public-key work in one turn, in multiplications of 256-bit numbers: chosen so that no turn takes more than 1.6
    /// million instructions, which the loop monitor shows.
    /// </summary>
    public const int WorkPerCall = 200;

    /// <summary>How long a farewell may take to get out.</summary>
    public const uint LeaveMilliseconds = 2000;
}
