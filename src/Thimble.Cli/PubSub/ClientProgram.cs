using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Cli.Clouds;
using Thimble.Cli.Reference;
using Thimble.Mqtt;

namespace Thimble.Cli.PubSub;

/// <summary>What <c>pub</c> and <c>sub</c> have in common: from the flags to the exit code.</summary>
internal abstract class ClientProgram<T>(Terminal terminal)
    where T : ClientSettings, new()
{
    private static readonly TimeSpan s_leave = TimeSpan.FromSeconds(5);

    protected Terminal Terminal => terminal;

    protected abstract string Name { get; }

    protected abstract string Usage { get; }

    protected abstract string Examples { get; }

    protected abstract Flag<T>[] Flags { get; }

    /// <summary>What it does, with examples.</summary>
    public string Description => $"{Usage}\n\n{Examples}";

    /// <summary>Its flags, but those that are refused.</summary>
    public IReadOnlyList<OptionDescription> OptionDescriptions() =>
        [.. Flags.Where(flag => flag.Section is not null).Select(flag => new OptionDescription(flag.AllNames, flag.Values, flag.Description, flag.Section, []))];

    /// <summary>Runs one command line; the result is the exit code.</summary>
    /// <param name="arguments">What stands behind the command's name.</param>
    /// <param name="defaults">Gives the arguments for flags that are not there; it is told whether one is.</param>
    public int Run(string[] arguments, Func<Func<OptionDescription, bool>, IEnumerable<string>> defaults)
    {
        var settings = new T();
        try
        {
            var given = FlagReader.Names(Flags, arguments).ToHashSet();
            FlagReader.Read(Flags, [.. defaults(option => option.Names.Any(given.Contains)), .. arguments], settings);
            if (settings.Help)
            {
                FlagHelp.Write(terminal.Output, Usage, Flags, Examples);
                return ExitCode.Good;
            }

            settings.Check();
            return RunAsync(settings).GetAwaiter().GetResult();
        }
        catch (UsageException e)
        {
            terminal.Error.WriteLine($"thimble: {e.Message}");
            terminal.Error.WriteLine($"See: thimble {Name} --help");
            return Failure.Input;
        }
        catch (CloudRuleException e)
        {
            foreach (string sentence in e.Sentences)
            {
                terminal.Error.WriteLine($"thimble: {sentence}");
            }

            return Failure.Input;
        }
    }

    /// <summary>What is to be read before there is a connection.</summary>
    protected virtual Task PrepareAsync(T settings, CancellationToken stop) => Task.CompletedTask;

    /// <summary>The options of the client, for this program.</summary>
    protected abstract MqttClientOptions Adapt(MqttClientOptions options);

    /// <summary>Does the work over a connection; the result is the exit code.</summary>
    protected abstract Task<int> WorkAsync(T settings, MqttClient client, CancellationToken stop);

    /// <summary>For how long the program may run, or null.</summary>
    protected virtual TimeSpan? Limit(T settings) => null;

    /// <summary>The exit code where a signal ended it, of which the shell's is given.</summary>
    protected abstract int Interrupted(int shellCode);

    /// <summary>Says what went wrong, unless nothing is to be said.</summary>
    protected void Complain(T settings, Failure failure)
    {
        if (failure.Mosquittos is { } line)
        {
            Say(settings, line);
        }

        Say(settings, $"thimble: {failure.Sentence}");
    }

    /// <summary>Says a line as it stands, unless nothing is to be said.</summary>
    protected void Say(T settings, string line)
    {
        if (!settings.Quiet)
        {
            terminal.Error.WriteLine(line);
        }
    }

    private async Task<int> RunAsync(T settings)
    {
        using var interruption = new Interruption();
        using var ended = new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interruption.Token, ended.Token);
        Exception? end = null;
        try
        {
            using var setup = new BrokerSetup(settings, settings.Debug ? new DebugLog(terminal.Error) : null);
            if (settings.KeyLogFile is { } keyLog)
            {
                Say(settings, $"thimble: this connection's keys go to '{keyLog}'. Whoever has them can read all that it carries.");
            }

            await PrepareAsync(settings, stop.Token).ConfigureAwait(false);
            await using var client = new MqttClient(Adapt(setup.Options));
            client.StateChanged += (_, change) =>
            {
                if (IsFinal(change))
                {
                    end ??= change.Cause;
                    ended.Cancel();
                }
            };
            if (Limit(settings) is { } limit)
            {
                stop.CancelAfter(limit);
            }

            return await ConnectAndWorkAsync(settings, client, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interruption.ExitCode is { } code)
        {
            return Interrupted(code);
        }
        catch (OperationCanceledException) when (end is null)
        {
            Say(settings, "Timed out");
            return Failure.TimedOut;
        }
        catch (Exception e) when (Failure.Of(e is OperationCanceledException ? end! : e) is { } failure)
        {
            Complain(settings, failure);
            return failure.ExitCode;
        }
    }

    /// <summary>Whether the connection is over for good: nothing will make it again, or the broker sent the client away.</summary>
    private static bool IsFinal(MqttStateChangedEventArgs change) =>
        change.Cause is not null && change.Previous == MqttConnectionState.Connected
        && (change.State == MqttConnectionState.Disconnected || change.Cause is MqttException { Problem: MqttProblem.DisconnectedByBroker });

    private async Task<int> ConnectAndWorkAsync(T settings, MqttClient client, CancellationToken stop)
    {
        await client.ConnectAsync(stop).ConfigureAwait(false);
        try
        {
            return await WorkAsync(settings, client, stop).ConfigureAwait(false);
        }
        finally
        {
            // Also where a signal or the clock ended the work: the broker is to hear DISCONNECT, and publishes no will.
            using var leave = new CancellationTokenSource(s_leave);
            await client.DisconnectAsync(MqttReasonCode.Success, settings.DisconnectProperties, leave.Token).ConfigureAwait(false);
        }
    }
}
