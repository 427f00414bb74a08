using System.Runtime.InteropServices;
using Thimble.Boards;
using Thimble.Memory;

namespace Thimble.Firmware;

/// <summary>All that the firmware remembers between two turns of its loop. It lies in the device's one buffer.</summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct FirmwareState
{
    /// <summary>The size of this state, a multiple of 8.</summary>
    public const int Bytes = 128;

    /// <summary>The time.</summary>
    public Clock Clock;

    /// <summary>How long the loop took.</summary>
    public LoopMonitor Monitor;

    /// <summary>Why the last connection ended.</summary>
    public Fault Fault;

    /// <summary>When the present step began, in milliseconds.</summary>
    public uint StepBegan;

    /// <summary>When the pause ends.</summary>
    public uint PauseUntil;

    /// <summary>The next pause, before its jitter.</summary>
    public uint PauseMilliseconds;

    /// <summary>When the last reading was published.</summary>
    public uint LastReading;

    /// <summary>The time between two readings.</summary>
    public uint ReadingMilliseconds;

    /// <summary>When nothing waited for room in TCP's send buffer, last.</summary>
    public uint LastClear;

    /// <summary>Readings published since the start.</summary>
    public uint Readings;

    /// <summary>Bytes of TLS that the broker sent in this connection.</summary>
    public uint BytesIn;

    /// <summary>Bytes of TLS that the device sent in this connection.</summary>
    public uint BytesOut;

    /// <summary>Frames that were longer than the frame buffer.</summary>
    public uint OversizedFrames;

    /// <summary>The number of this start, where the board remembers one.</summary>
    public uint BootCounter;

    /// <summary>The time at which certificates of this connection are judged, in seconds since 1970.</summary>
    public uint UnixSeconds;

    /// <summary>What the network plan takes.</summary>
    public ushort NetworkBytes;

    /// <summary>The bytes of the command that is being received or answered.</summary>
    public ushort CommandBytes;

    /// <summary>What of the command was there before the provisional bytes.</summary>
    public ushort VerifiedCommandBytes;

    /// <summary>The first byte of the inbox that MQTT has not read.</summary>
    public byte InboxStart;

    /// <summary>The end of what is in the inbox.</summary>
    public byte InboxEnd;

    /// <summary>What the device is doing.</summary>
    public Step Step;

    /// <summary>Whether a question was sent in this step.</summary>
    public bool Asked;

    /// <summary>Whether a whole command waits for its answer.</summary>
    public bool CommandWaits;

    /// <summary>Whether a whole command lies in provisional bytes.</summary>
    public bool CommandIsProvisional;

    /// <summary>Whether what is provisional counts as soon as the inbox is read: its record's tag verified.</summary>
    public bool Commits;

    /// <summary>Whether the device was told to stop.</summary>
    public bool Stopping;

    /// <summary>Whether the light is on.</summary>
    public bool Light;
}
