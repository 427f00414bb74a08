using System.Linq;
using Thimble.Memory;
using Thimble.Net.Tcp;
using Xunit;

namespace Thimble.Net.Tests.Tcp;

/// <summary>How a connection ends: in order from either side, at once from both, and by reset.</summary>
public class CloseTests
{
    private const TcpControl FinAck = TcpControl.Fin | TcpControl.Ack;

    [Fact]
    public void We_close_first_and_rest_in_time_wait_for_two_lifetimes()
    {
        Script script = Script.Established();
        script.Client.Tcp.Close();
        Script.Is(script.One(FinAck), 0, 0);
        Assert.Equal(TcpState.FinWait1, script.State);
        script.Ack(1);
        Assert.Equal(TcpState.FinWait2, script.State);
        script.Silence();
        Assert.Equal(uint.MaxValue, script.Client.Tcp.PollAt(script.Client.Now));

        // The other half still carries data.
        script.Send(TcpControl.Ack, 0, 1, text: 20);
        Assert.Equal(20, script.Client.Read().Length);
        script.Send(FinAck, 20, 1);
        Assert.Equal(TcpState.TimeWait, script.State);
        Assert.True(script.Client.Tcp.ReceivedAll);
        script.Acknowledges(21);

        script.Wait(30_000);
        script.Send(FinAck, 20, 1);   // our acknowledgement was lost
        script.Acknowledges(21);
        Assert.Equal(60_000u, script.WaitUntilDue());
        script.Silence();
        Assert.Equal((TcpState.Closed, FaultReason.None), (script.State, script.Client.Tcp.Fault.Reason));
    }

    [Fact]
    public void The_peer_closes_first()
    {
        Script script = Script.Established();
        script.Send(FinAck, 0, 0, text: 5);
        Assert.Equal(TcpState.CloseWait, script.State);
        Assert.False(script.Client.Tcp.ReceivedAll);
        script.Acknowledges(6);
        Assert.Equal(5, script.Client.Read().Length);
        Assert.True(script.Client.Tcp.ReceivedAll);

        script.Commits(30);
        script.Client.Tcp.Close();
        Assert.Equal(TcpState.LastAck, script.State);
        Script.Is(script.One(FinAck | TcpControl.Psh), 0, 30);
        script.Ack(31, 6);

        Assert.Equal((TcpState.Closed, FaultReason.None), (script.State, script.Client.Tcp.Fault.Reason));
        Assert.True(script.Client.Tcp.AllAcknowledged && script.Client.Tcp.ReceivedAll);
    }

    [Fact]
    public void Both_close_at_once()
    {
        Script script = Script.Established();
        script.Client.Tcp.Close();
        script.One(FinAck);
        script.Send(FinAck, 0, 0);
        Assert.Equal(TcpState.Closing, script.State);
        script.Acknowledges(1);
        script.Ack(1, 1);

        Assert.Equal(TcpState.TimeWait, script.State);
        Assert.Equal(60_000u, script.WaitUntilDue());
    }

    [Fact]
    public void A_fin_that_acknowledges_ours_goes_straight_to_time_wait()
    {
        Script script = Script.Established();
        script.Client.Tcp.Close();
        script.One(FinAck);
        script.Send(FinAck, 0, 1);

        Assert.Equal(TcpState.TimeWait, script.State);
    }

    [Fact]
    public void A_lost_fin_is_sent_again()
    {
        Script script = Script.Established();
        script.Client.Tcp.Close();
        Segment first = script.One(FinAck);
        script.WaitUntilDue();

        Assert.Equal(first.Sequence, script.One(FinAck).Sequence);
    }

    [Fact]
    public void A_new_connection_may_replace_one_in_time_wait()
    {
        Script script = Script.Established();
        script.Client.Tcp.Close();
        script.One(FinAck);
        script.Send(FinAck, 0, 1);

        script.Client.Connect(77);

        Assert.Equal(77u, script.One(TcpControl.Syn).Sequence);
    }

    [Fact]
    public void Abort_sends_one_reset_and_later_segments_match_nothing()
    {
        Script script = Script.Established();
        script.Commits(300);
        script.Client.Poll();

        script.Client.Tcp.Abort();

        Assert.Equal(300, Script.At(script.One(TcpControl.Rst | TcpControl.Ack)));
        Assert.Equal(TcpVerdict.Unmatched, script.Send(TcpControl.Ack, 0, 100));
        script.Silence();
    }

    [Fact]
    public void What_came_before_a_reset_stays_readable()
    {
        Script script = Script.Established();
        script.Send(TcpControl.Ack, 0, 0, text: 7);

        script.Send(TcpControl.Rst, 7, 0);

        Assert.Equal((TcpState.Closed, FaultReason.TcpReset), (script.State, script.Client.Tcp.Fault.Reason));
        Assert.Equal(Enumerable.Range(0, 7).Select(i => (byte)i), script.Client.Read());
        Assert.False(script.Client.Tcp.ReceivedAll);
        script.Silence();
    }

    [Fact]
    public void A_reset_in_last_ack_is_an_end_once_all_data_arrived_and_a_fault_before()
    {
        foreach (int committed in new[] { 0, 10 })
        {
            Script script = Script.Established();
            script.Send(FinAck, 0, 0);
            script.Commits(committed);
            script.Client.Tcp.Close();
            script.Client.Poll();

            script.Send(TcpControl.Rst, 1, 0);

            Assert.Equal(committed == 0 ? FaultReason.None : FaultReason.TcpReset, script.Client.Tcp.Fault.Reason);
            Assert.Equal(committed == 0, script.Client.Tcp.AllAcknowledged);
        }
    }

    [Fact]
    public void Nothing_can_be_committed_after_close()
    {
        Script script = Script.Established();
        script.Client.Tcp.Close();

        Assert.True(script.Client.Tcp.SendSpace.IsEmpty);
        script.Client.Tcp.Commit(100);
        Assert.True(script.Client.Tcp.AllAcknowledged);
    }
}
