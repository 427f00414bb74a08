using System;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Thimble.Net.Tests.Tap;

/// <summary>
/// A point-to-point IP device between this thread and the kernel's TCP, in a network namespace that belongs to this thread alone and
/// goes with it: nothing outside sees it. Sockets that the thread opens are on the kernel's side.
/// </summary>
internal sealed partial class TunDevice : IDisposable
{
    public const string KernelAddress = "10.9.0.1";

    private const int CloneNewNet = 0x40000000;
    private const int ReadWriteNonBlocking = 0x802;
    private const ulong TunSetIff = 0x400454CA;
    private const short TunWithoutHeader = 0x1001;
    private const short PollIn = 1;

    private readonly int _descriptor;

    /// <summary>The calling thread must be of no other use.</summary>
    public TunDevice()
    {
        Check(Unshare(CloneNewNet));
        _descriptor = Check(Open("/dev/net/tun", ReadWriteNonBlocking));
        byte[] request = new byte[40];
        Encoding.ASCII.GetBytes("thimble0").CopyTo(request, 0);
        BitConverter.TryWriteBytes(request.AsSpan(16), TunWithoutHeader);
        Check(IoControl(_descriptor, TunSetIff, request));
        Ip("link", "set", "lo", "up");
        Ip("addr", "add", KernelAddress + "/24", "dev", "thimble0");
        Ip("link", "set", "thimble0", "up");
    }

    public static string? SkipReason =>
        Thimble.Testing.Vectors.NothingMayBeSkipped
        || (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && System.IO.File.Exists("/dev/net/tun")) ? null : "Needs root and /dev/net/tun.";

    /// <summary>The next packet, or nothing at once.</summary>
    public bool TryRead(Span<byte> packet, out int bytes)
    {
        bytes = (int)Read(_descriptor, packet, (nuint)packet.Length);
        return bytes > 0;
    }

    public void Write(ReadOnlySpan<byte> packet) => Check((int)Write(_descriptor, packet, (nuint)packet.Length));

    /// <summary>Waits for a packet, so long at the most.</summary>
    public void Wait(int milliseconds)
    {
        var poll = new PollDescriptor { Descriptor = _descriptor, Events = PollIn };
        Check(PollOne(ref poll, 1, milliseconds));
    }

    public void Dispose() => Check(Close(_descriptor));

    private static void Ip(params string[] arguments)
    {
        using Process process = Process.Start("ip", arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException("ip " + string.Join(' ', arguments) + " failed.");
        }
    }

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int IoControl(int descriptor, ulong request, byte[] argument);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, Span<byte> buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ReadOnlySpan<byte> buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int PollOne(ref PollDescriptor descriptor, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
