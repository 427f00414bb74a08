using System;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Cli.PubSub;
using Thimble.Memory;
using Thimble.Mqtt;

namespace Thimble.Cli.Register;

/// <summary>One run of <c>register</c> against a server: connect, register, take leave; all within the time that was given.</summary>
internal static class Registrar
{
    private static readonly TimeSpan s_leave = TimeSpan.FromSeconds(2);

    /// <exception cref="ThimbleException">The device is not registered.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="interrupted"/> was cancelled.</exception>
    public static async Task<DpsAssignment> RunAsync(RegisterSettings settings, CancellationToken interrupted)
    {
        byte[] request = RegistrationRequest.Of(settings.ClientId, settings.PayloadFile);
        using BrokerSetup setup = Setup(settings);
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        var tooLarge = new TooLargeAnswer(wait);
        var patience = new Patience(settings.Timeout, TimeProvider.System);
        wait.CancelAfter(settings.Timeout);
        await using var client = new MqttClient(setup.Options with { Reconnect = null, ConnectTimeout = settings.Timeout, MaxMessageBytes = TooLargeAnswer.MostBytes, LargeMessages = tooLarge });
        var registration = new DpsRegistration(client, settings.ClientId, request, patience);
        try
        {
            _ = await client.ConnectAsync(wait.Token).ConfigureAwait(false);
            DpsAssignment assignment = await registration.RunAsync(wait.Token).ConfigureAwait(false);
            await LeaveAsync(client).ConfigureAwait(false);
            return assignment;
        }
        catch (OperationCanceledException) when (tooLarge.Problem is { } problem)
        {
            throw problem;
        }
        catch (OperationCanceledException) when (!interrupted.IsCancellationRequested)
        {
            throw new DpsException(DpsProblem.RegistrationTimedOut, DpsSentences.TimedOut(settings.ClientId, settings.Timeout, registration.IsAssigning));
        }
    }

    /// <summary>How an exception is reported: a fault that is known everywhere by the name that <c>explain</c> takes.</summary>
    public static FaultReport Report(ThimbleException e) => e switch
    {
        DpsException dps => ReportMaker.Plain(dps.Problem.ToString(), e.Message),
        MqttException { Fault.Reason: not FaultReason.None } mqtt => ReportMaker.Fault(mqtt.Fault, e.Message),
        MqttException mqtt => ReportMaker.Plain(mqtt.Problem.ToString(), e.Message),
        _ => ReportMaker.Fault(e),
    };

    /// <summary>Files that cannot be used are no wrong usage here, as they are none in other commands.</summary>
    private static BrokerSetup Setup(RegisterSettings settings)
    {
        try
        {
            return new BrokerSetup(settings, null);
        }
        catch (UsageException e)
        {
            throw new ThimbleException(e.Message, e);
        }
    }

    /// <summary>The device is registered: whether DPS hears DISCONNECT changes nothing.</summary>
    private static async Task LeaveAsync(MqttClient client)
    {
        using var leave = new CancellationTokenSource(s_leave);
        try
        {
            await client.DisconnectAsync(MqttReasonCode.Success, leave.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ThimbleException or OperationCanceledException)
        {
            // DPS closed the connection first.
        }
    }
}
