using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Thimble.Cli.Device;

/// <summary>The programs of others that a device needs on this machine: found, or installed where that is allowed.</summary>
internal static class DeviceTools
{
    private static readonly TimeSpan s_installPatience = TimeSpan.FromMinutes(10);

    private static readonly Dictionary<string, string> s_packages = new()
    {
        ["arm-none-eabi-gcc"] = "gcc-arm-none-eabi",
        ["qemu-system-arm"] = "qemu-system-arm",
        ["mosquitto"] = "mosquitto",
        ["mosquitto_sub"] = "mosquitto-clients",
        ["mosquitto_pub"] = "mosquitto-clients",
    };

    /// <summary>What building takes.</summary>
    public static IReadOnlyList<string> ForBuild { get; } = ["arm-none-eabi-gcc"];

    /// <summary>What running takes.</summary>
    public static IReadOnlyList<string> ForRun { get; } = [.. s_packages.Keys];

    /// <summary>The folder of the clone that this tool was built from, or null where it stands alone.</summary>
    public static string? Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "device", "compile")))
            {
                return folder.FullName;
            }
        }

        return null;
    }

    /// <summary>The full path of a program, or null where it is not installed.</summary>
    public static string? Find(string program)
    {
        // Servers stand in folders that are not on every user's path.
        string path = Environment.GetEnvironmentVariable("PATH") + Path.PathSeparator + "/usr/sbin" + Path.PathSeparator + "/usr/local/sbin";
        return path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>Makes sure that <paramref name="programs"/> are here, with apt where they are not. Returns what is missing, as a sentence, or null.</summary>
    public static string? Provide(IEnumerable<string> programs, Action<string> tell)
    {
        string[] missing = Missing(programs);
        if (missing.Length > 0 && Installer() is { } apt)
        {
            string[] packages = [.. missing.Select(program => s_packages[program]).Distinct()];
            tell($"Installing {string.Join(", ", packages)} with apt ...");
            string[] command = [.. apt, "install", "-y", "--no-install-recommends", .. packages];
            _ = ChildProcess.Run(command[0], command[1..], s_installPatience, out _);
            missing = Missing(programs);
        }

        return missing.Length == 0
            ? null
            : $"Not installed: {string.Join(", ", missing)}. On Debian and Ubuntu: apt install {string.Join(' ', missing.Select(program => s_packages[program]).Distinct())}";
    }

    private static string[] Missing(IEnumerable<string> programs) => [.. programs.Where(program => Find(program) is null)];

    private static string[]? Installer()
    {
        if (Find("apt-get") is null)
        {
            return null;
        }

        if (Environment.IsPrivilegedProcess)
        {
            return ["apt-get"];
        }

        bool maySudo = Find("sudo") is not null && ChildProcess.Run("sudo", ["-n", "true"], TimeSpan.FromSeconds(5), out _);
        return maySudo ? ["sudo", "-n", "apt-get"] : null;
    }
}
