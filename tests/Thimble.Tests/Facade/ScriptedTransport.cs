using System;
using System.IO;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Tests.Tls;

namespace Thimble.Tests.Facade;

/// <summary>
/// A transport with a scripted server at its other end, for callers on several threads. A reader waits until the server says something, or
/// the transport ends; writes can be held, fail, or fall on deaf ears.
/// </summary>
internal sealed class ScriptedTransport(IScriptedServer server) : Stream
{
    private readonly SemaphoreSlim _said = new(0);
    private readonly Lock _gate = new();
    private byte[] _incoming = [];
    private int _start;
    private bool _ended;

    /// <summary>What a write does before its bytes reach the server.</summary>
    public Func<CancellationToken, Task>? BeforeWrite { get; set; }

    /// <summary>What a write does in place of reaching the server.</summary>
    public Exception? WriteFailure { get; set; }

    /// <summary>Whether the server hears nothing any more.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>Whether a synchronous reader's time is over when there is nothing to read.</summary>
    public bool KeepsSilent { get; set; }

    /// <summary>How many readers wait for the first byte without a buffer.</summary>
    public int EmptyReads { get; private set; }

    public bool IsDisposed { get; private set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override bool CanTimeout => true;

    public override int ReadTimeout { get; set; } = Timeout.Infinite;

    public override int WriteTimeout { get; set; } = Timeout.Infinite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Puts bytes behind those that wait to be read.</summary>
    public void Say(params ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            _incoming = [.. _incoming.AsSpan(_start), .. bytes];
            _start = 0;
        }

        _said.Release();
    }

    /// <summary>Puts the bytes there that <paramref name="make"/> gives while no write reaches the server.</summary>
    public void Say(Func<byte[]> make)
    {
        lock (_gate)
        {
            _incoming = [.. _incoming.AsSpan(_start), .. make()];
            _start = 0;
        }

        _said.Release();
    }

    /// <summary>The transport ends behind what waits.</summary>
    public void End()
    {
        _ended = true;
        _said.Release();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int bytes;
        while (!TryRead(buffer, out bytes))
        {
            if (KeepsSilent)
            {
                throw new IOException("silence", new SocketException((int)SocketError.TimedOut));
            }

            _said.Wait();
        }

        return bytes;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        EmptyReads += buffer.IsEmpty ? 1 : 0;
        return TryRead(buffer.Span, out int bytes) ? ValueTask.FromResult(bytes) : WaitAsync(buffer, cancellationToken);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (WriteFailure is not null)
        {
            throw WriteFailure;
        }

        if (!IsDeaf)
        {
            Hear(buffer);
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (BeforeWrite is not null)
        {
            return WriteLateAsync(buffer, cancellationToken);
        }

        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
        // Nothing waits here.
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }

    private void Hear(ReadOnlySpan<byte> bytes)
    {
        byte[] answer;
        lock (_gate)
        {
            answer = server.Answer(bytes);
        }

        if (answer.Length > 0)
        {
            Say(answer);
        }
    }

    private bool TryRead(Span<byte> buffer, out int bytes)
    {
        lock (_gate)
        {
            bytes = Math.Min(buffer.Length, _incoming.Length - _start);
            _incoming.AsSpan(_start, bytes).CopyTo(buffer);
            _start += bytes;
            return bytes > 0 || _ended || (buffer.IsEmpty && _start < _incoming.Length);
        }
    }

    private async ValueTask<int> WaitAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int bytes;
        do
        {
            await _said.WaitAsync(cancellationToken);
        }
        while (!TryRead(buffer.Span, out bytes));
        return bytes;
    }

    private async ValueTask WriteLateAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await BeforeWrite!(cancellationToken);
        Write(buffer.Span);
    }
}
