using System;
using Thimble.Memory;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>Whether, when and where to connect again.</summary>
internal static class MqttRetry
{
    private const int MostDoublings = 30;

    /// <summary>Whether another attempt may end better than in <paramref name="cause"/>.</summary>
    public static bool IsWorthwhile(Exception cause, MqttReconnectOptions? reconnect) => reconnect is not null && cause switch
    {
        TransportException => true,
        TlsFaultException fault => reconnect.RetryRefusals || fault.Fault.Reason is FaultReason.TruncatedByPeer or FaultReason.None,
        MqttException { Problem: MqttProblem.ConnectionLost or MqttProblem.KeepAliveExpired } => true,
        MqttException { Problem: MqttProblem.ConnectionRefused or MqttProblem.DisconnectedByBroker } refusal =>
            reconnect.RetryRefusals || IsPassing(refusal) || (reconnect.FollowRedirects && refusal.ServerReference is not null),
        MqttException or CredentialException => reconnect.RetryRefusals,
        _ => false,
    };

    /// <summary>A time drawn between nothing and a bound that doubles with each attempt ("full jitter").</summary>
    public static TimeSpan Wait(MqttReconnectOptions reconnect, int attempt, Random random)
    {
        double bound = reconnect.FirstDelay.TotalMilliseconds * (1L << Math.Min(attempt, MostDoublings));
        return TimeSpan.FromMilliseconds(random.NextDouble() * Math.Min(bound, reconnect.MaxDelay.TotalMilliseconds));
    }

    /// <summary>The server of a reference, which names one or more, a port behind a colon perhaps (MQTT 5 §4.11). What cannot be understood leads back.</summary>
    public static Uri Target(string reference, Uri server)
    {
        string first = reference.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var one, ..] ? one : "";
        return first.Length != 0 && Uri.TryCreate($"{server.Scheme}://{first}", UriKind.Absolute, out Uri? target) && target.UserInfo.Length == 0 ? target : server;
    }

    /// <summary>Whether the broker's reason passes by itself.</summary>
    private static bool IsPassing(MqttException refusal) => refusal.ReturnCode == 3 || refusal.ReasonCode
        is MqttReasonCode.ServerUnavailable or MqttReasonCode.ServerBusy or MqttReasonCode.ServerShuttingDown or MqttReasonCode.KeepAliveTimeout
        or MqttReasonCode.MessageRateTooHigh or MqttReasonCode.QuotaExceeded or MqttReasonCode.AdministrativeAction or MqttReasonCode.ConnectionRateExceeded
        or MqttReasonCode.MaximumConnectTime or MqttReasonCode.UnspecifiedError or MqttReasonCode.ReceiveMaximumExceeded;
}
