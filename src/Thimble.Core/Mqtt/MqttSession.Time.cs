using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>What is due, and what is overdue.</summary>
public readonly ref partial struct MqttSession
{
    /// <summary>
    /// Tells the session the time: call it when <paramref name="waitMilliseconds"/> have passed, and before each call that
    /// sends. Says when messages are to be acknowledged, when a PINGREQ is due so that no silence reaches the keep-alive
    /// interval ([MQTT-3.1.2-23]), and when a message is to go out again. It fails with <see cref="FaultReason.MqttKeepAliveExpired"/> when CONNACK, SUBACK,
    /// UNSUBACK or PINGRESP did not come within the interval. Bounded by the messages in flight.
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
            || (Is(MqttFacts.AwaitsSuback | MqttFacts.AwaitsUnsuback) && IsOver(_state.RequestSince, interval, ref waitMilliseconds))))
        {
            return MqttStatus.Faulted;
        }

        if (connected && (!IsSending || IsSendingAcknowledgement) && AcknowledgementsDue != 0)
        {
            waitMilliseconds = 0;
            return MqttStatus.AcknowledgementDue;
        }

        // A quarter of the interval is left for the bytes to get out.
        bool mayPing = watched && !answerDue && !IsSending;
        if (mayPing && HasPassed(_state.LastSent, interval - (interval / 4), ref waitMilliseconds))
        {
            return MqttStatus.PingDue;
        }

        if (Features.MqttInFlight && connected && !IsSending && MustRedeliver && QuotaLeft > 0)
        {
            waitMilliseconds = 0;
            return MqttStatus.RedeliveryDue;
        }

        return MqttStatus.Complete;
    }

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
}
