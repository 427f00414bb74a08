#pragma warning disable CS0649, CA1822
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Mqtt;

namespace Thimble;

public sealed partial class MqttClient
{
    private readonly Lock _gate = new();
    private readonly MqttConnectionState _state;
    private readonly MqttConnectResult? _connection;
    private readonly List<int> _queue = [], _outbox = [];
    private readonly Inbox _inbox = new();

    /// <summary>Makes a client, which does nothing before <see cref="ConnectAsync"/>. The options, and what they name, must not change from then on.</summary>
    /// <exception cref="ArgumentException">The options contradict themselves; the message says how.</exception>
    public MqttClient(MqttClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        throw new NotSupportedException("The client is being written.");
    }

    internal TopicTable Topics { get; } = new();

    private Task<MqttConnectResult> StartAsync(CancellationToken c) => throw new NotSupportedException();
    private ValueTask<MqttPublishResult> PublishCore(string topic, ReadOnlyMemory<byte> payload, MqttQos qos, bool retain, MqttPublication? publication, CancellationToken c) => throw new NotSupportedException();
    private ValueTask<MqttPublishResult> PublishRented(MqttPublication publication, byte[] p, int length, CancellationToken c) => throw new NotSupportedException();
    private Task<MqttSubscribeResult> SubscribeCore(MqttSubscription[] s, CancellationToken c) => throw new NotSupportedException();
    private Task<MqttUnsubscribeResult> UnsubscribeCore(string[] f, CancellationToken c) => throw new NotSupportedException();
    private Task ReauthenticateCore(CancellationToken c) => throw new NotSupportedException();
    private Task StopAsync(MqttReasonCode r, CancellationToken c) => throw new NotSupportedException();
    private ValueTask DisposeCore() { StateChanged?.Invoke(this, new(default, default, null)); return default; }
    internal void Acknowledge(InboundMessage m) => _ = m;
    internal void Return(InboundMessage m) => _ = m;

    private sealed class Inbox
    {
        public ValueTask<MqttMessage> TakeAsync(CancellationToken c) => throw new NotSupportedException();
        public ValueTask<bool> WaitAsync(CancellationToken c) => throw new NotSupportedException();
        public bool TryTake(out MqttMessage m) => throw new NotSupportedException();
    }
}
