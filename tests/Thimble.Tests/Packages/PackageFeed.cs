using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Xunit.Sdk;

namespace Thimble.Tests.Packages;

/// <summary>The three packages, packed from what was built, in a folder that others install them from.</summary>
public sealed class PackageFeed : IDisposable
{
    /// <summary>The version of all of them.</summary>
    public const string Version = "0.1.0";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thimble-packages-");

    public PackageFeed()
    {
        Packages = Directory.CreateDirectory(Path.Combine(_folder.FullName, "feed")).FullName;
        foreach (string project in (string[])["Thimble.Core", "Thimble", "Thimble.Cli"])
        {
            Dotnet(Repository.Folder, "pack", Path.Combine("src", project), "-c", "Release", "--no-build", "-nologo", "-v", "quiet", "-p:PackageOutputPath=" + Packages);
        }
    }

    /// <summary>Where the packages are.</summary>
    public string Packages { get; }

    /// <summary>A new folder for a test.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(_folder.FullName, name)).FullName;

    /// <summary>Runs the SDK, and returns what it said. Its packages are kept apart from those of the user, who may have others of this version.</summary>
    public static string Dotnet(string folder, params IEnumerable<string> arguments) => Run(folder, "dotnet", arguments);

    /// <summary>Runs a program to its end, which must be a good one.</summary>
    public static string Run(string folder, string program, params IEnumerable<string> arguments)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        process.StartInfo.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        process.StartInfo.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        process.Start();
        System.Threading.Tasks.Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new XunitException($"{program} {string.Join(' ', arguments.Take(3))} does not end.");
        }

        return process.ExitCode == 0 ? output.Result : throw new XunitException($"{program} {string.Join(' ', arguments)} failed:\n{output.Result}\n{error.Result}");
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
