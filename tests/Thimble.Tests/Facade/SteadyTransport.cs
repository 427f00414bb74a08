using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace Thimble.Tests.Facade;

/// <summary>
/// A transport that allocates nothing itself: what is read was put there before, what is written is dropped. Each operation
/// is complete at once, or when <see cref="Pump"/> says so, which goes on with whoever waited on its own thread.
/// </summary>
internal sealed class SteadyTransport(Stream handshake) : Stream, IValueTaskSource<int>, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<int> _operation;
    private byte[]? _incoming;
    private int _start;
    private int _result;
    private volatile bool _pending;

    /// <summary>Whether operations wait for <see cref="Pump"/>.</summary>
    public bool IsLate { get; set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>From now on these bytes come, and nobody hears what is written.</summary>
    public void Load(byte[] incoming)
    {
        _incoming = incoming;
        _start = 0;
    }

    /// <summary>Completes one operation after the other on this thread, until the task has ended.</summary>
    public void Pump(Task until)
    {
        while (!until.IsCompleted)
        {
            if (_pending)
            {
                _pending = false;
                _operation.SetResult(_result);
            }
            else
            {
                Thread.Yield();
            }
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (_incoming is null)
        {
            return handshake.Read(buffer);
        }

        int bytes = Math.Min(buffer.Length, _incoming.Length - _start);
        _incoming.AsSpan(_start, bytes).CopyTo(buffer);
        _start += bytes;
        return bytes;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int bytes = Read(buffer.Span);
        return IsLate ? new ValueTask<int>(this, Later(bytes)) : new ValueTask<int>(bytes);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_incoming is null)
        {
            handshake.Write(buffer);
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return IsLate ? new ValueTask(this, Later(0)) : default;
    }

    public override void Flush()
    {
        // Nothing waits here.
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => _operation.GetResult(token);

    void IValueTaskSource.GetResult(short token) => _operation.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _operation.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _operation.OnCompleted(continuation, state, token, flags);
        _pending = true;
    }

    private short Later(int result)
    {
        _operation.Reset();
        _result = result;
        return _operation.Version;
    }
}
