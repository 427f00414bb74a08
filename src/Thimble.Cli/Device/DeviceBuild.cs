using System;
using System.IO;

namespace Thimble.Cli.Device;

/// <summary>Makes the firmware with <c>device/firmware</c>, which compiles only what is older than its sources.</summary>
internal static class DeviceBuild
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    /// <summary>Makes the firmware without an image. Returns the path of the ELF file.</summary>
    /// <exception cref="DeviceException">It cannot be made; the message says why.</exception>
    public static string Make(DeviceBoard board, FirmwareFeatures features)
    {
        Script(board.Name, features.Build);
        return Path.Combine(Folder, "bin", $"firmware-{board.Name}-{features.Build}.elf");
    }

    /// <summary>Makes the firmware with <paramref name="image"/> in it, in <paramref name="folder"/>. Returns the path of the ELF file.</summary>
    /// <exception cref="DeviceException">It cannot be made; the message says why.</exception>
    public static string Make(DeviceBoard board, FirmwareFeatures features, byte[] image, string folder)
    {
        string imageFile = Path.Combine(folder, "device.image");
        string elf = Path.Combine(folder, "firmware.elf");
        File.WriteAllBytes(imageFile, image);
        Script(board.Name, features.Build, imageFile, elf);
        return elf;
    }

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
