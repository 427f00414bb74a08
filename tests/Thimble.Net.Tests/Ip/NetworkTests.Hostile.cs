using System.Collections.Generic;
using System.Linq;
using Thimble.Net.Tcp;
using Thimble.Net.Wire;
using Xunit;

namespace Thimble.Net.Tests.Ip;

// Addresses that change under a connection, and neighbours that lie.
public partial class NetworkTests
{
    private static readonly byte[] Taker = [0x02, 0, 0, 0, 0, 0x66];

    [Fact]
    public void AConnectionDoesNotOutliveItsAddress()
    {
        TestHost host = Connecting();
        host.Network.UseAddress(Ipv4Address.Read(Other), 24, Ipv4Address.Read(Packets.PeerAddress));
        for (int i = 0; i < 20; i++)
        {
            Assert.DoesNotContain(host.Wait(1000), frame => Packets.ReadWord(frame, 12) == 0x0800);
        }

        Assert.Equal(TcpState.Closed, host.Network.Tcp.State);
        Assert.NotEqual(0u, host.Network.PollAt(host.Now));
    }

    [Fact]
    public void AConnectionOutlivesAnAddressThatStaysTheSame()
    {
        TestHost host = Connecting();
        host.Network.UseAddress(Ipv4Address.Read(Packets.OwnAddress), 24, Ipv4Address.Read(Packets.PeerAddress));
        host.Wait(1000);
        Assert.Equal(TcpState.SynSent, host.Network.Tcp.State);
    }

    /// <summary>A reset that is owed from an address which is no longer ours would carry a wrong checksum from the new one.</summary>
    [Fact]
    public void AResetThatIsOwedFromAnotherAddressDoesNotLeave()
    {
        TestHost host = Established();
        host.Network.Tcp.Abort();
        host.Network.UseAddress(Ipv4Address.Read(Other), 24, Ipv4Address.Read(Packets.PeerAddress));
        host.Network.AskTime(host.Now, Ipv4Address.Read(Packets.PeerAddress));
        host.Poll();
        host.Receive(Packets.Arp(Packets.Own, 2, Packets.Peer, Packets.PeerAddress, Packets.Own, Other));
        List<byte[]> frames = [.. Enumerable.Range(0, 5).SelectMany(_ => host.Wait(1000)).Where(frame => frame[23] != 17)];
        Assert.DoesNotContain(frames, frame => Packets.ReadWord(frame, 12) == 0x0800);
        Assert.NotEqual(0u, host.Network.PollAt(host.Now));
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(127, 0, 0, 1)]
    [InlineData(224, 0, 0, 1)]
    [InlineData(255, 255, 255, 255)]
    public void NothingGoesToWhatNamesNoHost(byte a, byte b, byte c, byte d)
    {
        var host = new TestHost();
        Assert.False(host.Network.Connect(host.Now, Ipv4Address.Of(a, b, c, d), 1));
        host.Network.AskTime(host.Now, Ipv4Address.Of(a, b, c, d));
        for (int i = 0; i < 6; i++)
        {
            Assert.Empty(host.Wait());
        }

        Assert.Equal(QueryStatus.Failed, host.Network.TimeStatus);
    }

    /// <summary>RFC 826: whoever is heard to have a known neighbour's address is believed, be it a gateway's successor or an impostor.</summary>
    [Fact]
    public void AKnownNeighbourMayMoveAndAnUnknownOneIsNotLearned()
    {
        TestHost host = Connecting();
        host.Receive(Packets.Arp(Packets.All, 1, Taker, Other, new byte[6], Other));
        host.Receive(Packets.Arp(Packets.All, 1, Taker, Packets.PeerAddress, new byte[6], [192, 0, 2, 77]));   // between others
        Assert.True(Packets.IsTo(Assert.Single(host.Wait()), Packets.Peer));
        host.Receive(Packets.Arp(Packets.All, 1, Taker, Packets.PeerAddress, new byte[6], Packets.PeerAddress));
        Assert.True(Packets.IsTo(Assert.Single(host.Wait()), Taker));
        host.Network.AskTime(host.Now, Ipv4Address.Read(Other));
        Assert.Equal(0x0806, Packets.ReadWord(Assert.Single(host.Poll()), 12));
    }

    [Fact]
    public void ANeighbourIsConfirmedAfterAMinuteAndForgottenAfterTwo()
    {
        TestHost host = Connecting();
        uint learned = host.Now;
        bool asked = false;
        while (host.Now - learned < 150_000)
        {
            List<byte[]> frames = host.Wait(1000);
            asked |= frames.Exists(frame => Packets.ReadWord(frame, 12) == 0x0806);
            uint age = host.Now - learned;
            Assert.False(asked && age < 59_000);
            Assert.True(age < 122_000 || !frames.Exists(frame => Packets.ReadWord(frame, 12) == 0x0800));
        }

        Assert.True(asked);
    }

    /// <summary>The time of an entry has 16 bits, which come round after 18 hours: an old one must not look new again.</summary>
    [Fact]
    public void ANeighbourThatWasForgottenStaysForgotten()
    {
        TestHost host = Connecting();
        host.Network.Tcp.Abort();
        for (int i = 0; i < 18; i++)
        {
            host.Poll();
            host.Now += 65_536u * 1024 / 18;
        }

        host.Now += 20_000;

        host.Network.Connect(host.Now, Ipv4Address.Read(Packets.PeerAddress), 1);
        Assert.Equal(0x0806, Packets.ReadWord(Assert.Single(host.Poll()), 12));
    }

    [Fact]
    public void ADatagramAtTheEndOfItsLifeIsStillForUs()
    {
        var host = new TestHost();
        byte[] frame = Packets.EchoFrame([1]);
        frame[22] = 0;   // RFC 1122 §3.2.1.7: a host must not drop what was received
        frame[24] = frame[25] = 0;
        Packets.Word(Packets.Checksum(frame[14..34])).CopyTo(frame, 24);
        Assert.NotNull(host.Receive(frame));
    }

    private static TestHost Connecting()
    {
        var host = new TestHost();
        Assert.True(host.Network.Connect(host.Now, Ipv4Address.Read(Packets.PeerAddress), 8883));
        host.LearnPeer();
        Assert.Single(host.Poll());
        return host;
    }

    private static TestHost Established()
    {
        var host = new TestHost();
        Assert.True(host.Network.Connect(host.Now, Ipv4Address.Read(Packets.PeerAddress), 8883));
        host.LearnPeer();
        byte[] syn = Assert.Single(host.Poll());
        byte[] answer = [0x22, 0xB3, .. syn[34..36], 0, 0, 0, 1, .. Packets.Number(Packets.ReadNumber(syn, 38) + 1), 0x50, 0x12, 16, 0, 0, 0, 0, 0];
        Packets.Word(Packets.Checksum([.. Packets.PeerAddress, .. Packets.OwnAddress, 0, 6, 0, 20, .. answer])).CopyTo(answer, 16);
        host.Receive(Packets.Ethernet(Packets.Own, Packets.Peer, 0x0800, Packets.Ip(6, Packets.PeerAddress, Packets.OwnAddress, answer)));
        Assert.Equal(TcpState.Established, host.Network.Tcp.State);
        return host;
    }
}
