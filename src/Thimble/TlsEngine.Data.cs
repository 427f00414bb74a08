using System;
using Thimble.Memory;
using Thimble.Tls;

namespace Thimble;

/// <content>Application data, both ways, and the orderly end.</content>
internal sealed partial class TlsEngine
{
    private readonly GatheredRecord _large = new();
    private bool _provisional;
    private volatile bool _owesOutput;

    /// <summary>Whether the engine has something to say that no writer asked for: an alert, or the answer to a KeyUpdate.</summary>
    public bool OwesOutput => _owesOutput;

    /// <summary>Reads application data whose tag verified. Done with 0 is the server's orderly close, or with an empty destination that data waits.</summary>
    /// <exception cref="InvalidOperationException">Provisional bytes were given out, and the end of their record was not.</exception>
    public EngineStep Read(Span<byte> destination, out int bytes)
    {
        lock (_gate)
        {
            bytes = 0;
            if (_provisional)
            {
                throw new InvalidOperationException("Provisional bytes of a record were given out, and its end was not: read on with Read(destination, out bytes) or ReadPieceAsync.");
            }

            while (!_large.IsVerified)
            {
                bool gathers = _large.IsGathering;
                TlsStatus status = ReadOnce(gathers ? _large.Room : destination, out int written);
                if (gathers || status == TlsStatus.Provisional)
                {
                    Gather(status, gathers, destination, written);
                }
                else if (written > 0 || status == TlsStatus.Closed || (status == TlsStatus.DestinationTooSmall && destination.IsEmpty))
                {
                    bytes = written;
                    return EngineStep.Done;
                }

                if (status is TlsStatus.NeedMoreData or TlsStatus.Faulted)
                {
                    return status == TlsStatus.NeedMoreData ? EngineStep.NeedsInput : EngineStep.Failed;
                }
            }

            bytes = _large.Take(destination);
            return EngineStep.Done;
        }
    }

    /// <summary>Reads application data as it comes, even before its tag.</summary>
    /// <exception cref="InvalidOperationException">A record is being gathered.</exception>
    public EngineStep ReadPiece(Span<byte> destination, out TlsStatus status, out int bytes)
    {
        lock (_gate)
        {
            if (_large.IsGathering)
            {
                throw new InvalidOperationException("A record is being gathered: read on with Read(destination) or ReadAsync.");
            }

            if (_large.IsVerified)
            {
                bytes = _large.Take(destination);
                status = TlsStatus.Complete;
                return EngineStep.Done;
            }

            status = ReadOnce(destination, out bytes);
            if (status is TlsStatus.NeedMoreData or TlsStatus.Faulted)
            {
                return status == TlsStatus.NeedMoreData ? EngineStep.NeedsInput : EngineStep.Failed;
            }

            _provisional = status == TlsStatus.Provisional || (_provisional && status is not (TlsStatus.Committed or TlsStatus.Withdrawn));
            return status == TlsStatus.DestinationTooSmall && !destination.IsEmpty ? EngineStep.Continue : EngineStep.Done;
        }
    }

    /// <summary>Who waits no longer for the end of a record that was given out in part ends the connection: nobody will ever vouch for it (RULES 1).</summary>
    public void GiveUpProvisional()
    {
        lock (_gate)
        {
            if (_provisional)
            {
                TlsClient tls = Lens();
                _ = tls.SourceEnded();
                _provisional = false;
            }
        }
    }

    /// <summary>Seals data. Done: all of it is in <see cref="Outgoing"/> or was before; otherwise continue with what was not consumed.</summary>
    public EngineStep Write(ReadOnlySpan<byte> data, out int consumed)
    {
        lock (_gate)
        {
            if (_abandonment is not null)
            {
                consumed = 0;
                return EngineStep.Failed;
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            Span<byte> outgoing = BorrowOutgoing();
            long borrowed = GC.GetAllocatedBytesForCurrentThread() - before;
            TlsClient tls = Lens();
            TlsStatus status = tls.Write(data, outgoing, out consumed, out _outgoingBytes);
            GcAllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - before - borrowed;
            _owesOutput = tls.HasPendingOutput;
            return status switch
            {
                TlsStatus.Complete => EngineStep.Done,
                TlsStatus.DestinationTooSmall or TlsStatus.MoreWork => EngineStep.Continue,
                _ => EngineStep.Failed,
            };
        }
    }

    /// <summary>Gives what the engine owes, and before it what a writer left.</summary>
    public EngineStep Flush()
    {
        lock (_gate)
        {
            TlsClient tls = Lens();
            TlsStatus status = tls.Flush(BorrowOutgoing(), out _outgoingBytes);
            _owesOutput = tls.HasPendingOutput;
            return status == TlsStatus.DestinationTooSmall ? EngineStep.Continue : EngineStep.Done;
        }
    }

    /// <summary>Gives close_notify.</summary>
    public EngineStep Close()
    {
        lock (_gate)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Span<byte> outgoing = BorrowOutgoing();
            long borrowed = GC.GetAllocatedBytesForCurrentThread() - before;
            TlsClient tls = Lens();
            TlsStatus status = tls.Close(outgoing, out _outgoingBytes);
            GcAllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - before - borrowed;
            _owesOutput = tls.HasPendingOutput;
            return status == TlsStatus.DestinationTooSmall ? EngineStep.Continue : EngineStep.Done;
        }
    }

    /// <summary>
    /// Reads what the server still says, to forget it. By the byte: a close_notify behind a ticket ends the connection, and the
    /// session with it, unless it is taken in between.
    /// </summary>
    public EngineStep Drain()
    {
        using var forgotten = new PlanBuffer(DrainBytes);
        lock (_gate)
        {
            TlsStatus status;
            do
            {
                TlsClient tls = Lens();
                status = tls.Read(Received[..int.Min(1, Received.Length)], forgotten.Span, out int consumed, out _);
                Consume(consumed);
                KeepSession();
            }
            while (status is TlsStatus.Complete or TlsStatus.MoreWork or TlsStatus.Provisional or TlsStatus.Committed or TlsStatus.Withdrawn
                || (status == TlsStatus.NeedMoreData && _receivedStart < _receivedEnd));
            if (status == TlsStatus.Faulted)
            {
                DropSession();
            }

            return status == TlsStatus.NeedMoreData && !_sourceEnded ? EngineStep.NeedsInput : EngineStep.Done;
        }
    }

    private TlsStatus ReadOnce(Span<byte> destination, out int written)
    {
        if (_abandonment is not null)
        {
            written = 0;
            return TlsStatus.Faulted;
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        TlsClient tls = Lens();
        TlsStatus status = tls.Read(Received, destination, out int consumed, out written);
        GcAllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - before;

        Consume(consumed);
        KeepSession();
        status = Ended(status);
        _owesOutput = tls.HasPendingOutput;
        return status;
    }

    /// <summary>Who needs more of a transport that has ended learns what that means.</summary>
    private TlsStatus Ended(TlsStatus status)
    {
        if (status != TlsStatus.NeedMoreData || !_sourceEnded)
        {
            return status;
        }

        TlsClient tls = Lens();
        return tls.SourceEnded();
    }

    /// <summary>Takes what a read gave of a record that is larger than the window, or its end.</summary>
    private void Gather(TlsStatus status, bool gathers, Span<byte> destination, int written)
    {
        if (gathers)
        {
            _large.Grow(written);
        }
        else
        {
            _large.Begin(destination[..written]);
        }

        if (status == TlsStatus.Committed)
        {
            _large.Commit();
        }
        else if (status == TlsStatus.Withdrawn)
        {
            _large.Forget();
        }
    }
}
