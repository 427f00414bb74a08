using System;
using System.IO;
using System.Text;
using Thimble.Mqtt;

namespace Thimble.Cli.PubSub;

/// <summary>
/// What ended a program before its work was done: a sentence, and the exit code that mosquitto's programs have for it. A refusal of the broker is its own
/// code (MQTT 3.1.1 §3.2.2.3, MQTT 5 §2.4); the others are the results of libmosquitto's functions.
/// </summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Sentence">What happened, and what to do.</param>
internal sealed record Failure(int ExitCode, string Sentence)
{
    /// <summary>What mosquitto's programs say of it, which scripts may look for, or null.</summary>
    public string? Mosquittos { get; init; }

    private const string Lost = "Error: The connection was lost.";

    public const int Input = 1;
    public const int Protocol = 2;
    public const int NoConnection = 4;
    public const int ConnectionLost = 7;
    public const int Tls = 8;
    public const int Authentication = 11;
    public const int KeepAlive = 19;
    public const int Oversize = 25;
    public const int TimedOut = 27;

    /// <summary>Explains an exception, or is null where it is none that a user could do something about.</summary>
    public static Failure? Of(Exception cause) => cause switch
    {
        MqttException mqtt => Of(mqtt),
        TransportException { Problem: TransportProblem.ConnectionLost } => new Failure(ConnectionLost, cause.Message) { Mosquittos = Lost },
        TransportException => new Failure(Input, cause.Message),
        TlsFaultException => new Failure(Tls, cause.Message),
        ThimbleException => new Failure(Input, cause.Message),
        IOException { InnerException: ThimbleException inner } => Of(inner),
        IOException or UnauthorizedAccessException or DecoderFallbackException => new Failure(Input, cause.Message),
        ArgumentException argument => new Failure(Input, argument.ParamName is null ? argument.Message : argument.Message.Replace($" (Parameter '{argument.ParamName}')", "", StringComparison.Ordinal)),
        _ => null,
    };

    private static Failure Of(MqttException cause) => cause.Problem switch
    {
        MqttProblem.ConnectionRefused => Refused(cause),
        MqttProblem.DisconnectedByBroker => new Failure(Code(cause.ReasonCode, ConnectionLost), cause.Message),
        MqttProblem.PublishRefused => new Failure(Code(cause.ReasonCode, Protocol), cause.Message),
        MqttProblem.ConnectionLost or MqttProblem.SessionLost => new Failure(ConnectionLost, cause.Message) { Mosquittos = Lost },
        MqttProblem.KeepAliveExpired => new Failure(KeepAlive, cause.Message),
        MqttProblem.ProtocolFault => new Failure(Protocol, cause.Message),
        MqttProblem.BeyondBrokerLimit => new Failure(Oversize, cause.Message),
        MqttProblem.AuthenticationFailed => new Failure(Authentication, cause.Message),
        _ => new Failure(NoConnection, cause.Message),
    };

    private static Failure Refused(MqttException cause)
    {
        bool isReturnCode = cause.ReasonCode < MqttReasonCode.UnspecifiedError;
        int code = isReturnCode ? cause.ReturnCode != 0 ? cause.ReturnCode : (int)cause.Fault.Actual : (int)cause.ReasonCode;
        string words = isReturnCode ? ReasonWords.OfReturnCode(code) : ReasonWords.Of(cause.ReasonCode);
        return new Failure(code, cause.Message) { Mosquittos = "Connection error: " + words };
    }

    private static int Code(MqttReasonCode reason, int otherwise) => reason >= MqttReasonCode.UnspecifiedError ? (int)reason : otherwise;
}
