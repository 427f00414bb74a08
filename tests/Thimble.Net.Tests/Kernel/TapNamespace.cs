using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using Xunit.Sdk;

namespace Thimble.Net.Tests.Kernel;

/// <summary>
/// A network namespace of the test's own with a TAP device: the kernel is 192.0.2.1 at it, and the program
/// Thimble.Net.Tap the other station. It goes with all its programs when this is disposed of.
/// </summary>
internal sealed class TapNamespace : IDisposable
{
    private const int PatienceMilliseconds = 40_000;

    private static int s_count;

    private readonly string _name = $"thimble-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";

    public TapNamespace()
    {
        Run("netns", "add", _name);
        Run("-n", _name, "link", "set", "lo", "up");
        Run("-n", _name, "tuntap", "add", "tap0", "mode", "tap");
        Run("-n", _name, "addr", "add", "192.0.2.1/24", "dev", "tap0");
        Run("-n", _name, "link", "set", "tap0", "up");
    }

    /// <summary>Starts a program inside; <c>ip</c> becomes that program.</summary>
    public Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("ip", ["netns", "exec", _name, program, .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    /// <summary>Starts Thimble's network with these commands.</summary>
    public Process StartHost(string commands) => Start(
        "dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Thimble.Net.Tap.dll"), "tap0", .. commands.Split(' ')]);

    /// <summary>Reads lines until one begins with <paramref name="start"/>, and gives it.</summary>
    public static string Line(Process process, string start)
    {
        var heard = new StringBuilder();
        using var patience = new CancellationTokenSource(PatienceMilliseconds);
        while (true)
        {
            string? line = process.StandardOutput.ReadLineAsync(patience.Token).AsTask().GetAwaiter().GetResult();
            heard.AppendLine(line);
            if (line is null || line.StartsWith(start, StringComparison.Ordinal))
            {
                return line ?? throw new XunitException($"'{start}' did not come: {heard}{process.StandardError.ReadToEnd()}");
            }
        }
    }

    /// <summary>What a program says until it ends.</summary>
    public static string Output(Process process)
    {
        using var patience = new CancellationTokenSource(PatienceMilliseconds);
        return process.StandardOutput.ReadToEndAsync(patience.Token).GetAwaiter().GetResult();
    }

    /// <summary>Ends a program that a test started.</summary>
    public static void End(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.WaitForExit(PatienceMilliseconds);
        process.Dispose();
    }

    public void Dispose() => Run("netns", "del", _name);

    private static void Run(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit(PatienceMilliseconds);
        if (process.ExitCode != 0)
        {
            throw new XunitException($"ip {string.Join(' ', arguments)}: {errors}");
        }
    }
}
