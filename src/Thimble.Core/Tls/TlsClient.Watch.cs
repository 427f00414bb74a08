using System;

namespace Thimble.Tls;

/// <summary>For whoever watches a handshake: where it stands, and how to go from one state to the next.</summary>
public ref partial struct TlsClient
{
    /// <summary>Where the client stands. While a record larger than the window is read, nobody vouches for it yet.</summary>
    public readonly ClientState State => _prepared ? _connection.State.State : ClientState.Start;

    /// <summary>The number of the handshake message that is being read or was read last (RFC 8446 §4); 0 before the first.</summary>
    public readonly byte MessageType => _prepared ? (byte)_connection.State.MessageType : (byte)0;

    /// <summary>
    /// The same as <see cref="Handshake"/>, for a watcher: a call ends with its <see cref="State"/>, behind the bytes that were made in it, and says
    /// in <paramref name="work"/> how much public-key work it did, in the unit of <see cref="TlsConfig.WorkPerCall"/>.
    /// </summary>
    public TlsStatus HandshakeToNextState(ReadOnlySpan<byte> source, Span<byte> destination, out int consumed, out int written, out int work)
    {
        consumed = 0;
        written = 0;
        work = 0;
        if (!_prepared)
        {
            return TlsStatus.Faulted;
        }

        int left = GrantedWork;
        int granted = left;
        ClientState began = State;
        ReadOnlySpan<byte> rest = source;
        TlsStatus status;
        do
        {
            status = HandshakeStep(ref rest, destination.Slice(written), out int flushed, ref left);
            written += flushed;
        }
        while (status == TlsStatus.MoreWork && left > 0 && State == began);

        if (State != began)
        {
            written += OutgoingRecords.Flush(_connection, destination.Slice(written));
        }

        consumed = source.Length - rest.Length;
        work = granted - left;
        return status;
    }
}
