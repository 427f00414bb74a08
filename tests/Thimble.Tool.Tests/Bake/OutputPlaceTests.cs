using System;
using System.IO;
using System.Linq;
using Thimble.Cli.Bake;
using Thimble.Tests.Cli;
using Xunit;

namespace Thimble.Tool.Tests.Bake;

/// <summary>Where an image is written: never onto what it is made from, never in place of a device, and for its owner only, whatever was there.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class OutputPlaceTests(BakeFolder folder) : IClassFixture<BakeFolder>
{
    private CliRun Bake(string output, params string[] more) => CliRun.Of(["bake", "--cafile", folder.Root, "--cert", folder.Certificate, "--key", folder.Key, "-o", output, .. more]);

    [Fact]
    public void An_input_is_spared_by_each_of_its_names()
    {
        string key = File.ReadAllText(folder.Key), passphrase = folder.Write("passphrase", "pw\n");
        _ = Directory.CreateSymbolicLink(folder.Path("here"), ".");
        _ = File.CreateSymbolicLink(folder.Path("link.key"), "device-1.key");
        string[] names = [folder.Key, folder.Path("here/device-1.key"), folder.Path("here/../device-1.key"), folder.Path("here/here/device-1.key"), folder.Root, folder.Certificate, passphrase];
        foreach (string name in names)
        {
            CliRun run = Bake(name, "--passphrase-file", passphrase);
            Assert.Equal(2, run.ExitCode);
            Assert.Contains("--output would overwrite", run.Error, StringComparison.Ordinal);
        }

        Assert.Equal(2, CliRun.Of("bake", "--cafile", folder.Root, "--cert", folder.Certificate, "--key", folder.Path("link.key"), "-o", folder.Key).ExitCode);
        Assert.Equal(key, File.ReadAllText(folder.Key));
    }

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/dev/full")]
    [InlineData("/dev/stdout")]
    [InlineData("/proc/self/comm")]
    public void A_device_is_not_replaced(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            Assert.Throws<IOException>(() => WholeFile.RefuseDevice(path));
            CliRun run = Bake(path);
            Assert.Equal(1, run.ExitCode);
            Assert.Contains("is no folder for files", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Shared_memory_holds_files()
    {
        WholeFile.RefuseDevice("/dev/shm/x");
        WholeFile.RefuseDevice("/devices/x");
    }

    [Fact]
    public void A_key_is_its_owners_whatever_was_there()
    {
        string old = folder.Write("old.rom", "old");
        File.SetUnixFileMode(old, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        _ = File.CreateSymbolicLink(folder.Path("to-old.rom"), "old.rom");
        Assert.Equal(0, Bake(folder.Path("to-old.rom")).ExitCode);
        Assert.Null(new FileInfo(folder.Path("to-old.rom")).LinkTarget); // what a link leads to may be anybody's
        Assert.Equal("old", File.ReadAllText(old));
        Assert.Equal(0, Bake(old).ExitCode);
        foreach (string name in (string[])["old.rom", "to-old.rom"])
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.Path(name)));
        }
    }

    [Fact]
    public void A_folder_is_not_replaced()
    {
        string target = Directory.CreateDirectory(folder.Path("folder.rom")).FullName;
        CliRun run = Bake(target);
        Assert.Equal(1, run.ExitCode);
        Assert.Single(run.Error.TrimEnd().Split('\n'), line => line.StartsWith("error", StringComparison.Ordinal));
        Assert.Empty(folder.Leftovers);
    }

    [Theory]
    [InlineData("x.cs", "class")]
    [InlineData("x.cs", "Image")]
    [InlineData("x.cs", "record")]
    [InlineData("x.h", "int")]
    [InlineData("x.h", "template")]
    [InlineData("x.h", "a b")]
    [InlineData("x.cs", "a;b")]
    public void A_word_of_the_language_is_no_name(string file, string name)
    {
        CliRun run = Bake(folder.Path(file), "--name", name);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"and not '{name}'", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("int.h", "rom_image_int")]
    [InlineData("image.cs", "RomImageImage")]
    [InlineData("device.h", "device")]
    public void A_files_name_becomes_one_that_compiles(string file, string name)
    {
        Assert.Equal(0, Bake(folder.Path(file)).ExitCode);
        Assert.Contains(file.EndsWith(".h", StringComparison.Ordinal) ? $" {name}[" : $" class {name}\n", File.ReadAllText(folder.Path(file)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_namespace_is_one() => Assert.Equal(2, Bake(folder.Path("x.cs"), "--namespace", "public.int").ExitCode);

    [Fact]
    public void Links_that_go_round_have_an_end()
    {
        _ = File.CreateSymbolicLink(folder.Path("round-a"), "round-b");
        _ = File.CreateSymbolicLink(folder.Path("round-b"), "round-a");
        Assert.StartsWith(RealPath.Of(Path.GetDirectoryName(folder.Root)!), RealPath.Of(folder.Path("round-a")), StringComparison.Ordinal);
        Assert.Equal(1, CliRun.Of("bake", "--cafile", folder.Path("round-a"), "-o", folder.Path("x.rom")).ExitCode);
    }
}
