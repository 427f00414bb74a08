namespace Thimble.Firmware;

/// <summary>The parts of a device image behind its header.</summary>
internal enum ImagePart
{
    /// <summary>Trust anchors, the client's chain and its private key (<see cref="X509.RomImage"/>).</summary>
    Rom = 0,

    /// <summary>The limits of the connection, as <see cref="Memory.Profile"/> lies in memory.</summary>
    Profile,

    /// <summary>The memory plan of that profile on a 32-bit machine, computed by the host.</summary>
    Plan,

    /// <summary>The names of faults: u16 code, u8 length, the name in ASCII; one behind the other.</summary>
    FaultNames,

    /// <summary>32 bytes or more that are this device's alone and secret.</summary>
    Seed,

    /// <summary>The broker's name, which its certificate must carry.</summary>
    BrokerName,

    /// <summary>What the device calls itself.</summary>
    ClientId,

    /// <summary>Where commands come from.</summary>
    CommandTopic,

    /// <summary>Where readings go.</summary>
    ReadingTopic,

    /// <summary>Where answers to commands go.</summary>
    ReplyTopic,
}

/// <summary>Where a part of a device image lies.</summary>
internal struct ImageSection
{
    /// <summary>From the start of the image; a multiple of 8.</summary>
    public uint Offset;

    /// <summary>Its length.</summary>
    public uint Bytes;
}
