using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Thimble.Testing;

/// <summary>The programs of others that tests talk to.</summary>
internal static class Peers
{
    /// <summary>Why a test that needs <paramref name="programs"/> is skipped here, or null where it runs. With <c>CI=true</c> it always runs.</summary>
    public static string? SkipReason(params string[] programs)
    {
        string[] missing = [.. programs.Where(program => Find(program) is null)];
        return missing.Length == 0 || Vectors.NothingMayBeSkipped
            ? null
            : $"Not installed: {string.Join(", ", missing)}. './test --install' installs what is missing with apt.";
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
}

/// <summary>A test that talks to a program of others: skipped, with the reason, where that is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PeerFactAttribute : FactAttribute
{
    public PeerFactAttribute(params string[] programs) => Skip = Peers.SkipReason(programs);
}

/// <summary>The <see cref="TheoryAttribute"/> of <see cref="PeerFactAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PeerTheoryAttribute : TheoryAttribute
{
    public PeerTheoryAttribute(params string[] programs) => Skip = Peers.SkipReason(programs);
}
