using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Thimble.Cli.PubSub;

/// <summary>Ctrl-C or a request to end, once, so that the program can take its leave of the broker. A second one ends it at once.</summary>
internal sealed class Interruption : IDisposable
{
    private const int FromSignal = 128;
    private const int InterruptNumber = 2;
    private const int TerminateNumber = 15;

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    public Interruption()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Hear(context, InterruptNumber));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Hear(context, TerminateNumber));
    }

    /// <summary>Cancelled when it happened.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>What the shell sees of a program that the signal ended, or null where none came.</summary>
    public int? ExitCode { get; private set; }

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _source.Dispose();
    }

    private void Hear(PosixSignalContext context, int number)
    {
        context.Cancel = ExitCode is null;
        ExitCode = FromSignal + number;
        _source.Cancel();
    }
}
