using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Cli.Demo;
using Thimble.Mqtt;

namespace Thimble.Cli.PubSub;

/// <summary>Prints the messages that arrive, in order, until the last one that was asked for.</summary>
internal sealed class MessagePrinter(SubSettings settings, MqttClient client, Terminal terminal)
{
    /// <summary>What waits to be printed may grow so large while messages come without a pause.</summary>
    private const int FlushBytes = 64 << 10;

    private readonly OutputFormat _format = settings.Output;
    private readonly ArrayBufferWriter<byte> _waiting = new();
    private readonly List<Task> _removals = [];
    private int _printed;

    public async Task RunAsync(CancellationToken stop)
    {
        bool goesOn = true;
        while (goesOn)
        {
            ValueTask<MqttMessage> next = client.ReceiveAsync(stop);
            if (!next.IsCompleted)
            {
                // Nothing is left to be taken: whoever reads us is to have all that came.
                await FlushAsync(stop).ConfigureAwait(false);
            }

            using (MqttMessage message = await next.ConfigureAwait(false))
            {
                goesOn = Take(message);
            }

            if (_waiting.WrittenCount > FlushBytes)
            {
                await FlushAsync(stop).ConfigureAwait(false);
            }
        }

        await FlushAsync(stop).ConfigureAwait(false);
        await Task.WhenAll(_removals).ConfigureAwait(false);
    }

    /// <summary>Deals with a message. The result is false where it is the last one.</summary>
    private bool Take(MqttMessage message)
    {
        if (settings.RetainedOnly && !message.Retain)
        {
            return false;
        }

        if (settings.FilterOut.Any(filter => TopicFilter.Matches(filter, message.Topic)))
        {
            return true;
        }

        if (settings.RemoveRetained && message.Retain)
        {
            _removals.RemoveAll(removal => removal.IsCompletedSuccessfully);
            _removals.Add(client.PublishAsync(message.Topic, default, MqttQos.AtLeastOnce, retain: true).AsTask());
        }

        if (message.Retain && settings.NoRetained)
        {
            return true;
        }

        if (settings.Chance >= 100 || Random.Shared.NextDouble() * 100 < settings.Chance)
        {
            Print(message);
        }

        _printed++;
        return _printed != settings.Count;
    }

    private void Print(MqttMessage message)
    {
        var received = new ReceivedMessage(message.TopicUtf8, message.Payload, message.Qos, message.Retain, message.PacketIdentifier, message.Properties, DateTimeOffset.Now);
        if (!_format.Write(_waiting, received) && !settings.Quiet)
        {
            terminal.Error.WriteLine($"Error: Message payload is not valid JSON on topic {PrintableText.Of(message.Topic)}.");
        }
    }

    private async ValueTask FlushAsync(CancellationToken stop)
    {
        if (_waiting.WrittenCount > 0)
        {
            await terminal.Bytes.WriteAsync(_waiting.WrittenMemory, stop).ConfigureAwait(false);
            await terminal.Bytes.FlushAsync(stop).ConfigureAwait(false);
            _waiting.ResetWrittenCount();
        }
    }
}
