using System;
using System.Linq;
using System.Text.Json;
using Thimble.Cli;
using Thimble.Memory;
using Xunit;

namespace Thimble.Tests.Cli;

public sealed class DemoCommandTests
{
    /// <summary>One byte in 256 that was written looks like the paint, and is not counted.</summary>
    private const int LikeThePaint = 2;

    [Theory]
    [InlineData("--client-key", "p256", "EC P-256", 4)]
    [InlineData("--client-key", "rsa", "RSA 2048", 4)]
    [InlineData("--profile", "ecdsa", "EC P-256", 4)]
    public void A_message_comes_back_and_nothing_is_taken_beyond_the_plan(string option, string value, string clientKey, int certificates)
    {
        CliRun run = CliRun.Of("demo", "--json", option, value);
        Assert.True(run.ExitCode == ExitCode.Good, run.Output);
        JsonElement report = run.Json;
        Assert.True(report.GetProperty("ok").GetBoolean());
        JsonElement tls = report.GetProperty("tls");
        Assert.Equal("TLS 1.3", tls.GetProperty("version").GetString());
        Assert.StartsWith("TLS_", tls.GetProperty("suite").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(tls.GetProperty("group").GetString()!);
        Assert.True(tls.GetProperty("clientCertificate").GetBoolean());
        Assert.Equal(clientKey, tls.GetProperty("clientKey").GetString());
        Assert.Equal(certificates, tls.GetProperty("peerChain").GetArrayLength());
        Assert.Equal("hello from inside one buffer", report.GetProperty("mqtt").GetProperty("received").GetString());
        Check(report.GetProperty("memory"));
        JsonElement again = report.GetProperty("again");
        Assert.Equal("TLS 1.2", again.GetProperty("tls").GetProperty("version").GetString());
        Assert.StartsWith("TLS_ECDHE_", again.GetProperty("tls").GetProperty("suite").GetString(), StringComparison.Ordinal);
        Assert.Equal("hello from inside one buffer", again.GetProperty("mqtt").GetProperty("received").GetString());
        Check(again.GetProperty("memory"));
    }

    /// <summary>With the windows as they are: the platform keeps to max_fragment_length in TLS 1.3.</summary>
    [Theory]
    [InlineData("1.2", "TLS 1.2", "Finished")]
    [InlineData("1.3", "TLS 1.3", "Finished13")]
    [InlineData("1.2,1.3", "TLS 1.3", "Finished13")]
    public void The_version_can_be_chosen_and_is_reported_with_its_phases(string versions, string negotiated, string phase)
    {
        CliRun run = CliRun.Of("demo", "--json", "--tls", versions, "--client-key", "p256");
        Assert.True(run.ExitCode == ExitCode.Good, run.Output);
        Assert.Equal(negotiated, run.Json.GetProperty("tls").GetProperty("version").GetString());
        Assert.Equal("hello from inside one buffer", run.Json.GetProperty("mqtt").GetProperty("received").GetString());
        JsonElement memory = run.Json.GetProperty("memory");
        Assert.Equal(versions == "1.2" ? 7 : 8, memory.GetProperty("phases").GetArrayLength());
        Assert.Contains(memory.GetProperty("phases").EnumerateArray(), p => p.GetProperty("phase").GetString() == phase);
        Check(memory);
    }

    [Theory]
    [InlineData("1.2", 16_384)]
    [InlineData("1.3", 16_384)]
    [InlineData("1.2", 1024)]
    public void A_record_larger_than_the_window_may_hold_several_messages(string version, int bytes)
    {
        string size = bytes.ToString(System.Globalization.CultureInfo.InvariantCulture);
        CliRun run = CliRun.Of("demo", "--json", "--client-key", "p256", "--tls", version, "--record", size);
        Assert.True(run.ExitCode == ExitCode.Good, run.Output);
        JsonElement record = run.Json.GetProperty("mqtt").GetProperty("largeRecord");
        Assert.Equal(
            (bytes, 511, 4, 4),
            (record.GetProperty("bytes").GetInt32(), record.GetProperty("windowBytes").GetInt32(), record.GetProperty("messages").GetInt32(), record.GetProperty("acknowledged").GetInt32()));
        Assert.InRange(record.GetProperty("pieces").GetInt32(), bytes / 528, bytes / 400);
        run = CliRun.Of("demo", "--tls", version, "--record", size);
        Assert.All(run.Output.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 100));
        Assert.Contains("has acknowledged message 4", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_story_of_TLS_1_3_fits_into_100_columns_too()
    {
        CliRun run = CliRun.Of("demo", "--tls", "1.3");
        Assert.True(run.ExitCode == ExitCode.Good, run.Error);
        Assert.All(run.Output.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 100));
        Assert.Contains("TLS 1.3", run.Output, StringComparison.Ordinal);
    }

    /// <summary>
    /// A region of the peak phase that is planned and not used would be a promise that nothing needs. A good handshake
    /// raises no alert, so <see cref="Tls.Scripted13MemoryTests"/> fills the room for it.
    /// </summary>
    [Theory]
    [InlineData("--tls", "1.2", "--profile", "rsa2048", "--groups", "secp256r1")] // X25519 needs less
    [InlineData("--tls", "1.2", "--profile", "rsa2048", "--client-key", "rsa")]
    [InlineData("--tls", "1.2", "--profile", "rsa4096-p384", "--max-hash", "384", "--suites", "EcdheRsaAes128GcmSha256")] // a short hash first fills the second transcript
    public void Each_region_that_lives_in_the_peak_phase_is_used_to_nine_tenths(params string[] options)
    {
        // A random byte that is the paint's by chance looks unused: another run has other bytes.
        const int Runs = 3;
        string[] unused = [];
        for (int run = 0; run == 0 || (unused.Length > 0 && run < Runs); run++)
        {
            unused = UnusedAtThePeak(options);
        }

        Assert.Empty(unused);
    }

    /// <summary>The regions of the peak phase of which less than nine tenths were used.</summary>
    private static string[] UnusedAtThePeak(string[] options)
    {
        CliRun run = CliRun.Of(["demo", "--json", .. options]);
        Assert.True(run.ExitCode == ExitCode.Good, run.Output);
        JsonElement memory = run.Json.GetProperty("memory");
        string[] phases = [.. memory.GetProperty("phases").EnumerateArray().Select(phase => phase.GetProperty("phase").GetString()!)];
        JsonElement peak = memory.GetProperty("phases").EnumerateArray().MaxBy(phase => phase.GetProperty("liveBytes").GetInt32());
        int at = Array.IndexOf(phases, peak.GetProperty("phase").GetString());
        return
        [
            .. memory.GetProperty("regions").EnumerateArray()
                .Where(region => Array.IndexOf(phases, region.GetProperty("firstPhase").GetString()) <= at
                    && at <= Array.IndexOf(phases, region.GetProperty("lastPhase").GetString())
                    && region.GetProperty("name").GetString() != nameof(RegionId.AlertRecord))
                .Where(region => (region.GetProperty("usedBytes").GetInt32() + LikeThePaint) * 10 < region.GetProperty("bytes").GetInt32() * 9)
                .Select(region => $"{region.GetProperty("name").GetString()}: {region.GetProperty("usedBytes").GetInt32()} of {region.GetProperty("bytes").GetInt32()}"),
        ];
    }

    [Fact]
    public void The_story_fits_into_100_columns()
    {
        CliRun run = CliRun.Of("demo");
        Assert.True(run.ExitCode == ExitCode.Good, run.Error);
        Assert.All(run.Output.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 100));
        Assert.Contains("31,656", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u2026", run.Output, StringComparison.Ordinal);
    }

    private static void Check(JsonElement memory)
    {
        int planned = memory.GetProperty("plannedBytes").GetInt32();
        Assert.InRange(planned, 1, 4_608);
        Assert.InRange(memory.GetProperty("usedBytes").GetInt32(), 1, planned);
        Assert.InRange(memory.GetProperty("connectionBytes").GetInt32(), 1, 512);
        Assert.InRange(memory.GetProperty("phases").GetArrayLength(), 7, 8);
        Assert.All(memory.GetProperty("regions").EnumerateArray(), region =>
        {
            int bytes = region.GetProperty("bytes").GetInt32();
            Assert.InRange(region.GetProperty("usedBytes").GetInt32(), 0, bytes);
            Assert.InRange(region.GetProperty("offset").GetInt32() + bytes, bytes, planned);
        });
    }
}
