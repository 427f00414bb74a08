using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;

namespace Thimble.Cli.Bake;

/// <summary>Looks at where a private key's file lies: who can read it, and whether a repository keeps it.</summary>
internal static class KeyFilePlace
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public static IEnumerable<BakeRemark> Remarks(string path)
    {
        string full = Path.GetFullPath(path);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(full) & Others) != 0)
        {
            yield return new BakeRemark(BakeRule.KeyReadable, $"{path}: the private key can be read by others on this machine. Keep it to yourself: chmod 600 FILE.");
        }

        if (IsInRepository(full))
        {
            string folder = Path.GetDirectoryName(full)!;
            if (Git(folder, "ls-files", "--error-unmatch", "--", full))
            {
                yield return new BakeRemark(BakeRule.KeyInSourceControl, $"{path}: the private key is tracked by Git. Whoever gets the repository, ever, has it: make a new key, and keep that one outside.");
            }
            else if (!Git(folder, "check-ignore", "--quiet", "--", full))
            {
                yield return new BakeRemark(BakeRule.KeyInSourceControl, $"{path}: the private key lies in a Git repository that does not ignore it, and the next 'git add' may take it. Name it in .gitignore, or keep it outside.");
            }
        }
    }

    private static bool IsInRepository(string path)
    {
        for (string? folder = Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Path.Exists(Path.Combine(folder, ".git")))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Git(string folder, params IEnumerable<string> arguments)
    {
        try
        {
            using Process? git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false });
            if (git is null)
            {
                return false;
            }

            git.OutputDataReceived += static (_, _) => { };
            git.ErrorDataReceived += static (_, _) => { };
            git.BeginOutputReadLine();
            git.BeginErrorReadLine();
            if (git.WaitForExit(s_patience))
            {
                return git.ExitCode == 0;
            }

            git.Kill();
            return false;
        }
        catch (Win32Exception)
        {
            return false; // without git nobody can tell what it tracks; the second question then warns, which is the safe side
        }
    }
}
