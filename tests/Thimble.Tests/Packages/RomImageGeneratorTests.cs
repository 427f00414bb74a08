using System;
using System.Diagnostics;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Tests.Cli;
using Xunit;

namespace Thimble.Tests.Packages;

/// <summary>A project that names its certificates, and sees nothing of this clone but the packages, gets the image that <c>thimble bake</c> makes.</summary>
[Trait("Category", "Peer")]
public sealed class RomImageGeneratorTests(PackageFeed feed) : IClassFixture<PackageFeed>
{
    private const string Time = "2030-01-31T12:00:00Z";

    private const string Whole = $"""<ThimbleRomImage Include="device.pem" Anchors="ca.pem" Key="device.key" ClassName="DeviceRom" BakedAt="{Time}" />""";

    [Fact]
    public void The_image_is_that_of_the_tool_and_follows_its_files()
    {
        string folder = Project("image", Whole + """<ThimbleRomImage Include="ca.pem" ClassName="Anchors" />""");
        File.WriteAllText(Path.Combine(folder, "Program.cs"), """
            System.Console.WriteLine(System.Convert.ToHexString(Acme.DeviceRom.Image) + " " + System.Convert.ToHexString(Acme.Anchors.Image));
            """);
        string[] first = PackageFeed.Dotnet(folder, "run", "-c", "Release").Trim().Split(' ');
        Assert.Equal(OfTool(folder), first[0]);

        Device(folder);
        string[] second = PackageFeed.Dotnet(folder, "run", "-c", "Release").Trim().Split(' ');
        Assert.Equal(OfTool(folder), second[0]);
        Assert.NotEqual(first[0], second[0]);
        Assert.Equal(first[1], second[1]);
    }

    [Theory]
    [InlineData("THIMBLE001", """<ThimbleRomImage Include="device.pem" Anchors="empty.pem" Key="device.key" />""")]
    [InlineData("THIMBLE001", """<ThimbleRomImage Include="device.der" Anchors="ca.pem" Key="device.key" />""")]
    [InlineData("THIMBLE002", """<ThimbleRomImage Include="device.pem" Anchors="ca.pem" Key="ca.key" />""")]
    [InlineData("THIMBLE003", """<ThimbleRomImage Include="old.pem" Anchors="ca.pem" />""")]
    [InlineData("THIMBLE004", """<ThimbleRomImage Include="old.pem" Anchors="ca.pem" AllowExpired="true" />""")]
    [InlineData("THIMBLE005", """<ThimbleRomImage Include="reversed.pem" Anchors="ca.pem" Key="device.key" />""")]
    [InlineData("THIMBLE006", """<ThimbleRomImage Include="reversed.pem" Anchors="ca.pem" Key="device.key" />""")]
    [InlineData("THIMBLE007", """<ThimbleRomImage Include="ca.pem" For="aws-iot" />""")]
    [InlineData("THIMBLE008", """<ThimbleRomImage Include="ca.pem" For="emqx" />""")]
    [InlineData("THIMBLE009", """<ThimbleRomImage Include="device.pem" Anchors="ca.pem" Key="device.key" />""")]
    [InlineData("THIMBLE011", """<ThimbleRomImage Include="ca.pem" Anchors="ca.pem" Key="ca.key" />""")]
    [InlineData("THIMBLE012", """<ThimbleRomImage Include="device.pem" Anchors="ca.pem" Key="encrypted.key" />""")]
    [InlineData("THIMBLE013", """<ThimbleRomImage Include="device.pem" Key="device.key" />""")]
    [InlineData("THIMBLE013", """<ThimbleRomImage Include="ca.pem" ClassName="Same" /><ThimbleRomImage Include="device.pem" Anchors="ca.pem" Key="device.key" ClassName="same" />""")]
    public void Each_check_is_a_diagnostic(string id, string item)
    {
        string folder = Project(id + Math.Abs(item.GetHashCode(StringComparison.Ordinal)), item);
        if (id == "THIMBLE009")
        {
            PackageFeed.Run(folder, "git", "init", "--quiet");
            PackageFeed.Run(folder, "git", "add", "device.key");
        }

        File.WriteAllText(Path.Combine(folder, "Program.cs"), "System.Console.WriteLine();");
        Assert.Contains(id, Build(folder), StringComparison.Ordinal);
    }

    /// <summary>What the build says, whether it goes well or not.</summary>
    private static string Build(string folder)
    {
        using var process = new Process { StartInfo = new ProcessStartInfo("dotnet", ["build", "-c", "Release", "-nologo", "-v", "minimal", "-nodeReuse:false"]) { WorkingDirectory = folder, RedirectStandardOutput = true } };
        process.Start();
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return said;
    }

    private string Project(string name, string items)
    {
        string folder = feed.NewFolder(name);
        Made("cert", "ca", "--name", "Root", "-o", folder);
        Device(folder);
        File.WriteAllText(Path.Combine(folder, "reversed.pem"), File.ReadAllText(Path.Combine(folder, "ca.pem")) + File.ReadAllText(Path.Combine(folder, "device.pem")));
        File.WriteAllText(Path.Combine(folder, "empty.pem"), "");
        using X509Certificate2 device = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, "device.pem"));
        File.WriteAllBytes(Path.Combine(folder, "device.der"), device.RawData);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 old = new CertificateRequest("CN=old", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-20), DateTimeOffset.UtcNow.AddDays(-10));
        File.WriteAllText(Path.Combine(folder, "old.pem"), old.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, "encrypted.key"), key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000)));
        File.WriteAllText(Path.Combine(folder, "acme.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <RootNamespace>Acme</RootNamespace>
                <UseSharedCompilation>false</UseSharedCompilation>
                <RestoreAdditionalProjectSources>{feed.Packages}</RestoreAdditionalProjectSources>
                <RestorePackagesPath>../packages</RestorePackagesPath>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Thimble" Version="{PackageFeed.Version}" />
                {items}
              </ItemGroup>
            </Project>
            """);
        return folder;
    }

    private static void Device(string folder) => Made("cert", "device", "--issuer", Path.Combine(folder, "ca.pem"), "--issuer-key", Path.Combine(folder, "ca.key"), "--name", "device", "--force", "-o", folder);

    private static string OfTool(string folder)
    {
        string image = Path.Combine(folder, "tool.rom");
        Made("bake", "--cafile", Path.Combine(folder, "ca.pem"), "--cert", Path.Combine(folder, "device.pem"), "--key", Path.Combine(folder, "device.key"), "--time", Time, "-o", image);
        return Convert.ToHexString(File.ReadAllBytes(image));
    }

    private static void Made(params string[] arguments)
    {
        CliRun run = CliRun.Of(arguments);
        Assert.True(run.ExitCode == 0, run.Error);
    }
}
