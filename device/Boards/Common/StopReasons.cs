using System;

namespace Thimble.Boards;

/// <summary>The runtime's reasons to stop (System.StopReason in device/Runtime) in words.</summary>
internal static class StopReasons
{
    public static ReadOnlySpan<byte> Describe(int reason) => reason switch
    {
        1 => "index out of range"u8,
        2 => "slice, copy or argument out of range"u8,
        3 => "null reference"u8,
        4 => "division by zero"u8,
        5 => "overflow"u8,
        6 => "a member that the device's runtime lacks"u8,
        7 => "not supported on a device"u8,
        8 => "fail fast"u8,
        9 => "hard fault"u8,
        _ => "unknown reason"u8,
    };
}
