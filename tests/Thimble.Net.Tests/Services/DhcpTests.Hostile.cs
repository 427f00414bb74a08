using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Net.Tests.Ip;
using Xunit;

namespace Thimble.Net.Tests.Services;

// Servers that lie, servers that are slow, and those that speak for others.
public partial class DhcpTests
{
    private static readonly byte[] OtherServer = [192, 0, 2, 7];

    /// <summary>RFC 2131 §4.4.1: a server that answers late must not make us use the address for longer than it grants.</summary>
    [Fact]
    public void ALeaseCountsFromWhenItWasFirstRequested()
    {
        byte[] request = TakeOffer();
        uint sent = _host.Now;
        _host.Next();   // again, after some 4 s
        _host.Now += 3000;
        uint late = _host.Now - sent;
        Assert.InRange(late, 5000u, 9000u);
        _host.Receive(Answer(request, Ack, Times, Rest));
        Assert.All(Enumerable.Range(0, 5), _ => _host.Next());
        Assert.Equal(768_000u - (_host.Now - sent), _host.Network.PollAt(_host.Now));
    }

    [Fact]
    public void ARenewedLeaseCountsFromTheLatestRequestAndEachHasItsOwnNumber()
    {
        uint start = Bind();
        WaitUntil(start + 768_000);
        _host.LearnPeer();
        byte[] first = NextDatagram();
        byte[] second = NextDatagram();
        uint sent = _host.Now;
        Assert.NotEqual(first[46..50], second[46..50]);
        _host.Now += 5000;
        _host.Receive(Answer(first, Ack, Times, Rest));
        Assert.NotEqual(763_000u, _host.Network.PollAt(_host.Now));
        _host.Receive(Answer(second, Ack, Times, Rest));
        Assert.Equal(sent + 768_000u, _host.Now + _host.Network.PollAt(_host.Now));
    }

    /// <summary>RFC 2131 table 3 has 0 hops in answers, but servers copy what a relay counted.</summary>
    [Fact]
    public void AnAnswerThroughARelayIsTaken()
    {
        byte[] offer = Reply(Assert.Single(_host.Poll()), Offer, Times, Rest);
        offer[3] = 1;
        _host.Receive(Frame(offer));
        Assert.Equal([3], Option(Assert.Single(_host.Poll()), 53));
    }

    [Theory]
    [InlineData(Ack)]
    [InlineData(Nak)]
    public void WhileTheServerIsAskedForMoreTimeNobodyElseAnswers(int type)
    {
        uint start = Bind();
        WaitUntil(start + 768_000);
        _host.LearnPeer();
        byte[] renewal = NextMessage();
        _host.Receive(Frame(From(OtherServer, Reply(renewal, type, Times, Rest))));
        Assert.True(_host.Network.IsConfigured);
        Assert.Equal(1, _host.Network.Counters.Unsolicited);
    }

    [Fact]
    public void TheServerThatReboundUsIsTheOneThatRenews()
    {
        uint start = Bind();
        byte[] message = [];
        for (int i = 0; i < 200 && _host.Now - start < 3_072_000; i++)
        {
            message = _host.Wait().LastOrDefault(frame => frame.Length > 300) ?? [];
        }

        Assert.Equal(3_072_000u, _host.Now - start);
        Assert.True(Packets.IsTo(message, Packets.All));
        _host.Receive(Frame(From(OtherServer, Reply(message, Ack, Times, Rest))));
        byte[] question = _host.Next(768_000);
        Assert.Equal([0x08, 0x06], question[12..14]);
        Assert.Equal(OtherServer, question[38..42]);
    }

    [Fact]
    public void ADeclineSaysNothingOfSeconds()
    {
        _host.Receive(Answer(TakeOffer(), Ack, Times, Rest));
        _host.Next();
        _host.Receive(Packets.Arp(Packets.Own, 2, Packets.Peer, Packets.OwnAddress, Packets.Own, new byte[4]));
        byte[] decline = Assert.Single(_host.Poll());
        Assert.Equal([4], Option(decline, 53));
        Assert.Equal(0, Packets.ReadWord(decline, 50));
    }

    [Theory]
    [InlineData(255)]
    [InlineData(0)]
    public void AnAddressThatNamesTheWholeLinkIsNotTaken(byte last)
    {
        byte[] offer = Reply(Assert.Single(_host.Poll()), Offer, Times, Rest);
        offer[19] = last;
        _host.Receive(Frame(offer));
        byte[] acknowledgement = Reply(Assert.Single(_host.Poll()), Ack, Times, Rest);
        acknowledgement[19] = last;
        _host.Receive(Frame(acknowledgement));
        Assert.Equal([3], Option(_host.Next(), 53));
    }

    [Theory]
    [InlineData(53)]
    [InlineData(54)]
    public void AnOfferWithoutTypeOrServerIsNotTaken(byte without)
    {
        byte[] offer = Reply(Assert.Single(_host.Poll()), Offer, Times, Rest);
        offer[without == 53 ? 240 : 243] = 224;   // reserved for private use
        _host.Receive(Frame(offer));
        Assert.Empty(_host.Poll());
    }

    [Fact]
    public void ARouterBeyondTheLinkIsNoWay()
    {
        _host.Receive(Answer(TakeOffer(), Ack, Times, [1, 4, 255, 255, 255, 0, 3, 4, 10, 0, 0, 1]));
        Assert.All(Enumerable.Range(0, 5), _ => _host.Next());
        Assert.False(_host.Network.Connect(_host.Now, Thimble.Net.Wire.Ipv4Address.Of(198, 51, 100, 1), 1));
    }

    [Fact]
    public void ASecondClaimOfABoundAddressWithinTenSecondsDeclinesIt()
    {
        Bind();
        byte[] claim = Packets.Arp(Packets.All, 2, Packets.Peer, Packets.OwnAddress, new byte[6], Packets.OwnAddress);
        _host.Receive(claim);
        Assert.Equal(Packets.Arp(Packets.All, 1, Packets.Own, Packets.OwnAddress, new byte[6], Packets.OwnAddress), Assert.Single(_host.Poll()));
        Assert.True(_host.Network.Connect(_host.Now, Thimble.Net.Wire.Ipv4Address.Of(192, 0, 2, 1), 1));
        _host.Now += 9000;
        _host.Receive(claim);
        Assert.False(_host.Network.IsConfigured);
        Assert.Equal(FaultReason.AddressLost, _host.Network.Fault.Reason);
        Assert.Equal([4], Option(Assert.Single(_host.Poll()), 53));
        Assert.Equal(Thimble.Net.Tcp.TcpState.Closed, _host.Network.Tcp.State);
        Assert.Equal([1], Option(_host.Next(), 53));
    }

    /// <summary>A lease of one second is renewed, rebound and lost, and no number of polls at one instant goes on for ever.</summary>
    [Fact]
    public void ALeaseOfOneSecondDoesNotKeepUsBusy()
    {
        _host.Receive(Answer(TakeOffer(), Ack, [51, 4, 0, 0, 0, 1], Rest));
        int frames = 0;
        for (int i = 0; i < 50; i++)
        {
            frames += _host.Wait(100).Count;
        }

        Assert.InRange(frames, 4, 20);
    }

    /// <summary>Answers repeated, out of order and damaged by a seeded link: bound, or still asking, and never beyond the memory.</summary>
    [Fact]
    public void DamagedRepeatedAndReorderedAnswersNeverStopUs()
    {
        int bound = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            bound += Survives(new Random(seed)) ? 1 : 0;
        }

        Assert.InRange(bound, 300, 400);
    }

    /// <summary>The next message to the server, whose station is told where it is asked for.</summary>
    private byte[] NextDatagram()
    {
        byte[] frame = _host.Next();
        for (int i = 0; i < 5 && Packets.ReadWord(frame, 12) == 0x0806; i++)
        {
            _host.Receive(Packets.Arp(Packets.Own, 2, Packets.Peer, Packets.PeerAddress, Packets.Own, Packets.OwnAddress));
            frame = _host.Next();
        }

        Assert.Equal(0x0800, Packets.ReadWord(frame, 12));
        return frame;
    }

    private static bool Survives(Random random)
    {
        var tests = new DhcpTests();
        TestHost host = tests._host;
        var waiting = new List<byte[]>();
        for (int step = 0; step < 60; step++)
        {
            foreach (byte[] frame in host.Wait(20_000).Where(frame => frame.Length > 300))
            {
                int type = Option(frame, 53)![0] == 1 ? Offer : Ack;
                waiting.Add(Answer(frame, type, Times, Rest));
            }

            for (int i = random.Next(4); i > 0 && waiting.Count > 0; i--)
            {
                byte[] answer = waiting[random.Next(waiting.Count)];
                host.Receive(random.Next(3) == 0 ? Damaged(random, answer) : answer);
            }

            Assert.True(NetworkPlan.IsPrepared(host.Memory));
        }

        return host.Network.IsConfigured;
    }

    /// <summary>A message with bytes changed, cut off or added, and right checksums, so that it is looked at.</summary>
    private static byte[] Damaged(Random random, byte[] frame)
    {
        byte[] message = frame[42..];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            message[random.Next(2) == 0 ? random.Next(message.Length) : random.Next(240, message.Length)] = (byte)random.Next(256);
        }

        return Frame(random.Next(4) == 0 ? message[..random.Next(message.Length)] : message);
    }

    private static byte[] From(byte[] server, byte[] message)
    {
        server.CopyTo(message, 245);
        return message;
    }
}
