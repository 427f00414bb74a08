using System;
using Thimble.Boards;
using Thimble.Memory;

namespace Thimble.Replay;

/// <summary>What the program prints: one line for each phase, in columns that device/measure reads.</summary>
internal static class Report
{
    private const int NameColumn = 20;

    /// <summary>Prints a run's figures and their sum.</summary>
    public static void Print(ReadOnlySpan<byte> name, ReadOnlySpan<Figures> figures, bool played)
    {
        Uart.Write("run "u8);
        Uart.Write(name);
        Uart.Write("\n"u8);
        Figures whole = default;
        for (Phase phase = Phase.Hello; phase <= Phase.Connected; phase++)
        {
            ref readonly Figures part = ref figures[(int)phase];
            if (part.Calls == 0)
            {
                continue; // a phase of the other version, or one that a resumed handshake leaves out
            }

            Print(NameOf(phase), part);
            if (phase != Phase.Connected)
            {
                whole.Instructions += part.Instructions;
                whole.Calls += part.Calls;
            }

            whole.LongestCall = part.LongestCall > whole.LongestCall ? part.LongestCall : whole.LongestCall;
            whole.DeepestStack = part.DeepestStack > whole.DeepestStack ? part.DeepestStack : whole.DeepestStack;
        }

        Print("handshake"u8, whole);
        Uart.Write(played ? "pass\n"u8 : "FAIL\n"u8);
    }

    /// <summary>What to do where the recording does not fit the engine any more.</summary>
    public static void SayHowToRecord() =>
        Uart.Write("Record anew: dotnet run -c Release --project device/Replay/Recorder -- record device/Replay\n"u8);

    private static void Print(ReadOnlySpan<byte> name, in Figures figures)
    {
        Uart.Write(name);
        for (int i = name.Length; i < NameColumn; i++)
        {
            Uart.Write((byte)' ');
        }

        Uart.WriteDecimal(figures.Instructions, 12);
        Uart.WriteDecimal(figures.Calls, 8);
        Uart.WriteDecimal(figures.LongestCall, 12);
        Uart.WriteDecimal(figures.DeepestStack, 8);
        Uart.Write("\n"u8);
    }

    private static ReadOnlySpan<byte> NameOf(Phase phase)
    {
        switch (phase)
        {
            case Phase.Hello: return "Hello"u8;
            case Phase.Certificates: return "Certificates"u8;
            case Phase.ServerKeyExchange: return "ServerKeyExchange"u8;
            case Phase.KeyExchange: return "KeyExchange"u8;
            case Phase.ClientAuth: return "ClientAuth"u8;
            case Phase.Finished: return "Finished"u8;
            case Phase.KeyShare13: return "KeyShare13"u8;
            case Phase.KeyAgreement13: return "KeyAgreement13"u8;
            case Phase.Certificates13: return "Certificates13"u8;
            case Phase.ServerVerify13: return "ServerVerify13"u8;
            case Phase.ClientAuth13: return "ClientAuth13"u8;
            case Phase.Finished13: return "Finished13"u8;
            default: return "Connected"u8;
        }
    }
}
