using System;
using System.Collections.Generic;
using Thimble.Net.Tcp;
using Xunit;

namespace Thimble.Net.Tests.Tcp;

/// <summary>
/// A peer that a test plays segment by segment. Its numbers count from the first byte of data on each side, so that 0 is what
/// follows a SYN.
/// </summary>
internal sealed class Script
{
    public const uint ClientSequence = 0xFFFF_FF00, PeerSequence = 0xFFFF_FFF0;   // both wrap soon

    public Script(int sendBytes = 4096, int receiveBytes = 1024) => Client = new Client(sendBytes, receiveBytes);

    public Client Client { get; }

    public TcpState State => Client.Tcp.State;

    /// <summary>What the peer announces in the segments that follow.</summary>
    public ushort Window { get; set; } = 4000;

    public static Script Established(int sendBytes = 4096, int receiveBytes = 1024, ushort window = 4000, int maxSegmentBytes = 100)
    {
        var script = new Script(sendBytes, receiveBytes) { Window = window };
        script.Client.Connect(ClientSequence - 1);
        script.One(TcpControl.Syn);
        script.Wait(10);
        script.Send(TcpControl.Syn | TcpControl.Ack, -1, 0, options: Segment.MaxSegmentOption(maxSegmentBytes));
        script.One(TcpControl.Ack);
        Assert.Equal(TcpState.Established, script.State);
        return script;
    }

    public TcpVerdict Send(TcpControl flags, int sequence, int acknowledgement, int text = 0, byte fill = 0, byte[]? options = null)
    {
        byte[] bytes = new byte[text];
        for (int i = 0; i < text; i++)
        {
            bytes[i] = (byte)(fill == 0 ? sequence + i : fill);
        }

        TcpVerdict verdict = Client.Receive(new Segment(
            Client.PeerPort, Client.Port, PeerSequence + (uint)sequence, ClientSequence + (uint)acknowledgement, flags, Window, bytes, options ?? []));
        Client.CheckInvariants();
        return verdict;
    }

    public void Ack(int acknowledgement, int sequence = 0) => Send(TcpControl.Ack, sequence, acknowledgement);

    public void Wait(uint milliseconds) => Client.Now += milliseconds;

    /// <summary>Lets the time pass until something is due, and says how long that took.</summary>
    public uint WaitUntilDue()
    {
        List<Segment> due = Client.Poll();
        Assert.Empty(due);
        uint wait = Client.Tcp.PollAt(Client.Now);
        Wait(wait);
        return wait;
    }

    public void Silence()
    {
        Assert.Empty(Client.Poll());
        Client.CheckInvariants();
    }

    /// <summary>The one segment that is due, with its bits.</summary>
    public Segment One(TcpControl flags)
    {
        Segment segment = Assert.Single(Client.Poll());
        Assert.Equal(flags, segment.Flags);
        Client.CheckInvariants();
        return segment;
    }

    /// <summary>The one segment that is due: an acknowledgement without text, for what precedes <paramref name="next"/>.</summary>
    public Segment Acknowledges(int next)
    {
        Segment segment = One(TcpControl.Ack);
        Assert.Equal((PeerSequence + (uint)next, 0), (segment.Acknowledgement, segment.Text.Length));
        return segment;
    }

    public void Commits(int bytes) => Assert.Equal(bytes, Client.Write(new byte[bytes]));

    /// <summary>Where a segment begins, counted from the first byte of data.</summary>
    public static int At(Segment segment) => (int)(segment.Sequence - ClientSequence);

    public static void Is(Segment segment, int at, int bytes) => Assert.Equal((at, bytes), (At(segment), segment.Text.Length));
}
