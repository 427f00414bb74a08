using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Net.Tests.Ip;
using Thimble.Net.Wire;
using Xunit;

namespace Thimble.Net.Tests.Services;

/// <summary>A scripted server against RFC 2131.</summary>
public class DhcpTests
{
    private const int Offer = 2, Ack = 5, Nak = 6;

    private static readonly byte[] Times = [51, 4, 0, 0, 14, 16, 58, 4, 0, 0, 3, 0, 59, 4, 0, 0, 12, 0];   // 3600, T1 768, T2 3072
    private static readonly byte[] Rest = [1, 4, 255, 255, 255, 0, 3, 4, 192, 0, 2, 1, 6, 8, 192, 0, 2, 1, 192, 0, 2, 3];

    private readonly TestHost _host = new(uint.MaxValue - 2000, fixedAddress: false);   // the clock wraps on the way

    public DhcpTests() => _host.Network.UseDhcp(_host.Now);

    [Fact]
    public void DiscoverIsWhatTheRfcSays()
    {
        byte[] discover = Assert.Single(_host.Poll());
        Assert.True(Packets.IsTo(discover, Packets.All));
        Assert.Equal(14 + 20 + 8 + 300, discover.Length);
        Assert.Equal(0, Packets.Checksum(discover[14..34]));
        Assert.Equal(0, Packets.Checksum([.. discover[26..34], 0, 17, .. Packets.Word(308), .. discover[34..]]));
        Assert.Equal(new byte[4], discover[26..30]);
        Assert.Equal([0, 68, 0, 67, 1, 52], discover[34..40]);
        Assert.Equal([1, 1, 6, 0], discover[42..46]);
        Assert.Equal(0x8000, Packets.ReadWord(discover, 52));
        Assert.Equal(Packets.Own, discover[70..76]);
        Assert.Equal([99, 130, 83, 99], discover[278..282]);
        Assert.Equal([1], Option(discover, 53));
        Assert.Equal([1, 3, 6], Option(discover, 55));
    }

    [Fact]
    public void AnOfferIsRequestedProbedAndAnnounced()
    {
        byte[] request = TakeOffer();
        Assert.Equal([3], Option(request, 53));
        Assert.Equal(Packets.OwnAddress, Option(request, 50));
        Assert.Equal(Packets.PeerAddress, Option(request, 54));
        Assert.Null(_host.Receive(Answer(request, Ack, Times, Rest)));
        Assert.False(_host.Network.IsConfigured);
        byte[] probe = Packets.Arp(Packets.All, 1, Packets.Own, new byte[4], new byte[6], Packets.OwnAddress);
        Assert.Equal(probe, _host.Next());
        Assert.Equal(probe, _host.Next());
        Assert.Equal(Packets.Arp(Packets.All, 1, Packets.Own, Packets.OwnAddress, new byte[6], Packets.OwnAddress), _host.Next());
        Assert.True(_host.Network.IsConfigured);
        Assert.Equal(Packets.OwnAddress, Bytes(_host.Network.Address));
        Assert.Equal(Packets.PeerAddress, Bytes(_host.Network.Gateway));
        Assert.Equal(Packets.PeerAddress, Bytes(_host.Network.NameServer));
    }

    [Fact]
    public void LossIsMetWithBackOffAndAFaultAndNoEnd()
    {
        uint[] expected = [4000, 8000, 16_000, 32_000, 64_000, 64_000, 64_000];
        Assert.Single(_host.Poll());
        foreach (uint wait in expected)
        {
            Assert.InRange(_host.Network.PollAt(_host.Now), wait - 1024, wait + 1024);
            Assert.Equal([1], Option(Assert.Single(_host.Wait()), 53));
        }

        Assert.Equal(FaultReason.DhcpNoAnswer, _host.Network.Fault.Reason);
        Assert.InRange(_host.Network.Fault.Actual, 56_000u, 64_100u);
    }

    [Fact]
    public void AnswersToOthersAndDamagedOnesAreNotTaken()
    {
        byte[] discover = Assert.Single(_host.Poll());
        byte[] good = Reply(discover, Offer, Times, Rest);
        foreach ((int at, byte value) in new (int, byte)[] { (0, 1), (1, 2), (2, 16), (4, (byte)~good[4]), (28, 9), (236, 0), (242, 9), (16, 0) })
        {
            byte[] bad = [.. good];
            bad[at] = value;
            Assert.Null(_host.Receive(Frame(bad)));
        }

        Assert.Null(_host.Receive(Frame(good[..239])));
        for (int bytes = 240; bytes < good.Length; bytes++)
        {
            Assert.Null(_host.Receive(Frame(good[..bytes])));   // without its end
        }

        Assert.Empty(_host.Poll());
        Assert.Equal(8 + good.Length - 239, _host.Network.Counters.Unsolicited);
    }

    [Fact]
    public void AnOptionBeyondTheMessageIsRefused()
    {
        byte[] discover = Assert.Single(_host.Poll());
        byte[] good = Reply(discover, Offer, Times, Rest);
        good[^1] = 6;
        Assert.Null(_host.Receive(Frame(good)));
        Assert.Null(_host.Receive(Frame([.. good, 255])));
        Assert.Empty(_host.Poll());
    }

    [Fact]
    public void AnotherServersAckIsNotOurs()
    {
        byte[] request = TakeOffer();
        byte[] foreign = Reply(request, Ack, Times, Rest);
        foreign[248] = 77;   // the server identifier's last byte
        Assert.Null(_host.Receive(Frame(foreign)));
        Assert.Equal([3], Option(_host.Next(), 53));   // asks again
    }

    [Fact]
    public void ARequestThatIsNotAnsweredEndsInANewDiscover()
    {
        TakeOffer();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal([3], Option(_host.Next(), 53));
        }

        Assert.Equal([1], Option(_host.Next(), 53));
    }

    [Fact]
    public void ANakBeginsAnew()
    {
        byte[] request = TakeOffer();
        Assert.Null(_host.Receive(Answer(request, Nak)));
        byte[] discover = _host.Next();
        Assert.Equal([1], Option(discover, 53));
        Assert.NotEqual(request[46..50], discover[46..50]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AnAddressThatAnotherUsesOrProbesIsDeclined(bool uses)
    {
        _host.Receive(Answer(TakeOffer(), Ack, Times, Rest));
        _host.Next();
        Assert.Null(_host.Receive(uses
            ? Packets.Arp(Packets.Own, 2, Packets.Peer, Packets.OwnAddress, Packets.Own, new byte[4])
            : Packets.Arp(Packets.All, 1, Packets.Peer, new byte[4], new byte[6], Packets.OwnAddress)));
        byte[] decline = Assert.Single(_host.Poll());
        Assert.Equal([4], Option(decline, 53));
        Assert.Equal(Packets.OwnAddress, Option(decline, 50));
        Assert.Equal(Packets.PeerAddress, Option(decline, 54));
        Assert.Equal(FaultReason.AddressLost, _host.Network.Fault.Reason);
        Assert.Equal(10_000u, _host.Network.PollAt(_host.Now));
        Assert.Equal([1], Option(_host.Next(), 53));
    }

    [Fact]
    public void ALeaseIsRenewedWithItsServer()
    {
        uint start = Bind();
        WaitUntil(start + 768_000);
        _host.LearnPeer();
        byte[] renewal = NextMessage();
        Assert.True(Packets.IsTo(renewal, Packets.Peer));
        Assert.Equal([3], Option(renewal, 53));
        Assert.Equal(Packets.OwnAddress, renewal[54..58]);   // ciaddr
        Assert.Null(Option(renewal, 50));
        Assert.Null(Option(renewal, 54));
        Assert.Null(_host.Receive(Answer(renewal, Ack, Times, Rest)));
        Assert.True(_host.Network.IsConfigured);
        Assert.Equal(768_000u, _host.Network.PollAt(_host.Now));
    }

    [Fact]
    public void ALeaseThatNobodyRenewsIsReboundAndThenLost()
    {
        uint start = Bind();
        var broadcasts = new List<uint>();
        for (int i = 0; i < 200 && _host.Network.IsConfigured; i++)
        {
            broadcasts.AddRange(_host.Wait().Where(frame => frame.Length > 300 && Packets.IsTo(frame, Packets.All)).Select(_ => _host.Now - start));
        }

        Assert.Equal(3_600_000u, _host.Now - start);
        Assert.Equal(FaultReason.AddressLost, _host.Network.Fault.Reason);
        Assert.Equal(3_072_000u, broadcasts[0]);
        Assert.InRange(broadcasts.Count, 3, 6);
    }

    [Fact]
    public void TimesOutOfOrderAndEndlessLeasesAreMadeSafe()
    {
        byte[] odd = [51, 4, 255, 255, 255, 255, 58, 4, 0, 0, 0, 0, 59, 4, 255, 255, 255, 255];
        _host.Receive(Answer(TakeOffer(), Ack, odd, Rest));
        _host.Next();
        _host.Next();
        _host.Next();
        Assert.InRange(_host.Network.PollAt(_host.Now), 999_000_000u, 1_000_000_000u);
    }

    [Theory]
    [InlineData(1, 4, 255, 0, 255, 0)]     // a mask with a hole
    [InlineData(1, 4, 0, 0, 0, 0)]         // an empty mask
    [InlineData(51, 4, 0, 0, 0, 0)]        // no time at all
    public void AnAckThatMakesNoSenseIsNotTaken(params int[] option)
    {
        byte[] first = [.. option.Select(value => (byte)value)];
        _host.Receive(Answer(TakeOffer(), Ack, first, [.. Times, .. Rest]));
        Assert.Equal([3], Option(_host.Next(), 53));
    }

    /// <summary>Binds, and gives when the lease began.</summary>
    private uint Bind()
    {
        byte[] request = TakeOffer();
        uint start = _host.Now;
        _host.Receive(Answer(request, Ack, Times, Rest));
        for (int i = 0; i < 3; i++)
        {
            _host.Next();
        }

        Assert.True(_host.Network.IsConfigured);
        return start;
    }

    private byte[] TakeOffer()
    {
        byte[] discover = Assert.Single(_host.Poll());
        Assert.Null(_host.Receive(Answer(discover, Offer, Times, Rest)));
        return Assert.Single(_host.Poll());
    }

    private void WaitUntil(uint when)
    {
        Assert.Equal(when - _host.Now, _host.Network.PollAt(_host.Now));
        _host.Now = when;
    }

    private byte[] NextMessage()
    {
        byte[] frame = _host.Next();
        return Packets.ReadWord(frame, 12) == 0x0800 ? frame : _host.Next();
    }

    private static byte[] Answer(byte[] question, int type, params byte[][] options) => Frame(Reply(question, type, options));

    private static byte[] Reply(byte[] question, int type, params byte[][] options)
    {
        byte[] fixedPart = [2, 1, 6, 0, .. question[46..50], 0, 0, 0x80, 0, 0, 0, 0, 0, .. Packets.OwnAddress, .. new byte[8], .. Packets.Own, .. new byte[10 + 64 + 128]];
        return [.. fixedPart, 99, 130, 83, 99, 53, 1, (byte)type, 54, 4, .. Packets.PeerAddress, .. options.SelectMany(option => option), 255];
    }

    private static byte[] Frame(byte[] message) => Packets.Ethernet(
        Packets.All, Packets.Peer, 0x0800, Packets.Ip(17, Packets.PeerAddress, Packets.AllAddress, Packets.Udp(Packets.PeerAddress, 67, Packets.AllAddress, 68, message)));

    private static byte[]? Option(byte[] frame, int code)
    {
        for (int at = 282; frame[at] != 255; at += frame[at] == 0 ? 1 : 2 + frame[at + 1])
        {
            if (frame[at] == code)
            {
                return frame[(at + 2)..(at + 2 + frame[at + 1])];
            }
        }

        return null;
    }

    private static byte[] Bytes(Ipv4Address address) => Packets.Number(address.Value);
}
