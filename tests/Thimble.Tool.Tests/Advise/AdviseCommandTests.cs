using System;
using System.Linq;
using System.Text.Json;
using Thimble.Cli;
using Thimble.Memory;
using Thimble.Tests.Cli;
using Thimble.Tool.Tests.Html;
using Xunit;

namespace Thimble.Tool.Tests.Advise;

/// <summary><c>advise</c> as it is run: its figures against those of <c>plan</c>, and what it does with a bad command line.</summary>
public sealed class AdviseCommandTests
{
    [Theory]
    [InlineData("--profile rsa2048")]
    [InlineData("--profile rsa2048 --client-key rsa2048 --tls 1.2")]
    [InlineData("--profile rsa4096-p384 --client-key rsa4096 --max-ticket 2048")]
    [InlineData("--profile general --ed25519 --max-ed25519-tbs 1024 --window 2048 --max-topic 512")]
    [InlineData("--profile ecdsa --client-key p384 --tls 1.3")]
    public void Each_setting_makes_the_plan_that_was_foretold(string options)
    {
        string[] words = [.. options.Split(' '), "--bits", "32"];
        JsonElement report = Run(words);
        int checkedSettings = 0;
        foreach (JsonElement saving in report.GetProperty("savings").EnumerateArray())
        {
            string[] setting = saving.GetProperty("setting").GetString()!.Split(' ');
            if (setting is not [['-', '-', ..], not ("without" or "of")])
            {
                continue;
            }

            CliRun plan = CliRun.Of(["plan", "--json", .. Without(words, setting[0]), .. setting]);
            Assert.Equal(ExitCode.Good, plan.ExitCode);
            Assert.Equal(plan.Json.GetProperty("memory").GetProperty("plannedBytes").GetInt32(), saving.GetProperty("plannedBytes").GetInt32());
            checkedSettings++;
        }

        Assert.InRange(checkedSettings, 5, 40);
        Assert.All(report.GetProperty("savings").EnumerateArray(), saving => Assert.Equal(
            report.GetProperty("memory").GetProperty("plannedBytes").GetInt32() - saving.GetProperty("plannedBytes").GetInt32(), saving.GetProperty("savedBytes").GetInt32()));
    }

    [Fact]
    public void The_regions_of_the_phase_that_binds_add_up_and_come_largest_first()
    {
        JsonElement report = Run("--bits", "32");
        int[] bytes = [.. report.GetProperty("atPeak").EnumerateArray().Select(region => region.GetProperty("bytes").GetInt32())];
        string peak = report.GetProperty("memory").GetProperty("peakPhase").GetString()!;
        int live = report.GetProperty("memory").GetProperty("phases").EnumerateArray().Single(phase => phase.GetProperty("phase").GetString() == peak).GetProperty("liveBytes").GetInt32();
        Assert.Equal(live, bytes.Sum());
        Assert.Equal(bytes.OrderDescending(), bytes);
    }

    [Fact]
    public void What_lives_in_another_phase_is_said_not_to_help_and_why()
    {
        JsonElement saving = Run("--bits", "32").GetProperty("savings").EnumerateArray().First(line => line.GetProperty("setting").GetString() == "--out-window 256");
        Assert.Equal(0, saving.GetProperty("savedBytes").GetInt32());
        Assert.Equal("OutWindow gets 128 B smaller, but does not live in Certificates13, which binds", saving.GetProperty("because").GetString());
    }

    [Fact]
    public void Savings_come_with_the_most_first_and_each_says_what_it_gives_up()
    {
        JsonElement[] savings = [.. Run("--bits", "32").GetProperty("savings").EnumerateArray()];
        int[] saved = [.. savings.Select(saving => saving.GetProperty("savedBytes").GetInt32())];
        Assert.Equal(saved.OrderDescending(), saved);
        Assert.All(savings, saving => Assert.All((string[])["change", "setting", "givesUp", "because", "price"], name => Assert.NotEmpty(saving.GetProperty(name).GetString()!)));
        Assert.Contains(savings, saving => saving.GetProperty("change").GetString() == "TLS 1.2 only" && saving.GetProperty("peakPhase").GetString() == "KeyExchange");
    }

    [Fact]
    public void A_target_is_reached_by_steps_that_add_up()
    {
        JsonElement report = Run("--bits", "32", "--profile", "rsa4096-p384", "--client-key", "rsa4096", "--target", "3000");
        JsonElement combination = report.GetProperty("combination");
        Assert.True(combination.GetProperty("reached").GetBoolean());
        int planned = report.GetProperty("memory").GetProperty("plannedBytes").GetInt32();
        foreach (JsonElement step in combination.GetProperty("steps").EnumerateArray())
        {
            planned -= step.GetProperty("savedBytes").GetInt32();
            Assert.Equal(planned, step.GetProperty("plannedBytes").GetInt32());
        }

        Assert.Equal(planned, combination.GetProperty("plannedBytes").GetInt32());
        Assert.InRange(planned, 1, 3000);
    }

    [Fact]
    public void A_target_out_of_reach_is_exit_code_1_with_the_nearest()
    {
        CliRun run = CliRun.Of("advise", "--bits", "32", "--target", "512");
        Assert.Equal(ExitCode.Fault, run.ExitCode);
        Assert.Contains("Target 512 bytes: not reached with", run.Output, StringComparison.Ordinal);
        JsonElement combination = CliRun.Of("advise", "--bits", "32", "--target", "512", "--json").Json.GetProperty("combination");
        Assert.False(combination.GetProperty("reached").GetBoolean());
        Assert.InRange(combination.GetProperty("plannedBytes").GetInt32(), 513, 3000);
    }

    [Fact]
    public void Two_plans_stand_side_by_side_and_the_difference_is_named()
    {
        JsonElement comparison = Run("--compare", "client-key=rsa2048", "client-key=p256", "--bits", "32").GetProperty("comparison");
        Assert.Equal(Planned("--client-key", "rsa2048"), comparison.GetProperty("a").GetProperty("plannedBytes").GetInt32());
        Assert.Equal(Planned("--client-key", "p256"), comparison.GetProperty("b").GetProperty("plannedBytes").GetInt32());
        string conclusion = comparison.GetProperty("conclusion").GetString()!;
        Assert.StartsWith("A needs 616 bytes more than B. A binds in ClientAuth13", conclusion, StringComparison.Ordinal);
        Assert.Contains("There SignOperation takes 1,112 more (registers for making or verifying our signature)", conclusion, StringComparison.Ordinal);
    }

    [Fact]
    public void The_lesser_plan_may_stand_first_and_a_phase_may_be_missing()
    {
        JsonElement comparison = Run("--compare", "rsa2048 tls=1.2", "rsa2048 --tls 1.3".Replace("--tls ", "tls=", StringComparison.Ordinal), "--bits", "32").GetProperty("comparison");
        Assert.Contains("A does not pass through Certificates13 at all.", comparison.GetProperty("conclusion").GetString(), StringComparison.Ordinal);
        JsonElement only13 = comparison.GetProperty("phases").EnumerateArray().Single(phase => phase.GetProperty("phase").GetString() == "Certificates13");
        Assert.Equal(JsonValueKind.Null, only13.GetProperty("a").ValueKind);
    }

    [Fact]
    public void Equal_plans_are_said_to_be_equal()
    {
        string conclusion = Run("--compare", "rsa2048", "--profile rsa2048").GetProperty("comparison").GetProperty("conclusion").GetString()!;
        Assert.EndsWith("No region differs.", conclusion, StringComparison.Ordinal);
    }

    /// <summary>Its path may have what separates words and options: a space, an equals sign.</summary>
    [Fact]
    public void A_file_that_probe_saved_is_a_profile_to_advise_on_and_to_compare()
    {
        using var folder = new TestFolder();
        string file = folder["p=1.json"], spaced = folder["p 1.json"];
        foreach (string path in (string[])[file, spaced])
        {
            ProfileFile.Write(path, ProfileFile.Document("a name", null, Profiles.Ecdsa.Profile with { MaxServerNameBytes = 9, ClientRsaBits = 2048 }));
        }

        int planned = Planned("--profile", file);
        Assert.Equal(planned, Run("--profile", file, "--bits", "32").GetProperty("memory").GetProperty("plannedBytes").GetInt32());
        Assert.Equal(planned, Compared("b", "ecdsa", file));
        Assert.Equal(planned, Compared("a", spaced, "ecdsa"));
        Assert.Equal(Planned("--profile", file, "--tls", "1.2"), Compared("a", file + " tls=1.2", "ecdsa"));
    }

    [Fact]
    public void A_plan_whose_file_is_not_there_is_refused_with_the_profiles_that_are()
    {
        CliRun run = CliRun.Of("advise", "--compare", "nothere.json", "rsa2048");
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("There is no profile 'nothere.json', and no such file. There are: rsa2048", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cloud_is_where_to_begin_as_for_plan()
    {
        int planned = Planned("--for", "aws-iot");
        Assert.Equal(planned, Run("--for", "aws-iot", "--bits", "32").GetProperty("memory").GetProperty("plannedBytes").GetInt32());
        Assert.Equal(planned, Run("--compare", "for=aws-iot", "rsa2048", "--bits", "32").GetProperty("comparison").GetProperty("a").GetProperty("plannedBytes").GetInt32());
    }

    [Fact]
    public void A_step_names_the_value_that_it_really_replaces()
    {
        JsonElement[] steps = [.. Run("--bits", "32", "--profile", "general", "--client-key", "rsa4096", "--window", "4096", "--max-ticket", "2048", "--target", "4096")
            .GetProperty("combination").GetProperty("steps").EnumerateArray()];
        string[] windows = [.. steps.Select(step => step.GetProperty("change").GetString()!).Where(change => change.Contains("records of", StringComparison.Ordinal))];
        Assert.NotEmpty(windows);
        Assert.All(windows, change => Assert.EndsWith("instead of 4,096", change, StringComparison.Ordinal));
        Assert.Contains(steps, step => step.GetProperty("change").GetString()!.StartsWith("tickets of", StringComparison.Ordinal) && step.GetProperty("change").GetString()!.EndsWith("instead of 2,048", StringComparison.Ordinal));
    }

    [Fact]
    public void A_target_that_is_met_or_cannot_be_is_told_in_words()
    {
        Assert.Contains("Target 3,352 bytes: the plan keeps to it as it is, with 3,352.", CliRun.Of("advise", "--bits", "32", "--target", "3352").Output, StringComparison.Ordinal);
        Assert.Contains("binds; the most there is AgreementOperation (", CliRun.Of("advise", "--profile", "ecdsa", "--bits", "32", "--target", "600").Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    /// <summary>A saving is what the regions of the phase that binds lose, and what lay unused between them.</summary>
    [Fact]
    public void A_saving_that_comes_of_a_better_packing_says_so()
    {
        JsonElement saving = Run("--bits", "32").GetProperty("savings").EnumerateArray().Single(line => line.GetProperty("setting").GetString() == "--tls 1.3");
        Assert.Equal(48, saving.GetProperty("savedBytes").GetInt32());
        Assert.Equal("MasterSecret -16; 32 B fewer lie unused between regions", saving.GetProperty("because").GetString());
    }

    [Theory]
    [InlineData("advise --target 100")]
    [InlineData("advise --bits 16")]
    [InlineData("advise --compare rsa2048")]
    [InlineData("advise --compare rsa2048 nonsense")]
    [InlineData("advise --compare rsa2048 max-rsa=17")]
    [InlineData("advise --compare rsa2048 ecdsa --window 128")]
    [InlineData("advise --compare rsa2048 ecdsa --target 4096")]
    [InlineData("advise --window 16384 --max-topic 65535 --max-ticket 8192")]
    public void Wrong_usage_is_2_with_the_reason(string line)
    {
        CliRun run = CliRun.Of(line.Split(' '));
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.StartsWith("thimble: ", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("advise --bits 32 --target 3000")]
    [InlineData("advise --profile rsa4096-p384 --client-key rsa4096 --max-ticket 4096 --stapled-status")]
    [InlineData("advise --compare rsa4096-p384 ecdsa")]
    [InlineData("advise --help")]
    [InlineData("profile --help")]
    public void Everything_fits_into_100_columns(string line)
    {
        CliRun run = CliRun.Of(line.Split(' '));
        Assert.Equal(ExitCode.Good, run.ExitCode);
        Assert.All(run.Output.Split('\n'), static text => Assert.InRange(text.TrimEnd().Length, 0, 100));
    }

    private static int Compared(string which, string a, string b) =>
        Run("--compare", a, b, "--bits", "32").GetProperty("comparison").GetProperty(which).GetProperty("plannedBytes").GetInt32();

    private static JsonElement Run(params string[] arguments)
    {
        CliRun run = CliRun.Of(["advise", "--json", .. arguments]);
        Assert.True(run.ExitCode == ExitCode.Good, run.Error);
        return run.Json;
    }

    private static int Planned(params string[] arguments) => CliRun.Of(["plan", "--json", "--bits", "32", .. arguments]).Json.GetProperty("memory").GetProperty("plannedBytes").GetInt32();

    /// <summary>An option may stand on a command line once.</summary>
    private static string[] Without(string[] words, string option)
    {
        int at = Array.IndexOf(words, option);
        return at < 0 ? words : [.. words[..at], .. words[(at + 2)..]];
    }
}
