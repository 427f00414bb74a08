using System.Runtime.InteropServices;
using Thimble.Net.Wire;

namespace Thimble.Net.Services;

/// <summary>The states of RFC 2131 §4.4, figure 5, and two of RFC 5227: probing the address, and declining it.</summary>
internal enum DhcpPhase : byte
{
    /// <summary>DHCP is not in use.</summary>
    None = 0,

    /// <summary>Nothing is known; a new beginning is due.</summary>
    Init,

    /// <summary>Any server may offer an address.</summary>
    Selecting,

    /// <summary>One offer was taken up, and is to be acknowledged.</summary>
    Requesting,

    /// <summary>The lease is granted; does anyone else use the address?</summary>
    Probing,

    /// <summary>The address is ours.</summary>
    Bound,

    /// <summary>After T1: the server is asked for more time.</summary>
    Renewing,

    /// <summary>After T2: any server is.</summary>
    Rebinding,

    /// <summary>Someone else uses the address: the server is to be told.</summary>
    Declining,
}

/// <summary>What the DHCP client remembers. The address is the interface's.</summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct DhcpState
{
    public const int Bytes = 28;

    public uint TransactionId;
    public Ipv4Address Server;

    /// <summary>When the phase has something to do.</summary>
    public uint NextAt;

    /// <summary>T1, T2, and the lease's end; while there is no lease, the last is when we began to ask.</summary>
    public uint RenewAt;
    public uint RebindAt;
    public uint ExpiresAt;

    public DhcpPhase Phase;
    public byte Attempts;

    public readonly uint PollAt(uint now) => Phase == DhcpPhase.None ? uint.MaxValue : Instant.Until(now, NextAt);
}
