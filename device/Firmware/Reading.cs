using Thimble.Boards;

namespace Thimble.Firmware;

/// <summary>What the device measures. The boards here have no sensor, so it tells of itself.</summary>
internal static class Reading
{
    /// <summary>Publishes the next reading.</summary>
    public static void Publish(scoped in Device device)
    {
        ref FirmwareState state = ref device.State;
        state.Readings++;
        var text = new TextWriter(device.Text);
        text.Write("{\"reading\":"u8);
        text.Write(state.Readings);
        text.Write(",\"uptime\":"u8);
        text.Write(state.Clock.Seconds);
        text.Write(",\"led\":"u8);
        text.Write(state.Light ? 1u : 0);
        text.Write("}"u8);
        Conversation.Publish(device, ImagePart.ReadingTopic, text.Written);
        SerialLine.Begin(device, "publish"u8);
        Uart.Write(text.Written);
        Uart.Write("\n"u8);
    }
}
