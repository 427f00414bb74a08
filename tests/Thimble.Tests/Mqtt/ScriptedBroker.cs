using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Mqtt;

namespace Thimble.Tests.Mqtt;

/// <summary>
/// A broker for one client whose session outlives its connections, over TCP without TLS. It can be killed after any byte that it got or sent, and then
/// it is there again at once. It keeps MQTT's rules unless it is told to be silent or to say something of its own.
/// </summary>
internal sealed class ScriptedBroker : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly MqttVersion _version;
    private readonly Task _running;
    private readonly HashSet<ushort> _received = [];
    private readonly List<Delivery> _deliveries = [];
    private readonly List<byte[]> _published = [];
    private readonly List<string> _packets = [];
    private readonly List<string> _subscriptions = [];
    private int? _diesAfterReceiving;
    private int? _diesAfterSending;
    private bool _died;
    private bool _session;
    private ushort _lastIdentifier;
    private int _connections;
    private Socket? _current;
    private NetworkStream? _stream;

    public ScriptedBroker(MqttVersion version = MqttVersion.V5)
    {
        _version = version;
        _listener.Start();
        _running = Task.Run(RunAsync);
    }

    /// <summary>Whether it was killed.</summary>
    public bool Died
    {
        get
        {
            lock (_gate)
            {
                return _died;
            }
        }
    }

    /// <summary>Packets that it does not answer, by their types.</summary>
    public HashSet<int> Ignores { get; } = [];

    /// <summary>Answers that take the place of its own, by the type of the packet.</summary>
    public Dictionary<int, byte[]> Says { get; } = [];

    /// <summary>Whether it forgets the session with each connection.</summary>
    public bool Forgets { get; set; }

    /// <summary>Whether it accepts no connection for now.</summary>
    public bool IsDown { get; set; }

    /// <summary>What CONNACK of MQTT 5 carries as properties.</summary>
    public byte[] ConnackProperties { get; set; } = [];

    public Uri Uri => new($"mqtt://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public int Connections
    {
        get
        {
            lock (_gate)
            {
                return _connections;
            }
        }
    }

    /// <summary>The payloads that it would have handed on to others.</summary>
    public IReadOnlyList<byte[]> Published
    {
        get
        {
            lock (_gate)
            {
                return [.. _published];
            }
        }
    }

    /// <summary>The types of the packets that came, with the flags of PUBLISH.</summary>
    public IReadOnlyList<string> Packets
    {
        get
        {
            lock (_gate)
            {
                return [.. _packets];
            }
        }
    }

    /// <summary>The filters that came, over all connections.</summary>
    public IReadOnlyList<string> Subscriptions
    {
        get
        {
            lock (_gate)
            {
                return [.. _subscriptions];
            }
        }
    }

    /// <summary>How many of its own messages are not over.</summary>
    public int Open
    {
        get
        {
            lock (_gate)
            {
                return _deliveries.Count;
            }
        }
    }

    public MqttClientOptions Options() => new()
    {
        Server = Uri,
        AllowPlaintext = true,
        Version = _version,
        ClientId = "client",
        CleanStart = false,
        SessionExpiry = TimeSpan.FromHours(1),
        Reconnect = new MqttReconnectOptions { FirstDelay = TimeSpan.FromMilliseconds(2), MaxDelay = TimeSpan.FromMilliseconds(4) },
    };

    /// <summary>It will be killed, once, when so many more bytes came, or have left.</summary>
    public void DieAfter(int bytes, bool received)
    {
        lock (_gate)
        {
            _diesAfterReceiving = received ? bytes : null;
            _diesAfterSending = received ? null : bytes;
        }
    }

    /// <summary>Sends a message to the client, over as many connections as that takes.</summary>
    public void Deliver(string topic, byte[] payload, MqttQos qos)
    {
        lock (_gate)
        {
            var delivery = new Delivery(topic, payload, qos, qos == MqttQos.AtMostOnce ? (ushort)0 : ++_lastIdentifier);
            if (qos != MqttQos.AtMostOnce)
            {
                _deliveries.Add(delivery);
            }

            Send(Publish(delivery, duplicate: false));
        }
    }

    /// <summary>Says any bytes.</summary>
    public void Say(params byte[] bytes)
    {
        lock (_gate)
        {
            Send(bytes);
        }
    }

    /// <summary>Ends the connection without a word.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            Kill();
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        Cut();
        _running.GetAwaiter().GetResult();
        _end.Dispose();
    }

    private sealed record Delivery(string Topic, byte[] Payload, MqttQos Qos, ushort Identifier)
    {
        public bool Released { get; set; }
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync(_end.Token);
                if (IsDown)
                {
                    socket.Close(0);
                    continue;
                }

                lock (_gate)
                {
                    _connections++;
                    _current = socket;
                    _stream = new NetworkStream(socket, ownsSocket: true);
                }

                await ServeAsync(_stream);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // It was disposed of.
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A client that goes away is what is tested.")]
    private async Task ServeAsync(NetworkStream stream)
    {
        var gathered = new List<byte>();
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                int bytes = await stream.ReadAsync(buffer, _end.Token);
                lock (_gate)
                {
                    int counted = _diesAfterReceiving is { } left ? Math.Min(left, bytes) : bytes;
                    gathered.AddRange(buffer[..counted]);
                    while (_current is not null && TryTake(gathered, out byte[]? packet, out int body))
                    {
                        Handle(packet, body);
                    }

                    _diesAfterReceiving -= counted;
                    if (bytes == 0 || _diesAfterReceiving == 0)
                    {
                        _died |= _diesAfterReceiving == 0;
                        _diesAfterReceiving = null;
                        Kill();
                        return;
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Either side has ended it.
        }
    }

    private static bool TryTake(List<byte> gathered, [NotNullWhen(true)] out byte[]? packet, out int body)
    {
        packet = null;
        body = 1;
        int length = 0;
        for (int shift = 0; ; shift += 7)
        {
            if (body >= gathered.Count)
            {
                return false;
            }

            byte next = gathered[body++];
            length |= (next & 0x7F) << shift;
            if ((next & 0x80) == 0)
            {
                break;
            }
        }

        if (gathered.Count < body + length)
        {
            return false;
        }

        packet = [.. gathered.Take(body + length)];
        gathered.RemoveRange(0, body + length);
        return true;
    }

    private void Handle(byte[] packet, int body)
    {
        int type = packet[0] >> 4;
        _packets.Add(type == 3 ? $"3:{packet[0] & 0x0F:X}" : type.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (Says.TryGetValue(type, out byte[]? said))
        {
            Send(said);
            return;
        }

        if (Ignores.Contains(type))
        {
            return;
        }

        switch (type)
        {
            case 1:
                OnConnect(packet, body);
                break;
            case 3:
                OnPublish(packet, body);
                break;
            case 4 or 7:
                _ = _deliveries.RemoveAll(delivery => delivery.Identifier == Identifier(packet, body));
                break;
            case 5:
                ushort identifier = Identifier(packet, body);
                foreach (Delivery delivery in _deliveries.Where(delivery => delivery.Identifier == identifier))
                {
                    delivery.Released = true;
                }

                Send([0x62, 2, packet[body], packet[body + 1]]);
                break;
            case 6:
                _ = _received.Remove(Identifier(packet, body));
                Send([0x70, 2, packet[body], packet[body + 1]]);
                break;
            case 8:
                OnSubscribe(packet, body);
                break;
            case 10:
                Send(_version == MqttVersion.V5 ? [0xB0, 4, packet[body], packet[body + 1], 0, 0] : [0xB0, 2, packet[body], packet[body + 1]]);
                break;
            case 12:
                Send([0xD0, 0]);
                break;
            default:
                break;
        }
    }

    private void OnConnect(byte[] packet, int body)
    {
        bool clean = (packet[body + 7] & 0x02) != 0 || Forgets;
        bool present = _session && !clean;
        if (!present)
        {
            _received.Clear();
            _deliveries.Clear();
        }

        _session = true;
        Send(_version == MqttVersion.V5
            ? [0x20, (byte)(3 + ConnackProperties.Length), (byte)(present ? 1 : 0), 0, (byte)ConnackProperties.Length, .. ConnackProperties]
            : [0x20, 2, (byte)(present ? 1 : 0), 0]);
        foreach (Delivery delivery in _deliveries.ToArray())
        {
            Send(delivery.Released
                ? [0x62, 2, (byte)(delivery.Identifier >> 8), (byte)delivery.Identifier]
                : Publish(delivery, duplicate: true));
        }
    }

    private void OnPublish(byte[] packet, int body)
    {
        int qos = (packet[0] >> 1) & 3;
        int start = body + 2 + BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(body));
        ushort identifier = qos == 0 ? (ushort)0 : Identifier(packet, start);
        int payload = start + (qos == 0 ? 0 : 2);
        payload += _version == MqttVersion.V5 ? 1 + packet[payload] : 0;
        if (qos != 2 || _received.Add(identifier))
        {
            _published.Add(packet[payload..]);
        }

        if (qos != 0)
        {
            Send([(byte)(qos == 1 ? 0x40 : 0x50), 2, (byte)(identifier >> 8), (byte)identifier]);
        }
    }

    private void OnSubscribe(byte[] packet, int body)
    {
        int at = body + 2 + (_version == MqttVersion.V5 ? 1 + packet[body + 2] : 0);
        var granted = new List<byte>();
        while (at < packet.Length)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(at));
            _subscriptions.Add(System.Text.Encoding.UTF8.GetString(packet, at + 2, length));
            granted.Add((byte)(packet[at + 2 + length] & 3));
            at += 3 + length;
        }

        byte[] properties = _version == MqttVersion.V5 ? [0] : [];
        Send([0x90, (byte)(2 + properties.Length + granted.Count), packet[body], packet[body + 1], .. properties, .. granted]);
    }

    private byte[] Publish(Delivery delivery, bool duplicate)
    {
        byte[] topic = System.Text.Encoding.UTF8.GetBytes(delivery.Topic);
        byte[] identifier = delivery.Qos == MqttQos.AtMostOnce ? [] : [(byte)(delivery.Identifier >> 8), (byte)delivery.Identifier];
        byte[] properties = _version == MqttVersion.V5 ? [0] : [];
        byte[] rest = [(byte)(topic.Length >> 8), (byte)topic.Length, .. topic, .. identifier, .. properties, .. delivery.Payload];
        var length = new List<byte>();
        int left = rest.Length;
        do
        {
            length.Add((byte)((left & 0x7F) | (left > 0x7F ? 0x80 : 0)));
            left >>= 7;
        }
        while (left != 0);
        return [(byte)(0x30 | ((int)delivery.Qos << 1) | (duplicate ? 8 : 0)), .. length, .. rest];
    }

    private static ushort Identifier(byte[] packet, int at) => BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(at));

    private void Send(byte[] bytes)
    {
        if (_stream is not { } stream)
        {
            return;
        }

        int count = _diesAfterSending is { } left ? Math.Min(left, bytes.Length) : bytes.Length;
        try
        {
            stream.Write(bytes, 0, count);
        }
        catch (IOException)
        {
            return; // the client has gone
        }

        _diesAfterSending -= count;
        if (_diesAfterSending == 0 || count < bytes.Length)
        {
            _diesAfterSending = null;
            _died = true;
            Kill();
        }
    }

    /// <summary>No farewell: what is on its way may be lost.</summary>
    private void Kill()
    {
        _stream = null;
        _current?.Close(0);
        _current = null;
    }
}
