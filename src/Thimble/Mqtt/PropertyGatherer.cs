using System;
using System.Collections.Generic;
using System.Text;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>Gathers the properties of one packet as they arrive, as far as the host wants to know them. Bounded: what is beyond 64 kB in all, with what each property takes here, is left out.</summary>
internal sealed class PropertyGatherer
{
    private const int MaxBytes = 64 << 10;

    /// <summary>Two texts and their places: an empty property is not for nothing.</summary>
    private const int OverheadBytes = 64;

    private readonly List<byte> _name = [];
    private readonly List<byte> _value = [];
    private readonly List<MqttUserProperty> _user = [];
    private readonly List<uint> _subscriptions = [];
    private int _bytes;

    /// <summary>Whether the packet has any.</summary>
    public bool Any { get; private set; }

    public string? ReasonString { get; private set; }

    public string? ServerReference { get; private set; }

    public string? AssignedClientId { get; private set; }

    public string? ResponseInformation { get; private set; }

    public byte[] AuthenticationData { get; private set; } = [];

    private MqttMessageProperties _message = new();

    /// <summary>Forgets all, for the next packet.</summary>
    public void Reset()
    {
        if (Any)
        {
            Any = false;
            _bytes = 0;
            _user.Clear();
            _subscriptions.Clear();
            _message = new MqttMessageProperties();
            ReasonString = ServerReference = AssignedClientId = ResponseInformation = null;
            AuthenticationData = [];
        }
    }

    /// <summary>A property begins; where it is an integer that is all.</summary>
    public void Begin(MqttProperty property, uint integer)
    {
        Any = true;
        _name.Clear();
        _value.Clear();
        _bytes = int.Min(_bytes + OverheadBytes, MaxBytes + 1);
        switch (property)
        {
            case MqttProperty.PayloadFormatIndicator:
                _message.PayloadFormat = (MqttPayloadFormat)integer;
                break;
            case MqttProperty.MessageExpiryInterval:
                _message.Expiry = TimeSpan.FromSeconds(integer);
                break;
            case MqttProperty.SubscriptionIdentifier when _subscriptions.Count < MaxBytes / sizeof(uint):
                _subscriptions.Add(integer);
                break;
            default:
                break;
        }
    }

    /// <summary>The next piece of a user property's name.</summary>
    public void Name(ReadOnlySpan<byte> piece) => Gather(_name, piece);

    /// <summary>The next piece of a value.</summary>
    public void Value(ReadOnlySpan<byte> piece) => Gather(_value, piece);

    /// <summary>The value has ended.</summary>
    public void End(MqttProperty property)
    {
        if (_bytes > MaxBytes)
        {
            return;
        }

        switch (property)
        {
            case MqttProperty.UserProperty:
                _user.Add(new MqttUserProperty(Text(_name), Text(_value)));
                break;
            case MqttProperty.ContentType:
                _message.ContentType = Text(_value);
                break;
            case MqttProperty.ResponseTopic:
                _message.ResponseTopic = Text(_value);
                break;
            case MqttProperty.CorrelationData:
                _message.CorrelationData = _value.ToArray();
                break;
            case MqttProperty.ReasonString:
                ReasonString = Text(_value);
                break;
            case MqttProperty.ServerReference:
                ServerReference = Text(_value);
                break;
            case MqttProperty.AssignedClientIdentifier:
                AssignedClientId = Text(_value);
                break;
            case MqttProperty.ResponseInformation:
                ResponseInformation = Text(_value);
                break;
            case MqttProperty.AuthenticationData:
                AuthenticationData = [.. _value];
                break;
            default:
                break;
        }
    }

    /// <summary>The user properties.</summary>
    public IReadOnlyList<MqttUserProperty> UserProperties() => [.. _user];

    /// <summary>What a message says of itself.</summary>
    public MqttMessageProperties Message()
    {
        if (!Any)
        {
            return MqttMessageProperties.None;
        }

        _message.UserProperties = UserProperties();
        _message.SubscriptionIdentifiers = [.. _subscriptions];
        return _message;
    }

    private static string Text(List<byte> bytes) => Encoding.UTF8.GetString([.. bytes]);

    private void Gather(List<byte> bytes, ReadOnlySpan<byte> piece)
    {
        _bytes = (int)long.Min((long)_bytes + piece.Length, MaxBytes + 1);
        if (_bytes <= MaxBytes)
        {
            bytes.AddRange(piece);
        }
    }
}
