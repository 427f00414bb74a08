using System;
using Thimble.Boards;
using Thimble.Net.Wire;

namespace Thimble.Firmware;

/// <summary>Lines on the serial port: the time in milliseconds, a word that says what of, and what there is to tell.</summary>
internal static class SerialLine
{
    private const int TimeColumn = 8;
    private const int WordColumn = 11;

    /// <summary>Begins a line.</summary>
    public static void Begin(scoped in Device device, ReadOnlySpan<byte> word)
    {
        device.State.Monitor.Forgive();
        Uart.WriteDecimal(device.Now, TimeColumn);
        Uart.Write(" ms  "u8);
        Uart.Write(word);
        for (int column = word.Length; column < WordColumn; column++)
        {
            Uart.Write((byte)' ');
        }
    }

    /// <summary>Begins a line and ends the step whose result it tells: what it took stands at its end.</summary>
    public static void EndStep(scoped in Device device)
    {
        ref FirmwareState state = ref device.State;
        Uart.Write("  ("u8);
        Uart.WriteDecimal(device.Now - state.StepBegan, 0);
        Uart.Write(" ms, longest turn "u8);
        Uart.WriteDecimal(LoopMonitor.Microseconds(state.Monitor.LongestOfStepTicks), 0);
        Uart.Write(" us)\n"u8);
    }

    /// <summary>A number with what it counts.</summary>
    public static void Write(uint number, ReadOnlySpan<byte> unit)
    {
        Uart.WriteDecimal(number, 0);
        Uart.Write(unit);
    }

    /// <summary>An address in dotted form.</summary>
    public static void Write(Ipv4Address address)
    {
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            Uart.WriteDecimal((address.Value >> shift) & 255, 0);
            if (shift > 0)
            {
                Uart.Write((byte)'.');
            }
        }
    }

    /// <summary>What a broker sent, with everything outside printable ASCII as a dot: a terminal obeys what it prints.</summary>
    public static void WriteForeign(ReadOnlySpan<byte> text)
    {
        foreach (byte character in text)
        {
            Uart.Write(character is >= 0x20 and < 0x7F ? character : (byte)'.');
        }
    }
}
