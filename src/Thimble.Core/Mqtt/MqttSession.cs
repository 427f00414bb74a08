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

    private readonly ref MqttSessionState _state;
    private readonly Span<byte> _acknowledgements;
    private readonly Span<byte> _topic;
    private readonly Span<byte> _rollback;

    /// <summary>
    /// Looks at a session. <paramref name="state"/> has <see cref="StateBytes"/> bytes at a multiple of 4, and two more for each
    /// acknowledgement that may be owed; <paramref name="topic"/> as many as the longest topic that is to be received;
    /// <paramref name="rollback"/> what <see cref="RollbackBytes"/> says, at a multiple of 4, or none. All live from
    /// <see cref="Begin"/> as long as the session.
    /// </summary>
    public MqttSession(Span<byte> state, Span<byte> topic, Span<byte> rollback = default)
    {
        _state = ref MemoryMarshal.AsRef<MqttSessionState>(state);
        _acknowledgements = state[StateBytes..];
        _topic = topic;
        _rollback = rollback.Length < MqttRollbackState.Bytes + topic.Length ? default : rollback;
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
    /// Begins a session, for a new network connection, at a time in milliseconds. Any clock serves that never runs
    /// backwards; it may wrap from 2^32 - 1 to 0. Whatever the state memory held before is gone.
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
