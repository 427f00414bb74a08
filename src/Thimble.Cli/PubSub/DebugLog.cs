using System;
using System.IO;
using System.Threading;
using Microsoft.Extensions.Logging;

namespace Thimble.Cli.PubSub;

/// <summary>What the client does, line by line, for <c>-d</c>. On the standard error, so that messages stay alone on the other.</summary>
internal sealed class DebugLog(TextWriter output) : ILogger
{
    private readonly Lock _gate = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string line = formatter(state, exception);
        lock (_gate)
        {
            output.WriteLine(exception is null ? line : $"{line} ({exception.Message})");
        }
    }
}
