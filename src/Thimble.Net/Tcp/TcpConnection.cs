using System;
using System.Runtime.InteropServices;
using Thimble.Memory;
using Thimble.Net.Wire;

namespace Thimble.Net.Tcp;

/// <summary>
/// A TCP client connection (RFC 9293) as a lens over its state and its two rings. It does no I/O: segments and the time are
/// arguments, and every call does bounded work. Received data is read in place, and what is sent is written in place and stays
/// there until it is acknowledged.
/// </summary>
/// <remarks>
/// Retransmission by RFC 6298 with Karn's rule; congestion control by RFC 5681 (slow start, avoidance, fast retransmit and
/// recovery), counted in bytes; left out are NewReno, SACK, limited transmit, idle restart and ECN. Attacks from outside the path
/// are met by RFC 5961. Neither window scaling nor timestamps nor SACK are offered: they pay for rings far larger than a device
/// has. Nagle's algorithm is not used: whoever commits a TLS record wants it sent; many small commits before a poll still
/// travel together. The urgent pointer is ignored (RFC 6093 §5 asks for no more). Nothing here is secret or constant-time.
/// </remarks>
public readonly ref partial struct TcpConnection
{
    /// <summary>What the state takes, in bytes, whatever the profile.</summary>
    public const int StateBytes = 128;

    /// <summary>The longest header that <see cref="Poll"/> writes.</summary>
    public const int MaxHeaderBytes = TcpHeader.MaxBytes;

    /// <summary>The smallest send and receive buffer.</summary>
    public const int MinBufferBytes = TcpLimits.MinBufferBytes;

    /// <summary>The largest send and receive buffer: the window is not scaled. Bytes beyond it stay unused.</summary>
    public const int MaxBufferBytes = TcpLimits.MaxBufferBytes;

    private readonly ref TcpControlBlock _block;
    private readonly Span<byte> _sending;
    private readonly Span<byte> _receiving;

    /// <summary>
    /// Looks at a connection. <paramref name="state"/> has <see cref="StateBytes"/> bytes at a multiple of 4, all zero before
    /// the first use; the buffers have <see cref="MinBufferBytes"/> to <see cref="MaxBufferBytes"/>, always the same.
    /// </summary>
    public TcpConnection(Span<byte> state, Span<byte> sendBuffer, Span<byte> receiveBuffer)
    {
        _block = ref MemoryMarshal.AsRef<TcpControlBlock>(state);
        _sending = sendBuffer.Slice(0, Math.Min(sendBuffer.Length, MaxBufferBytes));
        _receiving = receiveBuffer.Slice(0, Math.Min(receiveBuffer.Length, MaxBufferBytes));
    }

    /// <summary>Where the connection stands.</summary>
    public TcpState State => _block.State;

    /// <summary>
    /// Why it ended, or nothing: <see cref="FaultReason.TcpRefused"/>, <see cref="FaultReason.TcpReset"/> or
    /// <see cref="FaultReason.TcpTimedOut"/>. What was received in order before stays readable, a TLS alert for instance.
    /// </summary>
    public Fault Fault => _block.Fault;

    /// <summary>The received bytes in order that lie in one run; more may follow behind the buffer's end.</summary>
    public ReadOnlySpan<byte> Received =>
        _receiving.Slice(_block.ReceiveStart, Math.Min(_block.ReceiveCount, _receiving.Length - _block.ReceiveStart));

    /// <summary>Whether the peer has closed its side and all that it sent was consumed.</summary>
    public bool ReceivedAll => Is(TcpConditions.PeerClosed) && _block.ReceiveCount == 0;

    /// <summary>
    /// The free bytes of the send buffer that lie in one run: what is written there is sent after <see cref="Commit"/>. Bytes may
    /// be committed while the connection is being made; there are none after <see cref="Close"/> and once it has ended.
    /// </summary>
    public Span<byte> SendSpace
    {
        get
        {
            if (Is(TcpConditions.SendClosed) || _block.State is not (TcpState.SynSent or TcpState.SynReceived or TcpState.Established or TcpState.CloseWait))
            {
                return default;
            }

            int end = Wrapped(_block.SendStart + _block.SendCount, _sending.Length);
            return _sending.Slice(end, Math.Min(_sending.Length - _block.SendCount, _sending.Length - end));
        }
    }

    /// <summary>Whether all that was committed has been acknowledged; it stays false where a connection ended before.</summary>
    public bool AllAcknowledged => _block.SendCount == 0;

    /// <summary>The peer's address, for the network below.</summary>
    public Ipv4Address RemoteAddress => new(_block.RemoteAddress);

    private Ipv4Address LocalAddress => new(_block.LocalAddress);

    private bool IsSynchronizing => _block.State is TcpState.SynSent or TcpState.SynReceived;

    // Our FIN is not yet acknowledged, so there may be something to send.
    private bool MaySend => _block.State is TcpState.Established or TcpState.CloseWait or TcpState.FinWait1 or TcpState.Closing or TcpState.LastAck;

    /// <summary>
    /// Begins to connect (OPEN, RFC 9293 §3.10.1); whatever the state held before is gone, so a reset that is owed wants a
    /// <see cref="Poll"/> first. A connection that rests in TIME-WAIT may be replaced where <paramref name="localPort"/> is a
    /// fresh one: late segments of the old one then match nothing (RFC 6191 speaks of the same port).
    /// <paramref name="initialSequence"/> is unpredictable (RFC 6528), and <paramref name="maxReceiveSegmentBytes"/> is announced as MSS.
    /// </summary>
    public void Connect(uint nowMilliseconds, Ipv4Address local, ushort localPort, Ipv4Address remote, ushort remotePort, uint initialSequence, int maxReceiveSegmentBytes)
    {
        _block = default;
        _block.State = TcpState.SynSent;
        _block.LocalAddress = local.Value;
        _block.RemoteAddress = remote.Value;
        _block.Ports = ((uint)localPort << 16) | remotePort;
        _block.SendUnacknowledged = initialSequence;
        _block.SendNext = initialSequence;
        _block.SendMax = initialSequence;
        _block.SendSegmentBytes = TcpLimits.DefaultSegmentBytes;
        _block.ReceiveSegmentBytes = (ushort)Math.Min(Math.Max(maxReceiveSegmentBytes, MinBufferBytes), MaxBufferBytes);
        _block.ReceiveEdge = (uint)_receiving.Length;
        _block.SlowStartThreshold = ushort.MaxValue;
        _block.Rto = TcpLimits.InitialRtoMilliseconds;
        _block.ChallengedAt = nowMilliseconds - TcpLimits.ChallengeMilliseconds;
        ArmTimer(nowMilliseconds);
    }

    /// <summary>
    /// Has a peer that is silent for so many seconds probed, and given up after 100 s without an answer (RFC 9293 §3.8.4); 0,
    /// as after <see cref="Connect"/>, for never.
    /// </summary>
    public void KeepAlive(ushort idleSeconds)
    {
        _block.KeepAliveSeconds = idleSeconds;
        if (_block.Timer == TcpTimer.KeepAlive)
        {
            _block.Timer = TcpTimer.None;
        }
    }

    /// <summary>
    /// Gives so many bytes of <see cref="Received"/> back, at most those that are there. The peer is told when half the buffer or a
    /// whole segment is free beyond what it knows (RFC 9293 §3.8.6.2.2).
    /// </summary>
    public void Consume(int bytes)
    {
        int count = Math.Min(Math.Max(bytes, 0), _block.ReceiveCount);
        _block.ReceiveStart = (ushort)Wrapped(_block.ReceiveStart + count, _receiving.Length);
        _block.ReceiveCount = (ushort)(_block.ReceiveCount - count);
        if (TakesText && BestEdge() != _block.ReceiveEdge)
        {
            Set(TcpConditions.AckNow);
        }
    }

    /// <summary>Hands so many bytes of <see cref="SendSpace"/> to the peer (SEND, §3.10.2), at most those that are there.</summary>
    public void Commit(int bytes) =>
        _block.SendCount = (ushort)(_block.SendCount + Math.Min(Math.Max(bytes, 0), SendSpace.Length));

    /// <summary>
    /// Closes our side in order (CLOSE, §3.10.4): a FIN follows what was committed. Go on to consume until
    /// <see cref="ReceivedAll"/>, or <see cref="Abort"/>: a peer whose data nobody consumes cannot close.
    /// </summary>
    public void Close()
    {
        switch (_block.State)
        {
            case TcpState.SynSent:
                Finish();
                break;
            case TcpState.SynReceived:
                Set(TcpConditions.SendClosed);
                break;
            case TcpState.Established:
                Set(TcpConditions.SendClosed);
                _block.State = TcpState.FinWait1;
                break;
            case TcpState.CloseWait:
                Set(TcpConditions.SendClosed);
                _block.State = TcpState.LastAck;
                break;
            default:
                break;
        }
    }

    /// <summary>Resets the connection (ABORT, §3.10.5): the next <see cref="Poll"/> gives the RST where the peer needs one.</summary>
    public void Abort()
    {
        bool peerWaits = _block.State is TcpState.SynReceived or TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2 or TcpState.CloseWait;
        Finish();
        if (peerWaits)
        {
            Set(TcpConditions.ResetOwed);
        }
    }

    private static int Wrapped(int index, int length) => index >= length ? index - length : index;

    private bool Is(TcpConditions condition) => (_block.Conditions & condition) != 0;

    private void Set(TcpConditions condition) => _block.Conditions |= condition;

    private void Clear(TcpConditions condition) => _block.Conditions &= ~condition;

    private void Fail(FaultReason reason, uint expected, uint actual)
    {
        _block.Fault.Reason = reason;
        _block.Fault.Depth = Fault.NoDepth;
        _block.Fault.Expected = expected;
        _block.Fault.Actual = actual;
        Finish();
    }

    // What the peer closed, and what is readable, outlives the connection; a reset that is still owed does too.
    private void Finish()
    {
        _block.State = TcpState.Closed;
        _block.Timer = TcpTimer.None;
        _block.Conditions &= TcpConditions.PeerClosed | TcpConditions.ResetOwed;
    }
}
