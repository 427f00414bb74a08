using System;
using System.Buffers.Binary;
using Thimble.Boards;
using Thimble.Memory;
using Thimble.Net.Tcp;
using Thimble.Tls;

namespace Thimble.Firmware;

/// <summary>What happens after a loss: it is named, the connection is left in good order where that is possible, and after a pause all begins anew.</summary>
internal static class Recovery
{
    /// <summary>Names a fault and leaves the connection.</summary>
    public static void Lose(scoped in Device device, scoped in Fault fault)
    {
        if (device.State.Step >= Step.Leave)
        {
            return;
        }

        device.State.Fault = fault;
        Tell(device, fault);
        device.State.CommandWaits = false;
        if (device.State.Step >= Step.Connect)
        {
            Journey.Enter(device, Step.Leave);
        }
        else
        {
            BeginPause(device);
        }
    }

    /// <summary>The step took longer than the image allows.</summary>
    public static void LoseOverdue(scoped in Device device, FaultReason reason)
    {
        Lose(device, new Fault
        {
            Reason = reason,
            Depth = Fault.NoDepth,
            Expected = device.Image.Settings.PatienceMilliseconds,
            Actual = device.Now - device.State.StepBegan,
        });
    }

    /// <summary>Lets an alert or a farewell out, and closes the TCP connection; resets it where that takes too long.</summary>
    public static void Leave(scoped in Device device)
    {
        TcpConnection tcp = device.Network.Tcp;
        bool clear = !HasTls(device) || SecureChannel.IsClear(device);
        if (clear && Journey.IsFirstTurn(device))
        {
            tcp.Close();
        }

        bool over = tcp.State is TcpState.Closed or TcpState.TimeWait;
        if (over || device.Now - device.State.StepBegan > Pace.LeaveMilliseconds)
        {
            tcp.Abort();
            End(device);
        }
    }

    /// <summary>Waits, and begins anew with the address.</summary>
    public static void Pause(scoped in Device device)
    {
        if ((int)(device.Now - device.State.PauseUntil) >= 0)
        {
            Journey.Enter(device, Step.Address);
        }
    }

    /// <summary>Prints a fault with its name.</summary>
    public static void Tell(scoped in Device device, scoped in Fault fault)
    {
        SerialLine.Begin(device, "fault"u8);
        Uart.Write(device.Image.NameOf(fault.Reason));
        Uart.Write(" ("u8);
        SerialLine.Write((uint)fault.Reason, "), expected "u8);
        SerialLine.Write(fault.Expected, ", actual "u8);
        Uart.WriteDecimal(fault.Actual, 0);
        if (fault.Alert != 0)
        {
            Uart.Write(", alert "u8);
            Uart.WriteDecimal(fault.Alert, 0);
        }

        if (fault.Depth != Fault.NoDepth && fault.Reason < FaultReason.DhcpNoAnswer)
        {
            Uart.Write(", certificate "u8);
            Uart.WriteDecimal(fault.Depth, 0);
        }

        if (HasTls(device))
        {
            TellText(device);
        }

        SerialLine.EndStep(device);
    }

    private static bool HasTls(scoped in Device device) => device.State.BytesOut != 0;

    private static void TellText(scoped in Device device)
    {
        device.OpenTls(default, out TlsClient tls);
        ReadOnlySpan<byte> text = tls.FaultText;
        if (!text.IsEmpty)
        {
            Uart.Write(", '"u8);
            SerialLine.WriteForeign(text);
            Uart.Write("'"u8);
        }
    }

    private static void End(scoped in Device device)
    {
        device.State.BytesOut = 0;
        if (device.State.Stopping)
        {
            SerialLine.Begin(device, "stopped"u8);
            Uart.Write("\n"u8);
            Journey.Enter(device, Step.Stopped);
        }
        else
        {
            BeginPause(device);
        }
    }

    /// <summary>The pause doubles from loss to loss. Its second half is random, so that devices which lost their broker at once do not come back at once.</summary>
    private static void BeginPause(scoped in Device device)
    {
        ref FirmwareState state = ref device.State;
        uint pause = state.PauseMilliseconds;
        Span<byte> random = device.Frame[..sizeof(ushort)];
        Randomness.Fill(device, random);
        uint jitter = ((pause >> 1) * BinaryPrimitives.ReadUInt16LittleEndian(random)) >> 16;
        uint limit = device.Image.Settings.LongestPauseMilliseconds;
        state.PauseMilliseconds = pause < limit >> 1 ? pause << 1 : limit;
        Journey.Enter(device, Step.Pause);
        state.PauseUntil = device.Now + (pause >> 1) + jitter;
        SerialLine.Begin(device, "pause"u8);
        SerialLine.Write(state.PauseUntil - device.Now, " ms\n"u8);
    }
}
