using System.Runtime.InteropServices;

namespace Thimble.Firmware;

/// <summary>
/// The start of a device image: what a device is told at build and no program contains. Little-endian, every member at a
/// multiple of its size. Behind it lie <see cref="PartCount"/> entries of <see cref="ImageSection"/>, then the parts, and at
/// the end the SHA-256 of all that comes before.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct DeviceImageHeader
{
    /// <summary>The size of this header.</summary>
    public const int Bytes = 80;

    /// <summary>"TDEV" in the order of the bytes.</summary>
    public const uint ExpectedMagic = 0x5645_4454;

    /// <summary>The only version.</summary>
    public const ushort ExpectedVersion = 1;

    /// <summary>The number of parts.</summary>
    public const int PartCount = (int)ImagePart.ReplyTopic + 1;

    /// <summary>Where the first part may begin.</summary>
    public const int PartsOffset = Bytes + (PartCount * 8);

    /// <summary>The digest at the end.</summary>
    public const int DigestBytes = 32;

    /// <summary><see cref="ExpectedMagic"/>.</summary>
    public uint Magic;

    /// <summary><see cref="ExpectedVersion"/>.</summary>
    public ushort Version;

    /// <summary>The broker's TCP port.</summary>
    public ushort BrokerPort;

    /// <summary>The length of the whole image, a multiple of 8.</summary>
    public uint TotalBytes;

    /// <summary>The time server's UDP port.</summary>
    public ushort TimePort;

    /// <summary>The port of <see cref="NameServer"/>.</summary>
    public ushort NameServerPort;

    /// <summary>The longest silence of the MQTT session, in seconds.</summary>
    public ushort KeepAliveSeconds;

    /// <summary>The length of the network's prefix, where <see cref="Address"/> is given.</summary>
    public ushort PrefixLength;

    /// <summary>The first two bytes of the MAC address.</summary>
    public uint MacHigh;

    /// <summary>The other four bytes of the MAC address.</summary>
    public uint MacLow;

    /// <summary>A fixed address, or 0 to ask DHCP.</summary>
    public uint Address;

    /// <summary>The router beside the fixed address.</summary>
    public uint Gateway;

    /// <summary>A name server that takes precedence over DHCP's, or 0.</summary>
    public uint NameServer;

    /// <summary>The time server, or 0 where <see cref="FixedUnixSeconds"/> is the time at the start.</summary>
    public uint TimeServer;

    /// <summary>The time at the start, in seconds since 1970, where no server is asked.</summary>
    public uint FixedUnixSeconds;

    /// <summary>The time between two readings.</summary>
    public uint ReadingMilliseconds;

    /// <summary>The first pause after a loss; each further one is twice as long.</summary>
    public uint FirstPauseMilliseconds;

    /// <summary>The longest pause.</summary>
    public uint LongestPauseMilliseconds;

    /// <summary>How long the network gives a connection, a name or a handshake before the firmware begins anew.</summary>
    public uint PatienceMilliseconds;

    /// <summary>What the plan in <see cref="ImagePart.Plan"/> takes in all.</summary>
    public uint PlannedBytes;
}
