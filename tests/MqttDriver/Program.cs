using System;
using System.IO;
using System.Threading.Tasks;

namespace Thimble.MqttDriver;

/// <summary>A client for brokers that break the rules: see README.md.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (Settings.Parse(arguments) is not { } settings)
        {
            await Console.Error.WriteLineAsync("Usage: MqttDriver CLIENT_ID [--cafile FILE], and on the standard input PORT VERSION CLEAN [command] in each line.");
            return 2;
        }

        using var input = new StreamReader(Console.OpenStandardInput());
        string? line = await input.ReadLineAsync();
        while (line is not null)
        {
            Task<string?> next = input.ReadLineAsync();
            try
            {
                await new Run(settings, Script.Parse(line), Console.Out).ToEndAsync(next);
            }
            catch (Exception e) when (e is FormatException or ThimbleException)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return 2;
            }

            line = await next;
        }

        return 0;
    }
}
