using System;
using System.IO;
using System.Net.Sockets;
using Thimble.Tests.Tls;

namespace Thimble.Tests.Facade;

/// <summary>A transport with a scripted server at its other end. Where that has nothing to say, it has ended, or keeps silent.</summary>
internal sealed class ServerStream(IScriptedServer server, int pieceBytes = 1_000) : Stream
{
    private byte[] _incoming = [];

    /// <summary>Whether a server with nothing to say is waited for until the time is over.</summary>
    public bool KeepsSilent { get; set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Puts bytes behind those that wait to be read.</summary>
    public void Say(params ReadOnlySpan<byte> bytes) => _incoming = [.. _incoming, .. bytes];

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_incoming.Length == 0 && KeepsSilent)
        {
            throw new IOException("silence", new SocketException((int)SocketError.TimedOut));
        }

        int bytes = Math.Min(Math.Min(count, pieceBytes), _incoming.Length);
        _incoming.AsSpan(0, bytes).CopyTo(buffer.AsSpan(offset));
        _incoming = _incoming[bytes..];
        return bytes;
    }

    public override void Write(byte[] buffer, int offset, int count) => Say(server.Answer(buffer.AsSpan(offset, count)));

    public override void Flush()
    {
        // Nothing waits here.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
