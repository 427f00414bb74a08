using System;
using Thimble.Boards;

namespace Thimble.Firmware;

/// <summary>Commands that come over MQTT: each is answered.</summary>
internal static class Commands
{
    private const uint LongestIntervalSeconds = 86_400;

    /// <summary>Takes a piece of a command; what is longer than any command is cut off, and then unknown.</summary>
    public static void Take(scoped in Device device, ReadOnlySpan<byte> data)
    {
        ref FirmwareState state = ref device.State;
        int room = Device.CommandBytes - state.CommandBytes;
        int count = data.Length < room ? data.Length : room;
        data[..count].CopyTo(device.Command[state.CommandBytes..]);
        state.CommandBytes += (ushort)count;
    }

    /// <summary>Does what the waiting command says, and tells how it went.</summary>
    public static void Answer(scoped in Device device)
    {
        ref FirmwareState state = ref device.State;
        ReadOnlySpan<byte> command = device.Command[..state.CommandBytes];
        SerialLine.Begin(device, "command"u8);
        SerialLine.WriteForeign(command);
        Uart.Write("\n"u8);

        state.CommandWaits = false;
        var text = new TextWriter(device.Text);
        Obey(device, command, ref text);
        Conversation.Publish(device, ImagePart.ReplyTopic, text.Written);
        SerialLine.Begin(device, "answer"u8);
        Uart.Write(text.Written);
        Uart.Write("\n"u8);
        if (state.Stopping)
        {
            Conversation.Stop(device);
        }
    }

    private static void Obey(scoped in Device device, ReadOnlySpan<byte> command, ref TextWriter text)
    {
        if (command.SequenceEqual("led on"u8) || command.SequenceEqual("led off"u8))
        {
            device.State.Light = command.Length == 6;
            Board.SetLight(device.State.Light);
            text.Write(device.State.Light ? "the led is on"u8 : "the led is off"u8);
        }
        else if (command.SequenceEqual("report"u8))
        {
            Report.Write(device, ref text);
        }
        else if (command.SequenceEqual("stop"u8))
        {
            device.State.Stopping = true;
            text.Write("stopping"u8);
        }
        else if (TryInterval(command, out uint seconds))
        {
            device.State.ReadingMilliseconds = seconds * 1000;
            text.Write("a reading every "u8);
            text.Write(seconds);
            text.Write(" s"u8);
        }
        else
        {
            text.Write("unknown: there are led on, led off, interval N, report, stop"u8);
        }
    }

    private static bool TryInterval(ReadOnlySpan<byte> command, out uint seconds)
    {
        ReadOnlySpan<byte> word = "interval "u8;
        seconds = 0;
        if (command.Length <= word.Length || !command[..word.Length].SequenceEqual(word))
        {
            return false;
        }

        foreach (byte digit in command[word.Length..])
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            seconds = (seconds * 10) + digit - '0';
            if (seconds > LongestIntervalSeconds)
            {
                return false;
            }
        }

        return seconds > 0;
    }
}
