using System;
using System.Collections.Generic;
using System.IO;

namespace Thimble.Bench.Tls;

/// <summary>
/// Records what a server says, and says it again. A client that is deterministic, as the engine is with one seed, cannot
/// tell the difference.
/// </summary>
internal sealed class RecordedServer(Stream server) : Stream
{
    private readonly List<byte[]> _said = [];
    private int _next = -1;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>From now on the answers are the recorded ones, from the first.</summary>
    public void Rewind() => _next = 0;

    public override int Read(Span<byte> buffer)
    {
        if (_next >= 0)
        {
            byte[] again = _said[_next++];
            again.CopyTo(buffer);
            return again.Length;
        }

        int count = server.Read(buffer);
        _said.Add(buffer[..count].ToArray());
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_next < 0)
        {
            server.Write(buffer);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
