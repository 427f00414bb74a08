using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Thimble.Cli.Device;
using Thimble.Memory;
using Xunit;

namespace Thimble.Tool.Tests.Device;

/// <summary>What firmware is compiled with follows from its profile: no feature less than the engine asks for, and none more.</summary>
public sealed class FirmwareFeaturesTests
{
    /// <summary>TLS 1.2 and nothing that a member below asks for.</summary>
    private static readonly Profile Narrow = new()
    {
        Versions = TlsVersions.Tls12,
        Suites = CipherSuites.EcdheRsaChaCha20Poly1305Sha256,
        Groups = Groups.X25519,
        MinRsaBits = 2048,
        MaxRsaBits = 2048,
        MaxSignatureHashBits = 256,
        InWindowBytes = 512,
        OutWindowBytes = 512,
        MaxServerNameBytes = 9,
        MaxMqttTopicBytes = 64,
    };

    public static TheoryData<string, string> Members => new()
    {
        { "nothing", "" },
        { "a suite with AES-GCM", "AesGcm" },
        { "a suite with CCM, and its keys", "AesCcm P256" },
        { "a suite with SHA-384", "AesGcm Sha512" },
        { "TLS 1.3 with its suite", "" },
        { "TLS 1.3 with AES-256-GCM", "AesGcm Sha512" },
        { "a suite of a version that is not offered", "" },
        { "P-256", "P256" },
        { "P-384", "P384" },
        { "keys on P-256", "P256" },
        { "keys on P-384", "P256 P384" },
        { "keys on P-521", "P256 P384 P521" },
        { "hashes of 384 bits", "Sha512" },
        { "a second transcript", "Sha512" },
        { "Ed25519", "Sha512 Ed25519" },
        { "certificates that Ed25519 signed", "Sha512 Ed25519" },
        { "a client key of Ed25519", "Sha512 Ed25519" },
        { "a client key on P-256", "P256" },
        { "a client key on P-384", "P256 P384" },
        { "a client key of RSA", "RsaSign" },
        { "stapled status", "StapledStatus" },
    };

    [Theory]
    [MemberData(nameof(Members))]
    public void Each_member_of_a_profile_brings_its_features(string member, string more)
    {
        string[] expected = ["ChaCha20Poly1305", "RsaVerify", "X25519", .. more.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        Profile profile = With(member);
        Assert.Equal(expected.Order(StringComparer.Ordinal), FirmwareFeatures.Of(profile).Parts.Order(StringComparer.Ordinal));
        Assert.Equal(profile.Versions, FirmwareFeatures.Of(profile).Versions);
    }

    [Fact]
    public void A_chain_of_EC_keys_needs_no_RSA_and_one_cipher_no_other() =>
        Assert.Equal(
            ["AesGcm", "P256"],
            FirmwareFeatures.Of(Narrow with { Suites = CipherSuites.EcdheEcdsaAes128GcmSha256, Groups = Groups.Secp256r1, MaxRsaBits = 0, MaxEcdsaBits = 256 }).Parts);

    /// <summary>The engine itself says what it would miss (<c>NotInThisBuild</c>); the tool may not see that, and says the same.</summary>
    [Fact]
    public void It_is_what_the_engine_asks_for_in_every_pair_of_members()
    {
        Type needs = typeof(MemoryPlan).Assembly.GetType("Thimble.Tls.AlgorithmNeeds", throwOnError: true)!;
        MethodInfo missing = needs.GetMethod("Missing", BindingFlags.Public | BindingFlags.Static)!;
        foreach (string first in MemberNames)
        {
            foreach (string second in MemberNames)
            {
                Profile profile = With(second, With(first));
                string asked = missing.Invoke(null, [profile, Enum.ToObject(missing.GetParameters()[1].ParameterType, 0)])!.ToString()!;
                FirmwareFeatures features = FirmwareFeatures.Of(profile);
                IEnumerable<string> told = features.Versions.ToString().Split(", ").Concat(features.Parts);
                Assert.True(asked.Split(", ").Order(StringComparer.Ordinal).SequenceEqual(told.Order(StringComparer.Ordinal)), $"{first}, {second}: {asked}");
            }
        }
    }

    [Theory]
    [InlineData(TlsVersions.Tls12, "1.2")]
    [InlineData(TlsVersions.Tls13, "1.3")]
    [InlineData(TlsVersions.Tls12 | TlsVersions.Tls13, "1.2,1.3")]
    public void The_firmware_without_a_profile_keeps_the_name_of_its_build(TlsVersions versions, string build) =>
        Assert.Equal(build, FirmwareFeatures.Of(DeviceProfile.For(versions)).Build);

    [Fact]
    public void Other_features_have_a_build_of_their_own_name() =>
        Assert.Equal("1.2-ChaCha20Poly1305-X25519-RsaVerify", FirmwareFeatures.Of(Narrow).Build);

    [Fact]
    public void The_script_knows_each_feature_and_the_usual_ones()
    {
        string script = File.ReadAllText(Path.Combine(DeviceTools.Root()!, "device", "firmware"));
        Profile everything = MemberNames.Aggregate(Narrow, (profile, member) => With(member, profile));
        Assert.Equal(Regex.Match(script, @"^choice=\((.*)\)$", RegexOptions.Multiline).Groups[1].Value.Split(' '), FirmwareFeatures.Of(everything).Parts);
        Assert.Equal(Regex.Match(script, @":--(\w+(-\w+)*)\}").Groups[1].Value.Split('-'), FirmwareFeatures.Of(DeviceProfile.For(TlsVersions.Tls12)).Parts);
    }

    private static IEnumerable<string> MemberNames => Members.Select(row => (string)((object[])row)[0]);

    private static Profile With(string member) => With(member, Narrow);

    private static Profile With(string member, Profile profile) => member switch
    {
        "nothing" => profile,
        "a suite with AES-GCM" => profile with { Suites = profile.Suites | CipherSuites.EcdheRsaAes128GcmSha256 },
        "a suite with CCM, and its keys" => profile with { Suites = profile.Suites | CipherSuites.EcdheEcdsaAes256Ccm8, MaxEcdsaBits = 256 },
        "a suite with SHA-384" => profile with { Suites = profile.Suites | CipherSuites.EcdheRsaAes256GcmSha384 },
        "TLS 1.3 with its suite" => profile with { Versions = profile.Versions | TlsVersions.Tls13, Suites = profile.Suites | CipherSuites.ChaCha20Poly1305Sha256 },
        "TLS 1.3 with AES-256-GCM" => profile with { Versions = profile.Versions | TlsVersions.Tls13, Suites = profile.Suites | CipherSuites.Aes256GcmSha384 },
        "a suite of a version that is not offered" => profile with { Suites = profile.Suites | CipherSuites.Aes128CcmSha256 },
        "P-256" => profile with { Groups = profile.Groups | Groups.Secp256r1 },
        "P-384" => profile with { Groups = profile.Groups | Groups.Secp384r1 },
        "keys on P-256" => profile with { MaxEcdsaBits = 256 },
        "keys on P-384" => profile with { MaxEcdsaBits = 384 },
        "keys on P-521" => profile with { MaxEcdsaBits = 521 },
        "hashes of 384 bits" => profile with { MaxSignatureHashBits = 384 },
        "a second transcript" => profile with { SecondTranscript = true },
        "Ed25519" => profile with { Ed25519 = true },
        "certificates that Ed25519 signed" => profile with { MaxEd25519TbsBytes = 1024 },
        "a client key of Ed25519" => profile with { ClientEd25519 = true },
        "a client key on P-256" => profile with { ClientEcdsaBits = 256 },
        "a client key on P-384" => profile with { ClientEcdsaBits = 384 },
        "a client key of RSA" => profile with { ClientRsaBits = 2048 },
        "stapled status" => profile with { StapledStatus = true },
        _ => throw new ArgumentOutOfRangeException(nameof(member), member, "no such member"),
    };
}
