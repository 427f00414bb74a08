using System;
using System.Collections.Generic;
using System.Diagnostics;

namespace Thimble.Cli.Device;

/// <summary>A program that this one started, and that ends no later than this object, by its own process id.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan s_endPatience = TimeSpan.FromSeconds(10);

    private readonly Process _process;

    private ChildProcess(Process process, Action<string>? heard, Action<string>? complained)
    {
        _process = process;
        Said.Heard = heard;
        Complained.Heard = complained;
        process.OutputDataReceived += (_, line) => Said.Add(line.Data);
        process.ErrorDataReceived += (_, line) => HearError(line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Standard output, and standard error where that is not heard apart.</summary>
    public Transcript Said { get; } = new();

    /// <summary>Standard error, where it is heard apart.</summary>
    private Transcript Complained { get; } = new();

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>What it told the shell, after its end.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a program with nothing on its standard input; <paramref name="complained"/> hears standard error apart.</summary>
    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, Action<string>? heard = null, Action<string>? complained = null) => new(
        new Process
        {
            StartInfo = new ProcessStartInfo(DeviceTools.Find(program) ?? program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            },
        },
        heard,
        complained);

    /// <summary>Runs a program to its end. False where it failed or took too long; <paramref name="said"/> is what it said.</summary>
    public static bool Run(string program, IEnumerable<string> arguments, TimeSpan patience, out string said)
    {
        using ChildProcess child = Start(program, arguments);
        bool ended = child.WaitForEnd(patience);
        said = child.Said.Text;
        return ended && child.ExitCode == 0;
    }

    /// <summary>Waits for the end of the program, and for its last lines.</summary>
    public bool WaitForEnd(TimeSpan patience)
    {
        if (!_process.WaitForExit(patience))
        {
            return false;
        }

        _process.WaitForExit();
        return true;
    }

    /// <summary>Ends the program at once, as a power cut would.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit(s_endPatience);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    // The end of standard output is the end; a program may close this one earlier.
    private void HearError(string? line)
    {
        if (line is not null)
        {
            (Complained.Heard is null ? Said : Complained).Add(line);
        }
    }
}
