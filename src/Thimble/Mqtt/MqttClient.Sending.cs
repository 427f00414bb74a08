using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>What leaves: packets gather in the link's memory, under the lock, and its writer takes them to the network, without it.</summary>
public sealed partial class MqttClient
{
    /// <summary>More than all of a packet takes besides topic, properties and payload; and more than an acknowledgement or a PINGREQ.</summary>
    private const int PacketOverheadBytes = 32;

    private readonly TopicAliases _aliases = new();
    private TimeSpan _stoodStill;
    private TimeSpan? _standsStillSince;

    /// <summary>
    /// The session's clock. It stands still while the client reads nothing because nobody takes its messages: what was not read is no silence of the
    /// broker.
    /// </summary>
    private uint Now(MqttLink link)
    {
        TimeSpan now = _options.TimeProvider.GetElapsedTime(_epoch);
        if (link.IsHeldBack && (link.IsPinging || _request is not null))
        {
            now = _standsStillSince ??= now;
        }
        else if (_standsStillSince is { } since)
        {
            _stoodStill += now - since;
            _standsStillSince = null;
        }

        return (uint)(long)(now - _stoodStill).TotalMilliseconds;
    }

    /// <summary>Writes all that may be written, in the order in which it must leave, as far as there is room. Holds the lock.</summary>
    private void Pump()
    {
        if (_link is not { IsUp: true, SaidGoodbye: false } link)
        {
            return;
        }

        MqttSession session = _memory.Session;
        while (PumpOne(link, session))
        {
        }

        Send(link);
    }

    /// <summary>Has what was written leave; where more is about to be written by this thread, with that. Holds the lock.</summary>
    private void Send(MqttLink link)
    {
        if (!_gathers && !_runner.GathersHere)
        {
            link.Send();
        }
    }

    /// <summary>Has leave what was gathered, on this thread, which holds no lock.</summary>
    internal void SendGathered()
    {
        MqttLink? link;
        lock (_gate)
        {
            link = _link is { IsUp: true } up && up.BeginSending() ? up : null;
        }

        link?.Filled.SetHere();
    }

    private bool PumpOne(MqttLink link, MqttSession session)
    {
        if (link.Room.Length < PacketOverheadBytes)
        {
            return false;
        }

        MqttStatus status = session.Poll(Now(link), out _);
        if (_partial is { } partial)
        {
            return status != MqttStatus.Faulted && Publish(link, session, partial, redelivers: false);
        }

        switch (status)
        {
            case MqttStatus.AcknowledgementDue:
                MqttStatus acknowledged = session.Acknowledge(link.Room, out int acknowledgements);
                link.Add(acknowledgements);
                return acknowledged == MqttStatus.Complete;
            case MqttStatus.PingDue:
                _ = session.Ping(link.Room, out int ping);
                link.Add(ping);
                link.IsPinging = true;
                return true;
            case MqttStatus.RedeliveryDue:
                return Redeliver(link, session);
            case MqttStatus.Complete:
                return (_request is null && _requests.Count != 0 && Request(link, session))
                    || (_queue.First is { } next && Publish(link, session, next, redelivers: false));
            default:
                End(link, MqttExplanations.Of(session.Fault, _options.Version));
                return false;
        }
    }

    private bool Redeliver(MqttLink link, MqttSession session)
    {
        uint token = session.RedeliveryToken;
        if (token < _outbox.Length && _outbox[token] is { } message)
        {
            return Publish(link, session, message, redelivers: true);
        }

        End(link, new InvalidOperationException($"The session asks for the publication {token}, and there is none."));
        return false;
    }

    /// <summary>Ends a connection, for the first reason that is given.</summary>
    private static void End(MqttLink link, Exception cause) => link.Ended.TrySetResult(cause);

    /// <summary>Takes to the network what gathers, as long as the connection lasts.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever ends the connection is told to whoever watches over it.")]
    private async Task WriteAsync(MqttLink link)
    {
        try
        {
            CancellationToken end = link.End.Token;
            bool borrows = false;
            while (!end.IsCancellationRequested)
            {
                ReadOnlyMemory<byte> bytes = TakeOutput(link);
                if (bytes.IsEmpty)
                {
                    await link.Filled.WaitAsync().ConfigureAwait(false);
                    borrows = link.Filled.WokeHere;
                    continue;
                }

                await link.Stream.WriteAsync(bytes, end).ConfigureAwait(false);
                _metrics.BytesSent(bytes.Length);
                if (borrows && !IsSent(link))
                {
                    await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // a thread that was lent is given back in time
                    borrows = false;
                }
            }
        }
        catch (Exception e)
        {
            End(link, MqttExplanations.Ended(e));
        }
    }

    private bool IsSent(MqttLink link)
    {
        lock (_gate)
        {
            return link.IsEmpty;
        }
    }

    private ReadOnlyMemory<byte> TakeOutput(MqttLink link)
    {
        lock (_gate)
        {
            ReadOnlyMemory<byte> bytes = link.Take();
            if (bytes.IsEmpty)
            {
                Pump();
                bytes = link.IsEmpty ? bytes : link.Take();
            }
            else
            {
                Pump(); // there is room again
            }

            return bytes;
        }
    }

    /// <summary>The timer: asks the session what time brings.</summary>
    private void Tick()
    {
        lock (_gate)
        {
            if (_link is not { IsUp: true } link)
            {
                return;
            }

            Pump();
            if (link.IsUp && _memory.Session.Poll(Now(link), out uint wait) != MqttStatus.Faulted)
            {
                TimeSpan next = wait == uint.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Max(wait, 10));
                _timer.Change(next, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Gathers DISCONNECT; the task completes when all that was gathered has left. Holds the lock.</summary>
    private Task SayGoodbye(MqttLink link, MqttReasonCode reason, byte[] properties)
    {
        MqttSession session = _memory.Session;
        bool hasFailed = session.Fault.Reason != Memory.FaultReason.None;
        if (!hasFailed)
        {
            Pump(); // behind a fault that would end the connection before DISCONNECT has left
        }

        link.SaidGoodbye = true;
        if (_partial is not null || link.Room.Length < PacketOverheadBytes + properties.Length)
        {
            return Task.CompletedTask; // the broker cannot be told in the middle of a packet
        }

        // After a fault the session itself knows what DISCONNECT says.
        MqttStatus status = _options.Version == MqttVersion.V5 && !hasFailed
            ? session.Disconnect(reason, properties, link.Room, out int written)
            : session.Disconnect(link.Room, out written);
        link.Add(written);
        if (status != MqttStatus.Complete || (link.IsEmpty && !link.IsWriting))
        {
            return Task.CompletedTask;
        }

        link.Drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task drained = link.Drained.Task;
        link.Send();
        return drained;
    }
}
