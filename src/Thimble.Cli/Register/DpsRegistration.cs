using System;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Mqtt;

namespace Thimble.Cli.Register;

/// <summary>
/// Registers a device at DPS over a connection that stands: subscribe, ask, and ask again until DPS is done ("Communicate with DPS using the MQTT protocol"). Whatever DPS
/// sends, it ends by the deadline, and asks at most once a second.
/// </summary>
/// <param name="client">The connection.</param>
/// <param name="registrationId">The registration ID.</param>
/// <param name="request">The JSON of the request.</param>
/// <param name="patience">How much time there is.</param>
internal sealed class DpsRegistration(MqttClient client, string registrationId, ReadOnlyMemory<byte> request, Patience patience)
{
    private const int Throttled = 429;
    private const int FirstServerError = 500;
    private const int FirstRefusal = 300;

    private string? _operationId;

    /// <summary>Whether DPS has taken the request, and works on it.</summary>
    public bool IsAssigning => _operationId is not null;

    /// <summary>Asks until there is an assignment.</summary>
    /// <exception cref="DpsException">There will be none.</exception>
    /// <exception cref="MqttException">The connection ended.</exception>
    public async Task<DpsAssignment> RunAsync(CancellationToken stop)
    {
        MqttSubscribeResult subscribed = await client.SubscribeAsync(DpsTopic.Answers, MqttQos.AtLeastOnce, stop).ConfigureAwait(false);
        if (!subscribed.AllGranted)
        {
            throw new DpsException(DpsProblem.RegistrationRefused, $"The server refuses a subscription to '{DpsTopic.Answers}', by which DPS answers. See whether --host is DPS.");
        }

        for (int requestId = 1; ; requestId++)
        {
            await AskAsync(requestId, stop).ConfigureAwait(false);
            (DpsTopic topic, DpsBody body) = await AnswerAsync(requestId, stop).ConfigureAwait(false);
            if (Assignment(topic.Status, body) is { } assignment)
            {
                return assignment;
            }

            TimeSpan wait = patience.Next(topic.RetryAfter, topic.Status >= FirstRefusal);
            if (wait >= patience.Left)
            {
                throw new DpsException(DpsProblem.RegistrationDelayed, DpsSentences.NoPatience(registrationId, topic.Status, body, wait, patience.Whole));
            }

            await patience.WaitAsync(wait, stop).ConfigureAwait(false);
        }
    }

    private async Task AskAsync(int requestId, CancellationToken stop) => _ = _operationId is { } operation
        ? await client.PublishAsync(DpsTopic.Poll(requestId, operation), default, MqttQos.AtLeastOnce, cancellationToken: stop).ConfigureAwait(false)
        : await client.PublishAsync(DpsTopic.Register(requestId), request, MqttQos.AtLeastOnce, cancellationToken: stop).ConfigureAwait(false);

    /// <summary>The answer to one request. Whatever else comes is passed over.</summary>
    private async Task<(DpsTopic Topic, DpsBody Body)> AnswerAsync(int requestId, CancellationToken stop)
    {
        while (true)
        {
            using MqttMessage message = await client.ReceiveAsync(stop).ConfigureAwait(false);
            if (DpsTopic.Parse(message.Topic) is { } topic && topic.RequestId == requestId)
            {
                return (topic, DpsBody.Parse(message.Payload));
            }
        }
    }

    /// <summary>The assignment; null where DPS is to be asked again.</summary>
    private DpsAssignment? Assignment(int status, DpsBody body)
    {
        if (status is Throttled or >= FirstServerError)
        {
            return null;
        }

        if (status >= FirstRefusal)
        {
            throw new DpsException(DpsProblem.RegistrationRefused, DpsSentences.Refused(registrationId, status, body));
        }

        switch (body)
        {
            case { Problem: { } problem }:
                throw Unusable(problem);
            case { Status: "assigning" or "unassigned", OperationId: { } operation }:
                _operationId = operation;
                return null;
            case { Status: "assigning" or "unassigned" } when IsAssigning:
                return null;
            case { Status: "assigned", AssignedHub: { } hub, DeviceId: { } device } when string.Equals(body.RegistrationId, registrationId, StringComparison.OrdinalIgnoreCase):
                return new DpsAssignment(hub, device, body.Substatus is { } substatus ? PrintableText.Of(substatus) : null, body.Payload);
            case { Status: "assigned", AssignedHub: not null, DeviceId: not null }:
                throw Unusable($"it is for another registration than '{registrationId}'");
            case { Status: "failed" }:
                throw new DpsException(DpsProblem.RegistrationFailed, DpsSentences.Failed(registrationId, body));
            case { Status: "disabled" }:
                throw new DpsException(DpsProblem.EnrollmentDisabled, DpsSentences.Disabled(registrationId));
            case { Status: "assigned" }:
                throw Unusable("it says 'assigned', and names no hub or no device");
            case { Status: "assigning" or "unassigned" }:
                throw Unusable("it has no operationId by which to ask again");
            default:
                throw Unusable("it has none of the states that a registration has");
        }
    }

    private static DpsException Unusable(string problem) => new(DpsProblem.RegistrationAnswerUnusable, DpsSentences.Unusable(problem));
}
