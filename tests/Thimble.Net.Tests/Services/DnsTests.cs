using System.Linq;
using System.Text;
using Thimble.Memory;
using Thimble.Net.Tests.Ip;
using Thimble.Net.Wire;
using Xunit;

namespace Thimble.Net.Tests.Services;

/// <summary>A scripted name server against RFC 1035.</summary>
public class DnsTests
{
    private static readonly byte[] Answer1 = [198, 51, 100, 7];
    private static readonly byte[] Owner = [0xC0, 12];

    private readonly TestHost _host = new();

    public DnsTests() => _host.Network.UseNameServer(Ipv4Address.Read(Packets.PeerAddress));

    [Fact]
    public void TheQuestionIsWhatTheRfcSays()
    {
        byte[] query = Ask("Broker.example");
        Assert.Equal([1, 0, 0, 1, 0, 0, 0, 0, 0, 0], query[44..54]);
        Assert.Equal([6, .. "Broker"u8, 7, .. "example"u8, 0, 0, 1, 0, 1], query[54..]);
        Assert.Equal(0, Packets.Checksum([.. query[26..34], 0, 17, .. Packets.Word(query.Length - 34), .. query[34..]]));
        Assert.True(Packets.ReadWord(query, 34) >= 0xC000);
    }

    [Fact]
    public void AnAddressIsTaken()
    {
        byte[] query = Ask("broker.example");
        _host.Receive(Reply(query, 0x8180, 1, Record(Owner, 1, Answer1)));
        AssertResolved(Answer1);
    }

    [Fact]
    public void AliasesAreFollowedInAnyOrderAndAnyCase()
    {
        byte[] query = Ask("a.example");
        byte[] first = [1, (byte)'B', 0xC0, 14];   // b.example, by a pointer into the question
        byte[] second = [1, (byte)'c', 0];
        _host.Receive(Reply(query, 0x8180, 3, [.. Record([1, (byte)'C', 0], 1, Answer1), .. Record([1, (byte)'b', 7, .. "EXAMPLE"u8, 0], 5, second), .. Record(Owner, 5, first)]));
        AssertResolved(Answer1);
    }

    [Fact]
    public void AliasesInACircleEnd()
    {
        byte[] query = Ask("a.example");
        _host.Receive(Reply(query, 0x8180, 1, Record(Owner, 5, Owner)));
        Assert.Equal(FaultReason.DnsNameUnknown, _host.Network.Fault.Reason);
    }

    [Theory]
    [InlineData(0x8183, FaultReason.DnsNameUnknown, 3u)]
    [InlineData(0x8180, FaultReason.DnsNameUnknown, 0u)]
    [InlineData(0x8182, FaultReason.DnsServerFailed, 2u)]
    [InlineData(0x8185, FaultReason.DnsServerFailed, 5u)]
    [InlineData(0x8380, FaultReason.DnsServerFailed, 0x200u)]   // truncated
    public void RefusalsAreNamed(int flags, FaultReason reason, uint actual)
    {
        byte[] query = Ask("a.example");
        _host.Receive(Reply(query, flags, 0, []));
        Assert.Equal(QueryStatus.Failed, _host.Network.ResolveStatus);
        Assert.Equal((reason, actual), (_host.Network.Fault.Reason, _host.Network.Fault.Actual));
    }

    [Fact]
    public void OnlyTheAnswerToTheQuestionIsTaken()
    {
        byte[] query = Ask("a.example");
        byte[] good = Reply(query, 0x8180, 1, Record(Owner, 1, Answer1))[42..];
        int port = Packets.ReadWord(query, 34);
        foreach (int at in (int[])[0, 1, 2, 5, 12, 13, 15, 24, 26])   // identifier, response, count, name, type, class
        {
            byte[] bad = [.. good];
            bad[at] ^= 0x81;
            _host.Receive(Packets.UdpFrame(53, port, bad));
        }

        _host.Receive(Packets.UdpFrame(54, port, good));
        _host.Receive(Packets.UdpFrame(53, port ^ 1, good));
        _host.Receive(Packets.Ethernet(Packets.Own, Packets.Peer, 0x0800, Packets.Ip(17, [192, 0, 2, 66], Packets.OwnAddress, Packets.Udp([192, 0, 2, 66], 53, Packets.OwnAddress, port, good))));
        for (int bytes = 0; bytes < good.Length; bytes++)
        {
            _host.Receive(Packets.UdpFrame(53, port, good[..bytes]));
        }

        Assert.Equal(QueryStatus.InProgress, _host.Network.ResolveStatus);
        Assert.Equal(12 + good.Length, _host.Network.Counters.Unsolicited);
        _host.Receive(Packets.UdpFrame(53, port, good));
        AssertResolved(Answer1);
    }

    [Fact]
    public void PointersThatLeadNowhereAreRefused()
    {
        byte[][] names = [[0xC0, 27], [0xC0, 28], [0xFF, 0xFF], [0xC0], [64], [63, 1], [0x80, 0]];
        byte[] query = Ask("a.example");
        foreach (byte[] name in names)
        {
            _host.Receive(Reply(query, 0x8180, 1, name));
            _host.Receive(Reply(query, 0x8180, 60_000, Record(name, 1, Answer1)));
        }

        Assert.Equal(QueryStatus.InProgress, _host.Network.ResolveStatus);
    }

    [Fact]
    public void SilenceIsAskedFourTimesAndThenAFault()
    {
        byte[] first = Ask("a.example");
        foreach (uint wait in (uint[])[1000, 2000, 4000])
        {
            Assert.Equal(wait, _host.Network.PollAt(_host.Now));
            Assert.Equal(first, Assert.Single(_host.Wait()));
        }

        Assert.Empty(_host.Wait());
        Assert.Equal((FaultReason.DnsNoAnswer, 15_000u), (_host.Network.Fault.Reason, _host.Network.Fault.Actual));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    [InlineData("a123456789.123456789.123456789.123456789.123456789.123456789.12345")]
    public void NamesThatCannotBeAreRefused(string name)
    {
        _host.Network.Resolve(_host.Now, Encoding.ASCII.GetBytes(name));
        Assert.Equal(QueryStatus.Failed, _host.Network.ResolveStatus);
        Assert.Equal((FaultReason.NetworkProfileInvalid, 64u, (uint)name.Length), (_host.Network.Fault.Reason, _host.Network.Fault.Expected, _host.Network.Fault.Actual));
    }

    [Fact]
    public void AnAddressInDottedFormIsItsOwnAnswer()
    {
        _host.Network.Resolve(_host.Now, "198.51.100.7"u8);
        AssertResolved(Answer1);
    }

    private byte[] Ask(string name)
    {
        _host.Network.Resolve(_host.Now, Encoding.ASCII.GetBytes(name));
        _host.LearnPeer();
        return Assert.Single(_host.Poll());
    }

    private void AssertResolved(byte[] address)
    {
        Assert.Equal(QueryStatus.Done, _host.Network.ResolveStatus);
        Assert.Equal(address, Packets.Number(_host.Network.Resolved.Value));
    }

    private static byte[] Record(byte[] owner, int type, byte[] data) => [.. owner, .. Packets.Word(type), 0, 1, 0, 0, 0, 60, .. Packets.Word(data.Length), .. data];

    private static byte[] Reply(byte[] query, int flags, int answers, byte[] records) => Packets.UdpFrame(
        53, Packets.ReadWord(query, 34), [.. query[42..44], .. Packets.Word(flags), 0, 1, .. Packets.Word(answers), 0, 0, 0, 0, .. query[54..], .. records]);
}
