using System;
using System.ComponentModel;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Thimble.Net.Tap;

/// <summary>
/// The other end of a TAP interface of the Linux kernel, which exists already: each read is a frame that the kernel sends,
/// each write one that it receives (Documentation/networking/tuntap.rst).
/// </summary>
internal sealed partial class TapDevice : IDisposable
{
    private const uint SetInterface = 0x400454CA;   // TUNSETIFF
    private const short TapWithoutHeader = 0x1002;  // IFF_TAP | IFF_NO_PI
    private const int NameBytes = 16;
    private const int RequestBytes = 40;
    private const int ReadWrite = 2;
    private const short Readable = 1;

    private readonly SafeFileHandle _device;

    public TapDevice(string name)
    {
        _device = Open("/dev/net/tun", ReadWrite);
        byte[] request = new byte[RequestBytes];
        Encoding.ASCII.GetBytes(name, request);
        BitConverter.TryWriteBytes(request.AsSpan(NameBytes), TapWithoutHeader);
        Check(_device.IsInvalid ? -1 : Control(_device, SetInterface, request));
    }

    /// <summary>Waits for a frame. False when none came within the time.</summary>
    public bool Wait(int milliseconds)
    {
        var poll = new Descriptor { Number = (int)_device.DangerousGetHandle(), Wanted = Readable };
        return Poll(ref poll, 1, milliseconds) > 0 && (poll.Happened & Readable) != 0;
    }

    /// <summary>Reads the frame that is there.</summary>
    public int Read(Span<byte> frame)
    {
        nint bytes = Read(_device, ref MemoryMarshal.GetReference(frame), (nuint)frame.Length);
        Check((int)bytes);
        return (int)bytes;
    }

    /// <summary>Sends a frame. A full queue loses it, as a link may.</summary>
    public void Write(ReadOnlySpan<byte> frame) =>
        _ = Write(_device, ref MemoryMarshal.GetReference(frame), (nuint)frame.Length);

    public void Dispose() => _device.Dispose();

    private static void Check(int result)
    {
        if (result < 0)
        {
            throw new IOException("The TAP device refuses.", new Win32Exception(Marshal.GetLastPInvokeError()));
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle device, nuint request, byte[] argument);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref Descriptor descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(SafeFileHandle device, ref byte buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle device, ref byte buffer, nuint count);

    [StructLayout(LayoutKind.Sequential)]
    private struct Descriptor
    {
        public int Number;
        public short Wanted;
        public short Happened;
    }
}
