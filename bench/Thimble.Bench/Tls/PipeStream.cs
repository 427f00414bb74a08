using System;
using System.IO;

namespace Thimble.Bench.Tls;

/// <summary>One end of a pair of pipes, synchronous.</summary>
internal sealed class PipeStream(MemoryPipe incoming, MemoryPipe outgoing) : Stream
{
    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public MemoryPipe Incoming { get; } = incoming;

    public MemoryPipe Outgoing { get; } = outgoing;

    public override int Read(Span<byte> buffer) => Incoming.Read(buffer);

    public override int Read(byte[] buffer, int offset, int count) => Incoming.Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => Outgoing.Write(buffer);

    public override void Write(byte[] buffer, int offset, int count) => Outgoing.Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
