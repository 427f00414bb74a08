using System;
using Thimble.Boards;
using Thimble.Memory;
using Thimble.Net;
using Thimble.Net.Wire;

namespace Thimble.Firmware;

/// <summary>Carries frames between the board's MAC and the network.</summary>
internal static class Link
{
    private const int SecretBytes = 32;

    /// <summary>Plans the network's memory behind the device's own, and prepares it.</summary>
    public static bool TryPrepare(scoped in Device device, in NetworkProfile profile, ref Fault fault)
    {
        NetworkPlan plan = NetworkPlan.For(profile);
        device.State.NetworkBytes = (ushort)plan.TotalBytes;

        // The frame is free until the MAC runs.
        Span<byte> secret = device.Frame[..SecretBytes];
        if (!Randomness.Fill(device, secret))
        {
            fault.Reason = FaultReason.SeedUnusable;
            return false;
        }

        ref readonly DeviceImageHeader settings = ref device.Image.Settings;
        bool prepared = plan.TryPrepare(device.NetworkMemory, new MacAddress((ushort)settings.MacHigh, settings.MacLow), secret, ref fault);
        secret.Clear();
        return prepared;
    }

    /// <summary>Takes at most one frame, answers it where it asks for that, and sends at most one that is due.</summary>
    public static void Turn(scoped in Device device)
    {
        Network network = device.Network;
        uint now = device.Now;
        if (EthernetMac.TryReceive(device.Frame, out int bytes))
        {
            Receive(device, network, bytes);
        }

        if (network.Poll(now, out OutgoingFrame due))
        {
            Send(due);
        }
    }

    private static void Receive(scoped in Device device, scoped in Network network, int bytes)
    {
        if (bytes > Device.FrameBytes)
        {
            device.State.OversizedFrames++;
        }
        else if (network.Receive(device.Now, device.Frame[..bytes], out OutgoingFrame reply))
        {
            Send(reply);
        }
    }

    // A frame that the MAC has no room for is lost, as any frame may be.
    private static void Send(scoped in OutgoingFrame frame) => EthernetMac.TrySend(frame.Header, frame.First, frame.Second);
}
