using System.Runtime.InteropServices;

namespace Thimble.Mqtt;

/// <summary>What stands in front of the session state that outlives a connection, in its region and as it is stored.</summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct MqttInFlightHeader
{
    /// <summary>What it takes, in bytes.</summary>
    public const int Bytes = 8;

    /// <summary>The version of the layout. Cleared memory holds no session.</summary>
    public const byte ExpectedVersion = 2;

    public byte Version;

    /// <summary>Whether identifiers and acknowledgements behind <see cref="VerifiedInbound"/> may have to be forgotten.</summary>
    public bool Provisional;

    /// <summary>The identifiers of QoS 2 that came and were not let go.</summary>
    public ushort Inbound;

    /// <summary>Those that count.</summary>
    public ushort VerifiedInbound;

    /// <summary>The messages that we sent.</summary>
    public ushort Outbound;
}
