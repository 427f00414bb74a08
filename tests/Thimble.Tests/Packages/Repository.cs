using System;
using System.IO;

namespace Thimble.Tests.Packages;

/// <summary>The clone that the tests were built in.</summary>
internal static class Repository
{
    /// <summary>Its folder: the nearest above the tests that holds the solution.</summary>
    public static string Folder { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo? folder) =>
        folder is null ? throw new DirectoryNotFoundException("No folder above the tests holds Thimble.slnx.")
        : File.Exists(Path.Combine(folder.FullName, "Thimble.slnx")) ? folder.FullName
        : Find(folder.Parent);
}
