using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Thimble.Cli.Probe;

/// <summary>Passes a connection's bytes through, and notes how long the server's records are, by their headers (RFC 8446 §5.1).</summary>
internal sealed class RecordTap(Stream inner) : Stream
{
    private readonly byte[] _header = new byte[TlsNumbers.RecordHeaderBytes];
    private int _headerFilled;
    private int _contentLeft;

    /// <summary>The longest content of a record that was announced.</summary>
    public int LargestRecordBytes { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override bool CanTimeout => inner.CanTimeout;

    public override int ReadTimeout
    {
        get => inner.ReadTimeout;
        set => inner.ReadTimeout = value;
    }

    public override int WriteTimeout
    {
        get => inner.WriteTimeout;
        set => inner.WriteTimeout = value;
    }

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        Note(buffer[..count]);
        return count;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Note(buffer.Span[..count]);
        return count;
    }

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Takes what arrived, in any split.</summary>
    public void Note(ReadOnlySpan<byte> received)
    {
        while (!received.IsEmpty)
        {
            if (_contentLeft > 0)
            {
                int skipped = Math.Min(_contentLeft, received.Length);
                _contentLeft -= skipped;
                received = received[skipped..];
                continue;
            }

            _header[_headerFilled++] = received[0];
            received = received[1..];
            if (_headerFilled == TlsNumbers.RecordHeaderBytes)
            {
                _headerFilled = 0;
                _contentLeft = (_header[3] << 8) | _header[4];
                LargestRecordBytes = Math.Max(LargestRecordBytes, _contentLeft);
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
