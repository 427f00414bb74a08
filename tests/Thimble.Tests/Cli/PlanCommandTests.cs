using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Thimble.Cli;
using Thimble.Memory;
using Xunit;

namespace Thimble.Tests.Cli;

public sealed class PlanCommandTests
{
    [Theory]
    [InlineData("p256", 32, 4_096)]
    [InlineData("rsa2048", 32, 4_096)]
    [InlineData("p256", 64, 4_608)]
    [InlineData("rsa2048", 64, 4_608)]
    public void The_plan_of_the_default_profile_keeps_its_budget(string clientKey, int bits, int budget)
    {
        JsonElement memory = Plan("--client-key", clientKey, "--bits", bits.ToString(System.Globalization.CultureInfo.InvariantCulture)).GetProperty("memory");
        Assert.InRange(memory.GetProperty("plannedBytes").GetInt32(), 1, budget);
        Assert.InRange(memory.GetProperty("connectionBytes").GetInt32(), 1, 512);
        Assert.Equal(bits, memory.GetProperty("wordBits").GetInt32());
    }

    [Fact]
    public void RSA_4096_and_P_384_fit_into_their_budget() =>
        Assert.InRange(Plan("--profile", "rsa4096-p384", "--bits", "32").GetProperty("memory").GetProperty("plannedBytes").GetInt32(), 1, 6_144);

    [Fact]
    public void The_report_has_every_phase_and_no_regions_that_overlap_while_both_live()
    {
        JsonElement memory = Plan().GetProperty("memory");
        Assert.Equal(MemoryMap.Of(Profiles.Rsa2048.Profile).Phases.Select(phase => phase.ToString()), memory.GetProperty("phases").EnumerateArray().Select(phase => phase.GetProperty("phase").GetString()));
        Assert.Equal(JsonValueKind.Null, memory.GetProperty("usedBytes").ValueKind);
        JsonElement[] regions = [.. memory.GetProperty("regions").EnumerateArray()];
        Assert.All(regions, region => Assert.NotEmpty(region.GetProperty("purpose").GetString()!));
        foreach (JsonElement a in regions)
        {
            Assert.DoesNotContain(regions, b => Name(a) != Name(b) && LiveTogether(a, b) && Overlap(a, b));
        }
    }

    [Theory]
    [InlineData("EcdheEcdsaAes128Ccm", "1.2")]
    [InlineData("EcdheEcdsaAes256Ccm8,EcdheEcdsaAes128Ccm8", "1.2")]
    [InlineData("Aes128CcmSha256", "1.3")]
    [InlineData("EcdheEcdsaAes128Ccm8", "1.3")]
    [InlineData("EcdheEcdsaAes128Ccm", "1.2,1.3")]
    public void Suites_of_CCM_cost_no_more_than_those_of_GCM(string suites, string versions)
    {
        int Bytes(string named) => Plan("--suites", named, "--tls", versions, "--bits", "32").GetProperty("memory").GetProperty("plannedBytes").GetInt32();
        Assert.InRange(Bytes(suites), 1, Bytes("EcdheEcdsaAes128GcmSha256"));
    }

    [Fact]
    public void Knobs_change_the_plan_and_its_name()
    {
        JsonElement memory = Plan("--window", "1024").GetProperty("memory");
        Assert.Equal("rsa2048 (changed)", memory.GetProperty("profile").GetString());
        Assert.True(memory.GetProperty("windowBytes").GetInt32() >= 2_048);
    }

    [Fact]
    public void The_report_says_what_each_version_takes_alone_where_both_are_offered()
    {
        JsonElement[] alone = [.. Plan("--bits", "32").GetProperty("alone").EnumerateArray()];
        Assert.Equal(["TLS 1.2", "TLS 1.3"], alone.Select(version => version.GetProperty("version").GetString()));
        foreach ((JsonElement version, string tls) in alone.Zip(["1.2", "1.3"]))
        {
            JsonElement report = Plan("--bits", "32", "--tls", tls);
            Assert.Equal(report.GetProperty("memory").GetProperty("plannedBytes").GetInt32(), version.GetProperty("plannedBytes").GetInt32());
            Assert.Equal(JsonValueKind.Null, report.GetProperty("alone").ValueKind);
        }
    }

    [Fact]
    public void The_tables_fit_into_100_columns_with_all_options()
    {
        string[] everything = ["--ed25519", "--max-ed25519-tbs", "2048", "--max-ecdsa", "521", "--window", "8192", "--max-topic", "8192", "--max-ticket", "8192", "--stapled-status", "--exports-keys"];
        CliRun run = CliRun.Of(["plan", "--profile", "rsa4096-p384", "--client-key", "rsa4096", .. everything]);
        Assert.Equal(ExitCode.Good, run.ExitCode);
        Assert.All(run.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        Assert.All((RegionId[])[RegionId.Session, RegionId.ExporterSecret, RegionId.SignedMessage, RegionId.Status], region => Assert.Contains(region.ToString(), run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void The_tables_fit_into_100_columns_and_name_every_region()
    {
        CliRun run = CliRun.Of("plan", "--profile", "rsa4096-p384");
        Assert.Equal(ExitCode.Good, run.ExitCode);
        Assert.All(run.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        Assert.All(MemoryMap.Of(Profiles.Rsa4096P384.Profile).Regions, region => Assert.Contains(region.Id.ToString(), run.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("\u001b", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_region_has_a_purpose() =>
        Assert.All(Enum.GetValues<RegionId>(), region => Assert.NotEmpty(RegionPurpose.Of(region)));

    private static JsonElement Plan(params string[] arguments)
    {
        CliRun run = CliRun.Of(["plan", "--json", .. arguments]);
        Assert.Equal(ExitCode.Good, run.ExitCode);
        Assert.True(run.Json.GetProperty("ok").GetBoolean());
        return run.Json;
    }

    private static string Name(JsonElement region) => region.GetProperty("name").GetString()!;

    private static bool Overlap(JsonElement a, JsonElement b) => Start(a) < Start(b) + Bytes(b) && Start(b) < Start(a) + Bytes(a);

    private static bool LiveTogether(JsonElement a, JsonElement b) => AliveIn(a).Intersect(AliveIn(b)).Any();

    private static int Start(JsonElement region) => region.GetProperty("offset").GetInt32();

    private static int Bytes(JsonElement region) => region.GetProperty("bytes").GetInt32();

    private static IEnumerable<string?> AliveIn(JsonElement region) => region.GetProperty("aliveIn").EnumerateArray().Select(phase => phase.GetString());
}
