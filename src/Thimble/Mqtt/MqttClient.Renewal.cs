using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>Passwords that expire: each connection asks for its own, and is made again before the broker would end it.</summary>
public sealed partial class MqttClient
{
    /// <summary>A timer takes no longer time. Nobody issues tokens for so long.</summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(40);

    private static readonly TimeSpan s_betweenAttempts = TimeSpan.FromMilliseconds(20);

    /// <summary>The password of the connection that begins, or null where the options hold it.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "The function is the user's and may throw anything, which becomes the cause of what he is told.")]
    private async Task<MqttPassword?> NextPasswordAsync(CancellationToken cancellationToken)
    {
        if (_options.PasswordSource is not { } source)
        {
            return null;
        }

        try
        {
            MqttPassword password = await source(cancellationToken).ConfigureAwait(false);
            return password.RenewAfter is { } after && after <= TimeSpan.Zero
                ? throw new InvalidOperationException("The password is to be renewed at once: RenewAfter must be longer than nothing.")
                : password;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw MqttExplanations.NoPassword(e);
        }
    }

    /// <summary>
    /// Ends a connection in good order when its time is over, so that the next one begins with another password. Nothing is cut in two, and what was not
    /// acknowledged is sent again over the next one.
    /// </summary>
    private async Task RenewAsync(MqttLink link, TimeSpan after)
    {
        CancellationToken end = link.End.Token;
        try
        {
            await Task.Delay(after < s_longestWait ? after : s_longestWait, _options.TimeProvider, end).ConfigureAwait(false);
            Task? drained;
            while ((drained = TryBeginRenewal(link)) is null)
            {
                await Task.WhenAll(WaitForWriterAsync(link, end), Task.Delay(s_betweenAttempts, _options.TimeProvider, end)).ConfigureAwait(false);
            }

            await drained.WaitAsync(s_farewell, _options.TimeProvider, end).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            // It has ended otherwise, or the broker does not take DISCONNECT: the end of the connection tells it as well.
        }

        link.Ended.TrySetResult(null);
    }

    /// <summary>Says DISCONNECT, unless there is no room for it, or a large publication is half-way; then the result is null.</summary>
    private Task? TryBeginRenewal(MqttLink link)
    {
        lock (_gate)
        {
            if (!link.IsUp || link.SaidGoodbye)
            {
                return Task.CompletedTask;
            }

            if (_partial is not null || link.Room.Length < PacketOverheadBytes)
            {
                return null;
            }

            link.IsRenewing = true;
            return SayGoodbye(link, MqttReasonCode.Success, []);
        }
    }

    /// <summary>Makes the next connection: at once where the last was ended for the sake of the password, and by the rules of reconnecting otherwise.</summary>
    private async Task<MqttLink> ReopenAsync(Exception? cause, bool renews, CancellationToken life)
    {
        if (renews)
        {
            try
            {
                return await OpenAsync(first: false, life).ConfigureAwait(false);
            }
            catch (Exception e) when (!life.IsCancellationRequested && MqttRetry.IsWorthwhile(e, _options.Reconnect))
            {
                _log.AttemptFailed(e);
                cause = e;
            }
        }

        return await RetryAsync(cause, first: false, life).ConfigureAwait(false);
    }
}
