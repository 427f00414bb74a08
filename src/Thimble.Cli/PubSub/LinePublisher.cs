using System;
using System.Buffers;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Thimble.Cli.PubSub;

/// <summary>
/// Publishes each line of a stream as a message of its own, in order. The lines are handed over without waiting for the broker's
/// acknowledgements, which are awaited in the same order; only so many may be outstanding.
/// </summary>
/// <param name="client">The client, which is connected.</param>
/// <param name="message">What all messages have in common.</param>
/// <param name="refused">Is told of each message that the broker refused; the others go on.</param>
internal sealed class LinePublisher(MqttClient client, MqttPublication message, Action<MqttException> refused)
{
    private const int BlockBytes = 64 << 10;
    private const int MostOutstanding = 2048;

    private readonly Outstanding[] _outstanding = new Outstanding[MostOutstanding];
    private int _first;
    private int _count;
    private readonly bool _isPlain = message is { Expiry: null, ContentType: null, ResponseTopic: null, CorrelationData.IsEmpty: true, PayloadFormat: MqttPayloadFormat.Unspecified, UserProperties.Count: 0 };

    /// <summary>A message on its way, and the block that nobody needs when it has arrived.</summary>
    private readonly record struct Outstanding(ValueTask<MqttPublishResult> Result, byte[]? Block);

    /// <summary>Is told the size of each line before it is published; what it throws ends the work, when those before have been acknowledged.</summary>
    public Action<int>? CheckSize { get; init; }

    /// <summary>Runs to the end of the stream. The last line need not end.</summary>
    public async Task RunAsync(Stream input, CancellationToken stop)
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        int used = 0;
        while (true)
        {
            // A terminal or a pipe may be silent for long, and an end does not wait for it.
            int read = await input.ReadAsync(block.AsMemory(used), stop).AsTask().WaitAsync(stop).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            int searched = used;
            used += read;
            int begin = 0;
            while (block.AsSpan(searched, used - searched).IndexOf((byte)'\n') is >= 0 and int length)
            {
                int end = searched + length;
                await PublishAsync(block.AsMemory(begin, end - begin), stop).ConfigureAwait(false);
                begin = searched = end + 1;
            }

            (block, used) = await NextAsync(block, begin, used).ConfigureAwait(false);
        }

        if (used > 0)
        {
            await PublishAsync(block.AsMemory(0, used), stop).ConfigureAwait(false);
        }

        await SettleAsync(_count).ConfigureAwait(false);
    }

    /// <summary>A block for what comes next, which begins with the line that is not whole yet.</summary>
    private async ValueTask<(byte[] Block, int Used)> NextAsync(byte[] block, int begin, int used)
    {
        int rest = used - begin;
        if (begin == 0 && used < block.Length)
        {
            return (block, used);
        }

        if (rest > BrokerSetup.LargestMessageBytes)
        {
            throw new IOException($"A line has more than the {BrokerSetup.LargestMessageBytes} bytes that MQTT carries.");
        }

        byte[] next = ArrayPool<byte>.Shared.Rent(int.Max(BlockBytes, 2 * rest));
        block.AsSpan(begin, rest).CopyTo(next);

        // Messages that are outstanding may still be read from the old block: it is given back behind them.
        await AddAsync(new Outstanding(default, block)).ConfigureAwait(false);
        return (next, rest);
    }

    private async ValueTask PublishAsync(ReadOnlyMemory<byte> line, CancellationToken stop)
    {
        try
        {
            CheckSize?.Invoke(line.Length);
        }
        catch
        {
            await SettleAsync(_count).ConfigureAwait(false);
            throw;
        }

        ValueTask<MqttPublishResult> result = _isPlain
            ? client.PublishAsync(message.Topic, line, message.Qos, message.Retain, stop)
            : client.PublishAsync(message with { Payload = line }, stop);
        if (result.IsCompletedSuccessfully)
        {
            _ = result.Result;
            return;
        }

        await AddAsync(new Outstanding(result, null)).ConfigureAwait(false);
    }

    private async ValueTask AddAsync(Outstanding outstanding)
    {
        _outstanding[(_first + _count) % MostOutstanding] = outstanding;
        _count++;
        if (_count == MostOutstanding)
        {
            await SettleAsync(MostOutstanding / 2).ConfigureAwait(false);
        }
    }

    /// <summary>Awaits the oldest ones. The last of them first: when it has arrived, the others mostly have, and cost no wait.</summary>
    private async ValueTask SettleAsync(int count)
    {
        if (count > 0)
        {
            await SettleAtAsync((_first + count - 1) % MostOutstanding).ConfigureAwait(false);
        }

        for (; count > 0; count--)
        {
            await SettleAtAsync(_first).ConfigureAwait(false);
            if (_outstanding[_first].Block is { } block)
            {
                ArrayPool<byte>.Shared.Return(block);
            }

            _first = (_first + 1) % MostOutstanding;
            _count--;
        }
    }

    private async ValueTask SettleAtAsync(int index)
    {
        ValueTask<MqttPublishResult> result = _outstanding[index].Result;
        _outstanding[index] = _outstanding[index] with { Result = default };
        try
        {
            await result.ConfigureAwait(false);
        }
        catch (MqttException e) when (e.Problem == MqttProblem.PublishRefused)
        {
            refused(e);
        }
    }
}
