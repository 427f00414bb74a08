using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Thimble.Memory;
using Thimble.Mqtt;
using Xunit;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>A session on poisoned memory between two guards, and a record of every event that it gave.</summary>
internal sealed class Desk
{
    private const int GuardBytes = 16;
    private const byte Guard = 0xA5;
    private const byte Poison = 0xCD;

    private readonly Profile _profile;
    private readonly byte[] _memory;
    private readonly int _stateBytes;
    private readonly int _rollbackBytes;
    private readonly int _inFlightBytes;
    private readonly List<string> _events = [];
    private readonly List<byte> _payload = [];
    private readonly List<byte> _codes = [];
    private readonly List<byte> _name = [];
    private readonly List<byte> _value = [];
    private readonly List<ushort> _acknowledged = [];
    private uint _announcedBytes;
    private (int Events, byte[] Payload, byte[] Codes, byte[] Name, byte[] Value, uint AnnouncedBytes) _mark;

    /// <param name="acknowledgements">How many may be owed.</param>
    /// <param name="provisional">Whether the session has memory to go back to.</param>
    public Desk(int topicBytes = 64, uint now = 0, int acknowledgements = 0, bool provisional = false)
        : this(new Profile { MaxMqttTopicBytes = topicBytes, MaxMqttAcknowledgements = acknowledgements, ProvisionalMqtt = provisional }, now)
    {
    }

    public Desk(in Profile profile, uint now = 0)
    {
        _profile = profile;
        _stateBytes = Aligned(MqttSession.SessionBytes(profile));
        _rollbackBytes = Aligned(MqttSession.RollbackBytes(profile));
        _inFlightBytes = Aligned(MqttSession.InFlightBytes(profile));
        _memory = new byte[GuardBytes + _stateBytes + _rollbackBytes + _inFlightBytes + MqttSession.TopicBytes(profile) + GuardBytes];
        Array.Fill(_memory, Poison);
        _memory.AsSpan(0, GuardBytes).Fill(Guard);
        _memory.AsSpan(_memory.Length - GuardBytes).Fill(Guard);
        Session.Begin(now);
    }

    public MqttSession Session => new(
        _profile,
        _memory.AsSpan(GuardBytes, _stateBytes),
        _memory.AsSpan(GuardBytes + _stateBytes + _rollbackBytes + _inFlightBytes, MqttSession.TopicBytes(_profile)),
        _memory.AsSpan(GuardBytes + _stateBytes, _rollbackBytes),
        _memory.AsSpan(GuardBytes + _stateBytes + _rollbackBytes, _inFlightBytes));

    public Profile Profile => _profile;

    /// <summary>The region that outlives a connection.</summary>
    public Span<byte> InFlightRegion => _memory.AsSpan(GuardBytes + _stateBytes + _rollbackBytes, _inFlightBytes);

    private static int Aligned(int bytes) => (bytes + 7) & ~7;

    public IReadOnlyList<string> Events => _events;

    /// <summary>The reason codes of SUBACK and UNSUBACK.</summary>
    public IReadOnlyList<byte> Codes => _codes;

    /// <summary>The identifiers of the PUBACKs that were sent.</summary>
    public IReadOnlyList<ushort> Acknowledged => _acknowledged;

    /// <summary>
    /// All that the session remembers for sure: its state, what it owes, what is in flight, the topic. Left out is what lies behind
    /// the last acknowledgement owed and the end of the topic: nothing reads it.
    /// </summary>
    public byte[] Remembered
    {
        get
        {
            Assert.False(Session.IsProvisional);
            byte[] session = _memory.AsSpan(GuardBytes, MqttSession.SessionBytes(_profile)).ToArray();
            int owed = MqttSession.SessionBytes(_profile with { MaxMqttTopicAliases = 0 });
            int none = MqttSession.SessionBytes(_profile with { MaxMqttTopicAliases = 0, MaxMqttAcknowledgements = 0 });
            int count = MemoryMarshal.AsRef<MqttSessionState>(session).Acknowledgements;
            session.AsSpan((none + (count * 4))..owed).Clear();
            return [.. session, .. InFlightRegion, .. Session.Topic];
        }
    }

    /// <summary>A session for which the broker has accepted the connection.</summary>
    public static Desk Connected(int topicBytes = 64, ushort keepAlive = 0, int acknowledgements = 0, bool provisional = false)
    {
        var desk = new Desk(topicBytes, 0, acknowledgements, provisional);
        desk.SendConnect(keepAlive);
        desk.Feed([0x20, 0x02, 0x00, 0x00]);
        Assert.Equal(["Connected"], desk.Events);
        desk._events.Clear();
        return desk;
    }

    /// <summary>A connected session that awaits the SUBACK of its first SUBSCRIBE, whose identifier is 1.</summary>
    public static Desk Subscribing()
    {
        Desk desk = Connected();
        Assert.Equal(MqttStatus.Complete, desk.Session.Subscribe("a/b"u8, new byte[64], out _));
        return desk;
    }

    /// <summary>A connected session that awaits a PINGRESP.</summary>
    public static Desk Pinging()
    {
        Desk desk = Connected();
        Assert.Equal(MqttStatus.Complete, desk.Session.Ping(new byte[2], out _));
        return desk;
    }

    public void SendConnect(ushort keepAlive = 0)
    {
        var options = new MqttConnectOptions { ClientId = "thimble"u8, KeepAliveSeconds = keepAlive };
        Assert.Equal(MqttStatus.Complete, Session.Connect(options, new byte[64], out _));
    }

    /// <summary>A connected session that has subscribed with QoS 1, as packet 1, and has memory to go back to.</summary>
    public static Desk AtLeastOnce(int acknowledgements = 4, ushort keepAlive = 0)
    {
        Desk desk = Connected(64, keepAlive, acknowledgements, provisional: true);
        Assert.Equal(MqttStatus.Complete, desk.Session.Subscribe("a/b"u8, MqttQos.AtLeastOnce, new byte[64], out _));
        desk.Feed(BrokerCodec.Suback(1, 1));
        desk._events.Clear();
        return desk;
    }

    /// <summary>What comes now is provisional: events of it can be forgotten.</summary>
    public void BeginProvisional()
    {
        Assert.Equal(MqttStatus.Complete, Session.BeginProvisional());
        _mark = (_events.Count, [.. _payload], [.. _codes], [.. _name], [.. _value], _announcedBytes);
    }

    /// <summary>Commits, and takes the answers that the session held back.</summary>
    public MqttStatus Commit()
    {
        MqttStatus status = Session.Commit();
        Feed([]);
        return status;
    }

    /// <summary>Aborts, and forgets the events.</summary>
    public void Abort()
    {
        Session.Abort();
        _events.RemoveRange(_mark.Events, _events.Count - _mark.Events);
        Set(_payload, _mark.Payload);
        Set(_codes, _mark.Codes);
        Set(_name, _mark.Name);
        Set(_value, _mark.Value);
        _announcedBytes = _mark.AnnouncedBytes;
    }

    /// <summary>Everything that MQTT 5 asks memory for, or as much as <paramref name="change"/> says.</summary>
    public static Profile Profile5(Func<Profile, Profile>? change = null)
    {
        var profile = new Profile
        {
            MaxMqttTopicBytes = 32, MaxMqttAcknowledgements = 8, MaxMqttInFlight = 4, MaxMqttInboundExactlyOnce = 4, MaxMqttTopicAliases = 3,
            ProvisionalMqtt = true, MqttVersions = MqttVersions.V311 | MqttVersions.V5,
        };
        return change?.Invoke(profile) ?? profile;
    }

    /// <summary>A session of a version for which the broker has accepted the connection with those properties of CONNACK.</summary>
    public static Desk Accepted(
        MqttVersion version = MqttVersion.V5, Func<Profile, Profile>? change = null, byte[][]? connack = null, byte[]? connect = null, bool keep = false, ushort keepAlive = 0)
    {
        var desk = new Desk(Profile5(change));
        desk.Open(version, connect, keep, keepAlive);
        desk.Feed(BrokerPackets.Connack(version, 0, 0, connack ?? []));
        Assert.Equal("Connected", desk.Events[^1]);
        desk._events.Clear();
        return desk;
    }

    /// <summary>Sends CONNECT.</summary>
    public byte[] Open(MqttVersion version, byte[]? properties = null, bool keep = false, ushort keepAlive = 0)
    {
        var options = new MqttConnectOptions
        {
            ClientId = "thimble"u8, Version = version, Properties = properties, KeepSession = keep, KeepAliveSeconds = keepAlive,
        };
        byte[] destination = new byte[128];
        Assert.Equal(MqttStatus.Complete, Session.Connect(options, destination, out int written));
        return destination[..written];
    }

    /// <summary>Begins a new connection that goes on with what is in flight, and has the broker accept it.</summary>
    public void Reconnect(MqttVersion version, bool sessionPresent = true)
    {
        Assert.Equal(MqttStatus.Complete, Session.Continue(0));
        Open(version, keep: true);
        Feed(BrokerPackets.Connack(version, sessionPresent ? 1 : 0, 0));
    }

    /// <summary>Publishes, and gives what was sent.</summary>
    public byte[] Publish(uint token, MqttQos qos, string topic = "a/b", bool redelivers = false, byte[]? payload = null)
    {
        byte[] destination = new byte[256];
        var options = new MqttPublishOptions { Topic = Encoding.UTF8.GetBytes(topic), Qos = qos, Token = token, Redelivers = redelivers };
        Assert.Equal(MqttStatus.Complete, Session.Publish(options, payload ?? [(byte)token], destination, out int written));
        return destination[..written];
    }

    /// <summary>Subscribes to everything with a QoS, and has the broker grant it.</summary>
    public void SubscribeToAll(MqttQos qos)
    {
        byte[] destination = new byte[64];
        Assert.Equal(MqttStatus.Complete, Session.Subscribe("#"u8, qos, destination, out _));
        Feed(BrokerPackets.Suback(Session.Version, (destination[2] << 8) | destination[3], [(byte)qos]));
        Assert.Equal("Subscribed", _events[^1]);
        _events.Clear();
    }

    /// <summary>Sends what is owed, and gives it.</summary>
    public byte[] SendOwed(int destinationBytes = 64)
    {
        var sent = new List<byte>();
        byte[] destination = new byte[destinationBytes];
        MqttStatus status;
        do
        {
            status = Session.Acknowledge(destination, out int written);
            sent.AddRange(destination[..written]);
        }
        while (status == MqttStatus.DestinationTooSmall);
        Assert.Equal((MqttStatus.Complete, 0), (status, Session.AcknowledgementsDue));
        return [.. sent];
    }

    /// <summary>The events since the last call.</summary>
    public string[] TakeEvents()
    {
        string[] events = [.. _events];
        _events.Clear();
        return events;
    }

    /// <summary>Sends the PUBACKs that are due, through a destination of so many bytes.</summary>
    public void Acknowledge(int destinationBytes = 64)
    {
        var sent = new List<byte>();
        byte[] destination = new byte[destinationBytes];
        MqttStatus status;
        do
        {
            status = Session.Acknowledge(destination, out int written);
            sent.AddRange(destination[..written]);
        }
        while (status == MqttStatus.DestinationTooSmall);
        Assert.Equal((MqttStatus.Complete, 0), (status, Session.AcknowledgementsDue));
        for (int at = 0; at < sent.Count; at += 4)
        {
            Assert.Equal([0x40, 2], sent[at..(at + 2)]);
            _acknowledged.Add((ushort)((sent[at + 2] << 8) | sent[at + 3]));
        }
    }

    /// <summary>Feeds one piece, and goes on until the session wants more or has failed.</summary>
    public void Feed(ReadOnlySpan<byte> piece)
    {
        int most = (4 * piece.Length) + 64;
        for (int calls = 0; ; calls++)
        {
            Assert.True(calls < most, "the session does not come to an end");
            MqttEvent found = Session.Receive(piece, out int consumed, out ReadOnlySpan<byte> data);
            piece = piece[consumed..];
            Record(found, data);
            AssertGuards();
            if (found is MqttEvent.NeedMoreData or MqttEvent.Faulted or MqttEvent.Disconnected)
            {
                Assert.True(found == MqttEvent.Faulted || piece.IsEmpty);
                return;
            }
        }
    }

    /// <summary>Feeds the stream cut at these places, each of them an offset, in ascending order.</summary>
    public void Feed(ReadOnlySpan<byte> stream, IEnumerable<int> cuts)
    {
        int from = 0;
        foreach (int cut in cuts)
        {
            Feed(stream[from..cut]);
            from = cut;
        }

        Feed(stream[from..]);
    }

    public void AssertFault(FaultReason reason, uint expected, uint actual)
    {
        Fault fault = Session.Fault;
        Assert.Equal((reason, expected, actual), (fault.Reason, fault.Expected, fault.Actual));
        Assert.Equal((Phase.Connected, Fault.NoDepth, 0), (fault.Phase, fault.Depth, fault.Alert));
    }

    public void AssertGuards()
    {
        Assert.Equal(-1, _memory.AsSpan(0, GuardBytes).IndexOfAnyExcept(Guard));
        Assert.Equal(-1, _memory.AsSpan(_memory.Length - GuardBytes).IndexOfAnyExcept(Guard));
    }

    // Pieces of payload are joined, since where they are cut is the one thing that the split may change.
    private void Record(MqttEvent found, ReadOnlySpan<byte> data)
    {
        switch (found)
        {
            case MqttEvent.NeedMoreData:
                Assert.True(data.IsEmpty);
                break;
            case MqttEvent.PublishBegin:
                Assert.True(data.SequenceEqual(Session.Topic));
                _announcedBytes = Session.PayloadBytes;
                _payload.Clear();
                _events.Add($"PublishBegin {Encoding.UTF8.GetString(data)} {Session.PayloadBytes} retained={Session.Retained}");
                break;
            case MqttEvent.PublishData:
                Assert.False(data.IsEmpty);
                _payload.AddRange(data);
                break;
            case MqttEvent.PublishEnd:
                Assert.Equal(_announcedBytes, (uint)_payload.Count);
                _events.Add($"PublishEnd {Convert.ToHexString(_payload.ToArray())}");
                break;
            case MqttEvent.AcknowledgementDue:
                Acknowledge();
                break;
            case MqttEvent.ReasonCodes:
                Assert.False(data.IsEmpty);
                _codes.AddRange(data);
                break;
            case MqttEvent.Faulted:
                RecordFault(Session.Fault);
                break;
            case MqttEvent.Property:
                RecordProperty();
                break;
            case MqttEvent.PropertyName:
                Assert.False(data.IsEmpty);
                _name.AddRange(data);
                break;
            case MqttEvent.PropertyValue:
                Assert.False(data.IsEmpty);
                _value.AddRange(data);
                break;
            case MqttEvent.PropertyEnd:
                _events.Add($"Property {Session.Property} {Text(_name)}{(Session.Property == MqttProperty.UserProperty ? "=" : "")}{Text(_value)}");
                break;
            case MqttEvent.Acknowledged or MqttEvent.Received or MqttEvent.PublishRefused:
                _events.Add($"{found} {Session.Token} {(int)Session.ReasonCode:X2}");
                break;
            default:
                _events.Add(found.ToString());
                break;
        }
    }

    private static void Set(List<byte> bytes, byte[] value)
    {
        bytes.Clear();
        bytes.AddRange(value);
    }

    private static string Text(List<byte> bytes) => Encoding.Latin1.GetString(bytes.ToArray());

    private void RecordProperty()
    {
        _name.Clear();
        _value.Clear();
        if (MqttPropertyRules.KindOf(Session.Property) < MqttPropertyKind.Binary)
        {
            _events.Add($"Property {Session.Property} {Session.PropertyInteger}");
        }
    }

    // A fault stays, however often it is asked for.
    private void RecordFault(in Fault fault)
    {
        string text = $"Faulted {fault.Reason} {fault.Expected} {fault.Actual}";
        if (_events.Count == 0 || _events[^1] != text)
        {
            _events.Add(text);
        }
    }
}
