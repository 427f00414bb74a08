using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Thimble.Mqtt;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>A broker's session state for one client, that follows the flows of §4.3 and redelivers after each connection. It throws where the client breaks a rule.</summary>
internal sealed class ModelBroker(MqttVersion version, int window)
{
    private readonly List<byte> _received = [];
    private readonly HashSet<int> _known = [];
    private readonly List<Sent> _inFlight = [];
    private readonly Queue<(int Qos, int Payload)> _waiting = new();
    private readonly HashSet<int> _sentHere = [];
    private bool _connected;
    private int _lastIdentifier;

    private sealed class Sent(int identifier, int qos, int payload)
    {
        public int Identifier { get; } = identifier;

        public int Qos { get; } = qos;

        public int Payload { get; } = payload;

        public bool Released { get; set; }
    }

    /// <summary>What goes to the client.</summary>
    public List<byte> Output { get; } = [];

    /// <summary>The payloads that the client published, in the order of their delivery.</summary>
    public List<(int Qos, int Payload)> Delivered { get; } = [];

    public bool IsIdle => _waiting.Count == 0 && _inFlight.Count == 0;

    public void Send(int qos, int payload)
    {
        _waiting.Enqueue((qos, payload));
        Fill();
    }

    /// <summary>The transport is gone, and what was on its way.</summary>
    public void Lose()
    {
        _connected = false;
        _received.Clear();
        Output.Clear();
        _sentHere.Clear();
    }

    public void Receive(ReadOnlySpan<byte> bytes)
    {
        _received.AddRange(bytes);
        while (TryTake(out byte[] packet))
        {
            On(packet[0] >> 4, packet[0] & 15, packet[2..]);
        }
    }

    // All packets here are shorter than 128 bytes.
    private bool TryTake(out byte[] packet)
    {
        packet = [];
        if (_received.Count < 2 || _received.Count < 2 + _received[1])
        {
            return false;
        }

        packet = [.. _received.Take(2 + _received[1])];
        _received.RemoveRange(0, packet.Length);
        return true;
    }

    private void On(int type, int flags, byte[] body)
    {
        if (type != 1 && !_connected)
        {
            throw new InvalidOperationException($"A packet of type {type} before CONNECT.");
        }

        int identifier = type is >= 4 and <= 8 ? (body[0] << 8) | body[1] : 0;
        switch (type)
        {
            case 1:
                OnConnect();
                break;
            case 3:
                OnPublish((flags >> 1) & 3, body);
                break;
            case 4:
                Require(_inFlight.RemoveAll(s => s.Identifier == identifier && s.Qos == 1) == 1, "PUBACK");
                break;
            case 5:
                Sent sent = _inFlight.Single(s => s.Identifier == identifier && s.Qos == 2);
                sent.Released = true;
                Output.AddRange(BrokerPackets.Acknowledgement(6, identifier));
                break;
            case 6:
                Require(flags == 2, "PUBREL");
                _known.Remove(identifier);
                Output.AddRange(BrokerPackets.Acknowledgement(7, identifier));
                break;
            case 7:
                Require(_inFlight.RemoveAll(s => s.Identifier == identifier && s.Released) == 1, "PUBCOMP");
                break;
            case 8:
                Output.AddRange(BrokerPackets.Suback(version, identifier, [2]));
                break;
            default:
                throw new InvalidOperationException($"A packet of type {type}.");
        }

        Fill();
    }

    private int _sessions;

    private void OnConnect()
    {
        Require(!_connected, "a second CONNECT");
        _connected = true;
        Output.AddRange(BrokerPackets.Connack(version, _sessions++ == 0 ? 0 : 1, 0));
        foreach (Sent sent in _inFlight)
        {
            Transmit(sent, dup: true);
        }
    }

    private void OnPublish(int qos, byte[] body)
    {
        int topicBytes = (body[0] << 8) | body[1];
        Require(Encoding.UTF8.GetString(body, 2, topicBytes) == "a/b", "the topic");
        int at = 2 + topicBytes;
        int identifier = (body[at] << 8) | body[at + 1];
        at += 2 + (version == MqttVersion.V5 ? 1 : 0);
        int payload = BitConverter.ToInt32(body, at);
        if (qos == 1)
        {
            Delivered.Add((1, payload));
            Output.AddRange(BrokerPackets.Acknowledgement(4, identifier));
            return;
        }

        if (_known.Add(identifier))
        {
            Delivered.Add((2, payload));
        }

        Output.AddRange(BrokerPackets.Acknowledgement(5, identifier));
    }

    private void Fill()
    {
        while (_connected && _waiting.Count > 0 && _inFlight.Count < window)
        {
            (int qos, int payload) = _waiting.Dequeue();
            do
            {
                _lastIdentifier = (_lastIdentifier % 5) + 1; // few, so that they come again soon
            }
            while (_inFlight.Any(s => s.Identifier == _lastIdentifier));

            var sent = new Sent(_lastIdentifier, qos, payload);
            _inFlight.Add(sent);
            Transmit(sent, dup: false);
        }
    }

    private void Transmit(Sent sent, bool dup) => Output.AddRange(sent.Released
        ? BrokerPackets.Acknowledgement(6, sent.Identifier)
        : BrokerPackets.Publish(version, "t", sent.Qos, sent.Identifier, BitConverter.GetBytes(sent.Payload), dup));

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"Wrong: {what}.");
        }
    }
}
