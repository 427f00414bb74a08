using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Thimble.Cli.Demo;
using Thimble.Memory;
using Thimble.Mqtt;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>An MQTT session over a scripted connection, joined as any user of both must join them, with a broker that tests play.</summary>
internal sealed class MqttOnRecords
{
    public const string Topic = "a/topic";

    private readonly Profile _profile;
    private readonly byte[] _opened = new byte[300];
    private readonly byte[] _packet = new byte[64];
    private readonly MessageInbox _inbox = new();
    private bool _commits;

    public MqttOnRecords(string kind, int topicBytes = 64, int acknowledgements = 8, ushort? poison = null)
    {
        Peer = StreamedPeer.Connect(
            kind, true, profile => profile with { MaxMqttTopicBytes = topicBytes, MaxMqttAcknowledgements = acknowledgements, ProvisionalMqtt = true }, poison);
        _profile = Peer.Client.Profile;
        Session.Begin(0);
        Assert.Equal(MqttStatus.Complete, Session.Connect(new MqttConnectOptions { ClientId = "c"u8 }, _packet, out int written));
        Send(written);
        TakeRecord([0x20, 2, 0, 0]);
        Assert.Equal(MqttStatus.Complete, Session.Subscribe(Encoding.UTF8.GetBytes(Topic), MqttQos.AtLeastOnce, _packet, out written));
        Send(written);
        TakeRecord([0x90, 3, 0, 1, 1]);
        Peer.TakeSent();
        Events.Clear();
    }

    public StreamedPeer Peer { get; }

    /// <summary>What the session told besides messages.</summary>
    public List<MqttEvent> Events { get; } = [];

    public MqttSession Session => new(
        _profile, Peer.Client.Region(RegionId.MqttSession), Peer.Client.Region(RegionId.MqttTopic), Peer.Client.Region(RegionId.MqttRollback));

    /// <summary>All that the session remembers, of what counts.</summary>
    public byte[] Remembered
    {
        get
        {
            Assert.False(Session.IsProvisional);
            return [.. Peer.Client.Region(RegionId.MqttSession)[..(MqttSession.StateBytes + (2 * Session.AcknowledgementsDue))], .. Session.Topic];
        }
    }

    public static byte[] Publish(int identifier, byte[] payload, string topic = Topic)
    {
        byte[] name = Encoding.UTF8.GetBytes(topic);
        byte[] body = [(byte)(name.Length >> 8), (byte)name.Length, .. name, (byte)(identifier >> 8), (byte)identifier, .. payload];
        return BrokerPacket.Write(0x32, body);
    }

    public static byte[] Puback(int identifier) => [0x40, 2, (byte)(identifier >> 8), (byte)identifier];

    /// <summary>The messages that count, as they are taken from their sink.</summary>
    public IEnumerable<(string Topic, byte[] Payload)> TakeMessages()
    {
        while (_inbox.TryTake(out DemoMessage? message))
        {
            yield return (message.Topic, message.Payload);
        }
    }

    /// <summary>Takes one record of the broker's.</summary>
    public TlsStatus TakeRecord(byte[] content) => Take(Peer.Seal(Wire.ApplicationData, content));

    /// <summary>Takes bytes of records, in pieces, until the connection wants more or is over.</summary>
    public TlsStatus Take(ReadOnlySpan<byte> bytes, int pieceBytes = 20_000)
    {
        TlsStatus status = TlsStatus.NeedMoreData;
        while (!bytes.IsEmpty && status == TlsStatus.NeedMoreData)
        {
            ReadOnlySpan<byte> piece = bytes[..Math.Min(pieceBytes, bytes.Length)];
            bytes = bytes[piece.Length..];
            do
            {
                status = Peer.Client.Lens().Read(piece, _opened, out int consumed, out int written);
                piece = piece[consumed..];
                Judge(status);
                Read(_opened.AsSpan(0, written));
            }
            while (status is not (TlsStatus.NeedMoreData or TlsStatus.Faulted or TlsStatus.Closed));
        }

        Peer.Client.CheckGuards();
        return status;
    }

    private void Judge(TlsStatus status)
    {
        switch (status)
        {
            case TlsStatus.Provisional:
                Assert.Equal(MqttStatus.Complete, Session.BeginProvisional());
                _inbox.Mark();
                break;
            case TlsStatus.Committed:
                _commits = true;
                break;
            case TlsStatus.Withdrawn or TlsStatus.Faulted:
                Session.Abort();
                _inbox.Abort();
                break;
        }
    }

    private void Read(ReadOnlySpan<byte> opened)
    {
        MqttEvent found;
        do
        {
            found = Session.Receive(opened, out int consumed, out ReadOnlySpan<byte> data);
            opened = opened[consumed..];
            Hear(found, data);
        }
        while (found is not (MqttEvent.NeedMoreData or MqttEvent.Faulted));
        if (_commits)
        {
            _commits = false;
            _ = Session.Commit();
            _inbox.Commit();
            Read(default);
        }

        Acknowledge();
    }

    private void Hear(MqttEvent found, ReadOnlySpan<byte> data)
    {
        switch (found)
        {
            case MqttEvent.PublishBegin:
                _inbox.Begin(data);
                break;
            case MqttEvent.PublishData:
                _inbox.Write(data);
                break;
            case MqttEvent.PublishEnd:
                _inbox.End();
                break;
            case MqttEvent.AcknowledgementDue:
                Acknowledge();
                break;
            case not MqttEvent.NeedMoreData:
                Events.Add(found);
                break;
        }
    }

    private void Acknowledge()
    {
        if (Session.AcknowledgementsDue != 0)
        {
            Assert.Equal(MqttStatus.Complete, Session.Acknowledge(_packet, out int written));
            Send(written);
        }
    }

    private void Send(int written) => Assert.Equal(TlsStatus.Complete, Peer.Client.Write(_packet.AsSpan(0, written)));
}
