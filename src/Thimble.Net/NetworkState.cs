using System.Runtime.InteropServices;
using Thimble.Memory;
using Thimble.Net.Ip;
using Thimble.Net.Services;

namespace Thimble.Net;

/// <summary>Everything that a network remembers besides TCP; equal on 32- and 64-bit machines.</summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct NetworkState
{
    public const int Bytes = 224;

    public NetworkHeader Header;
    public NetworkFault Fault;
    public Randomness Random;
    public InterfaceState Interface;
    public NeighbourCache Neighbours;
    public DhcpState Dhcp;
    public DnsState Dns;
    public SntpState Sntp;
    public NetworkCounters Counters;
    public ReplyBudget Budget;
}

/// <summary>A fault of the network, which needs fewer bytes than a connection's.</summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct NetworkFault
{
    public const int Bytes = 8;

    public FaultReason Reason;
    public ushort Expected;
    public uint Actual;

    public void Set(FaultReason reason, uint actual, ushort expected = 0)
    {
        Reason = reason;
        Expected = expected;
        Actual = actual;
    }
}
