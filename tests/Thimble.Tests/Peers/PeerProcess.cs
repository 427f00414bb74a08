using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using Thimble.Testing;
using Xunit.Sdk;

namespace Thimble.Tests.Peers;

/// <summary>A program of others, with all that it says. It ends, at the latest, when this is disposed of.</summary>
internal sealed class PeerProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private PeerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it hears on its standard input.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>Standard output and standard error, line by line.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>A place in <see cref="Output"/>: what comes after it was said later.</summary>
    public int Mark => Output.Length;

    public static PeerProcess Start(string program, params IEnumerable<string> arguments)
    {
        string path = Testing.Peers.Find(program) ?? throw new FileNotFoundException("Not installed: " + program);
        return new PeerProcess(new Process
        {
            StartInfo = new ProcessStartInfo(path, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            },
        });
    }

    /// <summary>Runs a program to its end, which must be a good one.</summary>
    public static string Run(string program, params IEnumerable<string> arguments)
    {
        using PeerProcess process = Start(program, arguments);
        return process.WaitForSuccess();
    }

    /// <summary>Waits until the program has said what <paramref name="pattern"/> describes, after <paramref name="mark"/>.</summary>
    public Match WaitFor(string pattern, int mark = 0, TimeSpan? patience = null)
    {
        Match match = TryWaitFor(pattern, mark, patience);
        return match.Success ? match : throw new XunitException($"The peer never said '{pattern}'. It said:\n{Output[mark..]}");
    }

    /// <summary>The same, but the program may also end without having said it.</summary>
    public Match TryWaitFor(string pattern, int mark = 0, TimeSpan? patience = null)
    {
        long start = Stopwatch.GetTimestamp();
        lock (_output)
        {
            while (true)
            {
                bool ended = _process.HasExited;
                Match match = Regex.Match(_output.ToString(mark, _output.Length - mark), pattern);
                if (match.Success || ended || Stopwatch.GetElapsedTime(start) > (patience ?? Patience))
                {
                    return match;
                }

                // A new line wakes us; the short limit is for a program that ends in silence.
                Monitor.Wait(_output, TimeSpan.FromMilliseconds(100));
            }
        }
    }

    /// <summary>Waits for the end of the program and returns what it said.</summary>
    public string WaitForSuccess()
    {
        if (!_process.WaitForExit(Patience))
        {
            throw new XunitException($"{_process.StartInfo.FileName} does not end. It said:\n{Output}");
        }

        _process.WaitForExit(); // also for the last lines
        return _process.ExitCode == 0 ? Output : throw new XunitException($"{_process.StartInfo.FileName} failed with {_process.ExitCode}. It said:\n{Output}");
    }

    /// <summary>Ends the program by its own process id, and waits for that.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit(Patience);
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.Append(line).Append('\n');
                Monitor.PulseAll(_output);
            }
        }
    }
}
