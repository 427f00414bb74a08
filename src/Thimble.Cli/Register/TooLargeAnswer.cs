using System;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;

namespace Thimble.Cli.Register;

/// <summary>Ends the wait where an answer comes that is larger than any answer of DPS; nothing of it is kept.</summary>
internal sealed class TooLargeAnswer(CancellationTokenSource wait) : IMqttPayloadSink
{
    /// <summary>The largest that is read. DPS documents no limit; what it shows is below a kilobyte, and a custom allocation policy may add to it.</summary>
    public const int MostBytes = 64 << 10;

    /// <summary>What came, or null.</summary>
    public DpsException? Problem { get; private set; }

    public async ValueTask<bool> BeginAsync(MqttLargeMessage header, CancellationToken cancellationToken)
    {
        Problem = new DpsException(DpsProblem.RegistrationAnswerUnusable, DpsSentences.Unusable(string.Create(
            CultureInfo.InvariantCulture, $"it has {header.PayloadBytes:N0} bytes, and more than {MostBytes:N0} are not read")));
        await wait.CancelAsync().ConfigureAwait(false);
        return false;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask CommitAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask AbortAsync() => ValueTask.CompletedTask;
}
