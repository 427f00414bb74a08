using System;
using System.Net.Sockets;
using System.Threading;

namespace Thimble;

/// <summary>Records on their way into a socket. Ciphertext only, so it lies on the garbage-collected heap; few are alive at a time, and they are used again.</summary>
internal sealed class OutgoingBytes : SocketAsyncEventArgs
{
    private static readonly OutgoingBytes?[] s_spare = new OutgoingBytes?[2 * Environment.ProcessorCount];

    private byte[] _bytes = new byte[4096];
    private RestingConnection? _sender;

    private OutgoingBytes()
        : base(true) // no execution context is kept
    {
    }

    /// <summary>
    /// Gives the socket a copy of <paramref name="bytes"/>, which goes behind what it was given before. True where it took them at once; false where
    /// <see cref="RestingConnection.Sent"/> will be told.
    /// </summary>
    public static bool Send(RestingConnection sender, Socket socket, ReadOnlySpan<byte> bytes, out SocketError error)
    {
        OutgoingBytes sending = Borrow();
        if (sending._bytes.Length < bytes.Length)
        {
            sending._bytes = new byte[bytes.Length];
        }

        bytes.CopyTo(sending._bytes);
        sending.SetBuffer(sending._bytes, 0, bytes.Length);
        sending._sender = sender;
        if (socket.SendAsync(sending))
        {
            error = SocketError.Success;
            return false;
        }

        error = sending.SocketError;
        sending.Return();
        return true;
    }

    /// <inheritdoc/>
    protected override void OnCompleted(SocketAsyncEventArgs e)
    {
        RestingConnection sender = _sender!;
        SocketError error = SocketError;
        Return();
        sender.Sent(error);
    }

    private static OutgoingBytes Borrow()
    {
        for (int i = 0; i < s_spare.Length; i++)
        {
            if (Interlocked.Exchange(ref s_spare[i], null) is { } spare)
            {
                return spare;
            }
        }

        return new OutgoingBytes();
    }

    private void Return()
    {
        _sender = null;
        for (int i = 0; i < s_spare.Length; i++)
        {
            if (Interlocked.CompareExchange(ref s_spare[i], this, null) is null)
            {
                return;
            }
        }

        Dispose();
    }
}
