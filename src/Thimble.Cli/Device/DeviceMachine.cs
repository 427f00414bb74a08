using System;
using System.IO;
using System.Net.Sockets;
using System.Text;

namespace Thimble.Cli.Device;

/// <summary>QEMU's lm3s6965evb with a user network, its serial port as lines, and its monitor.</summary>
internal sealed class DeviceMachine : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly string _monitor;

    private DeviceMachine(ChildProcess process, string monitor)
    {
        Process = process;
        _monitor = monitor;
    }

    /// <summary>The emulator; what it says is what the device prints.</summary>
    public ChildProcess Process { get; }

    /// <summary>
    /// Starts the firmware in <paramref name="elf"/>. One instruction takes 16 ns, about what a Cortex-M3 at 100 MHz with
    /// slow flash takes: the device's clock follows its instructions, so that a busy host does not make turns look long.
    /// </summary>
    public static DeviceMachine Start(string elf, string folder, Action<string>? heard = null, Action<string>? complained = null)
    {
        string monitor = Path.Combine(folder, "monitor");
        var process = ChildProcess.Start(
            "qemu-system-arm",
            [
                "-M", "lm3s6965evb", "-display", "none", "-serial", "stdio", "-semihosting", "-nic", "user,id=cable",
                "-icount", "shift=4", "-monitor", $"unix:{monitor},server=on,wait=off", "-kernel", elf,
            ],
            heard,
            complained);
        return new DeviceMachine(process, monitor);
    }

    /// <summary>Pulls the network cable, or puts it back.</summary>
    public void SetLink(bool connected)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.ReceiveTimeout = socket.SendTimeout = (int)s_patience.TotalMilliseconds;
        socket.Connect(new UnixDomainSocketEndPoint(_monitor));
        Await(socket, prompts: 1);
        socket.Send(Encoding.ASCII.GetBytes($"set_link cable {(connected ? "on" : "off")}\n"));
        Await(socket, prompts: 1);
    }

    /// <inheritdoc />
    public void Dispose() => Process.Dispose();

    private static void Await(Socket socket, int prompts)
    {
        byte[] buffer = new byte[1024];
        for (string said = ""; said.Split("(qemu) ").Length <= prompts;)
        {
            int bytes = socket.Receive(buffer);
            said += bytes > 0 ? Encoding.ASCII.GetString(buffer, 0, bytes) : throw new DeviceException("QEMU's monitor ended.");
        }
    }
}
