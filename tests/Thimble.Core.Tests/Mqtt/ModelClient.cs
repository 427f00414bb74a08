using System;
using System.Collections.Generic;
using Thimble.Memory;
using Thimble.Mqtt;
using Xunit;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>A user of the session as its documentation asks for: it keeps payloads until the broker has them, and answers what is due.</summary>
internal sealed class ModelClient(MqttVersion version, Profile profile)
{
    private readonly Dictionary<uint, MqttQos> _outbox = [];
    private readonly byte[] _piece = new byte[3];
    private readonly List<byte> _payload = [];
    private Desk _desk = new(profile);
    private uint? _sending;
    private bool _connecting;
    private bool _redelivers;
    private bool _isHalfSent;
    private uint _now;

    /// <summary>What goes to the broker.</summary>
    public List<byte> Output { get; } = [];

    /// <summary>The payloads that came, in their order.</summary>
    public List<(int Qos, int Payload)> Delivered { get; } = [];

    /// <summary>The messages that were acknowledged to the end.</summary>
    public List<uint> Acknowledged { get; } = [];

    public bool IsConnected { get; private set; }

    /// <summary>Whether the broker has accepted the session: before that a kept one would be unknown here ([MQTT-3.2.2-4] of MQTT 5).</summary>
    public bool IsEstablished { get; private set; }

    public bool IsIdle => IsConnected && _sending is null && _outbox.Count == 0 && _desk.Session.InFlight == 0 && _desk.Session.AcknowledgementsDue == 0;

    public bool CanPublish => IsConnected && _sending is null && !_isHalfSent && _desk.Session.PublishQuota > 0;

    /// <summary>Begins a connection; with <paramref name="stored"/> in other memory, to which only the stored value comes.</summary>
    public void Connect(bool first, bool stored)
    {
        if (stored && !first)
        {
            byte[] value = new byte[_desk.Session.StoredBytes];
            if (_desk.Session.TryStore(value, out _))
            {
                _desk = new Desk(profile);
                Assert.Equal(MqttStatus.Complete, _desk.Session.Restore(value));
            }
        }

        if (first || _desk.Session.Continue(_now) != MqttStatus.Complete)
        {
            _desk.Session.Begin(_now);
        }

        Output.Clear();
        _payload.Clear();
        _sending = null;
        IsConnected = false;
        _connecting = true;
        while (Write(_desk.Session.Connect(Options(), _piece, out int written), written) == MqttStatus.DestinationTooSmall)
        {
        }
    }

    private MqttConnectOptions Options() => new() { ClientId = "m"u8, Version = version, KeepSession = true };

    public void Publish(uint token, MqttQos qos)
    {
        _outbox.Add(token, qos);
        _sending = token;
        GoOn(redelivers: false);
    }

    /// <summary>Does one thing that is due: three bytes of it, so that a loss may come at any step.</summary>
    public void Step()
    {
        if (_sending is not null)
        {
            GoOn(_redelivers);
            return;
        }

        MqttStatus due = _desk.Session.Poll(++_now, out _);
        if (due == MqttStatus.AcknowledgementDue)
        {
            _ = Write(_desk.Session.Acknowledge(_piece, out int written), written);
        }
        else if (due == MqttStatus.RedeliveryDue)
        {
            _sending = _desk.Session.RedeliveryToken;
            GoOn(redelivers: true);
        }
        else
        {
            Assert.Equal(MqttStatus.Complete, due);
        }
    }

    public void Receive(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            MqttEvent found = _desk.Session.Receive(bytes, out int consumed, out ReadOnlySpan<byte> data);
            bytes = bytes[consumed..];
            switch (found)
            {
                case MqttEvent.NeedMoreData:
                    return;
                case MqttEvent.Connected:
                    Assert.True(_connecting);
                    IsConnected = IsEstablished = true;
                    break;
                case MqttEvent.PublishBegin:
                    _payload.Clear();
                    break;
                case MqttEvent.PublishData:
                    _payload.AddRange(data);
                    break;
                case MqttEvent.PublishEnd:
                    Delivered.Add(((int)_desk.Session.Qos, BitConverter.ToInt32(_payload.ToArray())));
                    break;
                case MqttEvent.Received:
                    Assert.True(_outbox.Remove(_desk.Session.Token));
                    break;
                case MqttEvent.Acknowledged:
                    _outbox.Remove(_desk.Session.Token);
                    Acknowledged.Add(_desk.Session.Token);
                    break;
                case MqttEvent.AcknowledgementDue:
                    while (Write(_desk.Session.Acknowledge(_piece, out int written), written) == MqttStatus.DestinationTooSmall)
                    {
                    }

                    break;
                case MqttEvent.ReasonCodes or MqttEvent.Subscribed:
                    break;
                default:
                    Assert.Fail($"{found} {_desk.Session.Fault.Reason} {_desk.Session.Fault.Expected} {_desk.Session.Fault.Actual}");
                    break;
            }
        }
    }

    private void GoOn(bool redelivers)
    {
        _redelivers = redelivers;
        uint token = _sending!.Value;
        var options = new MqttPublishOptions { Topic = "a/b"u8, Qos = _outbox[token], Token = token, Redelivers = redelivers };
        if (Write(_desk.Session.Publish(options, BitConverter.GetBytes(token), _piece, out int written), written) == MqttStatus.Complete)
        {
            _sending = null;
        }
    }

    private MqttStatus Write(MqttStatus status, int written)
    {
        Assert.True(status is MqttStatus.Complete or MqttStatus.DestinationTooSmall, status.ToString());
        Output.AddRange(_piece.AsSpan(0, written));
        _isHalfSent = status == MqttStatus.DestinationTooSmall;
        return status;
    }
}
