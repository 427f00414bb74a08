using System;
using System.IO;
using System.Linq;
using Thimble.Tests.Cli;
using Xunit;

namespace Thimble.Tool.Tests.Cert;

/// <summary>Where <c>thimble cert</c> writes: inside the folder that was named, and never onto the authority that issues.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class CertOutputTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thimble-cert-");

    public CertOutputTests() => Assert.Equal(0, CliRun.Of("cert", "ca", "--name", "Root", "-o", At("pki")).ExitCode);

    public void Dispose() => _folder.Delete(recursive: true);

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private CliRun Device(params string[] more) => CliRun.Of(["cert", "device", "--issuer", At("pki/ca.pem"), "--issuer-key", At("pki/ca.key"), .. more]);

    [Theory]
    [InlineData("pki")]
    [InlineData("link")]
    [InlineData("pki/../pki/.")]
    public void The_authority_that_issues_is_spared_though_forced(string output)
    {
        _ = Directory.CreateSymbolicLink(At("link"), "pki");
        string key = File.ReadAllText(At("pki/ca.key"));
        CliRun run = Device("--name", "ca", "-o", At(output), "--force");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("would be overwritten", run.Error, StringComparison.Ordinal);
        Assert.Equal(key, File.ReadAllText(At("pki/ca.key")));
        Assert.Equal(0, Device("--name", "device", "-o", At(output), "--force").ExitCode);
    }

    [Theory]
    [InlineData("../../escape")]
    [InlineData("..")]
    [InlineData("/etc/escape")]
    [InlineData(".hidden")]
    [InlineData("a\\..\\b")]
    [InlineData("-rf")]
    public void No_name_leads_out_of_the_folder(string name)
    {
        Assert.Equal(0, Device($"--name={name}", "-o", At("out/inner")).ExitCode);
        Assert.Equal(2, Directory.GetFiles(At("out/inner")).Length);
        Assert.Equal(["inner"], Directory.GetFileSystemEntries(At("out")).Select(Path.GetFileName));
        Assert.Equal(["out", "pki"], Directory.GetFileSystemEntries(_folder.FullName).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("100001")]
    [InlineData("99999999999999")]
    [InlineData("x")]
    public void A_count_is_one_that_can_be(string count)
    {
        CliRun run = Device("--name", "d-{0}", $"--count={count}", "-o", At("out"));
        Assert.Equal(2, run.ExitCode);
        Assert.False(Directory.Exists(At("out")));
    }

    [Fact]
    public void Serial_numbers_that_run_out_are_told_before_anything_is_written()
    {
        CliRun run = Device("--name", "d-{0}", "--count", "3", "--serial", "7F" + new string('F', 37) + "E", "-o", At("out"));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("beyond 20 bytes", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("out")));
    }
}
