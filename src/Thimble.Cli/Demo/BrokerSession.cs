using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Thimble.Cli.Demo;

/// <summary>
/// The broker's side of one MQTT 3.1.1 connection: QoS 0 and 1 in both directions, clean sessions,
/// nothing retained. Whatever breaks the protocol ends the connection, as the standard asks.
/// </summary>
internal sealed class BrokerSession(Stream stream, string peerName, DemoBroker broker) : IDisposable
{
    private const int MaxSubscriptions = 32;
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_sendTimeout = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _sending = new(1);
    private readonly Lock _subscriptionsLock = new();
    private readonly Dictionary<string, int> _subscriptions = [];
    private ushort _lastIdentifier;

    /// <summary>What the client calls itself.</summary>
    public string ClientId { get; private set; } = "";

    /// <summary>Serves the client until one side ends the connection.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var connect = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        connect.CancelAfter(s_connectTimeout);
        if (await BrokerPacket.ReadAsync(stream, connect.Token).ConfigureAwait(false) is not { } first)
        {
            return;
        }

        TimeSpan silence = await AcceptAsync(first, cancel).ConfigureAwait(false);
        while (true)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(silence);
            if (await BrokerPacket.ReadAsync(stream, patience.Token).ConfigureAwait(false) is not { } packet || packet.Type == 14)
            {
                broker.Note($"'{ClientId}' has left");
                return;
            }

            await ServeAsync(packet, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Sends a message of QoS 0 if the client subscribed to its topic.</summary>
    public async Task OfferAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancel)
    {
        if (IsSubscribed(topic, qos: 0))
        {
            byte[] name = Encoding.UTF8.GetBytes(topic);
            byte[] body = [(byte)(name.Length >> 8), (byte)name.Length, .. name, .. payload.Span];
            await SendAsync(BrokerPacket.Write(0x30, body), cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Sends messages of QoS 1 in one go, so that they come in as few records as TLS allows, if the client subscribed to that.</summary>
    public async Task OfferTogetherAsync(string topic, IEnumerable<byte[]> payloads, CancellationToken cancel)
    {
        if (!IsSubscribed(topic, qos: 1))
        {
            return;
        }

        byte[] name = Encoding.UTF8.GetBytes(topic);
        var packets = new List<byte>();
        foreach (byte[] payload in payloads)
        {
            _lastIdentifier++;
            byte[] body = [(byte)(name.Length >> 8), (byte)name.Length, .. name, (byte)(_lastIdentifier >> 8), (byte)_lastIdentifier, .. payload];
            packets.AddRange(BrokerPacket.Write(0x32, body));
        }

        await SendAsync([.. packets], cancel).ConfigureAwait(false);
    }

    public void Dispose() => _sending.Dispose();

    /// <summary>CONNECT (§3.1). Returns the longest silence that the client may keep.</summary>
    private async Task<TimeSpan> AcceptAsync(BrokerPacket packet, CancellationToken cancel)
    {
        (bool knowsLevel, int keepAliveSeconds) = ReadConnect(packet);
        await SendAsync(BrokerPacket.Write(0x20, 0, (byte)(knowsLevel ? 0 : 1)), cancel).ConfigureAwait(false);
        if (!knowsLevel)
        {
            throw new InvalidDataException("CONNECT asks for another version than 3.1.1.");
        }

        broker.Note($"'{ClientId}' has connected, with the certificate of '{peerName}'");
        return keepAliveSeconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(keepAliveSeconds * 1.5);
    }

    private (bool KnowsLevel, int KeepAliveSeconds) ReadConnect(BrokerPacket packet)
    {
        ReadOnlySpan<byte> body = packet.Body;
        if (packet.Header != 0x10 || BrokerPacket.TakeString(ref body) != "MQTT")
        {
            throw new InvalidDataException("The first packet is no CONNECT.");
        }

        byte level = BrokerPacket.TakeByte(ref body);
        byte flags = BrokerPacket.TakeByte(ref body);
        int keepAliveSeconds = BrokerPacket.TakeUInt16(ref body);
        if (level != 4)
        {
            return (false, 0);
        }

        bool will = (flags & 4) != 0, userName = (flags & 0x80) != 0, password = (flags & 0x40) != 0;
        if ((flags & 1) != 0 || (!will && (flags & 0x38) != 0) || (password && !userName))
        {
            throw new InvalidDataException("CONNECT has flags that exclude one another.");
        }

        ClientId = BrokerPacket.TakeString(ref body);
        for (int field = (will ? 2 : 0) + (userName ? 1 : 0) + (password ? 1 : 0); field > 0; field--)
        {
            _ = BrokerPacket.TakeBytes(ref body);
        }

        return body.IsEmpty ? (true, keepAliveSeconds) : throw new InvalidDataException("CONNECT goes on after its last field.");
    }

    private Task ServeAsync(BrokerPacket packet, CancellationToken cancel) => packet.Header switch
    {
        0xC0 => SendAsync(BrokerPacket.Write(0xD0), cancel),
        0x40 => NoteAcknowledgement(packet),
        0x82 => SubscribeAsync(packet, cancel),
        0xA2 => UnsubscribeAsync(packet, cancel),
        _ when packet.Type == 3 => PublishAsync(packet, cancel),
        _ => throw new InvalidDataException($"A packet that begins with 0x{packet.Header:X2} is not served."),
    };

    private Task NoteAcknowledgement(BrokerPacket packet)
    {
        ReadOnlySpan<byte> body = packet.Body;
        broker.Note($"'{ClientId}' has acknowledged message {BrokerPacket.TakeUInt16(ref body)}");
        return Task.CompletedTask;
    }

    private bool IsSubscribed(string topic, int qos)
    {
        lock (_subscriptionsLock)
        {
            return _subscriptions.Any(subscription => subscription.Value >= qos && TopicFilter.Matches(subscription.Key, topic));
        }
    }

    private async Task PublishAsync(BrokerPacket packet, CancellationToken cancel)
    {
        (string topic, int identifier, int payloadBytes) = ReadPublish(packet);
        await broker.PublishAsync(topic, packet.Body.AsMemory(packet.Body.Length - payloadBytes), cancel).ConfigureAwait(false);
        if (identifier != 0)
        {
            await SendAsync(BrokerPacket.Write(0x40, (byte)(identifier >> 8), (byte)identifier), cancel).ConfigureAwait(false);
        }
    }

    private static (string Topic, int Identifier, int PayloadBytes) ReadPublish(BrokerPacket packet)
    {
        int qos = (packet.Flags >> 1) & 3;
        ReadOnlySpan<byte> body = packet.Body;
        string topic = BrokerPacket.TakeString(ref body);
        if (!TopicFilter.IsValidName(topic) || qos > 1)
        {
            throw new InvalidDataException("PUBLISH has a wildcard in its topic, or a QoS above 1.");
        }

        int identifier = qos > 0 ? BrokerPacket.TakeUInt16(ref body) : 0;
        return qos > 0 && identifier == 0
            ? throw new InvalidDataException("PUBLISH has the packet identifier 0.")
            : (topic, identifier, body.Length);
    }

    private Task SubscribeAsync(BrokerPacket packet, CancellationToken cancel)
    {
        ReadOnlySpan<byte> body = packet.Body;
        ushort identifier = BrokerPacket.TakeUInt16(ref body);
        var answer = new List<byte> { (byte)(identifier >> 8), (byte)identifier };
        do
        {
            string filter = BrokerPacket.TakeString(ref body);
            int qos = Math.Min((int)BrokerPacket.TakeByte(ref body), 1);
            answer.Add(Subscribe(filter, qos) ? (byte)qos : (byte)0x80);
        }
        while (!body.IsEmpty);

        return SendAsync(BrokerPacket.Write(0x90, [.. answer]), cancel);
    }

    private bool Subscribe(string filter, int qos)
    {
        lock (_subscriptionsLock)
        {
            if (!TopicFilter.IsValidFilter(filter) || _subscriptions.Count >= MaxSubscriptions)
            {
                return false;
            }

            _subscriptions[filter] = qos;
            broker.Note($"'{ClientId}' has subscribed to '{filter}'");
            return true;
        }
    }

    private Task UnsubscribeAsync(BrokerPacket packet, CancellationToken cancel)
    {
        ReadOnlySpan<byte> body = packet.Body;
        ushort identifier = BrokerPacket.TakeUInt16(ref body);
        do
        {
            string filter = BrokerPacket.TakeString(ref body);
            lock (_subscriptionsLock)
            {
                _ = _subscriptions.Remove(filter);
            }
        }
        while (!body.IsEmpty);

        return SendAsync(BrokerPacket.Write(0xB0, (byte)(identifier >> 8), (byte)identifier), cancel);
    }

    private async Task SendAsync(byte[] packet, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(s_sendTimeout);
        await _sending.WaitAsync(patience.Token).ConfigureAwait(false);
        try
        {
            await stream.WriteAsync(packet, patience.Token).ConfigureAwait(false);
        }
        finally
        {
            _ = _sending.Release();
        }
    }
}
