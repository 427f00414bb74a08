namespace Thimble.Cli;

/// <summary>What the tool tells the shell.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Good = 0;

    /// <summary>Something went wrong, and was explained.</summary>
    public const int Fault = 1;

    /// <summary>The command line cannot be understood.</summary>
    public const int Usage = 2;
}
