using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Thimble.Cli;
using Thimble.Memory;
using Thimble.Tests.Cli;
using Xunit;

namespace Thimble.Tool.Tests.Probe;

/// <summary>Profiles in files: every member survives, and a file that is none is refused in a sentence.</summary>
public sealed class ProfileFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thimble-profiles-");

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);

    public static TheoryData<string> Members => [.. typeof(Profile).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Members))]
    public void Each_member_survives(string name)
    {
        PropertyInfo property = typeof(Profile).GetProperty(name)!;
        object changed = Profiles.Rsa2048.Profile;
        property.SetValue(changed, Other(property, property.GetValue(changed)!));
        Profile profile = (Profile)changed;
        ProfileFile.Write(PathOf("p.json"), ProfileFile.Document("a name", null, profile));
        Profile read = ProfileFile.Read(PathOf("p.json")).Profile;
        Assert.NotEqual(property.GetValue(Profiles.Rsa2048.Profile), property.GetValue(read));
        Assert.Equal(profile, read);
        Assert.Single(_folder.GetFiles()); // and nothing beside it
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"name\":\"x\"}")]
    [InlineData("{\"thimbleProfile\":\"1\"}")]
    [InlineData("{\"thimbleProfile\":1}")]
    [InlineData("{\"thimbleProfile\":2,\"name\":\"x\",\"profile\":{\"newer\":1}}")]
    [InlineData("{\"thimbleProfile\":1,\"name\":\"x\",\"profile\":{\"newer\":1}}")]
    [InlineData("{\"thimbleProfile\":1,\"name\":\"x\",\"profile\":null}")]
    [InlineData("{\"thimbleProfile\":1,\"name\":\"x\",\"profile\":{\"suites\":null}}")]
    [InlineData("{\"thimbleProfile\":1,\"name\":\"x\",\"profile\":{}}")]
    public void What_is_no_profile_is_refused(string text)
    {
        File.WriteAllText(PathOf("p.json"), text);
        CliRun run = CliRun.Of("plan", "--profile", PathOf("p.json"));
        Assert.Equal(ExitCode.Fault, run.ExitCode);
        Assert.StartsWith("thimble: '" + PathOf("p.json"), run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Trim().Split('\n'));
        Assert.Empty(run.Output);
    }

    [Fact]
    public void A_file_that_is_cut_anywhere_is_refused()
    {
        ProfileFile.Write(PathOf("p.json"), ProfileFile.Document("a name", "of a test", Profiles.General.Profile));
        string text = File.ReadAllText(PathOf("p.json")).TrimEnd();
        for (int length = 0; length < text.Length; length++)
        {
            File.WriteAllText(PathOf("cut.json"), text[..length]);
            Assert.Throws<ProfileFileException>(() => ProfileFile.Read(PathOf("cut.json")));
        }
    }

    [Theory]
    [InlineData("maxRsaBits", "1024")]
    [InlineData("maxEcdsaBits", "255")]
    [InlineData("inWindowBytes", "63")]
    [InlineData("outWindowBytes", "-1")]
    [InlineData("minRsaBits", "512")]
    [InlineData("maxServerNameBytes", "0")]
    [InlineData("suites", "[\"Nonsense\"]")]
    [InlineData("suites", "[\"1\"]")]
    [InlineData("groups", "[\"None\"]")]
    public void A_value_that_no_plan_can_have_is_refused(string member, string value)
    {
        ProfileFile.Write(PathOf("p.json"), ProfileFile.Document("a name", null, Profiles.General.Profile));
        System.Text.Json.Nodes.JsonNode document = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(PathOf("p.json")))!;
        document["profile"]![member] = System.Text.Json.Nodes.JsonNode.Parse(value);
        File.WriteAllText(PathOf("p.json"), document.ToJsonString());
        CliRun run = CliRun.Of("plan", "--profile", PathOf("p.json"));
        Assert.Equal(ExitCode.Fault, run.ExitCode);
        Assert.Contains(member, run.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_told() =>
        Assert.Contains("cannot be written", Assert.Throws<ProfileFileException>(() => ProfileFile.Write(PathOf("no/p.json"), ProfileFile.Document("x", null, default))).Message, StringComparison.Ordinal);

    /// <summary>Another value that the member may have.</summary>
    private static object Other(PropertyInfo property, object value) => value switch
    {
        bool known => !known,
        TlsVersions => TlsVersions.Tls13,
        CipherSuites => CipherSuites.EcdhePskAes128Ccm8 | CipherSuites.EcdheRsaAes128GcmSha256,
        Groups => Groups.Secp384r1 | Groups.X25519,
        PskModes => PskModes.PskWithDhe,
        MqttVersions => Enum.GetValues<MqttVersions>()[^1],
        int => property.Name switch
        {
            nameof(Profile.MaxRsaBits) or nameof(Profile.MinRsaBits) or nameof(Profile.ClientRsaBits) => 3072,
            nameof(Profile.MaxEcdsaBits) or nameof(Profile.ClientEcdsaBits) or nameof(Profile.MaxSignatureHashBits) => 384,
            nameof(Profile.InWindowBytes) or nameof(Profile.OutWindowBytes) => 1000,
            _ => 77,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(property), property.Name, "A member of a new kind."),
    };
}
