using System;
using System.IO;
using Thimble.Memory;

namespace Thimble.Cli.Device;

/// <summary>Makes the firmware with <c>device/firmware</c>, which compiles only what is older than its sources.</summary>
internal static class DeviceBuild
{
    /// <summary>The board that QEMU has.</summary>
    public const string EmulatedBoard = "Lm3s6965";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    /// <summary>The boards that there are, by the names of their folders.</summary>
    public static string[] Boards { get; } = [EmulatedBoard, "Lpc1769"];

    /// <summary>Makes the firmware without an image. Returns the path of the ELF file.</summary>
    /// <exception cref="DeviceException">It cannot be made; the message says why.</exception>
    public static string Make(string board, TlsVersions versions)
    {
        Script(board, Name(versions));
        return Path.Combine(Folder, "bin", $"firmware-{board}-{Name(versions)}.elf");
    }

    /// <summary>Makes the firmware with <paramref name="image"/> in it, in <paramref name="folder"/>. Returns the path of the ELF file.</summary>
    /// <exception cref="DeviceException">It cannot be made; the message says why.</exception>
    public static string Make(string board, TlsVersions versions, byte[] image, string folder)
    {
        string imageFile = Path.Combine(folder, "device.image");
        string elf = Path.Combine(folder, "firmware.elf");
        File.WriteAllBytes(imageFile, image);
        Script(board, Name(versions), imageFile, elf);
        return elf;
    }

    private static string Name(TlsVersions versions) => versions switch
    {
        TlsVersions.Tls12 => "1.2",
        TlsVersions.Tls13 => "1.3",
        _ => "1.2,1.3",
    };

    private static string Folder => Path.Combine(
        DeviceTools.Root() ?? throw new DeviceException("The firmware's sources are not here: this command works in a clone of the repository."), "device");

    private static void Script(params string[] arguments)
    {
        if (!ChildProcess.Run(Path.Combine(Folder, "firmware"), arguments, s_patience, out string said))
        {
            throw new DeviceException("The firmware cannot be built. The compiler said:\n" + said);
        }
    }
}
