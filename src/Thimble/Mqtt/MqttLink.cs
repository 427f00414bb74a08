using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Thimble;

/// <summary>
/// One network connection of a client, with the bytes that leave over it: while some are on their way, more gather behind them, and leave together.
/// What is not said otherwise is guarded by the client's lock.
/// </summary>
internal sealed class MqttLink : IDisposable
{
    /// <summary>What gathers at most before the network takes it.</summary>
    public const int BufferBytes = 64 << 10;

    private byte[] _filling = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);
    private byte[] _leaving = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);
    private int _filled;

    public MqttLink(Stream stream, Stream network, int number)
    {
        Stream = stream;
        Network = network;
        Number = number;
    }

    /// <summary>The transport. One reads and one writes; both may do so without the lock.</summary>
    public Stream Stream { get; }

    /// <summary>What is beneath the transport, or the same.</summary>
    public Stream Network { get; }

    /// <summary>Counts the connections of the client.</summary>
    public int Number { get; }

    /// <summary>The end of the connection.</summary>
    public CancellationTokenSource End { get; } = new();

    /// <summary>Wakes the one who writes.</summary>
    public WakeSignal Filled { get; } = new();

    /// <summary>What the broker said to CONNECT.</summary>
    public TaskCompletionSource<MqttConnectResult> Accepted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Why the connection ended; null as a result is that we wanted it to.</summary>
    public TaskCompletionSource<Exception?> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when all that was gathered has left.</summary>
    public TaskCompletionSource? Drained { get; set; }

    /// <summary>Whether the broker accepted it, and it has not ended.</summary>
    public bool IsUp { get; set; }

    /// <summary>Whether DISCONNECT was gathered: nothing may follow.</summary>
    public bool SaidGoodbye { get; set; }

    /// <summary>Whether the user wants it to end: a broker that closes at our DISCONNECT before we do is no failure.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>Whether it ends so that the next one begins with another password.</summary>
    public bool IsRenewing { get; set; }

    /// <summary>Whether the reader stands still until messages are taken.</summary>
    public bool IsHeldBack { get; set; }

    /// <summary>Whether PINGRESP is awaited.</summary>
    public bool IsPinging { get; set; }

    /// <summary>Whether bytes are on their way.</summary>
    public bool IsWriting { get; private set; }

    /// <summary>The room for more.</summary>
    public Span<byte> Room => _filling.AsSpan(_filled);

    /// <summary>Whether nothing is gathered.</summary>
    public bool IsEmpty => _filled == 0;

    /// <summary>The tasks that read and write.</summary>
    public Task Running { get; set; } = Task.CompletedTask;

    /// <summary>Takes bytes that were written to <see cref="Room"/>.</summary>
    public void Add(int bytes) => _filled += bytes;

    /// <summary>Has the writer take what is gathered, unless it will do so anyway.</summary>
    public void Send()
    {
        if (BeginSending())
        {
            Filled.Set();
        }
    }

    /// <summary>Whether the writer is to be woken, by whoever asks and outside the lock.</summary>
    public bool BeginSending()
    {
        bool begins = _filled != 0 && !IsWriting;
        IsWriting |= begins;
        return begins;
    }

    /// <summary>What leaves next; nothing where nothing is gathered, and then the writer waits for <see cref="Filled"/>.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        int bytes = _filled;
        (_filling, _leaving) = (_leaving, _filling);
        _filled = 0;
        IsWriting = bytes != 0;
        if (bytes == 0)
        {
            Drained?.TrySetResult();
            Drained = null;
        }

        return _leaving.AsMemory(0, bytes);
    }

    /// <summary>Wipes what was gathered; the transport is closed by whoever made it.</summary>
    public void Dispose()
    {
        _filling.AsSpan().Clear();
        _leaving.AsSpan().Clear();
        End.Dispose();
    }
}
