using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Net.Wire;
using Xunit;

namespace Thimble.Net.Tests.Ip;

/// <summary>A network with painted guards around its memory, and a clock that the test sets.</summary>
internal sealed class TestHost
{
    private const int GuardBytes = 64;
    private const byte Paint = 0xA5;

    private readonly byte[] _painted;
    private readonly int _bytes;

    public TestHost(uint now = 1000, in NetworkProfile profile = default, bool fixedAddress = true)
    {
        NetworkPlan plan = NetworkPlan.For(profile.MaxHostNameBytes == 0 ? new NetworkProfile() : profile);
        _bytes = plan.TotalBytes;
        _painted = new byte[_bytes + (2 * GuardBytes)];
        _painted.AsSpan().Fill(Paint);
        Fault fault = default;
        Assert.True(plan.TryPrepare(Memory, MacAddress.Read(Packets.Own), Enumerable.Range(1, 16).Select(i => (byte)i).ToArray(), ref fault));
        Now = now;
        if (fixedAddress)
        {
            Network.UseAddress(Ipv4Address.Read(Packets.OwnAddress), 24, Ipv4Address.Read(Packets.PeerAddress));
            Assert.Single(Poll());   // the announcement
        }
    }

    public uint Now { get; set; }

    public Network Network => new(Memory);

    public Span<byte> Memory => _painted.AsSpan(GuardBytes, _bytes);

    /// <summary>The reply to a frame, or null.</summary>
    public byte[]? Receive(byte[] frame)
    {
        byte[] copy = [.. frame];
        bool replies = Network.Receive(Now, copy, out OutgoingFrame reply);
        AssertGuards();
        Assert.Equal(replies, reply.Bytes > 0);
        return replies ? Bytes(reply) : null;
    }

    /// <summary>All frames that are due; there are never many.</summary>
    public List<byte[]> Poll()
    {
        var frames = new List<byte[]>();
        while (Network.Poll(Now, out OutgoingFrame frame))
        {
            frames.Add(Bytes(frame));
            Assert.True(frames.Count < 10, "Poll does not come to an end.");
        }

        AssertGuards();
        return frames;
    }

    /// <summary>Waits for as long as the network says, at most so long, and polls.</summary>
    public List<byte[]> Wait(uint limit = uint.MaxValue)
    {
        Now += Math.Min(limit, Network.PollAt(Now));
        return Poll();
    }

    /// <summary>The one frame that comes next.</summary>
    public byte[] Next(uint limit = 100_000)
    {
        for (int i = 0; i < 20; i++)
        {
            List<byte[]> frames = Wait(limit);
            if (frames.Count > 0)
            {
                return Assert.Single(frames);
            }
        }

        throw new Xunit.Sdk.XunitException("No frame comes.");
    }

    /// <summary>Answers the ARP request that is due for the peer.</summary>
    public void LearnPeer()
    {
        byte[] request = Assert.Single(Poll());
        Assert.True(Packets.IsTo(request, Packets.All));
        Assert.Equal(Packets.PeerAddress, request[38..42]);
        Assert.Null(Receive(Packets.Arp(Packets.Own, 2, Packets.Peer, Packets.PeerAddress, Packets.Own, Packets.OwnAddress)));
    }

    private void AssertGuards()
    {
        Assert.Equal(-1, _painted.AsSpan(0, GuardBytes).IndexOfAnyExcept(Paint));
        Assert.Equal(-1, _painted.AsSpan(GuardBytes + _bytes).IndexOfAnyExcept(Paint));
    }

    private static byte[] Bytes(OutgoingFrame frame) => [.. frame.Header, .. frame.First, .. frame.Second];
}
