using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>Enhanced authentication (MQTT 5 §4.12).</summary>
public sealed partial class MqttClient
{
    private TaskCompletionSource? _reauthentication;

    private async Task ReauthenticateCore(CancellationToken cancellationToken)
    {
        if (_options.Authentication is not { } authentication)
        {
            throw new InvalidOperationException("The options name no authentication.");
        }

        byte[] properties = MqttEncoding.Authentication(authentication, await AnswerAsync(ReadOnlyMemory<byte>.Empty, cancellationToken).ConfigureAwait(false));
        Task done;
        lock (_gate)
        {
            if (_link is not { IsUp: true, SaidGoodbye: false } link)
            {
                throw MqttExplanations.NotConnected();
            }

            if (_reauthentication is not null || _partial is not null || !TryAuthenticate(link, MqttReasonCode.Reauthenticate, properties))
            {
                throw new InvalidOperationException("Another authentication or a large publication is under way: try again later.");
            }

            _reauthentication = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            done = _reauthentication.Task;
        }

        await done.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<byte[]> BeginAuthenticationAsync(CancellationToken cancellationToken) =>
        _options.Authentication is null ? [] : (await AnswerAsync(ReadOnlyMemory<byte>.Empty, cancellationToken).ConfigureAwait(false)).ToArray();

    private async Task AnswerAuthenticationAsync(MqttLink link, CancellationToken end)
    {
        byte[] challenge;
        lock (_gate)
        {
            challenge = _properties.AuthenticationData;
            _properties.Reset();
        }

        ReadOnlyMemory<byte> answer = await AnswerAsync(challenge, end).ConfigureAwait(false);
        byte[] properties = MqttEncoding.Authentication(_options.Authentication!, answer);
        while (true)
        {
            lock (_gate)
            {
                if (_partial is null && TryAuthenticate(link, MqttReasonCode.ContinueAuthentication, properties))
                {
                    return;
                }
            }

            await WaitForWriterAsync(link, end).ConfigureAwait(false);
        }
    }

    private bool TryAuthenticate(MqttLink link, MqttReasonCode reason, byte[] properties)
    {
        if (properties.Length + PacketOverheadBytes > link.Room.Length)
        {
            return false;
        }

        MqttSession session = _memory.Session;
        _ = session.Poll(Now(link), out _);
        MqttStatus status = session.Authenticate(reason, properties, link.Room, out int written);
        link.Add(written);
        link.Send();
        return status == MqttStatus.Complete || (status == MqttStatus.InvalidArgument ? throw MqttExplanations.Invalid("The authentication data") : false);
    }

    [SuppressMessage("Design", "CA1031", Justification = "The function is the user's and may throw anything, which becomes the cause of what he is told.")]
    private async Task<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> challenge, CancellationToken cancellationToken)
    {
        try
        {
            return await _options.Authentication!.Answer(challenge, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw MqttExplanations.AuthenticationFailed(e);
        }
    }
}
