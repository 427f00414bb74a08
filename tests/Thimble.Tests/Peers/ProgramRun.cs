using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;
using Thimble.Testing;
using Xunit.Sdk;

namespace Thimble.Tests.Peers;

/// <summary>A program whose output may be no text, and what came of it.</summary>
internal sealed class ProgramRun : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Task<byte[]> _output;
    private readonly Task<string> _error;

    private ProgramRun(Process process)
    {
        _process = process;
        process.Start();
        _output = ReadAsync(process.StandardOutput.BaseStream);
        _error = process.StandardError.ReadToEndAsync();
    }

    public int ExitCode { get; private set; }

    public byte[] Output { get; private set; } = [];

    public string Error { get; private set; } = "";

    public static ProgramRun Start(string program, params IEnumerable<string> arguments) => new(new Process
    {
        StartInfo = new ProcessStartInfo(Testing.Peers.Find(program) ?? throw new FileNotFoundException("Not installed: " + program), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        },
    });

    /// <summary>Gives it a standard input, to its end.</summary>
    public void Give(ReadOnlySpan<byte> input)
    {
        _process.StandardInput.BaseStream.Write(input);
        _process.StandardInput.Close();
    }

    /// <summary>Sends it a signal, such as TERM.</summary>
    public void Signal(string name) => PeerProcess.Run("kill", "-" + name, _process.Id.ToString(CultureInfo.InvariantCulture));

    /// <summary>Waits for its end.</summary>
    public ProgramRun ToEnd()
    {
        if (!_process.WaitForExit(s_patience))
        {
            throw new XunitException($"{_process.StartInfo.FileName} does not end.");
        }

        ExitCode = _process.ExitCode;
        Output = _output.GetAwaiter().GetResult();
        Error = _error.GetAwaiter().GetResult();
        return this;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit(s_patience);
        }

        _process.Dispose();
    }

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }
}
