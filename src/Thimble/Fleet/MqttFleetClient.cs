using System;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Memory;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>
/// One of the MQTT clients of a <see cref="MqttFleet"/>. While it is idle it is this object, a socket, and a slot in the fleet's slab.
/// </summary>
/// <remarks>Safe for concurrent use: each call, each message that comes and each keep-alive takes its turn with the connection under a short lock, and nobody waits for the broker while holding it.</remarks>
public sealed partial class MqttFleetClient : IAsyncDisposable
{
    private readonly MqttFleet _fleet;
    private readonly RestingConnection _line;
    private PendingAnswers? _pending;
    private Exception? _failure;
    private PlanBuffer? _payload; // of a message that comes in pieces
    private int _payloadBytes;
    private bool _connected;
    private bool _over;
    private bool _waitsToSend; // the turn that reads goes on when the socket has taken what it was given

    internal MqttFleetClient(MqttFleet fleet)
    {
        _fleet = fleet;
        _line = new RestingConnection(fleet.Memory, this);
    }

    /// <summary>Whatever its owner wants to find here again.</summary>
    public object? Tag { get; set; }

    /// <summary>Whether it is connected, as far as is known.</summary>
    public bool IsConnected
    {
        get
        {
            lock (_line)
            {
                return _connected && !_over;
            }
        }
    }

    /// <summary>Where it stands in the fleet's <see cref="DueWheel"/>, whose lock guards the three; -1 is nowhere.</summary>
    internal short Place { get; set; } = -1;

    internal MqttFleetClient? Next { get; set; }

    internal MqttFleetClient? Previous { get; set; }

    /// <summary>The same as <see cref="DisconnectAsync"/>.</summary>
    public ValueTask DisposeAsync() => DisconnectAsync();

    /// <summary>Tells the broker DISCONNECT and close_notify, and ends the connection. It does nothing where that is over.</summary>
    public ValueTask DisconnectAsync()
    {
        lock (_line)
        {
            if (_over)
            {
                return ValueTask.CompletedTask;
            }

            StepMemory step = _fleet.Memory.BorrowStep();
            try
            {
                if (_connected)
                {
                    MqttSession session = Wake();
                    if (session.Disconnect(step.Packet, out int written) == MqttStatus.Complete && _line.Seal(step.Packet[..written], step))
                    {
                        _line.Close(step);
                    }
                }
            }
            finally
            {
                _fleet.Memory.Return(step);
            }

            End(null);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Looks at what is due: a PINGREQ, or the end of the broker's time to answer.</summary>
    internal void Due()
    {
        lock (_line)
        {
            if (_over)
            {
                return;
            }

            StepMemory step = _fleet.Memory.BorrowStep();
            try
            {
                MqttSession session = Wake();
                bool sent = true;
                MqttStatus status = session.Poll(_fleet.Wheel.Now, out uint wait);
                if (status == MqttStatus.PingDue)
                {
                    sent = session.Ping(step.Packet, out int written) == MqttStatus.Complete && _line.Seal(step.Packet[..written], step);
                    status = session.Poll(_fleet.Wheel.Now, out wait);
                }

                if (status == MqttStatus.Faulted || !sent)
                {
                    End(sent ? Explain(session.Fault) : LineFailed());
                    return;
                }

                Rest();
                _fleet.Wheel.Add(this, wait);
            }
            finally
            {
                _fleet.Memory.Return(step);
            }
        }
    }

    /// <summary>The socket took what it was given.</summary>
    internal void Sent(System.Net.Sockets.SocketError error)
    {
        bool goOn;
        lock (_line)
        {
            if (_over)
            {
                return;
            }

            if (error != System.Net.Sockets.SocketError.Success)
            {
                End(LineFailed());
                return;
            }

            goOn = _line.HasSentAll && _waitsToSend;
            if (_line.HasSentAll)
            {
                _pending?.OnRoom();
                Forget();
                _waitsToSend = false;
            }
        }

        if (goOn)
        {
            Readable();
        }
    }

    private PendingAnswers Pending => _pending ??= new PendingAnswers();

    /// <summary>Comes into a working buffer.</summary>
    private MqttSession Wake()
    {
        _ = _line.Wake();
        return new MqttSession(
            _fleet.Memory.Profile,
            _line.Region(RegionId.MqttSession),
            _line.Region(RegionId.MqttTopic),
            _line.Region(RegionId.MqttRollback),
            _line.Region(RegionId.MqttInFlight));
    }

    /// <summary>Leaves the working buffer, unless a packet or a record is in progress.</summary>
    private void Rest()
    {
        if (!_over && Wake().IsBetweenPackets)
        {
            _line.Rest();
        }
    }

    /// <summary>Nobody waits any more.</summary>
    private void Forget()
    {
        if (_pending is { AreNone: true })
        {
            _pending = null;
        }
    }

    /// <summary>Ends the connection, once: what it had is wiped and given back, and who waits is told. Null where we wanted it.</summary>
    private void End(Exception? why)
    {
        if (_over)
        {
            return;
        }

        _over = true;
        _failure = why;
        _line.Release();
        _payload?.Dispose();
        _payload = null;
        _fleet.Wheel.Remove(this);
        _pending?.Fail(why ?? Disconnected());
        _pending = null;
        if (_connected)
        {
            _fleet.Tell(this, why);
        }
    }

    private void ThrowIfOver()
    {
        if (_over)
        {
            throw _failure is null ? Disconnected() : new TransportException(TransportProblem.ConnectionLost, _failure.Message, _failure);
        }
    }

    private static TransportException Disconnected() =>
        new(TransportProblem.ConnectionLost, "This client was disconnected. Connect another one.", null);

    private TransportException LineFailed()
    {
        var cause = new System.Net.Sockets.SocketException((int)_line.Problem);
        return new TransportException(TransportProblem.ConnectionLost, $"The connection to {_fleet.Options.Host}:{_fleet.Options.Port} is lost: {cause.Message}. Connect again.", cause);
    }

    private TlsFaultException Explain(in Fault fault) => new(fault, FaultExplanation.Of(fault, _fleet.Context));
}
