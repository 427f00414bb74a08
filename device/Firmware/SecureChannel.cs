using System;
using System.Runtime.CompilerServices;
using Thimble.Boards;
using Thimble.Memory;
using Thimble.Net.Tcp;
using Thimble.Tls;

namespace Thimble.Firmware;

/// <summary>TLS over TCP without a copy between them: records are read where TCP received them, and sealed where TCP sends them.</summary>
internal static class SecureChannel
{
    private const int SeedBytes = 48;

    /// <summary>Shakes hands, a bounded piece at a time.</summary>
    public static void Handshake(scoped in Device device)
    {
        Span<byte> seed = default;
        if (Journey.IsFirstTurn(device))
        {
            if (!TryPrepare(device))
            {
                return;
            }

            // The frame is free between two turns of the link; the engine wipes the seed.
            seed = device.Frame[..SeedBytes];
            Randomness.Fill(device, seed);
        }

        device.OpenTls(seed, out TlsClient tls);
        TlsStatus status = tls.Handshake(device.Received, device.SendSpace, out int consumed, out int written);
        Move(device, consumed, written);
        if (status == TlsStatus.Complete)
        {
            Tell(device);
            Journey.Enter(device, Step.Introduce);
        }
        else
        {
            Judge(device, ref tls, status);
        }
    }

    /// <summary>Opens what arrived into the inbox, which is empty. False where there was nothing, or the connection is lost.</summary>
    public static bool TryRead(scoped in Device device)
    {
        device.OpenTls(default, out TlsClient tls);
        TlsStatus status = tls.Read(device.Received, device.Inbox, out int consumed, out int written);
        Move(device, consumed, 0);
        device.State.InboxStart = 0;
        device.State.InboxEnd = (byte)written;
        switch (status)
        {
            case TlsStatus.Complete:
                return true;
            case TlsStatus.Provisional or TlsStatus.Committed or TlsStatus.Withdrawn:
                Conversation.Weigh(device, status);
                return true;
            default:
                Judge(device, ref tls, status);
                return false;
        }
    }

    /// <summary>Seals a packet, for which <see cref="IsClear"/> was asked; what TCP has no room for waits in the out window.</summary>
    public static void Write(scoped in Device device, ReadOnlySpan<byte> packet)
    {
        device.OpenTls(default, out TlsClient tls);
        _ = tls.Write(packet, device.SendSpace, out _, out int written);
        Move(device, 0, written);
    }

    /// <summary>Whether everything that was sealed went to TCP; what waits is given to it first.</summary>
    public static bool IsClear(scoped in Device device)
    {
        device.OpenTls(default, out TlsClient tls);
        if (tls.HasPendingOutput)
        {
                _ = tls.Flush(device.SendSpace, out int written);
            Move(device, 0, written);
        }

        return !tls.HasPendingOutput;
    }

    /// <summary>Says goodbye (RFC 5246 §7.2.1).</summary>
    public static void Close(scoped in Device device)
    {
        device.OpenTls(default, out TlsClient tls);
        _ = tls.Close(device.SendSpace, out int written);
        Move(device, 0, written);
    }

    private static bool TryPrepare(scoped in Device device)
    {
        device.State.BytesIn = 0;
        device.State.BytesOut = 0;
        Fault fault = default;
        if (MemoryPlan.TryPrepareBaked(device.Image[ImagePart.Plan], device.Image.Profile, device.TlsMemory, ref fault))
        {
            return true;
        }

        Recovery.Lose(device, fault);
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Move(scoped in Device device, int consumed, int written)
    {
        TcpConnection tcp = device.Tcp;
        if (consumed > 0)
        {
            tcp.Consume(consumed);
            device.State.BytesIn += (uint)consumed;
        }

        if (written > 0)
        {
            tcp.Commit(written);
            device.State.BytesOut += (uint)written;
        }
    }

    /// <summary>Finds out whether a call that did not complete means that the connection is lost, and through whom.</summary>
    private static void Judge(scoped in Device device, scoped ref TlsClient tls, TlsStatus status)
    {
        TcpConnection tcp = device.Tcp;
        if (status == TlsStatus.Faulted)
        {
            Recovery.Lose(device, tls.Fault);
        }
        else if (status == TlsStatus.Closed)
        {
            _ = device.Mqtt.ReceiveEnd();
            Recovery.Lose(device, device.Mqtt.Fault);
        }
        else if (tcp.Fault.Reason != FaultReason.None)
        {
            Recovery.Lose(device, tcp.Fault);
        }
        else if (tcp.ReceivedAll || tcp.State == TcpState.Closed)
        {
            _ = tls.SourceEnded();
            Recovery.Lose(device, tls.Fault);
        }
        else if (device.State.Step != Step.Run && Journey.IsOverdue(device))
        {
            Recovery.LoseOverdue(device, FaultReason.TcpTimedOut);
        }
    }

    private static void Tell(scoped in Device device)
    {
        SerialLine.Begin(device, "handshake"u8);
        device.OpenTls(default, out TlsClient tls);
        Uart.Write(tls.Version == TlsVersions.Tls13 ? "TLS 1.3, suite "u8 : "TLS 1.2, suite "u8);
        Uart.WriteHex(tls.Suite);
        Uart.Write(", "u8);
        SerialLine.Write(device.State.BytesIn, " B in, "u8);
        SerialLine.Write(device.State.BytesOut, " B out"u8);
        SerialLine.EndStep(device);
    }
}
