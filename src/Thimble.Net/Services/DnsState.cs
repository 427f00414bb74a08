using System.Runtime.InteropServices;
using Thimble.Net.Wire;

namespace Thimble.Net.Services;

/// <summary>What the resolver remembers. The name lies in a region of its own.</summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct DnsState
{
    public const int Bytes = 16;

    public Ipv4Address Resolved;
    public uint NextAt;
    public ushort Id;
    public ushort LocalPort;
    public QueryStatus Status;
    public byte Attempts;
    public byte NameBytes;
}
