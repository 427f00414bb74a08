using System;
using System.Runtime.InteropServices;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>
/// An MQTT 3.1.1 client with QoS 0 and clean sessions, as a lens over memory that its caller owns. It does no I/O and knows
/// no transport: calls turn into packet bytes in a destination, received bytes turn into events, and the time is an
/// argument. Source and destination may be cut anywhere. Nothing here is constant-time: topics and lengths are public,
/// and payloads, user name and password are only copied.
/// </summary>
public readonly ref partial struct MqttSession
{
    /// <summary>What the state takes, in bytes, whatever the profile.</summary>
    public const int StateBytes = 64;

    private readonly ref MqttSessionState _state;
    private readonly Span<byte> _topic;

    /// <summary>
    /// Looks at a session. <paramref name="state"/> has <see cref="StateBytes"/> bytes at a multiple of 4, and
    /// <paramref name="topic"/> as many as the longest topic that is to be received; both live as long as the session.
    /// </summary>
    public MqttSession(Span<byte> state, Span<byte> topic)
    {
        _state = ref MemoryMarshal.AsRef<MqttSessionState>(state);
        _topic = topic;
    }

    /// <summary>Where the session stands.</summary>
    public MqttState State => _state.State;

    /// <summary>Why the session failed; the first fault stays. Its phase is always <see cref="Phase.Connected"/>.</summary>
    public ref readonly Fault Fault => ref _state.Fault;

    /// <summary>The topic of the latest PUBLISH, valid from <see cref="MqttEvent.PublishBegin"/> until the next packet.</summary>
    public ReadOnlySpan<byte> Topic => _topic[.._state.TopicBytes];

    /// <summary>At <see cref="MqttEvent.PublishBegin"/> the length of the payload; afterwards what of it is still to come.</summary>
    public uint PayloadBytes => _state.Remaining;

    /// <summary>True when the PUBLISH being received was retained by the broker (MQTT 3.1.1 §3.3.1.3).</summary>
    public bool Retained => (_state.FixedHeader & RetainFlag) != 0;

    /// <summary>What the topic region takes, in bytes.</summary>
    public static int TopicBytes(in Profile profile)
        => profile.MaxMqttTopicBytes > MqttText.MaxBytes ? MqttText.MaxBytes : profile.MaxMqttTopicBytes;

    /// <summary>
    /// Begins a session, for a new network connection, at a time in milliseconds. Any clock serves that never runs
    /// backwards; it may wrap from 2^32 - 1 to 0. Whatever the state memory held before is gone.
    /// </summary>
    public void Begin(uint nowMilliseconds)
    {
        _state = default;
        _state.Now = nowMilliseconds;
        _state.Fault.Depth = Fault.NoDepth;
        _state.State = MqttState.ExpectConnect;
    }

    /// <summary>
    /// Tells the session the time: call it when <paramref name="waitMilliseconds"/> have passed, and before each call that
    /// sends. Says when a PINGREQ is due so that no silence reaches the keep-alive interval ([MQTT-3.1.2-23]), and fails
    /// with <see cref="FaultReason.MqttKeepAliveExpired"/> when CONNACK, SUBACK or PINGRESP did not come within it.
    /// Bounded: constant work.
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
        if (interval == 0 || _state.State is not (MqttState.ExpectConnack or MqttState.Connected))
        {
            return MqttStatus.Complete;
        }

        bool answerDue = _state.State == MqttState.ExpectConnack || _state.AwaitsPingresp;
        if ((answerDue && IsOver(_state.AnswerSince, interval, ref waitMilliseconds))
            || (_state.AwaitsSuback && IsOver(_state.SubackSince, interval, ref waitMilliseconds)))
        {
            return MqttStatus.Faulted;
        }

        // A quarter of the interval is left for the bytes to get out.
        bool mayPing = !answerDue && !IsSending;
        return mayPing && HasPassed(_state.LastSent, interval - (interval / 4), ref waitMilliseconds)
            ? MqttStatus.PingDue
            : MqttStatus.Complete;
    }

    private bool HasFailed => _state.Fault.Reason != FaultReason.None;

    private bool IsSending => _state.OutgoingBytes != 0;

    private bool IsSendingPayload => IsSending && _state.OutgoingHeader == 0;

    private bool IsOver(uint since, uint interval, ref uint wait)
    {
        if (!HasPassed(since, interval, ref wait))
        {
            return false;
        }

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

    private MqttEvent Fail(FaultReason reason, uint expected, uint actual)
    {
        _state.Fault.Reason = reason;
        _state.Fault.Phase = Phase.Connected;
        _state.Fault.Expected = expected;
        _state.Fault.Actual = actual;
        return MqttEvent.Faulted;
    }
}
