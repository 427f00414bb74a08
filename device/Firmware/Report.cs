using Thimble.Boards;

namespace Thimble.Firmware;

/// <summary>What the firmware takes, measured by itself: the answer to the command <c>report</c>.</summary>
internal static class Report
{
    /// <summary>Writes it.</summary>
    public static void Write(scoped in Device device, ref TextWriter text)
    {
        ref FirmwareState state = ref device.State;
        text.Write("static 0 B, tls+mqtt "u8);
        text.Write(device.Image.Settings.PlannedBytes);
        text.Write(" B, network "u8);
        text.Write(state.NetworkBytes);
        text.Write(" B, firmware "u8);
        text.Write((uint)Device.OwnBytes);
        text.Write(" B, stack "u8);
        text.Write(StackPaint.DeepestFromTop());
        text.Write(" B, longest turn "u8);
        text.Write(LoopMonitor.Microseconds(state.Monitor.LongestTicks));
        text.Write(" us"u8);
    }
}
