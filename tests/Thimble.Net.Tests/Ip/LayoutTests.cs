using System;
using System.Runtime.CompilerServices;
using Thimble.Memory;
using Thimble.Net.Ip;
using Thimble.Net.Services;
using Thimble.Net.Wire;
using Xunit;

namespace Thimble.Net.Tests.Ip;

public class LayoutTests
{
    [Fact]
    public void EveryStructHasTheSizeThatItSays()
    {
        Assert.Equal(NetworkHeader.Bytes, Unsafe.SizeOf<NetworkHeader>());
        Assert.Equal(8, Unsafe.SizeOf<NetworkFault>());
        Assert.Equal(20, Unsafe.SizeOf<Randomness>());
        Assert.Equal(28, Unsafe.SizeOf<InterfaceState>());
        Assert.Equal(48, Unsafe.SizeOf<NeighbourCache>());
        Assert.Equal(28, Unsafe.SizeOf<DhcpState>());
        Assert.Equal(16, Unsafe.SizeOf<DnsState>());
        Assert.Equal(28, Unsafe.SizeOf<SntpState>());
        Assert.Equal(32, Unsafe.SizeOf<NetworkCounters>());
        Assert.Equal(4, Unsafe.SizeOf<ReplyBudget>());
        Assert.Equal(224, Unsafe.SizeOf<NetworkState>());
        Assert.Equal(6, Unsafe.SizeOf<MacAddress>());
    }

    /// <summary>The budget: 512 bytes for all but TCP's buffers, with TCP's 128 and a name of 64.</summary>
    [Fact]
    public void TheWholeStateTakes512Bytes()
    {
        NetworkPlan plan = NetworkPlan.For(new NetworkProfile { SendBufferBytes = 536, ReceiveBufferBytes = 1072 });
        Assert.Equal(512, plan.OffsetOf(NetworkRegion.SendBuffer));
        Assert.Equal(512 + 536 + 1072, plan.TotalBytes);
        for (NetworkRegion region = NetworkRegion.Tcp; region <= NetworkRegion.ReceiveBuffer; region++)
        {
            Assert.Equal(0, plan.OffsetOf(region) % 8);
        }
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        byte[] memory = new byte[4096];
        byte[] secret = new byte[16];
        var mac = new MacAddress(0x0200, 1);
        NetworkPlan plan = NetworkPlan.For(new NetworkProfile());
        Assert.Equal(FaultReason.BufferTooSmall, Refusal(plan, memory.AsSpan(0, plan.TotalBytes - 1), mac, secret));
        Assert.Equal(FaultReason.SeedUnusable, Refusal(plan, memory, mac, secret.AsSpan(1)));
        Assert.Equal(FaultReason.NetworkProfileInvalid, Refusal(plan, memory, MacAddress.Broadcast, secret));
        Assert.Equal(FaultReason.NetworkProfileInvalid, Refusal(NetworkPlan.For(new NetworkProfile { SendBufferBytes = 100 }), memory, mac, secret));
        Assert.Equal(FaultReason.NetworkProfileInvalid, Refusal(NetworkPlan.For(new NetworkProfile { MaxHostNameBytes = 254 }), memory, mac, secret));
        Assert.Equal(FaultReason.NetworkProfileInvalid, Refusal(NetworkPlan.For(new NetworkProfile { MaxSegmentBytes = 1461 }), memory, mac, secret));
        Assert.False(NetworkPlan.IsPrepared(memory));
        Assert.Equal(FaultReason.None, Refusal(plan, memory, mac, secret));
        Assert.True(NetworkPlan.IsPrepared(memory));
        Assert.False(NetworkPlan.IsPrepared(memory.AsSpan(0, plan.TotalBytes - 1)));
    }

    private static FaultReason Refusal(NetworkPlan plan, Span<byte> memory, MacAddress mac, ReadOnlySpan<byte> secret)
    {
        Fault fault = default;
        Assert.Equal(plan.TryPrepare(memory, mac, secret, ref fault), fault.Reason == FaultReason.None);
        return fault.Reason;
    }
}
