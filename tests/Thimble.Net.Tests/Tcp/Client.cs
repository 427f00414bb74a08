using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Thimble.Net.Tcp;
using Thimble.Net.Wire;
using Xunit;

namespace Thimble.Net.Tests.Tcp;

/// <summary>The connection under test, with guard bytes around each of its three memories, and the time.</summary>
internal sealed class Client
{
    public const ushort Port = 50_000, PeerPort = 8883;

    private const int GuardBytes = 32;
    private const byte Guard = 0xA7;
    private const int SendAt = (2 * GuardBytes) + TcpConnection.StateBytes;

    private readonly byte[] _memory;
    private readonly int _sendBytes, _receiveBytes;
    private readonly uint _address, _peer;
    private readonly ushort _port, _peerPort;

    public Client(int sendBytes = 1024, int receiveBytes = 1024, bool swapped = false)
    {
        (_sendBytes, _receiveBytes) = (sendBytes, receiveBytes);
        (_address, _peer) = swapped ? (Segment.PeerAddress, Segment.ClientAddress) : (Segment.ClientAddress, Segment.PeerAddress);
        (_port, _peerPort) = swapped ? (PeerPort, Port) : (Port, PeerPort);
        _memory = GC.AllocateUninitializedArray<byte>((4 * GuardBytes) + TcpConnection.StateBytes + sendBytes + receiveBytes);
        _memory.AsSpan().Fill(Guard);
        _memory.AsSpan(GuardBytes, TcpConnection.StateBytes).Clear();
    }

    public uint Now { get; set; } = 5_000;

    public TcpConnection Tcp => new(StateBytes, _memory.AsSpan(SendAt, _sendBytes), _memory.AsSpan(ReceiveAt, _receiveBytes));

    public ref TcpControlBlock Block => ref MemoryMarshal.AsRef<TcpControlBlock>(StateBytes);

    private Span<byte> StateBytes => _memory.AsSpan(GuardBytes, TcpConnection.StateBytes);

    private int ReceiveAt => SendAt + _sendBytes + GuardBytes;

    public void Connect(uint initialSequence = 1000, int maxSegmentBytes = 536) =>
        Tcp.Connect(Now, new Ipv4Address(_address), _port, new Ipv4Address(_peer), _peerPort, initialSequence, maxSegmentBytes);

    public TcpVerdict Receive(ReadOnlySpan<byte> segment) => Tcp.Receive(Now, new Ipv4Address(_peer), new Ipv4Address(_address), segment);

    public TcpVerdict Receive(Segment segment) => Receive(segment.Encode(_peer, _address));

    /// <summary>The next segment that is due, as bytes.</summary>
    public byte[]? PollBytes()
    {
        byte[] header = new byte[TcpConnection.MaxHeaderBytes];
        return Tcp.Poll(Now, header, out int bytes, out ReadOnlySpan<byte> first, out ReadOnlySpan<byte> second)
            ? [.. header.AsSpan(0, bytes), .. first, .. second]
            : null;
    }

    /// <summary>All that is due now; each with a right checksum.</summary>
    public List<Segment> Poll()
    {
        var due = new List<Segment>();
        while (PollBytes() is byte[] bytes)
        {
            Segment? segment = Segment.Decode(_address, _peer, bytes);
            Assert.NotNull(segment);
            due.Add(segment);
            Assert.True(due.Count < 3000, "It never stops sending.");
        }

        return due;
    }

    public int Write(ReadOnlySpan<byte> data)
    {
        Span<byte> space = Tcp.SendSpace;
        int count = Math.Min(space.Length, data.Length);
        data[..count].CopyTo(space);
        Tcp.Commit(count);
        return count;
    }

    public byte[] Read(int most = int.MaxValue)
    {
        ReadOnlySpan<byte> run = Tcp.Received;
        byte[] read = run[..Math.Min(run.Length, most)].ToArray();
        Tcp.Consume(read.Length);
        return read;
    }

    /// <summary>What must hold between any two calls.</summary>
    public void CheckInvariants()
    {
        ref TcpControlBlock block = ref Block;
        uint sent = block.SendMax - block.SendUnacknowledged, next = block.SendNext - block.SendUnacknowledged;
        Assert.True(sent <= block.SendCount + 2u, "SND.MAX lies beyond what was committed, a SYN and a FIN.");
        Assert.True(next <= sent, "SND.UNA <= SND.NXT <= SND.MAX");
        Assert.InRange(block.SendCount, 0, _sendBytes);
        Assert.InRange(block.SendStart, 0, _sendBytes - 1);
        Assert.InRange(block.ReceiveCount, 0, _receiveBytes);
        Assert.InRange(block.ReceiveStart, 0, _receiveBytes - 1);
        uint window = block.ReceiveEdge - block.ReceiveNext;
        Assert.True(window <= _receiveBytes - block.ReceiveCount + 0u || block.State == TcpState.Closed, "The window exceeds the free part of the ring.");
        CheckRanges(block.Ranges, _receiveBytes - block.ReceiveCount);
        Assert.InRange(block.Rto, 200, 60_000);
        Assert.True(block.State is TcpState.SynSent or TcpState.SynReceived or TcpState.Closed || block.CongestionWindow >= block.SendSegmentBytes);
        CheckGuards();
    }

    private static void CheckRanges(TcpRanges ranges, int free)
    {
        Assert.True(ranges.FirstEnd == 0 || (ranges.FirstStart > 0 && ranges.FirstStart < ranges.FirstEnd && ranges.FirstEnd <= free));
        Assert.True(ranges.SecondEnd == 0 || (ranges.FirstEnd != 0 && ranges.FirstEnd < ranges.SecondStart && ranges.SecondStart < ranges.SecondEnd && ranges.SecondEnd <= free));
    }

    private void CheckGuards()
    {
        Assert.False(_memory.AsSpan(0, GuardBytes).ContainsAnyExcept(Guard));
        Assert.False(_memory.AsSpan(GuardBytes + TcpConnection.StateBytes, GuardBytes).ContainsAnyExcept(Guard));
        Assert.False(_memory.AsSpan(SendAt + _sendBytes, GuardBytes).ContainsAnyExcept(Guard));
        Assert.False(_memory.AsSpan(ReceiveAt + _receiveBytes).ContainsAnyExcept(Guard));
    }
}
