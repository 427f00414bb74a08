using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>Why a device stopped. There are no exceptions: what would be one on a host ends here. Boards say it in words (StopReasons).</summary>
public enum StopReason
{
    None = 0,
    IndexOutOfRange = 1,
    ArgumentOutOfRange = 2,
    NullReference = 3,
    DivideByZero = 4,
    Overflow = 5,
    MissingMember = 6,
    NotSupported = 7,
    FailFast = 8,
    HardFault = 9,
}

/// <summary>The end of the road: the board says how it stops.</summary>
public static class FailFast
{
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Stop(StopReason reason)
    {
        BoardStop((int)reason);
        while (true)
        {
        }
    }

    [RuntimeImport("board_stop")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void BoardStop(int reason);
}
