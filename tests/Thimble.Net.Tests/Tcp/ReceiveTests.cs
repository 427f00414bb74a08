using System;
using System.Linq;
using Thimble.Net.Tcp;
using Xunit;

namespace Thimble.Net.Tests.Tcp;

/// <summary>Text in and out of order, acknowledgements, and the window that we announce.</summary>
public class ReceiveTests
{
    private static readonly byte[] _counting = [.. Enumerable.Range(0, 300).Select(i => (byte)i)];

    [Fact]
    public void One_segment_is_acknowledged_after_a_while_and_two_at_once()
    {
        Script script = Script.Established();
        script.Send(TcpControl.Ack, 0, 0, text: 10);
        Assert.Equal(100u, script.WaitUntilDue());
        script.Acknowledges(10);

        script.Send(TcpControl.Ack, 10, 0, text: 10);
        script.Silence();
        script.Send(TcpControl.Ack, 20, 0, text: 10);
        script.Acknowledges(30);
    }

    [Fact]
    public void Data_carries_the_acknowledgement()
    {
        Script script = Script.Established();
        script.Send(TcpControl.Ack, 0, 0, text: 10);
        script.Commits(5);

        Assert.Equal(Script.PeerSequence + 10, script.One(TcpControl.Ack | TcpControl.Psh).Acknowledgement);
        Assert.Equal(200u, script.WaitUntilDue());
    }

    [Fact]
    public void Segments_out_of_order_are_put_together()
    {
        Script script = Script.Established();
        script.Send(TcpControl.Ack, 200, 0, text: 100);
        script.Acknowledges(0);
        script.Send(TcpControl.Ack, 50, 0, text: 50);
        script.Acknowledges(0);
        Assert.True(script.Client.Tcp.Received.IsEmpty);
        script.Send(TcpControl.Ack, 0, 0, text: 50);
        script.Acknowledges(100);
        script.Send(TcpControl.Ack, 100, 0, text: 100);
        script.Acknowledges(300);

        Assert.Equal(_counting, script.Client.Read());
    }

    [Fact]
    public void A_third_range_is_left_to_be_sent_again()
    {
        Script script = Script.Established();
        script.Send(TcpControl.Ack, 50, 0, text: 10);
        script.Send(TcpControl.Ack, 100, 0, text: 10);
        script.Send(TcpControl.Ack, 150, 0, text: 10);
        script.Send(TcpControl.Ack, 0, 0, text: 150);

        script.Acknowledges(150);
    }

    [Fact]
    public void What_came_first_is_believed()
    {
        Script script = Script.Established();
        script.Send(TcpControl.Ack, 20, 0, text: 20, fill: 0xAA);
        script.Send(TcpControl.Ack, 10, 0, text: 40, fill: 0xBB);
        script.Send(TcpControl.Ack, 0, 0, text: 60, fill: 0xCC);

        byte[] expected = [.. Repeat(0xCC, 10), .. Repeat(0xBB, 10), .. Repeat(0xAA, 20), .. Repeat(0xBB, 10), .. Repeat(0xCC, 10)];
        Assert.Equal(expected, script.Client.Read());
    }

    [Fact]
    public void A_repeated_segment_is_acknowledged_again_and_its_new_end_is_taken()
    {
        Script script = Script.Established();
        script.Send(TcpControl.Ack, 0, 0, text: 50);
        script.Send(TcpControl.Ack, 0, 0, text: 50);
        script.Acknowledges(50);
        script.Send(TcpControl.Ack, 0, 0, text: 80);
        script.Acknowledges(80);

        Assert.Equal(_counting[..80], script.Client.Read());
    }

    [Fact]
    public void What_lies_beyond_the_window_is_cut_off()
    {
        Script script = Script.Established(receiveBytes: 64);
        script.Send(TcpControl.Ack | TcpControl.Fin, 0, 0, text: 100);
        Segment full = script.Acknowledges(64);

        Assert.Equal((0, TcpState.Established), ((int)full.Window, script.State));
        Assert.Equal(_counting[..64], script.Client.Read());
    }

    [Fact]
    public void A_closed_window_still_takes_acknowledgements()
    {
        Script script = Script.Established(receiveBytes: 64);
        script.Commits(50);
        script.Client.Poll();
        script.Send(TcpControl.Ack, 0, 0, text: 64);
        script.WaitUntilDue();
        script.Acknowledges(64);

        script.Send(TcpControl.Ack, 64, 50, text: 1);

        Assert.True(script.Client.Tcp.AllAcknowledged);
        script.Acknowledges(64);
    }

    [Fact]
    public void The_window_opens_by_half_the_ring_at_least()
    {
        Script script = Script.Established(receiveBytes: 100);
        script.Send(TcpControl.Ack, 0, 0, text: 100);
        script.WaitUntilDue();
        Assert.Equal(0, script.Acknowledges(100).Window);
        script.Client.Read(49);
        script.Silence();
        script.Client.Read(1);
        Assert.Equal(50, script.Acknowledges(100).Window);
    }

    [Fact]
    public void Consuming_and_committing_too_much_is_cut_to_what_is_there()
    {
        Script script = Script.Established(sendBytes: 64);
        script.Send(TcpControl.Ack, 0, 0, text: 10);
        script.Client.Tcp.Consume(-5);
        Assert.Equal(10, script.Client.Tcp.Received.Length);
        script.Client.Tcp.Consume(int.MaxValue);
        Assert.Equal(0, script.Client.Tcp.Received.Length);
        script.Client.Tcp.Commit(-5);
        Assert.True(script.Client.Tcp.AllAcknowledged);
        script.Client.Tcp.Commit(int.MaxValue);
        script.Client.CheckInvariants();
        Assert.Equal(64, script.Client.Block.SendCount);
    }

    [Fact]
    public void The_urgent_pointer_changes_nothing()
    {
        Script script = Script.Established();
        script.Send(TcpControl.Ack | TcpControl.Urg, 0, 0, text: 10);

        Assert.Equal(_counting[..10], script.Client.Read());
    }

    private static byte[] Repeat(byte value, int count)
    {
        byte[] bytes = new byte[count];
        Array.Fill(bytes, value);
        return bytes;
    }
}
