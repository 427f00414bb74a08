using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Thimble.Cli.Probe;
using Thimble.Tests.Cli;
using Xunit;

namespace Thimble.Tool.Tests.Probe;

/// <summary>What a server's certificates say is shown as text and as nothing else, and those that cannot be read are told by their place.</summary>
public sealed class HostileCertificateTests
{
    [Fact]
    public void Changed_certificates_are_read_or_refused()
    {
        KnownRoots roots = KnownRoots.Read(null);
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            try
            {
                using ServerChain read = ServerChain.Of(HostileCertificates.Chain(new Random(seed)), roots);
                return read.Certificates.All(IsHarmless);
            }
            catch (ProbeException e)
            {
                return e.Reason == "CertificateUnreadable" && IsHarmless(e.Message);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    /// <summary>The whole way, with the notes, the plan and the trials.</summary>
    [Fact]
    public void A_probe_of_servers_with_changed_certificates_ends_in_a_report() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        CliRun run = Probe(HostileCertificates.Chain(new Random(seed)), "--json");
        return run.ExitCode is 0 or 1 && run.Json.TryGetProperty("ok", out _);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(8));

    [Theory]
    [InlineData("--json")]
    [InlineData("--alpn=mqtt")]
    public void A_name_that_steers_terminals_does_not(string option)
    {
        CliRun run = Probe([HostileCertificates.Named(HostileCertificates.Steering)], option);
        Assert.Contains("gnp.exe", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Output, c => char.IsControl(c) && c is not ('\n' or '\r'));
        Assert.DoesNotContain(run.Output, c => c is '\u202E' or '\u2066');
        Assert.DoesNotContain("\nOK", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_as_long_as_a_flight_is_shown_in_time()
    {
        byte[] certificate = HostileCertificates.Named(new string('x', 60_000));
        long begun = Stopwatch.GetTimestamp();
        CliRun run = Probe([certificate], "--alpn=mqtt");
        Assert.InRange(run.ExitCode, 0, 1);
        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    private static CliRun Probe(IReadOnlyList<byte[]> chain, string option)
    {
        using ScriptedServer server = new(async (_, stream, end) =>
        {
            byte[] received = new byte[4096];
            int length = await stream.ReadAsync(received, end);
            await stream.WriteAsync(new Flight13(received[5..length]) { Chain = chain }.Answer(), end);
        });
        return CliRun.Of("probe", $"127.0.0.1:{server.Port}", "--timeout", "20", "--servername", "localhost", option);
    }

    private static bool IsHarmless(CertificateFacts facts) =>
        IsHarmless(CertificateName.Short(facts.Certificate) + CertificateName.ShortIssuer(facts.Certificate) + facts.Key + facts.Signature);

    private static bool IsHarmless(string text) => !text.Any(char.IsControl);
}
