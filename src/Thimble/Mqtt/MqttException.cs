using System;
using Thimble.Memory;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>Something went wrong between an <see cref="MqttClient"/> and its broker. The message says what, and what to do.</summary>
public sealed class MqttException : ThimbleException
{
    /// <summary>An exception without a problem; prefer the one with it.</summary>
    public MqttException()
    {
    }

    /// <summary>An exception without a problem; prefer the one with it.</summary>
    public MqttException(string message)
        : base(message)
    {
    }

    /// <summary>An exception without a problem; prefer the one with it.</summary>
    public MqttException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An exception for <paramref name="problem"/>.</summary>
    public MqttException(MqttProblem problem, FaultExplanation explanation, Exception? innerException = null)
        : base((explanation ?? throw new ArgumentNullException(nameof(explanation))).ToString(), innerException) => Problem = problem;

    /// <summary>What kind of thing went wrong.</summary>
    public MqttProblem Problem { get; }

    /// <summary>Why, in the broker's words of MQTT 5, or <see cref="MqttReasonCode.Success"/> where it said nothing.</summary>
    public MqttReasonCode ReasonCode { get; init; }

    /// <summary>The return code of an MQTT 3.1.1 CONNACK, or 0.</summary>
    public byte ReturnCode { get; init; }

    /// <summary>The fault as the session left it; its reason is none where no fault was found.</summary>
    public Fault Fault { get; init; }

    /// <summary>The other server that the broker names, or null (MQTT 5 §4.11).</summary>
    public string? ServerReference { get; init; }
}
