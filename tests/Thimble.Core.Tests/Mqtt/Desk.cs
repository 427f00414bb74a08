using System;
using System.Collections.Generic;
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

    private readonly byte[] _memory;
    private readonly List<string> _events = [];
    private readonly List<byte> _payload = [];
    private uint _announcedBytes;

    public Desk(int topicBytes = 64, uint now = 0)
    {
        _memory = new byte[GuardBytes + MqttSession.StateBytes + topicBytes + GuardBytes];
        Array.Fill(_memory, Poison);
        _memory.AsSpan(0, GuardBytes).Fill(Guard);
        _memory.AsSpan(_memory.Length - GuardBytes).Fill(Guard);
        Session.Begin(now);
    }

    public MqttSession Session => new(
        _memory.AsSpan(GuardBytes, MqttSession.StateBytes),
        _memory.AsSpan(GuardBytes + MqttSession.StateBytes, _memory.Length - (2 * GuardBytes) - MqttSession.StateBytes));

    public IReadOnlyList<string> Events => _events;

    /// <summary>A session for which the broker has accepted the connection.</summary>
    public static Desk Connected(int topicBytes = 64, ushort keepAlive = 0)
    {
        var desk = new Desk(topicBytes);
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

    /// <summary>Feeds one piece, and goes on until the session wants more or has failed.</summary>
    public void Feed(ReadOnlySpan<byte> piece)
    {
        while (true)
        {
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
            case MqttEvent.Faulted:
                RecordFault(Session.Fault);
                break;
            default:
                _events.Add(found.ToString());
                break;
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
