using System.Runtime.InteropServices;

namespace Thimble.Net;

/// <summary>The first bytes of a network's memory: what it is, and the sizes from which every place in it follows.</summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct NetworkHeader
{
    public const int Bytes = 12;

    /// <summary>"TNE" in the order of the bytes, and the version of the layout.</summary>
    public const uint Expected = 0x01454E54;

    public uint MagicAndVersion;
    public ushort SendBytes;
    public ushort ReceiveBytes;
    public ushort SegmentBytes;
    public ushort HostNameBytes;

    /// <summary>Where a region begins, and one past the last region where all ends. Bounded: seven additions.</summary>
    public readonly int OffsetOf(NetworkRegion region)
    {
        int offset = 0;
        for (NetworkRegion before = NetworkRegion.State; before < region; before++)
        {
            offset += BytesOf(before);
        }

        return offset;
    }

    public readonly int BytesOf(NetworkRegion region) => region switch
    {
        NetworkRegion.State => NetworkState.Bytes,
        NetworkRegion.Frame => Network.FrameBytes,
        NetworkRegion.HostName => NameBytes,
        NetworkRegion.Tcp => Tcp.TcpConnection.StateBytes,
        NetworkRegion.SendBuffer => SendBytes,
        NetworkRegion.ReceiveBuffer => ReceiveBytes,
        _ => 0,
    };

    /// <summary>A name on the wire has one byte before its first label and one after its last; the next region begins at a multiple of 8.</summary>
    private readonly int NameBytes => Align(NetworkState.Bytes + Network.FrameBytes + HostNameBytes + 2) - NetworkState.Bytes - Network.FrameBytes;

    private static int Align(int bytes) => (bytes + 7) & ~7;
}
