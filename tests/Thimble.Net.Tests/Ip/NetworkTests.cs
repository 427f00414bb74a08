using System;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Thimble.Memory;
using Thimble.Net.Wire;
using Xunit;

namespace Thimble.Net.Tests.Ip;

public class NetworkTests
{
    private static readonly byte[] Other = [192, 0, 2, 99];

    [Fact]
    public void AFixedAddressIsAnnounced()
    {
        var host = new TestHost();
        host.Network.UseAddress(Ipv4Address.Read(Other), 24, default);
        Assert.Equal(Packets.Arp(Packets.All, 1, Packets.Own, Other, new byte[6], Other), Assert.Single(host.Poll()));
    }

    [Fact]
    public void ARequestForOurAddressIsAnsweredInPlace()
    {
        var host = new TestHost();
        byte[]? reply = host.Receive([.. Packets.Arp(Packets.All, 1, Packets.Peer, Packets.PeerAddress, new byte[6], Packets.OwnAddress), .. new byte[18]]);
        Assert.Equal(Packets.Arp(Packets.Peer, 2, Packets.Own, Packets.OwnAddress, Packets.Peer, Packets.PeerAddress), reply);
    }

    [Fact]
    public void AnEchoComesBackWithItsData()
    {
        var host = new TestHost();
        byte[] data = [.. Enumerable.Range(0, 57).Select(i => (byte)i)];
        byte[] reply = host.Receive(Packets.EchoFrame(data))!;
        byte[] expected = Packets.Ethernet(Packets.Peer, Packets.Own, 0x0800, Packets.Ip(1, Packets.OwnAddress, Packets.PeerAddress, Packets.Echo(0, data)));
        expected[18] = expected[19] = 0;   // no identification, and the checksum to it
        expected[24] = expected[25] = 0;
        Packets.Word(Packets.Checksum(expected[14..34])).CopyTo(expected, 24);
        Assert.Equal(expected, reply);
    }

    [Fact]
    public void OptionsOfAnEchoAreNotFollowed()
    {
        byte[] route = [131, 7, 4, 198, 51, 100, 1, 0];   // loose source route
        byte[] reply = new TestHost().Receive(Packets.EchoFrame([1, 2, 3], route))!;
        Assert.Equal(0x47, reply[14]);
        Assert.Equal(new byte[8], reply[34..42]);
        Assert.Equal(0, Packets.Checksum(reply[14..42]));
    }

    [Fact]
    public void EveryFlippedBitBeneathAChecksumIsDroppedAndCounted()
    {
        byte[] frame = Packets.EchoFrame([1, 2, 3, 4, 5]);
        for (int bit = 14 * 8; bit < frame.Length * 8; bit++)
        {
            var host = new TestHost();
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(host.Receive(frame));
            Assert.Equal(1, host.Network.Counters.ChecksumWrong + host.Network.Counters.Malformed);
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void EveryTruncationIsDropped()
    {
        byte[][] frames = [Packets.EchoFrame([1, 2, 3]), Packets.UdpFrame(53, 49152, [1, 2, 3]), Packets.Arp(Packets.All, 1, Packets.Peer, Packets.PeerAddress, new byte[6], Packets.OwnAddress)];
        foreach (byte[] frame in frames)
        {
            for (int bytes = 0; bytes < frame.Length; bytes++)
            {
                var host = new TestHost();
                Assert.Null(host.Receive(frame[..bytes]));
                Assert.Equal(1, host.Network.Counters.Malformed);
            }
        }
    }

    [Theory]
    [InlineData(0x2000)]   // more fragments
    [InlineData(0x0001)]   // an offset
    public void FragmentsAreDroppedAndCounted(int flags)
    {
        var host = new TestHost();
        Assert.Null(host.Receive(Packets.Ethernet(Packets.Own, Packets.Peer, 0x0800, Packets.Ip(1, Packets.PeerAddress, Packets.OwnAddress, Packets.Echo(8, []), flags))));
        Assert.Equal(1, host.Network.Counters.Fragments);
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(127, 0, 0, 1)]
    [InlineData(224, 0, 0, 1)]
    [InlineData(255, 255, 255, 255)]
    [InlineData(192, 0, 2, 255)]
    [InlineData(192, 0, 2, 10)]
    public void NoPacketMayComeFromThere(byte a, byte b, byte c, byte d)
    {
        var host = new TestHost();
        Assert.Null(host.Receive(Packets.Ethernet(Packets.Own, Packets.Peer, 0x0800, Packets.Ip(1, [a, b, c, d], Packets.OwnAddress, Packets.Echo(8, [])))));
        Assert.Equal(1, host.Network.Counters.SourceInvalid);
    }

    [Fact]
    public void AnEchoToAllIsNotAnswered()
    {
        var host = new TestHost();
        foreach (byte[] to in (byte[][])[Packets.AllAddress, [192, 0, 2, 255], Packets.OwnAddress])
        {
            Assert.Null(host.Receive(Packets.Ethernet(Packets.All, Packets.Peer, 0x0800, Packets.Ip(1, Packets.PeerAddress, to, Packets.Echo(8, [])))));
        }

        Assert.Equal(3, host.Network.Counters.NotForUs);
    }

    [Fact]
    public void ASegmentForNoConnectionIsReset()
    {
        byte[] syn = [0, 80, 1, 187, 0, 0, 0, 7, 0, 0, 0, 0, 0x50, 2, 16, 0, 0, 0, 0, 0];
        Packets.Word(Packets.Checksum([.. Packets.PeerAddress, .. Packets.OwnAddress, 0, 6, 0, 20, .. syn])).CopyTo(syn, 16);
        byte[] reply = new TestHost().Receive(Packets.Ethernet(Packets.Own, Packets.Peer, 0x0800, Packets.Ip(6, Packets.PeerAddress, Packets.OwnAddress, syn)))!;
        Assert.Equal(0x14, reply[34 + 13]);                       // RST, ACK
        Assert.Equal(8u, Packets.ReadNumber(reply, 34 + 8));      // of the SYN
        Assert.Equal(0, Packets.Checksum([.. Packets.OwnAddress, .. Packets.PeerAddress, 0, 6, 0, 20, .. reply[34..54]]));
    }

    [Fact]
    public void UnreachableIsCountedAndNothingElse()
    {
        var host = new TestHost();
        Assert.Null(host.Receive(Packets.Ethernet(Packets.Own, Packets.Peer, 0x0800, Packets.Ip(1, Packets.PeerAddress, Packets.OwnAddress, Packets.Echo(3, new byte[28])))));
        Assert.Equal(1, host.Network.Counters.Unreachable);
    }

    [Fact]
    public void FloodsAreBoundedAndChangeNothingButCounters()
    {
        var host = new TestHost();
        int echoes = 0, arps = 0;
        byte[] before = host.Memory[32..].ToArray();
        for (int i = 0; i < 3000; i++)
        {
            byte[] station = [2, 9, 9, 9, (byte)(i >> 8), (byte)i];
            byte[] address = [192, 0, 2, (byte)(100 + (i % 100))];
            arps += host.Receive(Packets.Arp(Packets.All, 1, station, address, new byte[6], Packets.OwnAddress)) is null ? 0 : 1;
            Assert.Null(host.Receive(Packets.Arp(Packets.Own, 2, station, address, Packets.Own, Packets.OwnAddress)));
            echoes += host.Receive(Packets.EchoFrame([])) is null ? 0 : 1;
            Assert.Null(host.Receive(Packets.Ethernet(Packets.Own, Packets.Peer, 0x0800, Packets.Ip(17, Packets.PeerAddress, Packets.OwnAddress, [1, 2, 3, 4, 5, 6, 7, 8], 0x2000))));
        }

        Assert.Equal(32, echoes);
        Assert.Equal(32, arps);
        Assert.Equal(3000, host.Network.Counters.Fragments);
        Assert.Equal(2 * (3000 - 32), host.Network.Counters.RateLimited);
        Assert.Empty(host.Poll());

        // All but the state's counters and budget, its last 36 bytes, is as it was.
        byte[] after = host.Memory[32..].ToArray();
        Array.Clear(before, 224 - 36 - 32, 36);
        Array.Clear(after, 224 - 36 - 32, 36);
        Assert.Equal(before, after);
    }

    [Fact]
    public void AConnectionWaitsForItsNextHopAndThenLeaves()
    {
        var host = new TestHost();
        Assert.True(host.Network.Connect(host.Now, Ipv4Address.Of(198, 51, 100, 1), 8883));
        host.LearnPeer();
        byte[] syn = Assert.Single(host.Poll());
        Assert.True(Packets.IsTo(syn, Packets.Peer));
        Assert.Equal([198, 51, 100, 1], syn[30..34]);
        Assert.Equal(0x4000, Packets.ReadWord(syn, 20));   // not to be fragmented
        Assert.Equal(0, Packets.Checksum(syn[14..34]));
        Assert.Equal(0, Packets.Checksum([.. syn[26..34], 0, 6, .. Packets.Word(syn.Length - 34), .. syn[34..]]));
    }

    [Fact]
    public void ASilentNextHopIsAskedForThreeTimesAndThenIsAFault()
    {
        var host = new TestHost();
        Assert.True(host.Network.Connect(host.Now, Ipv4Address.Read(Other), 8883));
        for (uint second = 0; second < 3; second++)
        {
            Assert.Equal(second == 0 ? 0u : 1000u, host.Network.PollAt(host.Now));
            Assert.Equal(Packets.Arp(Packets.All, 1, Packets.Own, Packets.OwnAddress, new byte[6], Other), Assert.Single(host.Wait()));
        }

        host.Wait();
        Assert.Equal(FaultReason.NeighbourUnreachable, host.Network.Fault.Reason);
        Assert.Equal(Ipv4Address.Read(Other).Value, host.Network.Fault.Actual);
        for (int i = 0; i < 100; i++)
        {
            Assert.True(host.Wait(60_000).Count <= 1);
            Assert.NotEqual(0u, host.Network.PollAt(host.Now));
        }
    }

    [Fact]
    public void OnlyWhatWasAskedForIsRemembered()
    {
        var host = new TestHost();
        host.Receive(Packets.Arp(Packets.Own, 2, Packets.Peer, Packets.PeerAddress, Packets.Own, Packets.OwnAddress));
        host.Network.Connect(host.Now, Ipv4Address.Read(Packets.PeerAddress), 80);
        Assert.Equal(0x0806, Packets.ReadWord(Assert.Single(host.Poll()), 12));
    }

    [Fact]
    public void OurAddressIsDefendedOnceInTenSeconds()
    {
        var host = new TestHost();
        byte[] claim = Packets.Arp(Packets.All, 1, Packets.Peer, Packets.OwnAddress, new byte[6], Packets.OwnAddress);
        int defences = 0;
        for (int i = 0; i < 25; i++)
        {
            Assert.Null(host.Receive(claim));
            defences += host.Poll().Count;
            host.Now += 1000;
        }

        Assert.Equal(3, defences);
        Assert.True(host.Network.IsConfigured);
    }

    [Fact]
    public void WhereThereIsNoWayNothingConnects()
    {
        var host = new TestHost();
        host.Network.UseAddress(Ipv4Address.Read(Packets.OwnAddress), 24, default);
        Assert.False(host.Network.Connect(host.Now, Ipv4Address.Of(198, 51, 100, 1), 1));
        Assert.False(host.Network.Connect(host.Now, Ipv4Address.Of(192, 0, 2, 255), 1));
        Assert.Equal(2, host.Network.Counters.NoRoute);
    }

    [Fact]
    public void ArbitraryBytesDoNoHarm() => Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<byte[][]>(),
        payloads =>
        {
            var host = new TestHost(uint.MaxValue - 500);
            host.Network.UseNameServer(Ipv4Address.Read(Packets.PeerAddress));
            host.Network.Resolve(host.Now, "broker.test"u8);
            host.LearnPeer();
            host.Poll();
            foreach (byte[] payload in payloads)
            {
                byte[][] frames =
                [
                    payload,
                    Packets.Ethernet(Packets.Own, Packets.Peer, 0x0800, payload),
                    Packets.Ethernet(Packets.All, Packets.Peer, 0x0806, payload),
                    Packets.Ethernet(Packets.Own, Packets.Peer, 0x0800, Packets.Ip(6, Packets.PeerAddress, Packets.OwnAddress, payload)),
                    Packets.Ethernet(Packets.Own, Packets.Peer, 0x0800, Packets.Ip(1, Packets.PeerAddress, Packets.OwnAddress, payload)),
                    Packets.UdpFrame(53, 50000, payload),
                    Packets.UdpFrame(67, 68, payload),
                ];
                foreach (byte[] frame in frames)
                {
                    host.Receive(frame);
                    host.Now += 40;
                    Assert.True(host.Poll().Count < 4);
                }
            }

            return host.Network.IsConfigured && NetworkPlan.IsPrepared(host.Memory);
        }));
}
