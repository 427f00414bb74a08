using System;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>AUTH (MQTT 5 §3.15 and §4.12).</summary>
public readonly ref partial struct MqttSession
{
    /// <summary>
    /// Writes AUTH: <see cref="MqttReasonCode.ContinueAuthentication"/> answers <see cref="MqttEvent.AuthenticationContinues"/>, and
    /// <see cref="MqttReasonCode.Reauthenticate"/> begins anew while connected. The properties hold the method that CONNECT named
    /// ([MQTT-4.12.0-5]), and mostly data. Bounded by the properties.
    /// </summary>
    public MqttStatus Authenticate(MqttReasonCode reason, scoped ReadOnlySpan<byte> properties, scoped Span<byte> destination, out int written)
    {
        written = 0;
        bool anew = reason == MqttReasonCode.Reauthenticate;
        bool fits = anew
            ? _state.State == MqttState.Connected && Is(MqttFacts.Authenticates) && !Is(MqttFacts.Reauthenticates)
            : _state.State is MqttState.ExpectConnack or MqttState.Connected && Is(MqttFacts.OwesAuth);
        if (!Is5 || HasFailed || !fits)
        {
            return Busy();
        }

        if ((!anew && reason != MqttReasonCode.ContinueAuthentication)
            || !MqttPropertyFindings.TryFind(MqttPropertyPlace.Auth, properties, out MqttPropertyFindings findings)
            || (findings.Facts & MqttFacts.Authenticates) == 0 || findings.AuthenticationMethod != State5.AuthenticationMethod)
        {
            return MqttStatus.InvalidArgument;
        }

        MqttStatus status = SendReason(MqttPacketType.Auth, _state.State, reason, properties, destination, out written);
        if (status == MqttStatus.Complete)
        {
            _state.Facts &= ~MqttFacts.OwesAuth;
            _state.Facts |= anew ? MqttFacts.Reauthenticates : MqttFacts.None;
            _state.AnswerSince = _state.State == MqttState.ExpectConnack ? _state.Now : _state.AnswerSince;
        }

        return status;
    }
}
