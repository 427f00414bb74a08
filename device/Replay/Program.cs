using System;
using System.Runtime.InteropServices;
using Thimble.Boards;
using Thimble.Memory;

namespace Thimble.Replay;

/// <summary>Gives the engine a recorded connection twice: in pieces as TCP brings them, and byte by byte.</summary>
internal static unsafe class Program
{
    /// <summary>What TCP carries where nothing better was agreed (RFC 9293 §3.7.1).</summary>
    private const int SegmentBytes = 536;

    /// <summary>Prints a table for each run; 0 where the engine said what was recorded every time.</summary>
    [UnmanagedCallersOnly(EntryPoint = "replay_main")]
    internal static int Main(byte* recording, int recordingBytes, byte* plan, int planBytes)
    {
        SysTick.Start();
        var scenario = new Scenario(new ReadOnlySpan<byte>(recording, recordingBytes));
        if (!scenario.IsUsable)
        {
            Uart.Write("The recording's profile is not what it was. "u8);
            Report.SayHowToRecord();
            return 1;
        }

        var baked = new ReadOnlySpan<byte>(plan, planBytes);
        return Run("segments"u8, scenario, baked, SegmentBytes) && Run("bytes"u8, scenario, baked, 1) ? 0 : 1;
    }

    private static bool Run(ReadOnlySpan<byte> name, Scenario scenario, ReadOnlySpan<byte> plan, int pieceBytes)
    {
        Span<Figures> figures = MemoryMarshal.Cast<byte, Figures>(Board.Memory.Slice(0, Player.FiguresBytes));
        figures.Clear();
        var player = new Player(scenario, plan, pieceBytes, Board.Memory.Slice(Player.FiguresBytes), figures);
        bool played = player.Play();
        Report.Print(name, figures, played);
        return played;
    }
}
