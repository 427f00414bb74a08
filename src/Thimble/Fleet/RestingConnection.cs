using System;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Thimble.Memory;
using Thimble.Tls;

namespace Thimble;

/// <summary>
/// A TLS connection that keeps nothing but a slot and a socket while it is idle. When something is to be done it moves into a working buffer, and back when nothing is
/// in progress any more. It is itself what waits for the socket, so that an idle connection costs no task and no buffer.
/// </summary>
/// <remarks>Everything is called under the lock of this object, besides what says otherwise.</remarks>
internal sealed class RestingConnection : SocketAsyncEventArgs
{
    private const int NoSlot = -1;

    private readonly FleetMemory _memory;
    private readonly MqttFleetClient _owner;
    private PlanBuffer? _working;
    private Socket? _socket;
    private TaskCompletionSource? _arrival;
    private int _slot = NoSlot;
    private int _unsent;

    public RestingConnection(FleetMemory memory, MqttFleetClient owner)
        : base(true) // no execution context is kept
    {
        _memory = memory;
        _owner = owner;
    }

    /// <summary>Whether the socket has taken everything that it was given.</summary>
    public bool HasSentAll => _unsent == 0;

    /// <summary>What the socket said last that was not success.</summary>
    public SocketError Problem { get; private set; }

    /// <summary>Whether it is over.</summary>
    public bool IsReleased => _socket is null;

    /// <summary>Opens the TCP connection; called before anything else, without the lock. <see cref="Problem"/> tells whether it did.</summary>
    public async Task DialAsync(IPEndPoint to)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, Blocking = false };
        lock (this)
        {
            _socket?.Dispose(); // of an address that did not answer
            _socket = socket;
        }

        RemoteEndPoint = to;
        await ArriveAsync(connects: true).ConfigureAwait(false);
        RemoteEndPoint = null;
        Problem = SocketError;
    }

    /// <summary>Waits for bytes of the server, or the end; without the lock, and before <see cref="Watch"/>.</summary>
    public Task ReadableAsync() => ArriveAsync(connects: false);

    /// <summary>
    /// Waits for bytes of the server, or the end: <see cref="MqttFleetClient.Readable"/> is told on a thread of the pool. False where that need not be waited for.
    /// </summary>
    public bool Watch()
    {
        try
        {
            return _socket is not { } socket || socket.ReceiveAsync(this);
        }
        catch (ObjectDisposedException)
        {
            return true; // it was ended meanwhile, and nobody is to be told
        }
    }

    /// <summary>Reads what came, or 0 at the end, or -1 where nothing did.</summary>
    public int Receive(Span<byte> room)
    {
        int bytes = _socket!.Receive(room, SocketFlags.None, out SocketError error);
        if (error is SocketError.Success)
        {
            return bytes;
        }

        Problem = error == SocketError.WouldBlock ? Problem : error;
        return error == SocketError.WouldBlock ? -1 : 0;
    }

    /// <summary>The connection, in its working buffer.</summary>
    public TlsClient Wake(scoped in TlsConfig config)
    {
        if (_working is not null)
        {
            return new TlsClient(_working.Span, config);
        }

        _working = _memory.Working.Borrow();
        var tls = new TlsClient(_working.Span, config);
        if (_slot != NoSlot && tls.Wake(_memory.Slab[_slot]) != TlsStatus.Complete)
        {
            throw new InvalidOperationException("A connection did not wake: its slot holds none of this profile. Please report this.");
        }

        return tls;
    }

    /// <summary>The same, once the handshake is complete.</summary>
    public TlsClient Wake() => Wake(new TlsConfig { Profile = ref _memory.Profile });

    /// <summary>A region of the working buffer.</summary>
    public Span<byte> Region(RegionId region) => new PlannedBuffer(_working!.Span, default)[region];

    /// <summary>Leaves the working buffer, unless a record is in progress.</summary>
    public void Rest()
    {
        if (_working is null)
        {
            return;
        }

        _slot = _slot == NoSlot ? _memory.Slab.Take() : _slot;
        if (Wake().Rest(_memory.Slab[_slot]) == ParkStatus.Parked)
        {
            _memory.Working.Return(_working);
            _working = null;
        }
    }

    /// <summary>Seals <paramref name="content"/> and sends it. False after a failure.</summary>
    public bool Seal(ReadOnlySpan<byte> content, StepMemory step)
    {
        TlsClient tls = Wake();
        TlsStatus status = TlsStatus.DestinationTooSmall;
        while (status == TlsStatus.DestinationTooSmall)
        {
            status = tls.Write(content, step.Outgoing, out int consumed, out int written);
            content = content[consumed..];
            if (!Send(step.Outgoing[..written]))
            {
                return false;
            }
        }

        return status == TlsStatus.Complete;
    }

    /// <summary>Sends what the engine owes: an alert, or the answer to a KeyUpdate. False after a failure.</summary>
    public bool SendOwed(StepMemory step)
    {
        TlsClient tls = Wake();
        while (tls.HasPendingOutput)
        {
            _ = tls.Flush(step.Outgoing, out int written);
            if (!Send(step.Outgoing[..written]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Sends close_notify, as far as the socket takes it.</summary>
    public void Close(StepMemory step)
    {
        TlsClient tls = Wake();
        TlsStatus status = tls.Close(step.Outgoing, out int written);
        while (Send(step.Outgoing[..written]) && status == TlsStatus.DestinationTooSmall)
        {
            status = tls.Flush(step.Outgoing, out written);
        }
    }

    /// <summary>Gives records to the socket, behind all before. False after a failure.</summary>
    public bool Send(ReadOnlySpan<byte> records)
    {
        if (records.IsEmpty)
        {
            return true;
        }

        _unsent++;
        if (OutgoingBytes.Send(this, _socket!, records, out SocketError error))
        {
            _unsent--;
        }

        Problem = error == SocketError.Success ? Problem : error;
        return error == SocketError.Success;
    }

    /// <summary>The socket took records, later, or failed; called without the lock.</summary>
    public void Sent(SocketError error)
    {
        lock (this)
        {
            _unsent--;
            Problem = error == SocketError.Success ? Problem : error;
        }

        _owner.Sent(error);
    }

    /// <summary>Ends it: the socket is closed, and what it had of the memory is wiped and given back. May be called again.</summary>
    public void Release()
    {
        if (_working is not null)
        {
            _memory.Working.ReturnUsed(_working);
            _working = null;
        }

        if (_slot != NoSlot)
        {
            _memory.Slab.Release(_slot);
            _slot = NoSlot;
        }

        _socket?.Dispose();
        _socket = null;
        Dispose(); // at the end of the operation in progress, where there is one
    }

    /// <inheritdoc/>
    protected override void OnCompleted(SocketAsyncEventArgs e)
    {
        TaskCompletionSource? arrival = _arrival;
        _arrival = null;
        if (arrival is not null)
        {
            _ = arrival.TrySetResult();
        }
        else
        {
            _owner.Readable();
        }
    }

    private Task ArriveAsync(bool connects)
    {
        var arrival = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (this)
        {
            if (_socket is null)
            {
                return Task.CompletedTask; // it was ended meanwhile
            }

            _arrival = arrival;
            if (connects ? _socket.ConnectAsync(this) : _socket.ReceiveAsync(this))
            {
                return arrival.Task;
            }

            _arrival = null;
            return Task.CompletedTask;
        }
    }
}
