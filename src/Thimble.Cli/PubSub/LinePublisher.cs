using System;
using System.Buffers;
using System.Collections.Generic;
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

    private readonly Queue<Outstanding> _outstanding = new();
    private readonly bool _isPlain = message is { Expiry: null, ContentType: null, ResponseTopic: null, CorrelationData.IsEmpty: true, PayloadFormat: MqttPayloadFormat.Unspecified, UserProperties.Count: 0 };

    /// <summary>A message on its way, and the block that nobody needs when it has arrived.</summary>
    private readonly record struct Outstanding(ValueTask<MqttPublishResult> Result, byte[]? Block);

    /// <summary>Runs to the end of the stream. The last line need not end.</summary>
    public async Task RunAsync(Stream input, CancellationToken stop)
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        int used = 0;
        while (true)
        {
            int read = await ReadAsync(input, block.AsMemory(used), stop).ConfigureAwait(false);
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

            (block, used) = Next(block, begin, used);
        }

        if (used > 0)
        {
            await PublishAsync(block.AsMemory(0, used), stop).ConfigureAwait(false);
        }

        while (_outstanding.Count > 0)
        {
            await SettleAsync().ConfigureAwait(false);
        }
    }

    /// <summary>A block for what comes next, which begins with the line that is not whole yet.</summary>
    private (byte[] Block, int Used) Next(byte[] block, int begin, int used)
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
        if (_outstanding.Count == 0)
        {
            ArrayPool<byte>.Shared.Return(block);
        }
        else
        {
            // Messages that are outstanding may still be read from this block.
            _outstanding.Enqueue(new Outstanding(new ValueTask<MqttPublishResult>(default(MqttPublishResult)), block));
        }

        return (next, rest);
    }

    /// <summary>Reads, and settles what is outstanding meanwhile: a terminal or a pipe may be silent for long. An end does not wait for it.</summary>
    private async ValueTask<int> ReadAsync(Stream input, Memory<byte> memory, CancellationToken stop)
    {
        Task<int> read = input.ReadAsync(memory, stop).AsTask();
        while (!read.IsCompleted && _outstanding.Count > 0)
        {
            await SettleAsync().ConfigureAwait(false);
        }

        return await read.WaitAsync(stop).ConfigureAwait(false);
    }

    private async ValueTask PublishAsync(ReadOnlyMemory<byte> line, CancellationToken stop)
    {
        ValueTask<MqttPublishResult> result = _isPlain
            ? client.PublishAsync(message.Topic, line, message.Qos, message.Retain, stop)
            : client.PublishAsync(message with { Payload = line }, stop);
        if (result.IsCompletedSuccessfully)
        {
            _ = result.Result;
            return;
        }

        _outstanding.Enqueue(new Outstanding(result, null));
        if (_outstanding.Count >= MostOutstanding)
        {
            await SettleAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask SettleAsync()
    {
        Outstanding oldest = _outstanding.Dequeue();
        try
        {
            await oldest.Result.ConfigureAwait(false);
        }
        catch (MqttException e) when (e.Problem == MqttProblem.PublishRefused)
        {
            refused(e);
        }

        if (oldest.Block is { } block)
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
