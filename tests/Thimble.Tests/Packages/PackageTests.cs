using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text.Json;
using System.Xml.Linq;
using Xunit;

namespace Thimble.Tests.Packages;

/// <summary>What people install: its contents, and that it works where nothing of this clone is at hand.</summary>
[Trait("Category", "Peer")]
public sealed class PackageTests(PackageFeed feed) : IClassFixture<PackageFeed>
{
    [Theory]
    [InlineData("Thimble.Core", "lib/net10.0/Thimble.Core.dll", "lib/net10.0/Thimble.Core.xml", "README.md", "CHANGELOG.md")]
    [InlineData("Thimble", "lib/net10.0/Thimble.dll", "lib/net10.0/Thimble.xml", "README.md", "CHANGELOG.md")]
    [InlineData("Thimble.Tool", "tools/net10.0/any/Thimble.Cli.dll", "tools/net10.0/any/Thimble.dll", "tools/net10.0/any/Thimble.Core.dll", "README.md")]
    public void A_package_holds_its_assembly_its_documentation_and_a_licence(string package, params string[] files)
    {
        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(feed.Packages, $"{package}.{PackageFeed.Version}.nupkg"));
        Assert.Superset(files.ToHashSet(), archive.Entries.Select(static entry => entry.FullName).ToHashSet());
        XElement metadata = XDocument.Load(archive.GetEntry(package + ".nuspec")!.Open()).Root!.Elements().First();
        string? Value(string name) => metadata.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value;
        Assert.Equal("MIT", Value("license"));
        Assert.Equal("README.md", Value("readme"));
        Assert.Equal(PackageFeed.Version, Value("version"));
        Assert.NotEmpty(Value("description")!);
        Assert.True(File.Exists(Path.Combine(feed.Packages, $"{package}.{PackageFeed.Version}.snupkg")), "The symbols are missing.");
    }

    /// <summary>Nothing but .NET's own packages comes along; the core needs none at all.</summary>
    [Theory]
    [InlineData("Thimble.Core")]
    [InlineData("Thimble", "Thimble.Core")]
    public void A_package_depends_on_little(string package, params string[] ours)
    {
        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(feed.Packages, $"{package}.{PackageFeed.Version}.nupkg"));
        string[] dependencies = [.. XDocument.Load(archive.GetEntry(package + ".nuspec")!.Open()).Descendants()
            .Where(static element => element.Name.LocalName == "dependency").Select(static element => element.Attribute("id")!.Value)];
        Assert.Equal(ours, dependencies.Where(static id => !id.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_tool_is_installed_and_plans()
    {
        string folder = feed.NewFolder("tool");
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration><packageSources><clear /><add key="feed" value="{feed.Packages}" /></packageSources></configuration>
            """);
        PackageFeed.Dotnet(folder, "tool", "install", "Thimble.Tool", "--tool-path", "bin", "--configfile", "nuget.config", "--no-cache");
        string name = OperatingSystem.IsWindows() ? "thimble.exe" : "thimble";
        using JsonDocument plan = JsonDocument.Parse(PackageFeed.Run(folder, Path.Combine(folder, "bin", name), "plan", "--json"));
        Assert.InRange(plan.RootElement.GetProperty("memory").GetProperty("plannedBytes").GetInt32(), 1000, 10_000);
    }

    /// <summary>A program in another folder, which sees the packages only, is compiled without a warning and runs.</summary>
    [Fact]
    public void A_program_that_references_the_package_compiles_and_runs()
    {
        string folder = feed.NewFolder("program");
        File.WriteAllText(Path.Combine(folder, "program.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <IsAotCompatible>true</IsAotCompatible>
                <RestoreAdditionalProjectSources>{feed.Packages}</RestoreAdditionalProjectSources>
                <RestorePackagesPath>packages</RestorePackagesPath>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Thimble" Version="{PackageFeed.Version}" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), """
            System.Console.WriteLine(Thimble.MemoryPlan.For(Thimble.Profiles.Rsa2048.Profile).TotalBytes);
            """);
        string said = PackageFeed.Dotnet(folder, "run", "-c", "Release");
        Assert.Equal(MemoryMap.Of(Profiles.Rsa2048.Profile).PlannedBytes, int.Parse(said.Trim(), System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Two clones in two places give the same file: whoever has the sources can check the package.</summary>
    [Fact]
    public void Equal_sources_make_equal_assemblies()
    {
        byte[][] built = [.. new[] { "one", "another" }.Select(name =>
        {
            string clone = Path.Combine(feed.NewFolder(name), name);
            PackageFeed.Run(Repository.Folder, "git", "clone", "--quiet", "--no-hardlinks", Repository.Folder, clone);
            PackageFeed.Dotnet(clone, "build", Path.Combine("src", "Thimble.Core"), "-c", "Release", "-nologo", "-v", "quiet", "-p:ContinuousIntegrationBuild=true", "-p:UseSharedCompilation=false");
            return File.ReadAllBytes(Path.Combine(clone, "src", "Thimble.Core", "bin", "Release", "net10.0", "Thimble.Core.dll"));
        })];
        Assert.Equal(built[0], built[1]);
    }
}
