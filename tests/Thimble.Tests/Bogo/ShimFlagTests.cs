using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Thimble.Memory;
using Xunit;

namespace Thimble.Tests.Bogo;

/// <summary>What the shim declines, and the file that tells the runner about it.</summary>
public sealed class ShimFlagTests(BogoPki pki) : IClassFixture<BogoPki>
{
    [Fact]
    public async Task There_is_no_handshaker()
    {
        ShimRun run = await ShimRun.Of(serve: null, "-is-handshaker-supported");
        Assert.Equal((0, "No\n", ""), (run.ExitCode, run.Output, run.Error));
    }

    [Theory]
    [InlineData("-server")]
    [InlineData("-dtls")]
    [InlineData("-quic")]
    [InlineData("-no-such-flag")]
    [InlineData("-on-resume-enable-early-data")]
    [InlineData("-on-shim-on-initial-verify-fail")]
    [InlineData("-wait-for-debugger")]
    [InlineData("-no-tls12 -no-tls13")]
    [InlineData("-max-version 770")]
    [InlineData("-curves 25")]
    [InlineData("-curves 23 -curves 29")]
    [InlineData("-advertise-alpn \u0003foo\u0003bar")]
    [InlineData("-host-name example.com")]
    [InlineData("-read-size")]
    public async Task What_the_engine_does_not_do_is_declined_before_a_connection(string flags)
    {
        ShimRun run = await ShimRun.Of(serve: null, ["-port", "1", "-shim-id", "1", "-trust-cert", pki.Rsa.RootFile, .. flags.Split(' ')]);
        Assert.Equal(ShimRun.Declined, run.ExitCode);
        Assert.StartsWith("declined: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_that_the_engine_cannot_use_are_declined()
    {
        Assert.Equal(ShimRun.Declined, (await ShimRun.Of(serve: null, "-port", "1")).ExitCode);
        Assert.Equal(ShimRun.Declined, (await ShimRun.Of(serve: null, "-port", "1", "-trust-cert", pki.WeakRsa.RootFile)).ExitCode);
        Assert.Equal(ShimRun.Declined, (await ShimRun.Of(serve: null, "-port", "1", "-trust-cert", pki.Rsa.RootFile, "-cert-file", pki.WeakRsa.ChainFile, "-key-file", pki.WeakRsa.KeyFile)).ExitCode);
    }

    [Fact]
    public async Task A_curve_that_the_trusted_key_needs_in_TLS_1_2_must_be_among_the_groups()
    {
        string[] p384 = ["-port", "1", "-trust-cert", pki.P384.RootFile];
        Assert.Equal(ShimRun.Declined, (await ShimRun.Of(serve: null, [.. p384, "-curves", "24"])).ExitCode);
        Assert.Equal(ShimRun.Declined, (await ShimRun.Of(serve: null, [.. p384, "-curves", "29", "-curves", "23"])).ExitCode);
    }

    [Fact]
    public async Task What_is_wrong_with_the_shim_itself_never_passes_for_a_failure_that_is_wanted()
    {
        ShimRun nobodyListens = await ShimRun.Of(serve: null, "-port", "1", "-shim-id", "1", "-trust-cert", pki.Rsa.RootFile);
        Assert.Equal(ShimRun.MustFail, nobodyListens.ExitCode);
    }

    [Fact]
    public void The_configuration_maps_to_faults_that_there_are()
    {
        JsonElement config = JsonDocument.Parse(File.ReadAllText(Path.Combine(ShimRun.Folder, "config.json"))).RootElement;
        HashSet<string> tokens = [.. Enum.GetNames<FaultReason>().Select(static name => $":{name}:")];
        foreach (JsonProperty error in config.GetProperty("ErrorMap").EnumerateObject())
        {
            Assert.NotEqual(0, error.Value.GetArrayLength());
            Assert.All(error.Value.EnumerateArray(), token => Assert.True(
                tokens.Contains(token.GetString()!) || byte.TryParse(token.GetString()!.Replace(":AlertReceived:", "", StringComparison.Ordinal).TrimEnd(':'), out _), token.GetString()));
        }

        Assert.All(config.GetProperty("DisabledTests").EnumerateObject(), static test => Assert.NotEqual("", test.Value.GetString()));
    }
}
