using System;
using System.IO;
using Thimble.Memory;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>The client's exceptions in words.</summary>
internal static class MqttExplanations
{
    public static MqttException NotConnected() => new(MqttProblem.NotConnected, new FaultExplanation(
        "The client is not connected, and no connection is being made.", "Call ConnectAsync, and see whether the client gave up before: StateChanged tells why."));

    public static MqttException Closed(string what) => new(MqttProblem.ClientClosed, new FaultExplanation(
        $"The client was disconnected before {what} was complete.", "Await what must be complete before DisconnectAsync."));

    public static MqttException QueueFull(MqttQueueOptions queue) => new(MqttProblem.QueueFull, new FaultExplanation(
        $"The queue takes {queue.Capacity} publications and {queue.CapacityBytes} bytes, and its policy is {queue.WhenFull}.",
        "Publish more slowly, raise the limits of MqttClientOptions.Queue, or choose the policy Wait."));

    public static MqttException Offline() => new(MqttProblem.NotConnected, new FaultExplanation(
        "There is no connection at the moment, and publications of QoS 0 do not wait for one.", "Set KeepAtMostOnce of MqttClientOptions.Queue, or choose QoS 1."));

    public static MqttException SessionLost() => new(MqttProblem.SessionLost, new FaultExplanation(
        "The broker has forgotten the session in the middle of an exchange of QoS 2: whether it has the message is not known.",
        "Set SessionExpiry, so that the broker keeps the session over a lost connection; or publish again, if doubling the message does no harm."));

    public static MqttException PublishRefused(MqttReasonCode reason, string? words) => new(MqttProblem.PublishRefused, new FaultExplanation(
        $"The broker refused the message: {Words(reason, words)}.", "Check what the broker allows this client to publish."))
    {
        ReasonCode = reason,
    };

    public static MqttException BeyondLimit(MqttStatus status, in MqttServerLimits limits) => new(MqttProblem.BeyondBrokerLimit, status == MqttStatus.PacketTooLarge
        ? new FaultExplanation($"The packet is larger than the {limits.MaximumPacketBytes} bytes that the broker takes.", "Send less at once, or raise the broker's limit.")
        : new FaultExplanation(
            $"The broker does not do this: it allows QoS {(int)limits.MaximumQos}, retained messages {Yes(limits.RetainAvailable)}, wildcards {Yes(limits.WildcardsAvailable)}, "
            + $"shared subscriptions {Yes(limits.SharedSubscriptionsAvailable)}, subscription identifiers {Yes(limits.SubscriptionIdentifiersAvailable)}.",
            "Do without it, or use another broker."));

    public static ArgumentException Invalid(string what) => new($"{what} breaks a rule of MQTT: see the limits of its parts, and that nothing only MQTT 5 knows is used with MQTT 3.1.1.");

    public static MqttException AuthenticationFailed(Exception cause) => new(MqttProblem.AuthenticationFailed, new FaultExplanation(
        "The function that answers the broker's authentication failed.", "See the exception inside."), cause);

    public static MqttException NoPassword(Exception cause) => new(MqttProblem.AuthenticationFailed, new FaultExplanation(
        $"There is no password for this connection: {cause.Message}", "See the exception inside, of the function that gives the passwords."), cause);

    /// <summary>Why a connection ended, of what its transport threw.</summary>
    public static Exception Ended(Exception cause) => cause switch
    {
        IOException { InnerException: ThimbleException inner } => inner,
        IOException or ObjectDisposedException => new MqttException(
            MqttProblem.ConnectionLost, new FaultExplanation($"The connection to the broker was lost: {cause.Message.TrimEnd('.')}.", "Check the network, and the broker's log."), cause),
        _ => cause,
    };

    /// <summary>Why a session ended, with what the broker said to it.</summary>
    public static MqttException Of(in Fault fault, MqttVersion version, string? words = null, string? reference = null)
    {
        MqttProblem problem = fault.Reason switch
        {
            FaultReason.MqttConnectionRefused => MqttProblem.ConnectionRefused,
            FaultReason.MqttDisconnected => MqttProblem.DisconnectedByBroker,
            FaultReason.MqttConnectionLost => MqttProblem.ConnectionLost,
            FaultReason.MqttKeepAliveExpired => MqttProblem.KeepAliveExpired,
            _ => MqttProblem.ProtocolFault,
        };
        bool said = problem is MqttProblem.ConnectionRefused or MqttProblem.DisconnectedByBroker;
        FaultExplanation explanation = said && version == MqttVersion.V5 ? Said(problem, (MqttReasonCode)fault.Actual) : FaultExplanation.Of(fault, new FaultContext());
        if (words is not null)
        {
            explanation = explanation with { WhatHappened = $"{explanation.WhatHappened} It says: '{PrintableText.Of(words)}'." };
        }

        return new MqttException(problem, explanation)
        {
            Fault = fault,
            ReasonCode = said && version == MqttVersion.V5 ? (MqttReasonCode)fault.Actual : MqttReasonCode.Success,
            ReturnCode = said && version != MqttVersion.V5 ? (byte)fault.Actual : (byte)0,
            ServerReference = reference,
        };
    }

    private static FaultExplanation Said(MqttProblem problem, MqttReasonCode reason) => new(
        $"The broker {(problem == MqttProblem.ConnectionRefused ? "refused" : "ended")} the connection: {reason} (0x{(int)reason:X2}).",
        reason switch
        {
            MqttReasonCode.BadUserNameOrPassword or MqttReasonCode.NotAuthorized or MqttReasonCode.Banned or MqttReasonCode.BadAuthenticationMethod =>
                "Check the user name, the password and the client certificate, and what the broker allows them.",
            MqttReasonCode.ClientIdentifierNotValid => "Choose another ClientId, or none, so that the broker chooses one.",
            MqttReasonCode.UnsupportedProtocolVersion => "Set Version to the other version.",
            MqttReasonCode.SessionTakenOver => "Another client connected with the same ClientId: give each its own.",
            MqttReasonCode.UseAnotherServer or MqttReasonCode.ServerMoved => "Connect to the server that it names, or set FollowRedirects.",
            MqttReasonCode.ServerUnavailable or MqttReasonCode.ServerBusy or MqttReasonCode.ServerShuttingDown or MqttReasonCode.ConnectionRateExceeded => "Try again later.",
            _ => "Look into the broker's log.",
        });

    private static string Words(MqttReasonCode reason, string? words) =>
        words is null ? $"{reason} (0x{(int)reason:X2})" : $"{reason} (0x{(int)reason:X2}), '{PrintableText.Of(words)}'";

    private static string Yes(bool allowed) => allowed ? "yes" : "no";
}
