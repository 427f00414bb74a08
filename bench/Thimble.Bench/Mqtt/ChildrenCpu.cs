using System;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Thimble.Bench.Mqtt;

/// <summary>The processor time that the ended children of this process have used, their own systems calls included.</summary>
internal static partial class ChildrenCpu
{
    private const int Children = -1; // RUSAGE_CHILDREN of Linux

    public static TimeSpan Time => GetUsage(Children, out Usage usage) == 0
        ? TimeSpan.FromSeconds(usage.UserSeconds + usage.SystemSeconds) + TimeSpan.FromMicroseconds(usage.UserMicroseconds + usage.SystemMicroseconds)
        : throw new Win32Exception();

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, out Usage usage);

    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private struct Usage
    {
        public nint UserSeconds;
        public nint UserMicroseconds;
        public nint SystemSeconds;
        public nint SystemMicroseconds;
    }
}
