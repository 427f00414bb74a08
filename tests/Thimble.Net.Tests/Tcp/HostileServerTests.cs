using System;
using System.Linq;
using Thimble.Memory;
using Thimble.Net.Tcp;
using Xunit;

namespace Thimble.Net.Tests.Tcp;

/// <summary>A server that does what no honest one does, and one that falls silent in each state.</summary>
public class HostileServerTests
{
    private const TcpControl FinAck = TcpControl.Fin | TcpControl.Ack, SynAck = TcpControl.Syn | TcpControl.Ack;

    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1024)]
    public void A_fin_behind_text_that_fills_the_window_of_the_syn_is_not_taken(int ring)
    {
        var script = new Script(receiveBytes: ring);
        script.Client.Connect(Script.ClientSequence - 1);
        script.One(TcpControl.Syn);

        script.Send(SynAck | TcpControl.Fin, -1, 0, text: ring);

        Assert.Equal((TcpState.Established, (ushort)0), (script.State, script.Acknowledges(ring).Window));
        Assert.Equal(ring, script.Client.Read().Length);
        script.Acknowledges(ring);
        script.Send(FinAck, ring, 0);
        Assert.Equal(TcpState.CloseWait, script.State);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1024)]
    public void Text_of_a_syn_beyond_the_window_is_cut_off(int ring)
    {
        var script = new Script(receiveBytes: ring);
        script.Client.Connect(Script.ClientSequence - 1);
        script.One(TcpControl.Syn);

        script.Send(SynAck | TcpControl.Fin, -1, 0, text: ring + 1);

        Assert.Equal(TcpState.Established, script.State);
        Assert.Equal(Enumerable.Range(-1, ring).Select(i => (byte)i), script.Client.Read());   // the first stands at the SYN's place
    }

    [Fact]
    public void A_fast_retransmission_stays_within_the_window_that_was_used()
    {
        Script script = Script.Established(maxSegmentBytes: 1000, window: 100);
        script.Commits(100);
        Script.Is(script.One(TcpControl.Ack | TcpControl.Psh), 0, 100);
        script.Commits(400);
        for (int i = 0; i < 3; i++)
        {
            script.Ack(0);
        }

        Script.Is(script.One(TcpControl.Ack), 0, 100);
    }

    [Fact]
    public void A_peer_that_never_closes_its_side_is_probed_and_given_up()
    {
        Script script = Script.Established();
        script.Client.Tcp.Close();
        script.One(FinAck);
        script.Ack(1);
        Assert.Equal(TcpState.FinWait2, script.State);

        Assert.Equal(60_000u, script.WaitUntilDue());
        Script.Is(script.One(TcpControl.Ack), 0, 0);
        AssertEnds(script, 120_000);
        Assert.Equal(FaultReason.TcpTimedOut, script.Client.Tcp.Fault.Reason);
    }

    [Fact]
    public void A_peer_that_answers_probes_may_take_its_time_to_close()
    {
        Script script = Script.Established();
        script.Client.Tcp.Close();
        script.One(FinAck);
        script.Ack(1);
        for (int i = 0; i < 5; i++)
        {
            script.WaitUntilDue();
            script.One(TcpControl.Ack);
            script.Ack(1);
        }

        script.Send(FinAck, 0, 1);
        Assert.Equal(TcpState.TimeWait, script.State);
    }

    /// <summary>Every state in which nothing but the peer, or time, can help: a timer leads out of each.</summary>
    [Theory]
    [InlineData(TcpState.SynSent)]
    [InlineData(TcpState.SynReceived)]
    [InlineData(TcpState.FinWait1)]
    [InlineData(TcpState.FinWait2)]
    [InlineData(TcpState.Closing)]
    [InlineData(TcpState.LastAck)]
    [InlineData(TcpState.TimeWait)]
    public void Silence_ends_every_state_that_waits_for_the_peer(TcpState state)
    {
        foreach (ushort window in new ushort[] { 4000, 30, 0 })
        {
            Script script = In(state, window);
            Assert.Equal(state, script.State);
            AssertEnds(script, 300_000);
        }
    }

    [Theory]
    [InlineData(4000)]
    [InlineData(30)]
    [InlineData(0)]
    public void Silence_ends_a_connection_that_has_something_to_send(ushort window)
    {
        Script script = Script.Established(window: window);
        script.Commits(500);
        AssertEnds(script, 300_000);
        Assert.Equal(FaultReason.TcpTimedOut, script.Client.Tcp.Fault.Reason);
    }

    /// <summary>The peer's window opens, and the segment that says so is lost.</summary>
    [Fact]
    public void A_lost_window_update_is_found_by_a_probe()
    {
        Script script = Script.Established(window: 100);
        script.Commits(300);
        script.One(TcpControl.Ack);
        script.Window = 0;
        script.Ack(100);
        script.Silence();
        for (int i = 0; i < 4; i++)
        {
            script.WaitUntilDue();
            Script.Is(script.One(TcpControl.Ack), 100, 1);
            script.Ack(100);
        }

        script.Window = 4000;
        script.WaitUntilDue();
        script.One(TcpControl.Ack);
        script.Ack(101);
        Assert.Equal(199, script.Client.Poll().Sum(segment => segment.Text.Length));
    }

    [Fact]
    public void A_fin_that_comes_before_what_precedes_it_counts_when_it_comes_again()
    {
        Script script = Script.Established();
        script.Send(FinAck, 20, 0, text: 10);
        script.Acknowledges(0);
        script.Send(FinAck, 30, 0);
        script.Acknowledges(0);
        script.Send(TcpControl.Ack, 0, 0, text: 20);
        script.Acknowledges(30);
        Assert.Equal(TcpState.Established, script.State);
        script.Send(FinAck, 20, 0, text: 10);
        script.Acknowledges(31);

        Assert.Equal(TcpState.CloseWait, script.State);
        Assert.Equal(Enumerable.Range(0, 30).Select(i => (byte)i), script.Client.Read());
        Assert.True(script.Client.Tcp.ReceivedAll);
    }

    [Fact]
    public void Nothing_behind_a_fin_is_delivered()
    {
        Script script = Script.Established();
        script.Send(TcpControl.Ack, 11, 0, text: 10);
        script.Send(FinAck, 0, 0, text: 10);
        script.Send(TcpControl.Ack, 11, 0, text: 10);
        script.Send(TcpControl.Ack, 21, 0, text: 10);

        Assert.Equal(TcpState.CloseWait, script.State);
        Assert.Equal(10, script.Client.Read().Length);
        Assert.True(script.Client.Tcp.ReceivedAll);
    }

    [Fact]
    public void A_segment_with_a_header_beyond_its_end_or_options_without_end_is_malformed()
    {
        foreach (byte[] options in new byte[][] { [2, 0, 0, 0], [2, 1, 0, 0], [8, 0, 0, 0], [1, 1, 1, 8], [1, 1, 2, 4], [8, 40, 0, 0], [2, 3, 1, 0] })
        {
            Script script = Script.Established();
            Assert.Equal(TcpVerdict.Malformed, script.Send(TcpControl.Ack, 0, 0, text: 3, options: options));
            Assert.True(script.Client.Tcp.Received.IsEmpty);
        }
    }

    [Fact]
    public void Abort_leads_to_closed_from_every_state_and_says_so_where_the_peer_waits()
    {
        foreach (TcpState state in Enum.GetValues<TcpState>().Where(state => state is not (TcpState.Closed or TcpState.Established or TcpState.CloseWait)))
        {
            Script script = In(state, 4000);
            script.Client.Tcp.Abort();
            bool waits = state is TcpState.SynReceived or TcpState.FinWait1 or TcpState.FinWait2;
            Assert.Equal(waits ? 1 : 0, script.Client.Poll().Count(segment => segment.Has(TcpControl.Rst)));
            Assert.Equal((TcpState.Closed, uint.MaxValue), (script.State, script.Client.Tcp.PollAt(script.Client.Now)));
        }
    }

    private static void AssertEnds(Script script, uint milliseconds)
    {
        uint start = script.Client.Now;
        for (int i = 0; i < 200 && script.State != TcpState.Closed; i++)
        {
            script.Client.Poll();
            uint wait = script.Client.Tcp.PollAt(script.Client.Now);
            Assert.NotEqual(uint.MaxValue, wait);
            script.Wait(wait);
            script.Client.Poll();
            script.Client.CheckInvariants();
        }

        Assert.Equal(TcpState.Closed, script.State);
        Assert.InRange(script.Client.Now - start, 1u, milliseconds);
    }

    private static Script In(TcpState state, ushort window)
    {
        if (state is TcpState.SynSent or TcpState.SynReceived)
        {
            var opening = new Script { Window = window };
            opening.Client.Connect(Script.ClientSequence - 1);
            opening.Client.Poll();
            if (state == TcpState.SynReceived)
            {
                opening.Send(TcpControl.Syn, -1, 0);
            }

            return opening;
        }

        Script script = Script.Established(window: window);
        if (state == TcpState.LastAck)
        {
            script.Send(FinAck, 0, 0);
        }

        script.Client.Tcp.Close();
        script.Client.Poll();
        if (window == 0)
        {
            script.WaitUntilDue();   // a FIN goes out as a probe
            script.Client.Poll();
        }

        if (state is TcpState.Closing)
        {
            script.Send(FinAck, 0, 0);
        }
        else if (state is TcpState.FinWait2 or TcpState.TimeWait)
        {
            script.Send(state == TcpState.TimeWait ? FinAck : TcpControl.Ack, 0, 1);
        }

        return script;
    }
}
