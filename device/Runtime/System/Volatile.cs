using System.Runtime.CompilerServices;

namespace System.Threading;

/// <summary>Accesses that are neither left out nor moved. One core, no cache: a plain access is one.</summary>
public static class Volatile
{
    [Intrinsic]
    public static bool Read(ref readonly bool location) => Read(in location);

    [Intrinsic]
    public static byte Read(ref readonly byte location) => Read(in location);

    [Intrinsic]
    public static int Read(ref readonly int location) => Read(in location);

    [Intrinsic]
    public static uint Read(ref readonly uint location) => Read(in location);

    [Intrinsic]
    public static void Write(ref bool location, bool value) => Write(ref location, value);

    [Intrinsic]
    public static void Write(ref byte location, byte value) => Write(ref location, value);

    [Intrinsic]
    public static void Write(ref int location, int value) => Write(ref location, value);

    [Intrinsic]
    public static void Write(ref uint location, uint value) => Write(ref location, value);
}
