using System;
using Thimble.Memory;
using Thimble.Net.Tcp;
using Xunit;

namespace Thimble.Net.Tests.Tcp;

/// <summary>RFC 5961, and floods: what somebody outside the path can send.</summary>
public class BlindAttackTests
{
    [Fact]
    public void A_reset_counts_at_the_expected_number_only()
    {
        Script script = Script.Established();
        script.Send(TcpControl.Rst, 1024, 0);
        script.Send(TcpControl.Rst, -1, 0);
        script.Silence();
        Assert.Equal(TcpState.Established, script.State);

        script.Send(TcpControl.Rst, 1, 0);
        Assert.Equal(TcpState.Established, script.State);
        script.Acknowledges(0);

        script.Send(TcpControl.Rst, 0, 0);
        Assert.Equal(FaultReason.TcpReset, script.Client.Tcp.Fault.Reason);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    [InlineData(-1)]
    [InlineData(50_000)]
    public void A_syn_is_only_ever_challenged(int sequence)
    {
        Script script = Script.Established();
        script.Send(TcpControl.Syn, sequence, 0);
        script.Acknowledges(0);
        script.Send(TcpControl.Syn | TcpControl.Ack, sequence, 0);

        script.Silence();
        Assert.Equal(TcpState.Established, script.State);
    }

    [Fact]
    public void An_acknowledgement_of_what_was_never_sent_or_too_long_ago_brings_no_data()
    {
        foreach (int acknowledgement in new[] { 1, 100_000, -4001 })
        {
            Script script = Script.Established();
            script.Send(TcpControl.Ack, 0, acknowledgement, text: 10);
            Assert.True(script.Client.Tcp.Received.IsEmpty);
            script.Acknowledges(0);
        }

        Script old = Script.Established();
        old.Send(TcpControl.Ack, 0, -4000, text: 10);
        Assert.Equal(10, old.Client.Tcp.Received.Length);
    }

    [Fact]
    public void Challenges_are_few_however_many_segments_come()
    {
        Script script = Script.Established();
        int answers = 0;
        for (int i = 0; i < 10_000; i++)
        {
            script.Send((i % 4) switch { 0 => TcpControl.Rst, 1 => TcpControl.Syn, 2 => TcpControl.Ack, _ => TcpControl.Syn | TcpControl.Ack }, (i % 4) == 2 ? 5000 + i : 1 + (i % 900), 100_000 + i);
            answers += script.Client.Poll().Count;
            if (i % 10 == 9)
            {
                script.Wait(1);
            }
        }

        Assert.InRange(answers, 1, 3);
        Assert.Equal(TcpState.Established, script.State);
    }

    [Fact]
    public void Segments_without_an_acknowledgement_are_ignored()
    {
        Script script = Script.Established();
        script.Send(TcpControl.None, 0, 0, text: 10);
        script.Send(TcpControl.Fin, 0, 0);

        script.Silence();
        Assert.Equal((TcpState.Established, 0), (script.State, script.Client.Tcp.Received.Length));
    }

    [Fact]
    public void Every_single_flipped_bit_and_every_truncation_is_refused()
    {
        Script script = Script.Established();
        byte[] good = new Segment(Client.PeerPort, Client.Port, Script.PeerSequence, Script.ClientSequence, TcpControl.Ack, 1000, new byte[21], [2, 4, 2, 0])
            .Encode(Segment.PeerAddress, Segment.ClientAddress);
        for (int bit = 0; bit < good.Length * 8; bit++)
        {
            byte[] bad = [.. good];
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(TcpVerdict.Malformed, script.Client.Receive(bad));
        }

        for (int length = 0; length < good.Length; length++)
        {
            Assert.Equal(TcpVerdict.Malformed, script.Client.Receive(good.AsSpan(0, length)));
        }

        Assert.Equal(0, script.Client.Tcp.Received.Length);
        Assert.Equal(TcpVerdict.Taken, script.Client.Receive(good));
        Assert.Equal(21, script.Client.Tcp.Received.Length);
    }
}
