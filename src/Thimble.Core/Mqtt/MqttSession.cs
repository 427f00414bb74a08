using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>
/// An MQTT client session, version 3.1.1 or 5, over any transport: packets to send are written into a span, received bytes turn
/// into events, and the time is an argument. Source and destination may be cut anywhere. Nothing here is constant-time:
/// topics and lengths are public, and payloads, user name and password are only copied.
/// </summary>
/// <remarks>
/// Bytes may be read before it is known whether they are genuine: see <see cref="BeginProvisional"/>. Until
/// <see cref="Commit"/> they change nothing but the packet in progress, and <see cref="Abort"/> undoes that.
/// </remarks>
public readonly ref partial struct MqttSession
{
    /// <summary>What the state takes, in bytes, whatever the profile.</summary>
    public const int StateBytes = 88;

    private readonly ref readonly Profile _profile;
    private readonly ref MqttSessionState _state;
    private readonly Span<byte> _behind;
    private readonly Span<byte> _topic;
    private readonly Span<byte> _rollback;
    private readonly Span<byte> _inFlight;

    /// <summary>
    /// Looks at a session of that profile, in the regions of its plan: <paramref name="session"/> is <see cref="RegionId.MqttSession"/>,
    /// <paramref name="topic"/> <see cref="RegionId.MqttTopic"/>, <paramref name="rollback"/> <see cref="RegionId.MqttRollback"/> and
    /// <paramref name="inFlight"/> <see cref="RegionId.MqttInFlight"/>. Their sizes are what <see cref="SessionBytes"/>,
    /// <see cref="TopicBytes"/>, <see cref="RollbackBytes"/> and <see cref="InFlightBytes"/> say, or more, at multiples of 4. The last two may be empty,
    /// and then the session does without. All but the last live from <see cref="Begin"/> as long as the connection.
    /// </summary>
    public MqttSession(in Profile profile, Span<byte> session, Span<byte> topic, Span<byte> rollback = default, Span<byte> inFlight = default)
    {
        _profile = ref profile;
        _state = ref MemoryMarshal.AsRef<MqttSessionState>(session);
        _behind = session[StateBytes..];
        _topic = topic;
        _rollback = rollback;
        _inFlight = inFlight;
    }

    /// <summary>Where the session stands.</summary>
    public MqttState State => _state.State;

    /// <summary>Why the session failed; the first fault stays. Its phase is always <see cref="Phase.Connected"/>.</summary>
    public ref readonly Fault Fault => ref _state.Fault;

    /// <summary>The version that this connection speaks, from CONNECT on.</summary>
    public MqttVersion Version => _state.Version;

    /// <summary>The packet that is being received, or was received last.</summary>
    public MqttPacketType Packet => (MqttPacketType)(_state.Incoming.FixedHeader >> 4);

    /// <summary>Its packet identifier, where it has one and that was read.</summary>
    public ushort PacketIdentifier => _state.Incoming.Integer;

    /// <summary>
    /// The topic of the latest PUBLISH, valid from <see cref="MqttEvent.PublishBegin"/> until the next packet; where an alias stands for it, from the
    /// event of that property on.
    /// </summary>
    public ReadOnlySpan<byte> Topic => _topic[.._state.Incoming.TopicBytes];

    /// <summary>At <see cref="MqttEvent.PublishBegin"/> the length of the payload; afterwards what of it is still to come.</summary>
    public uint PayloadBytes => _state.Incoming.Remaining;

    /// <summary>True when the PUBLISH being received was retained by the broker (MQTT 3.1.1 §3.3.1.3).</summary>
    public bool Retained => (_state.Incoming.FixedHeader & RetainFlag) != 0;

    /// <summary>True when the PUBLISH being received may have come before (§3.3.1.1).</summary>
    public bool Duplicate => (_state.Incoming.FixedHeader & DupFlag) != 0;

    /// <summary>The QoS of the PUBLISH being received.</summary>
    public MqttQos Qos => (MqttQos)((_state.Incoming.FixedHeader & QosBits) >> 1);

    /// <summary>How the thing ended that the latest event tells of. Its meaning belongs to the event; only the event says whether something succeeded.</summary>
    public MqttReasonCode ReasonCode => _state.ReasonCode;

    /// <summary>The message that the latest <see cref="MqttEvent.Acknowledged"/>, <see cref="MqttEvent.Received"/> or <see cref="MqttEvent.PublishRefused"/> tells of, by the number that its publisher gave it.</summary>
    public uint Token => _state.Token;

    /// <summary>From <see cref="MqttEvent.Connected"/> on: whether the broker goes on with the session that was kept (§3.2.2.2).</summary>
    public bool SessionPresent => Is(MqttFacts.SessionPresent);

    /// <summary>From <see cref="MqttEvent.Connected"/> on: what the broker allows.</summary>
    public MqttServerLimits Limits
    {
        get
        {
            if (Is5)
            {
                return State5.Incoming.Limits;
            }

            MqttServerLimits limits = default;
            limits.Reset(0);
            return limits;
        }
    }

    /// <summary>The keep-alive interval that counts, in seconds: ours, or from <see cref="MqttEvent.Connected"/> on the broker's (MQTT 5 §3.2.2.3.14). 0: off.</summary>
    public ushort KeepAliveSeconds => _state.KeepAliveSeconds;

    /// <summary>What the session's state takes, in bytes: with the acknowledgements that may be owed, and the topic aliases of the broker.</summary>
    public static int SessionBytes(in Profile profile) => StateBytes + Bytes5(profile) + OwedBytes(profile) + AliasesBytes(profile);

    /// <summary>What the topic region takes, in bytes.</summary>
    public static int TopicBytes(in Profile profile)
        => profile.MaxMqttTopicBytes > MqttText.MaxBytes ? MqttText.MaxBytes : profile.MaxMqttTopicBytes;

    /// <summary>What a session takes, in bytes, to read what nobody vouches for yet; none where the profile does not ask for it.</summary>
    public static int RollbackBytes(in Profile profile)
        => profile.ProvisionalMqtt
            ? MqttRollbackState.Bytes + (Bytes5(profile) != 0 ? Mqtt5Incoming.Bytes : 0) + TopicBytes(profile) + AliasesBytes(profile)
            : 0;

    /// <summary>
    /// What the session state takes that outlives the connection, in bytes: eight, eight for each message that may be in flight, two for each
    /// identifier of QoS 2; none where the profile has neither.
    /// </summary>
    public static int InFlightBytes(in Profile profile) => MqttInFlightTable.RegionBytes(profile);

    /// <summary>
    /// Begins a session without a past, for a new network connection, at a time in milliseconds. Any clock serves that never runs
    /// backwards; it may wrap from 2^32 - 1 to 0. Whatever the memory held before is gone, messages in flight too. Where the profile asks for what the build
    /// leaves out (<see cref="Features"/>), the session has failed at once with <see cref="FaultReason.NotInThisBuild"/>.
    /// </summary>
    public void Begin(uint nowMilliseconds)
    {
        if (Features.MqttQos)
        {
            InFlightTable.Clear();
        }

        BeginConnection(nowMilliseconds);
    }

    /// <summary>
    /// Begins a new network connection like <see cref="Begin"/>, and keeps the messages in flight of the session that the last one was
    /// for (§4.1), in the same memory or after <see cref="Restore"/>. Connect with <see cref="MqttConnectOptions.KeepSession"/>; whether the broker
    /// has kept it too, CONNACK tells. <see cref="MqttStatus.InvalidArgument"/>: the memory holds no such state, or one that this
    /// profile has no room for; then nothing was begun. Where the profile keeps nothing, there is nothing to miss. Bounded by the square of the messages in flight.
    /// </summary>
    public MqttStatus Continue(uint nowMilliseconds)
    {
        MqttInFlightTable table = InFlightTable;
        if (table.Exists && !table.IsSound())
        {
            return MqttStatus.InvalidArgument;
        }

        BeginConnection(nowMilliseconds);
        table.Continue();
        _state.Facts |= MqttFacts.Continues | (table.FirstWith(MqttInFlightState.Confirmed) >= 0 ? MqttFacts.AcknowledgementsUntold : MqttFacts.None);
        return MqttStatus.Complete;
    }

    // Inlined, so that a build without MQTT 5 has nothing of what depends on it.
    private bool Is5
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Features.Mqtt5 && _state.Version == MqttVersion.V5;
    }

    private bool HasFailed => _state.Fault.Reason != FaultReason.None;

    private bool Is(MqttFacts fact) => (_state.Facts & fact) != 0;

    private ref Mqtt5State State5 => ref MemoryMarshal.AsRef<Mqtt5State>(_behind);

    private int InFlightCapacity => Features.MqttQos ? InFlightTable.Capacity : 0;

    private int InboundCapacity => Features.MqttQos ? InFlightTable.InboundCapacity : 0;

    private MqttInFlightTable InFlightTable => new(_profile, _inFlight);

    private static bool Speaks(in Profile profile, MqttVersion version) => version switch
    {
        MqttVersion.V311 => profile.MqttVersions == MqttVersions.None || (profile.MqttVersions & MqttVersions.V311) != 0,
        MqttVersion.V5 => Features.Mqtt5 && Bytes5(profile) != 0,
        _ => false,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bytes5(in Profile profile)
        => Features.Mqtt5 && (profile.MqttVersions & MqttVersions.V5) != 0 ? Mqtt5State.Bytes : 0;

    private void BeginConnection(uint nowMilliseconds)
    {
        _state = default;
        if (HasRollback)
        {
            Rollback = default;
        }

        if (Features.Mqtt5 && Bytes5(_profile) != 0)
        {
            State5 = default;
            Aliases.Clear();
        }

        _state.Now = nowMilliseconds;
        _state.Fault.Depth = Fault.NoDepth;
        _state.State = MqttState.ExpectConnect;
        if ((!Features.Mqtt5 || !Features.MqttQos) && MqttNeeds.Missing(_profile, MqttNeeds.InThisBuild) is not MqttParts.None and MqttParts missing)
        {
            Fail(FaultReason.NotInThisBuild, (uint)MqttNeeds.InThisBuild, (uint)missing);
        }
    }

    // What is found in provisional bytes is held (RULES 1).
    private MqttEvent Fail(FaultReason reason, uint expected, uint actual)
    {
        ref Fault fault = ref FaultInProgress;
        fault.Reason = reason;
        fault.Phase = Phase.Connected;
        fault.Depth = Fault.NoDepth;
        fault.Expected = expected;
        fault.Actual = actual;
        return MqttEvent.Faulted;
    }

    private ref Fault FaultInProgress
    {
        get
        {
            ref Fault fault = ref _state.Fault;
            if (IsProvisional)
            {
                fault = ref Rollback.Held;
            }

            return ref fault;
        }
    }
}
