using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Thimble.Tests.Cli;
using Thimble.Tests.Peers;
using Xunit;

namespace Thimble.Tool.Tests.Bake;

/// <summary>The other forms of an image hold the same bytes, by the compilers that read them.</summary>
public sealed class ImageFormatTests(BakeFolder folder) : IClassFixture<BakeFolder>
{
    private const string Now = "1900000000";

    private string Baked(string output, params string[] more)
    {
        BakeFolder.Made(["bake", "--cafile", folder.Root, "--cert", folder.Certificate, "--key", folder.Key, "--time", Now, "-o", folder.Path(output), .. more]);
        return folder.Path(output);
    }

    [Fact]
    public void A_C_compiler_lays_the_image_at_a_multiple_of_eight_and_writes_it_back()
    {
        byte[] image = File.ReadAllBytes(Baked("image.rom"));
        Baked("device.h");
        string source = folder.Write("write.c", """
            #include <stdio.h>
            #include <stdint.h>
            #include "device.h"
            int main(void) { fwrite(device, 1, sizeof device, stdout); return ((uintptr_t)device & 7) != 0; }
            """);
        Assert.Equal(image, OutputOf(source, "write"));
    }

    [Fact]
    public void Plain_DER_arrays_are_the_certificates_and_the_key()
    {
        Baked("der.h", "--format", "der-c", "--name", "acme");
        string source = folder.Write("der.c", """
            #include <stdio.h>
            #include "der.h"
            int main(void) { fwrite(acme_certificate_0, 1, sizeof acme_certificate_0, stdout); fwrite(acme_key, 1, sizeof acme_key, stdout); return sizeof acme_anchor_0 == 0 || sizeof acme_certificate_1 == 0; }
            """);
        using var leaf = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(folder.Text("device-1.pem"));
        using var key = System.Security.Cryptography.ECDsa.Create();
        key.ImportFromPem(folder.Text("device-1.key"));
        Assert.Equal([.. leaf.RawData, .. key.ExportPkcs8PrivateKey()], OutputOf(source, "der"));
    }

    /// <summary>That compilers take it is tested where the package is.</summary>
    [Fact]
    public void The_words_of_the_C_sharp_literal_are_the_image()
    {
        byte[] image = File.ReadAllBytes(Baked("words.rom"));
        string source = File.ReadAllText(Baked("device-image.cs", "--namespace", "Acme.Device"));
        Assert.Contains("namespace Acme.Device;", source, StringComparison.Ordinal);
        Assert.Contains("static partial class DeviceImage", source, StringComparison.Ordinal);
        Assert.Contains("ReadOnlySpan<byte> Image", source, StringComparison.Ordinal);
        Assert.Equal(image, Regex.Matches(source, "0x([0-9A-F]{16})").SelectMany(static word => BitConverter.GetBytes(ulong.Parse(word.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture))));
    }

    [Theory]
    [InlineData("--name", "a b")]
    [InlineData("--name", "x{}")]
    [InlineData("--name", "")]
    [InlineData("--namespace", "A..B")]
    [InlineData("--format", "rust")]
    public void Names_that_could_be_more_than_names_are_refused(string option, string value) =>
        Assert.Equal(2, CliRun.Of("bake", "--cafile", folder.Root, "-o", folder.Path("no.cs"), option, value).ExitCode);

    private byte[] OutputOf(string source, string program)
    {
        PeerProcess.Run("gcc", "-std=c11", "-Wall", "-Wno-unused-const-variable", "-o", folder.Path(program), source);
        using ProgramRun run = ProgramRun.Start(folder.Path(program));
        run.Give([]);
        run.ToEnd();
        Assert.Equal(0, run.ExitCode);
        return run.Output;
    }
}
