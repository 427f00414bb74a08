#pragma warning disable CA1822
using System;
using System.Runtime.InteropServices;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>
/// An MQTT 3.1.1 client with clean sessions, which publishes with QoS 0 and receives QoS 0 and 1, as a lens over memory that
/// its caller owns. It does no I/O and knows no transport: calls turn into packet bytes in a destination, received bytes turn
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
    public const int StateBytes = 64;

    private readonly ref readonly Profile _profile;
    private readonly ref MqttSessionState _state;
    private readonly Span<byte> _acknowledgements;
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
        _acknowledgements = session[StateBytes..];
        _topic = topic;
        _rollback = rollback.Length < MqttRollbackState.Bytes + topic.Length ? default : rollback;
        _inFlight = inFlight;
    }

    /// <summary>Where the session stands.</summary>
    public MqttState State => _state.State;

    /// <summary>Why the session failed; the first fault stays. Its phase is always <see cref="Phase.Connected"/>.</summary>
    public ref readonly Fault Fault => ref _state.Fault;

    /// <summary>The topic of the latest PUBLISH, valid from <see cref="MqttEvent.PublishBegin"/> until the next packet.</summary>
    public ReadOnlySpan<byte> Topic => _topic[.._state.Incoming.TopicBytes];

    /// <summary>At <see cref="MqttEvent.PublishBegin"/> the length of the payload; afterwards what of it is still to come.</summary>
    public uint PayloadBytes => _state.Incoming.Remaining;

    /// <summary>True when the PUBLISH being received was retained by the broker (MQTT 3.1.1 §3.3.1.3).</summary>
    public bool Retained => (_state.Incoming.FixedHeader & RetainFlag) != 0;

    /// <summary>True when the PUBLISH being received may have come before (§3.3.1.1).</summary>
    public bool Duplicate => (_state.Incoming.FixedHeader & DupFlag) != 0;

    /// <summary>The QoS of the PUBLISH being received.</summary>
    public MqttQos Qos => (MqttQos)((_state.Incoming.FixedHeader & QosBits) >> 1);

    /// <summary>The version that this connection speaks, from CONNECT on.</summary>
    public MqttVersion Version => MqttVersion.V311;

    /// <summary>The packet that is being received, or was received last.</summary>
    public MqttPacketType Packet => (MqttPacketType)(_state.Incoming.FixedHeader >> 4);

    /// <summary>Its packet identifier, where it has one and that was read.</summary>
    public ushort PacketIdentifier => _state.Incoming.Integer;

    /// <summary>The property that is being received, or was received last (MQTT 5).</summary>
    public MqttProperty Property => MqttProperty.None;

    /// <summary>At <see cref="MqttEvent.Property"/> its value where that is an integer, of any width.</summary>
    public uint PropertyInteger => 0;

    /// <summary>At <see cref="MqttEvent.Property"/> the length of the value that follows, or of a user property's name; afterwards what of it, or of the value, is still to come.</summary>
    public uint PropertyBytes => 0;

    /// <summary>How the thing ended that the latest event tells of. Its meaning belongs to the event; only the event says whether something succeeded.</summary>
    public MqttReasonCode ReasonCode => MqttReasonCode.Success;

    /// <summary>The message that the latest <see cref="MqttEvent.Acknowledged"/>, <see cref="MqttEvent.Received"/> or <see cref="MqttEvent.PublishRefused"/> tells of, by the number that its publisher gave it.</summary>
    public uint Token => 0;

    /// <summary>The message that <see cref="MqttStatus.RedeliveryDue"/> asks for.</summary>
    public uint RedeliveryToken => 0;

    /// <summary>From <see cref="MqttEvent.Connected"/> on: whether the broker goes on with the session that was kept (§3.2.2.2).</summary>
    public bool SessionPresent => false;

    /// <summary>From <see cref="MqttEvent.Connected"/> on: what the broker allows.</summary>
    public MqttServerLimits Limits => default;

    /// <summary>The keep-alive interval that counts, in seconds: ours, or from <see cref="MqttEvent.Connected"/> on the broker's (MQTT 5 §3.2.2.3.14). 0: off.</summary>
    public ushort KeepAliveSeconds => _state.KeepAliveSeconds;

    /// <summary>How many messages of QoS 1 and 2 were published and are not yet acknowledged to the end.</summary>
    public int InFlight => 0;

    /// <summary>How many more messages of QoS 1 and 2 may begin now: the profile's limit and the broker's Receive Maximum (MQTT 5 §4.9), whichever is reached first.</summary>
    public int PublishQuota => 0;

    /// <summary>What the session's state takes, in bytes, with the acknowledgements that may be owed.</summary>
    public static int SessionBytes(in Profile profile)
        => StateBytes + (sizeof(ushort) * int.Clamp(profile.MaxMqttAcknowledgements, 0, byte.MaxValue));

    /// <summary>What the topic region takes, in bytes.</summary>
    public static int TopicBytes(in Profile profile)
        => profile.MaxMqttTopicBytes > MqttText.MaxBytes ? MqttText.MaxBytes : profile.MaxMqttTopicBytes;

    /// <summary>What a session takes, in bytes, to read what nobody vouches for yet; none where the profile does not ask for it.</summary>
    public static int RollbackBytes(in Profile profile)
        => profile.ProvisionalMqtt ? MqttRollbackState.Bytes + TopicBytes(profile) : 0;

    /// <summary>
    /// What the session state takes that outlives the connection, in bytes: eight, eight for each message that may be in flight, two for each
    /// identifier of QoS 2; none where the profile has neither.
    /// </summary>
    public static int InFlightBytes(in Profile profile) => 0;

    /// <summary>
    /// Begins a session without a past, for a new network connection, at a time in milliseconds. Any clock serves that never runs
    /// backwards; it may wrap from 2^32 - 1 to 0. Whatever the memory held before is gone, messages in flight too.
    /// </summary>
    public void Begin(uint nowMilliseconds)
    {
        _state = default;
        if (!_rollback.IsEmpty)
        {
            Rollback = default;
        }

        _state.Now = nowMilliseconds;
        _state.Fault.Depth = Fault.NoDepth;
        _state.State = MqttState.ExpectConnect;
    }

    /// <summary>
    /// Begins a new network connection like <see cref="Begin"/>, and keeps the messages in flight of the session that the last one was
    /// for (§4.1), in the same memory or after <see cref="Restore"/>. Connect with <see cref="MqttConnectOptions.KeepSession"/>; whether the broker
    /// has kept it too, CONNACK tells. <see cref="MqttStatus.InvalidArgument"/>: the memory holds no such state, or one that this
    /// profile has no room for; then nothing was begun. Where the profile keeps nothing, there is nothing to miss. Bounded by the profile.
    /// </summary>
    public MqttStatus Continue(uint nowMilliseconds)
    {
        Begin(nowMilliseconds);
        return MqttStatus.Complete;
    }

    /// <summary>The size of what <see cref="TryStore"/> writes now, in bytes.</summary>
    public int StoredBytes => 0;

    /// <summary>
    /// Copies the state that outlives the connection, to be kept where it survives a reset: a version byte, the messages in flight with their tokens, and
    /// the identifiers of QoS 2. It is no secret, and nothing authenticates it. <c>false</c> where the destination is smaller than
    /// <see cref="StoredBytes"/>, or bytes are provisional. Bounded by the profile.
    /// </summary>
    public bool TryStore(scoped Span<byte> destination, out int written)
    {
        written = 0;
        return false;
    }

    /// <summary>
    /// Takes back what <see cref="TryStore"/> wrote, for <see cref="Continue"/>. <see cref="MqttStatus.InvalidArgument"/>: it is of another version,
    /// contradicts itself, or is larger than the profile plans for; then nothing was changed. Bounded by the profile.
    /// </summary>
    public MqttStatus Restore(scoped ReadOnlySpan<byte> stored) => MqttStatus.InvalidArgument;

    /// <summary>
    /// Tells the session the time: call it when <paramref name="waitMilliseconds"/> have passed, and before each call that
    /// sends. Says when messages are to be acknowledged, and when a PINGREQ is due so that no silence reaches the keep-alive
    /// interval ([MQTT-3.1.2-23]), and fails with <see cref="FaultReason.MqttKeepAliveExpired"/> when CONNACK, SUBACK or
    /// PINGRESP did not come within it. Bounded: constant work.
    /// </summary>
    public MqttStatus Poll(uint nowMilliseconds, out uint waitMilliseconds)
    {
        waitMilliseconds = uint.MaxValue;
        _state.Now = nowMilliseconds;
        if (HasFailed)
        {
            return MqttStatus.Faulted;
        }

        uint interval = _state.KeepAliveSeconds * 1000u;
        bool connected = _state.State == MqttState.Connected;
        bool answerDue = _state.State == MqttState.ExpectConnack || Is(MqttFacts.AwaitsPingresp);
        bool watched = interval != 0 && (connected || _state.State == MqttState.ExpectConnack);
        if (watched && ((answerDue && IsOver(_state.AnswerSince, interval, ref waitMilliseconds))
            || (Is(MqttFacts.AwaitsSuback) && IsOver(_state.SubackSince, interval, ref waitMilliseconds))))
        {
            return MqttStatus.Faulted;
        }

        bool mayAcknowledge = connected && (!IsSending || _state.OutgoingHeader == Header(MqttPacketType.Puback));
        if (mayAcknowledge && AcknowledgementsDue != 0)
        {
            waitMilliseconds = 0;
            return MqttStatus.AcknowledgementDue;
        }

        // A quarter of the interval is left for the bytes to get out.
        bool mayPing = watched && !answerDue && !IsSending;
        return mayPing && HasPassed(_state.LastSent, interval - (interval / 4), ref waitMilliseconds)
            ? MqttStatus.PingDue
            : MqttStatus.Complete;
    }

    private bool HasFailed => _state.Fault.Reason != FaultReason.None;

    private bool Is(MqttFacts fact) => (_state.Facts & fact) != 0;

    private bool IsSending => _state.OutgoingBytes != 0;

    private bool IsSendingPayload => IsSending && _state.OutgoingHeader == 0;

    private bool IsOver(uint since, uint interval, ref uint wait)
    {
        if (!HasPassed(since, interval, ref wait))
        {
            return false;
        }

        Abort();   // silence is a fact, whatever a record says that is still unverified
        Fail(FaultReason.MqttKeepAliveExpired, interval, _state.Now - since);
        return true;
    }

    // The difference is taken modulo 2^32, which is what lets the clock wrap.
    private bool HasPassed(uint since, uint interval, ref uint wait)
    {
        uint elapsed = _state.Now - since;
        if (elapsed >= interval)
        {
            wait = 0;
            return true;
        }

        uint left = interval - elapsed;
        wait = left < wait ? left : wait;
        return false;
    }

    // What is found in provisional bytes is held (RULES 1).
    private MqttEvent Fail(FaultReason reason, uint expected, uint actual)
    {
        ref Fault fault = ref _state.Fault;
        if (IsProvisional)
        {
            fault = ref Rollback.Held;
        }

        fault.Reason = reason;
        fault.Phase = Phase.Connected;
        fault.Depth = Fault.NoDepth;
        fault.Expected = expected;
        fault.Actual = actual;
        return MqttEvent.Faulted;
    }
}
