using System;

namespace Thimble.Cli;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        try
        {
            return CommandLine.Run(arguments, Terminal.OfThisProcess());
        }
        catch
        {
            // Caught and thrown again, so that all that is to be disposed of ends before the process does: without a handler
            // the runtime ends it at once, and the programs that a command had started would live on.
            throw;
        }
    }
}
