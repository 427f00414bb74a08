namespace Thimble.Mqtt;

/// <summary>
/// What the broker said in CONNACK that it allows (MQTT 5 §3.2.2.3), or what holds where it said nothing. In MQTT 3.1.1 there
/// are no such limits.
/// </summary>
public struct MqttServerLimits
{
    private const byte NoRetain = 1;
    private const byte NoWildcards = 2;
    private const byte NoSubscriptionIdentifiers = 4;
    private const byte NoSharedSubscriptions = 8;

    /// <summary>The largest packet, in bytes.</summary>
    public uint MaximumPacketBytes { readonly get; internal set; }

    /// <summary>For how many seconds the session outlives its connection; 0xFFFFFFFF: for ever.</summary>
    public uint SessionExpirySeconds { readonly get; internal set; }

    /// <summary>How many messages of QoS 1 and 2 may be unacknowledged.</summary>
    public ushort ReceiveMaximum { readonly get; internal set; }

    /// <summary>The highest topic alias; 0: none.</summary>
    public ushort TopicAliasMaximum { readonly get; internal set; }

    /// <summary>The highest QoS to publish with.</summary>
    public MqttQos MaximumQos { readonly get; internal set; }

    private byte _missing;

    /// <summary>Whether messages may be retained.</summary>
    public bool RetainAvailable { readonly get => Has(NoRetain); internal set => Set(NoRetain, value); }

    /// <summary>Whether filters may hold wildcards.</summary>
    public bool WildcardsAvailable { readonly get => Has(NoWildcards); internal set => Set(NoWildcards, value); }

    /// <summary>Whether subscriptions may have identifiers.</summary>
    public bool SubscriptionIdentifiersAvailable { readonly get => Has(NoSubscriptionIdentifiers); internal set => Set(NoSubscriptionIdentifiers, value); }

    /// <summary>Whether subscriptions may be shared.</summary>
    public bool SharedSubscriptionsAvailable { readonly get => Has(NoSharedSubscriptions); internal set => Set(NoSharedSubscriptions, value); }

    /// <summary>What holds before a broker says otherwise.</summary>
    internal void Reset(uint sessionExpirySeconds)
    {
        _missing = 0;
        MaximumPacketBytes = uint.MaxValue;
        SessionExpirySeconds = sessionExpirySeconds;
        ReceiveMaximum = ushort.MaxValue;
        TopicAliasMaximum = 0;
        MaximumQos = MqttQos.ExactlyOnce;
    }

    private readonly bool Has(byte missing) => (_missing & missing) == 0;

    private void Set(byte missing, bool available) => _missing = (byte)(available ? _missing & ~missing : _missing | missing);
}
