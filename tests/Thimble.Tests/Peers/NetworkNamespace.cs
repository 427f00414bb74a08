using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using Thimble.Testing;

namespace Thimble.Tests.Peers;

/// <summary>
/// A network of its own, with nothing but a loopback, for servers that listen on every address of the network they are in.
/// </summary>
internal sealed partial class NetworkNamespace : IDisposable
{
    private const int CloneNewNet = 0x40000000;

    private static int s_count;

    private readonly string _name = $"thimble-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";

    public NetworkNamespace()
    {
        PeerProcess.Run("ip", "netns", "add", _name);
        try
        {
            PeerProcess.Run("ip", "-n", _name, "link", "set", "lo", "up");
        }
        catch (Exception)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Why a test that needs one, and <paramref name="programs"/>, is skipped here, or null where it runs.</summary>
    public static string? SkipReason(string[] programs)
    {
        bool permitted = (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess) || Vectors.NothingMayBeSkipped;
        return Testing.Peers.SkipReason(programs) ?? (permitted ? null : "Needs root, for a network namespace of its own.");
    }

    /// <summary>Starts a program inside. <c>ip</c> becomes that program: its process id is the one that is ended.</summary>
    public PeerProcess Start(string program, params IEnumerable<string> arguments) =>
        PeerProcess.Start("ip", ["netns", "exec", _name, program, .. arguments]);

    /// <summary>Connects to a port inside: a socket belongs to the network of the thread that makes it.</summary>
    public Socket Connect(int port)
    {
        Socket? socket = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Enter();
                socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Connect(IPAddress.Loopback, port);
            }
            catch (Exception e) when (e is IOException or SocketException or Win32Exception)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? socket! : throw new IOException("There is no way into the network namespace.", failure);
    }

    /// <summary>The same with a server that does not tell when it begins to listen.</summary>
    public Socket ConnectWhenListening(int port)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return Connect(port);
            }
            catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused } && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20))
            {
                Thread.Sleep(20);
            }
        }
    }

    /// <summary>Ends every process that runs inside, those too that were started there by others.</summary>
    public void EndProcesses()
    {
        foreach (string id in PeerProcess.Run("ip", "netns", "pids", _name).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                using Process process = Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
                process.Kill();
                process.WaitForExit(TimeSpan.FromSeconds(10));
            }
            catch (ArgumentException)
            {
                // It has ended since.
            }
        }
    }

    public void Dispose() => PeerProcess.Run("ip", "netns", "del", _name);

    /// <summary>The thread stays inside until it ends, so it must be of no other use.</summary>
    private void Enter()
    {
        using SafeFileHandle file = File.OpenHandle("/run/netns/" + _name);
        if (SetNs(file, CloneNewNet) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNs(SafeFileHandle descriptor, int kind);
}
