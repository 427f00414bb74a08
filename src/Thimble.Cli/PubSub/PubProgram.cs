using System;
using System.Buffers;
using System.CommandLine;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Mqtt;

namespace Thimble.Cli.PubSub;

/// <summary><c>thimble pub</c>: publishes messages, by the flags of mosquitto_pub.</summary>
internal sealed class PubProgram(Terminal terminal) : ClientProgram<PubSettings>(terminal)
{
    private byte[] _whole = [];
    private int _result = ExitCode.Good;

    protected override string Name => "pub";

    protected override string Usage => """
        Publish messages to a broker, over TLS. The flags are those of mosquitto_pub.

        Usage: thimble pub -h HOST --cafile FILE -t TOPIC {-m TEXT | -f FILE | -l | -s | -n} [flags]
               thimble pub -L mqtts://HOST/TOPIC --cafile FILE {-m TEXT | ...} [flags]
        """;

    protected override string Examples => """
        Examples:
          thimble pub -h broker.example.org --cafile ca.pem -t home/temperature -m 21.5 -q 1
          thimble pub -L mqtts://ann@broker.example.org/logs --password-file secret --cafile ca.pem -l < log
          thimble pub -h broker.example.org --cafile ca.pem --cert me.pem --key me.key -t conf -f conf -r
          thimble pub -h localhost --allow-plaintext -t test -m hello
          thimble pub --for azure-iot-hub -h HUB.azure-devices.net --cafile ca.pem -i DEVICE \
            --sas-key key -t devices/DEVICE/messages/events/ -m '{"t":21}' -q 1

        The exit code is 0, 1 for bad input and servers that cannot be reached, 7 for lost connections,
        8 for TLS, or the broker's own reason code. docs/pubsub.md compares each flag with mosquitto's.
        """;

    protected override Flag<PubSettings>[] Flags { get; } = [.. Own(), .. CommonFlags.Of<PubSettings>()];

    /// <summary>The command, for the list of commands: its flags are read by <see cref="FlagReader"/>.</summary>
    public static Command Command() => new("pub", "Publish messages to an MQTT broker, by the flags of mosquitto_pub.");

    protected override MqttClientOptions Adapt(MqttClientOptions options) => options with { Reconnect = null };

    protected override int Interrupted(int shellCode) => shellCode;

    /// <summary>Reads the standard input where all of it is one message, before there is a connection.</summary>
    protected override async Task PrepareAsync(PubSettings settings, CancellationToken stop)
    {
        if (settings.From == PubSettings.Source.Whole)
        {
            _whole = await ReadWholeAsync(Terminal.Input, stop).ConfigureAwait(false);
            if (_whole.Length == 0)
            {
                throw new IOException("The standard input is empty: -n publishes a message of nothing.");
            }

            settings.CheckSize(_whole.Length);
        }
        else if (settings.From == PubSettings.Source.File)
        {
            using FileStream file = Open(settings.File!);
            _whole = file.CanSeek ? [] : await ReadWholeAsync(file, stop).ConfigureAwait(false);
            settings.CheckSize(file.CanSeek ? file.Length : _whole.Length);
        }
    }

    protected override async Task<int> WorkAsync(PubSettings settings, MqttClient client, CancellationToken stop)
    {
        MqttPublication message = settings.Publication;
        if (settings.From == PubSettings.Source.Lines)
        {
            await new LinePublisher(client, message, e => Refused(settings, e)) { CheckSize = bytes => settings.CheckSize(bytes) }.RunAsync(Terminal.Input, stop).ConfigureAwait(false);
            return _result;
        }

        for (int i = 0; i < settings.Repeat; i++)
        {
            if (i > 0 && settings.RepeatDelay > TimeSpan.Zero)
            {
                await Task.Delay(settings.RepeatDelay, stop).ConfigureAwait(false);
            }

            try
            {
                await PublishAsync(settings, client, message, stop).ConfigureAwait(false);
            }
            catch (MqttException e) when (e.Problem == MqttProblem.PublishRefused)
            {
                Refused(settings, e);
            }
        }

        return _result;
    }

    /// <summary>The broker refused one message: the others are published all the same, and the exit code tells of the first refusal.</summary>
    private void Refused(PubSettings settings, MqttException cause)
    {
        Failure failure = Failure.Of(cause)!;
        Complain(settings, failure);
        _result = _result == ExitCode.Good ? failure.ExitCode : _result;
    }

    private async Task PublishAsync(PubSettings settings, MqttClient client, MqttPublication message, CancellationToken stop)
    {
        if (settings.From == PubSettings.Source.File)
        {
            using FileStream file = Open(settings.File!);
            if (file.CanSeek)
            {
                await client.PublishAsync(message, file, (int)file.Length, stop).ConfigureAwait(false);
                return;
            }
        }

        byte[] payload = settings.From == PubSettings.Source.Argument ? settings.Message : _whole;
        await client.PublishAsync(message with { Payload = payload }, stop).ConfigureAwait(false);
    }

    private static FileStream Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw new IOException($"'{path}' is a directory, and -f takes a file.");
        }

        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (file.CanSeek && file.Length > BrokerSetup.LargestMessageBytes)
        {
            long length = file.Length;
            file.Dispose();
            throw TooLarge(length);
        }

        return file;
    }

    private static async Task<byte[]> ReadWholeAsync(Stream input, CancellationToken stop)
    {
        var whole = new ArrayBufferWriter<byte>();
        while (true)
        {
            int read = await input.ReadAsync(whole.GetMemory(64 << 10), stop).AsTask().WaitAsync(stop).ConfigureAwait(false);
            if (read == 0)
            {
                return whole.WrittenSpan.ToArray();
            }

            whole.Advance(read);
            if (whole.WrittenCount > BrokerSetup.LargestMessageBytes)
            {
                throw TooLarge(whole.WrittenCount);
            }
        }
    }

    private static IOException TooLarge(long length) => new($"The message has {length} bytes or more, and MQTT carries {BrokerSetup.LargestMessageBytes} at most.");

    private static Flag<PubSettings>[] Own()
    {
        const string Section = "What is published";
        return
        [
            new(Section, "-t, --topic", "TOPIC", "Where. Of several the last one counts.", static (settings, values) => settings.AddTopic("-t", values[0])),
            new(Section, "-m, --message", "TEXT", "This text.", static (settings, values) => settings.Take(PubSettings.Source.Argument, values[0])),
            new(Section, "-f, --file", "FILE", "The contents of a file.", static (settings, values) => settings.Take(PubSettings.Source.File, values[0])),
            new(Section, "-l, --stdin-line", "", "Each line of the standard input, as a message of its own.", static (settings, _) => settings.Take(PubSettings.Source.Lines)),
            new(Section, "-s, --stdin-file", "", "All of the standard input, as one message.", static (settings, _) => settings.Take(PubSettings.Source.Whole)),
            new(Section, "-n, --null-message", "", "A message of nothing; with -r it removes the one that the broker keeps.", static (settings, _) => settings.Take(PubSettings.Source.Nothing)),
            new(Section, "-q, --qos", "QOS", "How surely: 0 (at most once), 1 (at least once) or 2 (exactly once). The default is 0.", static (settings, values) => settings.Qos = FlagValue.Qos("-q", values[0])),
            new(Section, "-r, --retain", "", "The broker keeps the message for those who subscribe later.", static (settings, _) => settings.Retain = true),
            new(Section, "--repeat", "COUNT", "Publish it so often, one after the other.", static (settings, values) => settings.Repeat = (int)FlagValue.Integer("--repeat", values[0], 1, int.MaxValue)),
            new(Section, "--repeat-delay", "SECONDS", "And wait so long between them.", static (settings, values) => settings.RepeatDelay = TimeSpan.FromSeconds(FlagValue.Decimal("--repeat-delay", values[0], 0, 86_400))),
        ];
    }
}
