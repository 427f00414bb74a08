using System.Runtime.InteropServices;
using Thimble.Boards;

namespace Thimble.KnownAnswers;

internal static class Program
{
    [UnmanagedCallersOnly(EntryPoint = "board_main")]
    internal static int Main()
    {
        Uart.Write("hello\n"u8);
        Uart.WriteDecimal(12345, 9);
        Boards.Board.Memory.Clear(); Uart.WriteHex(Probe.Sum(Boards.Board.Memory[..20],3)); Probe.Words(Board.Memory); Probe.Missing(5);Probe.Zeros(77);
        return 0;
    }
}
