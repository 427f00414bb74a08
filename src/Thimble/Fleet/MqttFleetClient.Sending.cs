using System;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>What a client says.</summary>
public sealed partial class MqttFleetClient
{
    /// <summary>The same with a topic as text.</summary>
    public ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, MqttQos qos = MqttQos.AtMostOnce, bool retain = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return PublishAsync(Encoding.UTF8.GetBytes(topic), payload, qos, retain, cancellationToken);
    }

    /// <summary>
    /// Publishes a message. With QoS 0 it is over when the message was given to the socket; with QoS 1, for which the profile plans <see cref="Memory.Profile.MaxMqttInFlight"/>, when
    /// the broker has acknowledged it. It waits where the socket, or the broker, takes no more at the moment.
    /// </summary>
    /// <exception cref="TransportException">The connection is over; the message says why.</exception>
    /// <exception cref="TlsFaultException">The connection ended while the broker's acknowledgement was awaited.</exception>
    /// <exception cref="ArgumentException">The topic is no topic name, or the profile has no room for messages of that QoS.</exception>
    /// <exception cref="OperationCanceledException">The token ended the wait. The message may have been sent.</exception>
    public ValueTask PublishAsync(ReadOnlyMemory<byte> topic, ReadOnlyMemory<byte> payload, MqttQos qos = MqttQos.AtMostOnce, bool retain = false, CancellationToken cancellationToken = default)
    {
        if (qos == MqttQos.ExactlyOnce)
        {
            throw new ArgumentOutOfRangeException(nameof(qos), qos, "A fleet publishes with QoS 0 and 1.");
        }

        cancellationToken.ThrowIfCancellationRequested();
        bool sent = TryPublish(topic.Span, payload.Span, qos, retain, out Task? wait);
        return wait is null ? ValueTask.CompletedTask : new ValueTask(PublishLaterAsync(topic, payload, qos, retain, sent, wait, cancellationToken));
    }

    /// <summary>
    /// Subscribes to one filter, and waits for the broker's answer. One subscription of a client is in progress at a time. To receive QoS 1 the profile plans
    /// <see cref="Memory.Profile.MaxMqttAcknowledgements"/>.
    /// </summary>
    /// <exception cref="TransportException">The connection is over; the message says why.</exception>
    /// <exception cref="InvalidOperationException">The broker refused, or another subscription is in progress.</exception>
    /// <exception cref="ArgumentException">It is no topic filter, or the profile has no room for messages of that QoS.</exception>
    public async Task SubscribeAsync(string filter, MqttQos qos = MqttQos.AtMostOnce, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        Task<bool>? granted = null;
        while (granted is null)
        {
            Task? room;
            lock (_line)
            {
                granted = TrySubscribe(filter, qos, out room);
            }

            await (granted ?? room!).WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        if (!await granted.ConfigureAwait(false))
        {
            throw new InvalidOperationException($"The broker refused the subscription to '{filter}'. Check what it allows this client to read.");
        }
    }

    /// <summary>Waits for the acknowledgement, or where the message could not be sent until it can.</summary>
    private async Task PublishLaterAsync(
        ReadOnlyMemory<byte> topic, ReadOnlyMemory<byte> payload, MqttQos qos, bool retain, bool sent, Task wait, CancellationToken cancellationToken)
    {
        await wait.WaitAsync(cancellationToken).ConfigureAwait(false);
        while (!sent)
        {
            sent = TryPublish(topic.Span, payload.Span, qos, retain, out Task? next);
            if (next is not null)
            {
                await next.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Sends a message, and says what is to be waited for behind it; or before it, where it could not be sent.</summary>
    private bool TryPublish(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, MqttQos qos, bool retain, out Task? wait)
    {
        wait = null;
        lock (_line)
        {
            ThrowIfOver();
            if (!_line.HasSentAll)
            {
                wait = Pending.Room();
                return false;
            }

            uint token = qos == MqttQos.AtMostOnce ? 0 : Pending.NextToken();
            var options = new MqttPublishOptions { Topic = topic, Qos = qos, Retain = retain, Token = token };
            MqttStatus status = Send(Wake(), options, payload);
            if (status == MqttStatus.QuotaExhausted)
            {
                Rest();
                wait = Pending.Room();
                return false;
            }

            wait = status == MqttStatus.Complete && token != 0 ? Pending.Acknowledged(token) : null;
            Forget();
            Rest();
            return status == MqttStatus.Complete ? true : throw Refused(status);
        }
    }

    private MqttStatus Send(MqttSession session, scoped in MqttPublishOptions options, ReadOnlySpan<byte> payload)
    {
        StepMemory step = _fleet.Memory.BorrowStep();
        try
        {
            _ = session.Poll(_fleet.Wheel.Now, out _); // so that it knows when this was sent
            MqttStatus status;
            do
            {
                status = session.Publish(options, payload, step.Packet, out int written);
                if (!_line.Seal(step.Packet[..written], step))
                {
                    End(LineFailed());
                    ThrowIfOver();
                }
            }
            while (status == MqttStatus.DestinationTooSmall);
            return status;
        }
        finally
        {
            _fleet.Memory.Return(step);
        }
    }

    private Task<bool>? TrySubscribe(string filter, MqttQos qos, out Task? room)
    {
        room = null;
        ThrowIfOver();
        if (!_line.HasSentAll)
        {
            room = Pending.Room();
            return null;
        }

        byte[] text = Encoding.UTF8.GetBytes(filter);
        StepMemory step = _fleet.Memory.BorrowStep();
        try
        {
            MqttSession session = Wake();
            _ = session.Poll(_fleet.Wheel.Now, out _);
            MqttStatus status;
            do
            {
                status = session.Subscribe(text, qos, step.Packet, out int written);
                if (!_line.Seal(step.Packet[..written], step))
                {
                    End(LineFailed());
                    ThrowIfOver();
                }
            }
            while (status == MqttStatus.DestinationTooSmall);
            Rest();
            return status == MqttStatus.Complete ? Pending.Subscribed() : throw Refused(status);
        }
        finally
        {
            _fleet.Memory.Return(step);
        }
    }

    private Exception Refused(MqttStatus status)
    {
        switch (status)
        {
            case MqttStatus.InvalidArgument:
                return new ArgumentException("MQTT does not allow this topic, or the profile has no room for that QoS: MaxMqttInFlight is for sending, MaxMqttAcknowledgements for receiving.");
            case MqttStatus.PacketTooLarge or MqttStatus.NotAvailable:
                return new InvalidOperationException("The broker said at the beginning that it does not take this: the message is too large, or of a kind that it does not have.");
            case MqttStatus.Faulted:
                TlsFaultException why = Explain(Wake().Fault);
                End(why);
                return why;
            default:
                return new InvalidOperationException("Another subscription of this client waits for the broker's answer. Await it first.");
        }
    }
}
