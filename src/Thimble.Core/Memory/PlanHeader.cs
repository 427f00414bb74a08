using System.Runtime.InteropServices;

namespace Thimble.Memory;

/// <summary>The first bytes of a planned buffer; the table of regions follows at once.</summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct PlanHeader
{
    /// <summary>The size of this header.</summary>
    public const int Bytes = 16;

    /// <summary>"THMB" in the order of the bytes.</summary>
    public const uint ExpectedMagic = 0x424D4854;

    /// <summary>Raised when the layout of anything that persists in the buffer changes.</summary>
    public const byte ExpectedVersion = 4;

    public uint Magic;
    public byte Version;
    public Phase Phase;
    public ushort TotalBytes;

    /// <summary>Of the last connection's seed; with <see cref="RegionId.MqttInFlight"/> it alone outlives a new beginning in the same buffer.</summary>
    public uint SeedMark;

    public uint ProfileDigest;
}
