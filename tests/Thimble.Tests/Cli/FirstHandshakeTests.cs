using System;
using System.Diagnostics;
using System.IO;
using System.Text.Json;
using System.Threading.Tasks;
using Thimble.Cli;
using Xunit;

namespace Thimble.Tests.Cli;

/// <summary>What only a process of its own can show: in this one, other tests have had the runtime load what a handshake needs.</summary>
public sealed class FirstHandshakeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("p256")]
    [InlineData("rsa")]
    public async Task The_first_handshake_of_a_process_takes_nothing_from_the_heap(string clientKey)
    {
        using JsonDocument report = JsonDocument.Parse(await Run("demo", "--json", "--client-key", clientKey));
        Assert.True(report.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(0, report.RootElement.GetProperty("memory").GetProperty("gcAllocatedBytes").GetInt64());
    }

    private static async Task<string> Run(params string[] arguments)
    {
        string tool = Path.Combine(AppContext.BaseDirectory, "Thimble.Cli.dll");
        var start = new ProcessStartInfo("dotnet", [tool, .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false };
        using Process process = Process.Start(start)!;
        try
        {
            string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Limit);
            await process.WaitForExitAsync().WaitAsync(Limit);
            Assert.Equal(ExitCode.Good, process.ExitCode);
            return output;
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
