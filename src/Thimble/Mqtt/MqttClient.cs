using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>
/// An MQTT client: it connects, publishes, subscribes, hands over what arrives, and makes a lost connection again. What must not be lost waits in
/// bounded memory meanwhile.
/// </summary>
/// <remarks>
/// All members may be used by many threads at the same time, besides <see cref="ReceiveAsync"/> and <see cref="Messages"/>, which have one reader at a time.
/// Publications of one thread leave in their order. Small messages in steady state take no memory of the garbage-collected heap beyond what an await that
/// has to wait costs its caller.
/// </remarks>
public sealed partial class MqttClient : IAsyncDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Thimble.Mqtt";

    /// <summary>The name of the activity source.</summary>
    public const string ActivitySourceName = "Thimble.Mqtt";

    /// <summary>Raised when <see cref="State"/> has changed, on a thread of the pool, one change after the other. A handler that throws is logged.</summary>
    public event EventHandler<MqttStateChangedEventArgs>? StateChanged;

    /// <summary>Where the client stands.</summary>
    public MqttConnectionState State => _state;

    /// <summary>What the broker said when it accepted the latest connection, or null before the first.</summary>
    public MqttConnectResult? Connection => _connection;

    /// <summary>How many publications wait or are in flight.</summary>
    public int QueuedPublications
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count + _queue.Count + _sent.Count;
            }
        }
    }

    /// <summary>
    /// Connects to the broker. One attempt: afterwards <see cref="MqttClientOptions.Reconnect"/> takes care of the connection until <see cref="DisconnectAsync(MqttReasonCode, CancellationToken)"/>. Cancelling
    /// ends the attempt.
    /// </summary>
    /// <returns>What the broker said.</returns>
    /// <exception cref="MqttException">The broker refused, or broke the protocol.</exception>
    /// <exception cref="TlsFaultException">There is no secure connection; the message says why.</exception>
    /// <exception cref="TransportException">There is no connection; the message says why.</exception>
    /// <exception cref="InvalidOperationException">The client is connected or connecting already.</exception>
    public Task<MqttConnectResult> ConnectAsync(CancellationToken cancellationToken = default) => StartAsync(cancellationToken);

    /// <summary>
    /// Publishes a message. With QoS 0 the task completes when the message is in the buffer that leaves next, with QoS 1 and 2 when the broker has
    /// acknowledged it to the end, over as many connections as that takes. Without a connection, while one is being made, the message waits in the queue.
    /// Cancelling takes a message back that was not sent; of one that was sent it only ends the wait. Await the result once.
    /// </summary>
    /// <param name="topic">The topic, without wildcards.</param>
    /// <param name="payload">The payload, which must not change until the task is complete.</param>
    /// <param name="qos">How surely it arrives.</param>
    /// <param name="retain">Whether the broker keeps it for those who subscribe later.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MqttException">The message was refused, or will not be sent; <see cref="MqttException.Problem"/> says why.</exception>
    /// <exception cref="ArgumentException">The topic is none to publish to, or the message is longer than MQTT allows.</exception>
    public ValueTask<MqttPublishResult> PublishAsync(
        string topic, ReadOnlyMemory<byte> payload, MqttQos qos = MqttQos.AtMostOnce, bool retain = false, CancellationToken cancellationToken = default) =>
        PublishCore(topic, payload, qos, retain, null, cancellationToken);

    /// <summary>Publishes a message with its properties, as the other overload does.</summary>
    /// <exception cref="MqttException">The message was refused, or will not be sent; <see cref="MqttException.Problem"/> says why.</exception>
    /// <exception cref="ArgumentException">The message breaks a rule of MQTT, or has properties, and the client speaks MQTT 3.1.1.</exception>
    public ValueTask<MqttPublishResult> PublishAsync(MqttPublication publication, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(publication);
        return PublishCore(publication.Topic, publication.Payload, publication.Qos, publication.Retain, publication, cancellationToken);
    }

    /// <summary>Publishes a message whose payload lies in pieces and takes the place of <see cref="MqttPublication.Payload"/>, as the other overloads do.</summary>
    /// <exception cref="MqttException">The message was refused, or will not be sent; <see cref="MqttException.Problem"/> says why.</exception>
    /// <exception cref="ArgumentException">The message breaks a rule of MQTT.</exception>
    public async ValueTask<MqttPublishResult> PublishAsync(MqttPublication publication, ReadOnlySequence<byte> payload, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(publication);
        int bytes = checked((int)payload.Length);
        byte[] whole = ArrayPool<byte>.Shared.Rent(bytes);
        payload.CopyTo(whole);
        return await PublishRented(publication, whole, bytes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Publishes a message whose payload is the next <paramref name="length"/> bytes of a stream, as the other overloads do. They are read before any of it is
    /// sent, since an announced length must be kept whatever the stream does.
    /// </summary>
    /// <exception cref="EndOfStreamException">The stream has fewer bytes.</exception>
    /// <exception cref="MqttException">The message was refused, or will not be sent; <see cref="MqttException.Problem"/> says why.</exception>
    /// <exception cref="ArgumentException">The message breaks a rule of MQTT.</exception>
    public async ValueTask<MqttPublishResult> PublishAsync(MqttPublication publication, Stream payload, int length, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(publication);
        ArgumentNullException.ThrowIfNull(payload);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        byte[] whole = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await payload.ReadExactlyAsync(whole.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(whole);
            throw;
        }

        return await PublishRented(publication, whole, length, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Subscribes to one topic filter, as the other overload does.</summary>
    /// <exception cref="MqttException">There is no connection, and none is being made.</exception>
    /// <exception cref="ArgumentException">The filter breaks a rule of MQTT.</exception>
    public Task<MqttSubscribeResult> SubscribeAsync(string filter, MqttQos qos = MqttQos.AtMostOnce, CancellationToken cancellationToken = default) =>
        SubscribeAsync([new MqttSubscription(filter, qos)], cancellationToken);

    /// <summary>
    /// Subscribes to topic filters, in one packet. The task completes with the broker's answer, over as many connections as that takes; what it granted the client
    /// subscribes to again where the broker has forgotten the session. Filters that were refused are told in the result, without an exception. Cancelling
    /// ends the wait only.
    /// </summary>
    /// <exception cref="MqttException">There is no connection, and none is being made.</exception>
    /// <exception cref="ArgumentException">A filter breaks a rule of MQTT, has an option that MQTT 3.1.1 does not know, or they are too many for one packet of 32 kB.</exception>
    public Task<MqttSubscribeResult> SubscribeAsync(IEnumerable<MqttSubscription> subscriptions, CancellationToken cancellationToken = default) =>
        SubscribeAsync(subscriptions, [], cancellationToken);

    /// <summary>The same with user properties of SUBSCRIBE (MQTT 5 §3.8.2.1.3). They are not sent again where the client subscribes again by itself.</summary>
    /// <exception cref="MqttException">There is no connection, and none is being made.</exception>
    /// <exception cref="ArgumentException">A filter or a property breaks a rule of MQTT, or they are too many for one packet of 32 kB.</exception>
    public Task<MqttSubscribeResult> SubscribeAsync(
        IEnumerable<MqttSubscription> subscriptions, IReadOnlyList<MqttUserProperty> userProperties, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(subscriptions);
        ArgumentNullException.ThrowIfNull(userProperties);
        return SubscribeCore([.. subscriptions], userProperties, cancellationToken);
    }

    /// <summary>Takes subscriptions back, in one packet. The task completes with the broker's answer. Cancelling ends the wait only.</summary>
    /// <exception cref="MqttException">There is no connection, and none is being made.</exception>
    /// <exception cref="ArgumentException">A filter breaks a rule of MQTT, or they are too many for one packet of 32 kB.</exception>
    public Task<MqttUnsubscribeResult> UnsubscribeAsync(IEnumerable<string> filters, CancellationToken cancellationToken = default) =>
        UnsubscribeAsync(filters, [], cancellationToken);

    /// <summary>The same with user properties of UNSUBSCRIBE (MQTT 5 §3.10.2.1.2).</summary>
    /// <exception cref="MqttException">There is no connection, and none is being made.</exception>
    /// <exception cref="ArgumentException">A filter or a property breaks a rule of MQTT, or they are too many for one packet of 32 kB.</exception>
    public Task<MqttUnsubscribeResult> UnsubscribeAsync(IEnumerable<string> filters, IReadOnlyList<MqttUserProperty> userProperties, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filters);
        ArgumentNullException.ThrowIfNull(userProperties);
        return UnsubscribeCore([.. filters], userProperties, cancellationToken);
    }

    /// <summary>
    /// Takes the next message, and waits for one. The caller disposes of it. Messages that came before a connection was lost can still be taken. Nothing is
    /// lost by cancelling.
    /// </summary>
    /// <exception cref="MqttException">No message waits, and none will come: the client is disconnected, and the message says why.</exception>
    /// <exception cref="InvalidOperationException">Somebody else waits already.</exception>
    public ValueTask<MqttMessage> ReceiveAsync(CancellationToken cancellationToken = default) => _inbox.TakeAsync(cancellationToken);

    /// <summary>
    /// The messages as they arrive; it ends after <see cref="DisconnectAsync(MqttReasonCode, CancellationToken)"/> and <see cref="DisposeAsync"/>. Each is valid until the next turn of the loop. Who does not read
    /// holds the broker back: after <see cref="MqttClientOptions.ReceiveQueue"/> messages the client stops to read from the network.
    /// </summary>
    /// <exception cref="MqttException">The connection ended, and is not made again; the message says why.</exception>
    /// <exception cref="InvalidOperationException">Somebody else reads already.</exception>
    public async IAsyncEnumerable<MqttMessage> Messages([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await _inbox.WaitAsync(cancellationToken).ConfigureAwait(false))
        {
            while (_inbox.TryTake(out MqttMessage message))
            {
                using (message)
                {
                    yield return message;
                }
            }
        }
    }

    /// <summary>
    /// Authenticates again over the connection that stands (MQTT 5 §4.12.1), by <see cref="MqttClientOptions.Authentication"/>.
    /// </summary>
    /// <exception cref="MqttException">There is no connection, or the broker was not convinced and ended it.</exception>
    /// <exception cref="InvalidOperationException">The options name no authentication.</exception>
    public Task ReauthenticateAsync(CancellationToken cancellationToken = default) => ReauthenticateCore(cancellationToken);

    /// <summary>
    /// Sends DISCONNECT behind what is in the buffer, and closes the connection. Publications and subscriptions that are not complete fail with
    /// <see cref="MqttProblem.ClientClosed"/>; those of QoS 1 and 2 that were sent go on if the client connects to a session that was kept. Does nothing where there is no
    /// connection. Cancelling cuts it short.
    /// </summary>
    /// <param name="reason"><see cref="MqttReasonCode.Success"/>, or <see cref="MqttReasonCode.DisconnectWithWill"/> to have the will published (MQTT 5).</param>
    /// <param name="cancellationToken">Cuts it short: the connection ends at once.</param>
    public Task DisconnectAsync(MqttReasonCode reason = MqttReasonCode.Success, CancellationToken cancellationToken = default) =>
        DisconnectAsync(reason, [], cancellationToken);

    /// <summary>The same with user properties of DISCONNECT (MQTT 5 §3.14.2.2.4).</summary>
    /// <exception cref="ArgumentException">A property breaks a rule of MQTT, or MQTT 3.1.1 has none.</exception>
    public Task DisconnectAsync(MqttReasonCode reason, IReadOnlyList<MqttUserProperty> userProperties, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(userProperties);
        return _options.Version == MqttVersion.V311 && userProperties.Count != 0
            ? throw MqttExplanations.Invalid("DISCONNECT with user properties")
            : StopAsync(reason, MqttEncoding.User(userProperties), cancellationToken);
    }

    /// <summary>Disconnects, and gives all memory back. May be called many times, at any time, also while other calls wait: they fail with <see cref="MqttProblem.ClientClosed"/>.</summary>
    public ValueTask DisposeAsync() => DisposeCore();
}
