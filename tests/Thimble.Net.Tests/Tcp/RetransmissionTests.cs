using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Net.Tcp;
using Xunit;

namespace Thimble.Net.Tests.Tcp;

/// <summary>RFC 6298, RFC 5681 and the probes of RFC 9293 §3.8.6.1, by the millisecond.</summary>
public class RetransmissionTests
{
    private const TcpControl PshAck = TcpControl.Psh | TcpControl.Ack;

    [Fact]
    public void An_unanswered_segment_is_sent_again_with_doubled_time_outs_until_the_limit()
    {
        Script script = Script.Established();
        script.Commits(50);
        uint start = script.Client.Now;
        script.One(PshAck);
        var waits = new List<uint>();
        while (script.State == TcpState.Established)
        {
            waits.Add(script.WaitUntilDue());
            Segment again = script.Client.Poll()[0];
            Assert.True(again.Has(TcpControl.Rst) || again.Text.Length == 50);
        }

        // One round trip of 10 ms was measured, so the estimate lies below the smallest time-out.
        Assert.Equal([200u, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 51_200], waits);
        Assert.Equal((FaultReason.TcpTimedOut, 100_000u, script.Client.Now - start), (script.Client.Tcp.Fault.Reason, script.Client.Tcp.Fault.Expected, script.Client.Tcp.Fault.Actual));
        Assert.False(script.Client.Tcp.AllAcknowledged);
    }

    [Fact]
    public void The_time_out_follows_the_measured_round_trips()
    {
        Script script = Script.Established();
        script.Commits(50);
        script.Client.Poll();
        script.Wait(150);
        script.Ack(50);

        // SRTT = 10 + 140/8 = 27.5, RTTVAR = 5 + (140 - 5)/4 = 38.75, RTO = 27.5 + 155.
        Assert.Equal((220u, 155u), (script.Client.Block.SmoothedRoundTrip, script.Client.Block.RoundTripVariation));
        script.Commits(50);
        script.Client.Poll();
        script.Wait(199);
        script.Silence();
        script.Ack(100);

        // The difference is 172: SRTT = 27.5 + 172/8, RTTVAR = 38.75 + (172 - 38)/4 = 72.25.
        Assert.Equal((392u, 289u), (script.Client.Block.SmoothedRoundTrip, script.Client.Block.RoundTripVariation));
        Assert.Equal(49 + 289, script.Client.Block.Rto);
    }

    [Fact]
    public void What_was_sent_twice_is_not_measured()
    {
        Script script = Script.Established();
        uint before = script.Client.Block.SmoothedRoundTrip;
        script.Commits(50);
        script.One(PshAck);
        script.WaitUntilDue();
        Script.Is(script.One(PshAck), 0, 50);
        script.Wait(3);
        script.Ack(50);

        Assert.Equal(before, script.Client.Block.SmoothedRoundTrip);
        Assert.Equal(400, script.Client.Block.Rto);
    }

    [Fact]
    public void After_a_time_out_everything_unacknowledged_is_sent_again_from_one_segment_on()
    {
        Script script = Script.Established();
        script.Commits(400);
        Assert.Equal(4, script.Client.Poll().Count);
        script.WaitUntilDue();

        Script.Is(script.One(TcpControl.Ack), 0, 100);
        script.Ack(100);
        List<Segment> next = script.Client.Poll();
        Assert.Equal([100, 200], next.Select(Script.At));
        script.Ack(400);
        script.Silence();
        Assert.True(script.Client.Tcp.AllAcknowledged);
    }

    [Fact]
    public void Three_duplicate_acknowledgements_bring_the_lost_segment_at_once_and_only_it()
    {
        Script script = Script.Established();
        script.Client.Block.CongestionWindow = 1000;
        script.Commits(1000);
        Assert.Equal(10, script.Client.Poll().Count);

        script.Ack(100);
        script.Ack(100);
        script.Ack(100);
        script.Silence();
        script.Ack(100);

        Script.Is(script.One(TcpControl.Ack), 100, 100);
        script.Ack(100);
        script.Silence();
        Assert.Equal(450, script.Client.Block.SlowStartThreshold);
        script.Ack(1000);
        Assert.Equal(450, script.Client.Block.CongestionWindow);
    }

    [Fact]
    public void A_segment_with_data_or_another_window_is_no_duplicate_acknowledgement()
    {
        Script script = Script.Established();
        script.Commits(500);
        script.Client.Poll();

        for (int i = 0; i < 6; i++)
        {
            script.Send(TcpControl.Ack, i * 10, 0, text: 10);
            script.Window += 10;
            script.Ack(0, (i + 1) * 10);
        }

        Assert.DoesNotContain(script.Client.Poll(), segment => segment.Text.Length != 0);
    }

    [Fact]
    public void Slow_start_opens_by_a_segment_for_each_acknowledgement_and_avoidance_by_one_for_a_window()
    {
        Script script = Script.Established();
        Assert.Equal(400, script.Client.Block.CongestionWindow);
        script.Client.Block.SlowStartThreshold = 500;
        script.Commits(2000);
        Assert.Equal([0, 100, 200, 300], script.Client.Poll().Select(Script.At));
        script.Ack(100);
        Assert.Equal(500, script.Client.Block.CongestionWindow);
        script.Client.Poll();
        script.Ack(300);
        script.Client.Poll();
        Assert.Equal(500, script.Client.Block.CongestionWindow);
        script.Ack(600);
        Assert.Equal(600, script.Client.Block.CongestionWindow);
    }

    [Fact]
    public void A_closed_window_is_probed_for_hours_while_the_peer_answers()
    {
        Script script = Script.Established(window: 100);
        script.Commits(300);
        Script.Is(script.One(TcpControl.Ack), 0, 100);
        script.Window = 0;
        script.Ack(100);
        script.Silence();
        var waits = new List<uint>();
        for (int i = 0; i < 200; i++)
        {
            waits.Add(script.WaitUntilDue());
            Segment probe = Assert.Single(script.Client.Poll());
            Script.Is(probe, 100, 1);
            script.Ack(100);
        }

        Assert.Equal([200u, 400, 800, 1600], waits.Take(4));
        Assert.Equal(60_000u, waits[^1]);

        script.Window = 1000;
        script.Ack(100);
        Assert.Equal([100, 200], script.Client.Poll().Select(Script.At));
        Assert.Equal(200, script.Client.Block.Rto);
        script.Ack(300);
        Assert.True(script.Client.Tcp.AllAcknowledged);
    }

    [Fact]
    public void A_closed_window_whose_peer_is_silent_ends_in_a_time_out()
    {
        Script script = Script.Established(window: 100);
        script.Commits(300);
        script.One(TcpControl.Ack);
        script.Window = 0;
        script.Ack(100);
        for (int i = 0; i < 12 && script.State == TcpState.Established; i++)
        {
            script.WaitUntilDue();
            script.Client.Poll();
        }

        Assert.Equal(FaultReason.TcpTimedOut, script.Client.Tcp.Fault.Reason);
    }

    [Fact]
    public void An_acknowledgement_during_a_probe_lies_where_a_closed_window_looks_at_it()
    {
        Script script = Script.Established(window: 0);
        script.Commits(100);
        script.WaitUntilDue();
        Script.Is(script.Client.Poll()[0], 0, 1);

        script.Send(TcpControl.Ack, 0, 0, text: 10);
        script.Send(TcpControl.Ack, 10, 0, text: 10);

        Assert.Equal(0, Script.At(script.Acknowledges(20)));
    }

    [Fact]
    public void A_window_too_small_to_be_worth_it_is_used_when_the_timer_runs_out()
    {
        Script script = Script.Established(window: 4000);
        script.Window = 10;
        script.Ack(0);
        script.Commits(100);
        script.Silence();
        Assert.Equal(200u, script.WaitUntilDue());

        Script.Is(script.One(TcpControl.Ack), 0, 10);
    }

    [Fact]
    public void Small_commits_leave_at_once_and_the_last_segment_is_pushed()
    {
        Script script = Script.Established();
        script.Commits(5);
        Script.Is(script.One(PshAck), 0, 5);
        script.Commits(150);
        List<Segment> segments = script.Client.Poll();

        Assert.Equal([TcpControl.Ack, PshAck], segments.Select(segment => segment.Flags));
        Assert.Equal([100, 50], segments.Select(segment => segment.Text.Length));
    }

    [Fact]
    public void Keep_alive_probes_a_silent_peer_and_gives_up()
    {
        Script script = Script.Established();
        script.Client.Tcp.KeepAlive(120);
        Assert.Equal(120_000u, script.WaitUntilDue());
        Script.Is(script.One(TcpControl.Ack), -1, 0);
        script.Ack(0);
        Assert.Equal(120_000u, script.WaitUntilDue());
        int probes = 0;
        while (script.State == TcpState.Established)
        {
            probes += script.Client.Poll().Count(segment => Script.At(segment) == -1);
            script.Wait(script.Client.Tcp.PollAt(script.Client.Now));
        }

        Assert.Equal(10, probes);
        Assert.Equal(FaultReason.TcpTimedOut, script.Client.Tcp.Fault.Reason);
    }

    [Fact]
    public void Without_keep_alive_an_idle_connection_waits_for_ever() =>
        Assert.Equal(uint.MaxValue, Script.Established().Client.Tcp.PollAt(5000));
}
