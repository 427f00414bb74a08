using System;
using System.IO;
using System.Linq;
using Thimble.Cli.Bake;
using Thimble.Tests.Cli;
using Xunit;

namespace Thimble.Tool.Tests.Bake;

/// <summary>Damaged files and images: one clear sentence, exit code 1, and nothing written.</summary>
public sealed class HostileInputTests(BakeFolder folder) : IClassFixture<BakeFolder>
{
    private byte[] Image()
    {
        BakeFolder.Made("bake", "--cafile", folder.Root, "--cert", folder.Certificate, "--key", folder.Key, "-o", folder.Path("good.rom"));
        return File.ReadAllBytes(folder.Path("good.rom"));
    }

    [Fact]
    public void Every_bit_of_an_image_counts()
    {
        byte[] image = Image();
        for (int bit = 0; bit < 8 * image.Length; bit++)
        {
            byte[] flipped = [.. image];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            BakeException refused = Assert.Throws<BakeException>(() => ImageReader.Read("x", flipped));
            Assert.DoesNotContain('\n', refused.Message);
        }
    }

    [Fact]
    public void An_image_that_is_cut_anywhere_is_refused()
    {
        byte[] image = Image();
        for (int length = 0; length < image.Length; length++)
        {
            Assert.Throws<BakeException>(() => ImageReader.Read("x", image.AsSpan(0, length)));
        }

        Assert.Throws<BakeException>(() => ImageReader.Read("x", [.. image, 0]));
    }

    [Fact]
    public void A_newer_image_is_called_so()
    {
        byte[] image = Image();
        image[4] = 2;
        CliRun run = CliRun.Of("bake", "inspect", folder.Write("newer.rom", image));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("the image is of version 2, and this tool reads version 1", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspecting_never_shows_the_key()
    {
        byte[] image = Image();
        CliRun run = CliRun.Of("bake", "inspect", folder.Path("good.rom"), "--json");
        byte[] scalar = image[^96..^64];
        Assert.DoesNotContain(Convert.ToHexString(scalar)[..16], run.Output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Convert.ToBase64String(scalar)[..16], run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no PEM at all")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB")]
    [InlineData("-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")]
    public void What_is_no_certificate_is_refused(string text) => AssertRefused(folder.Write("no.pem", text), folder.Key);

    [Fact]
    public void PEM_that_is_cut_anywhere_is_refused_or_is_whole()
    {
        string text = folder.Pems("device-1.pem")[0];
        string end = "-----END CERTIFICATE-----";
        int whole = text.IndexOf(end, StringComparison.Ordinal) + end.Length;
        foreach (int length in Enumerable.Range(0, whole).Where(static length => length % 7 == 0))
        {
            AssertRefused(folder.Write("cut.pem", text[..length]), folder.Key);
        }
    }

    [Fact]
    public void DER_with_bytes_behind_is_refused()
    {
        using var leaf = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(folder.Text("device-1.pem"));
        AssertRefused(folder.Write("tail.der", [.. leaf.RawData, 0]), folder.Key);
    }

    [Fact]
    public void A_file_with_two_keys_is_refused() =>
        AssertRefused(folder.Certificate, folder.Write("two.key", folder.Text("device-1.key") + folder.Text("device-2.key")));

    [Fact]
    public void A_PKCS12_container_that_is_cut_is_refused()
    {
        using var leaf = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(folder.Text("device-1.pem"), folder.Text("device-1.key"));
        byte[] pfx = leaf.Export(System.Security.Cryptography.X509Certificates.X509ContentType.Pkcs12, "");
        foreach (int length in Enumerable.Range(1, pfx.Length - 1).Where(static length => length % 97 == 1))
        {
            AssertRefused(folder.Write("cut.pfx", pfx[..length]), null);
        }
    }

    [Fact]
    public void A_folder_that_is_not_there_is_told_and_nothing_is_left()
    {
        CliRun run = CliRun.Of("bake", "--cafile", folder.Root, "-o", folder.Path("nowhere/image.rom"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("cannot be written", run.Error, StringComparison.Ordinal);
    }

    private void AssertRefused(string certificate, string? key)
    {
        string[] keyOption = key is null ? [] : ["--key", key];
        CliRun run = CliRun.Of(["bake", "--cafile", folder.Root, "--cert", certificate, .. keyOption, "-o", folder.Path("refused.rom")]);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("error ", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Path("refused.rom")));
        Assert.Empty(folder.Leftovers);
    }
}
