using System;
using System.Runtime.InteropServices;
using Thimble.Boards;
using Thimble.Memory;
using Thimble.Net;
using Thimble.Net.Wire;

namespace Thimble.Firmware;

/// <summary>The start, and the one loop: a frame in, a frame out, a step on. There are no interrupts.</summary>
internal static class Program
{
    [UnmanagedCallersOnly(EntryPoint = "board_main")]
    internal static int Main()
    {
        Uart.Start();
        if (!TryStart(out Device device))
        {
            return 1;
        }

        do
        {
            Turn(device);
        }
        while (device.State.Step != Step.Stopped);
        return 0;
    }

    private static void Turn(scoped in Device device)
    {
        ref FirmwareState state = ref device.State;
        state.Monitor.Note(state.Clock.Update());
        Link.Turn(device);
        Journey.Advance(device);
    }

    private static bool TryStart(out Device device)
    {
        Span<byte> memory = Board.Memory;
        memory[..FirmwareState.Bytes].Clear();
        if (!DeviceImage.TryOpen(Board.Image, memory.Slice(FirmwareState.Bytes, DeviceImage.OpenScratchBytes), out DeviceImage image))
        {
            device = default;
            Uart.Write("fault: the device image in flash is missing or damaged\n"u8);
            return false;
        }

        device = new Device(memory, image);
        ref FirmwareState state = ref device.State;
        Clock.Start(out state.Clock);
        state.BootCounter = Board.CountStart();
        state.ReadingMilliseconds = image.Settings.ReadingMilliseconds;
        state.PauseMilliseconds = image.Settings.FirstPauseMilliseconds;
        Announce(device);
        return Randomness.Start(device) && TryStartNetwork(device);
    }

    private static void Announce(scoped in Device device)
    {
        SerialLine.Begin(device, "start"u8);
        Uart.Write(Board.Name);
        Uart.Write(", image of "u8);
        SerialLine.Write(device.Image.Settings.TotalBytes, " B, TLS and MQTT plan "u8);
        SerialLine.Write(device.Image.Settings.PlannedBytes, " B\n"u8);
    }

    private static bool TryStartNetwork(scoped in Device device)
    {
        // A window of one segment: a peer that ignores the announced size, as QEMU's user network does, cannot exceed the frame either.
        var profile = new NetworkProfile { SendBufferBytes = 640, ReceiveBufferBytes = 536, MaxSegmentBytes = 536, MaxHostNameBytes = 64 };
        Fault fault = default;
        bool prepared = Link.TryPrepare(device, profile, ref fault);
        if (!prepared)
        {
            Recovery.Tell(device, fault);
            return false;
        }

        EthernetMac.Start(device.Image.MacAddress);
        return true;
    }
}
