using System;
using System.IO;
using System.Linq;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Thimble.Cli;
using Thimble.Cli.Defaults;
using Thimble.Tests.Cli;
using Xunit;

namespace Thimble.Tool.Tests.Explain;

/// <summary>Reports, profiles and defaults that somebody else may have written: an answer or one sentence, whatever is in the file.</summary>
public sealed class HostileReportTests : IDisposable
{
    private const string Report = """{"ok": false, "tls": {"server": "broker.example:8883"}, "fault": {"reason": "NameMismatch", "alert": 42, "explanation": "It is for 'a', and you asked for 'b'."}}""";
    private const string Settings = "# all\nprofile = ecdsa\n[plan, connect]\ntls = 1.3\n";

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Changed_reports_are_explained_or_refused() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        File.WriteAllBytes(_file, Changed(new Random(seed), Report));
        return IsTold(CliRun.Of("explain", _file));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Changed_profiles_are_read_or_refused()
    {
        ProfileFile.Write(_file, ProfileFile.Document("a name", "of a test", Profiles.Rsa2048.Profile));
        string good = File.ReadAllText(_file);
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            File.WriteAllBytes(_file, Changed(new Random(seed), good));
            try
            {
                return ProfileFile.Read(_file).Name.All(c => !char.IsControl(c));
            }
            catch (ProfileFileException e)
            {
                return !e.Message.Contains('\n', StringComparison.Ordinal);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void Changed_defaults_are_read_or_refused() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        File.WriteAllBytes(_file, Changed(new Random(seed), Settings));
        try
        {
            return DefaultsFile.Read(_file).Lines.All(line => line.Line is > 0 and < 10);
        }
        catch (UsageException e)
        {
            return !e.Message.Any(char.IsControl);
        }
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("""{"ok": false, "fault": {"reason": "\ud800", "explanation": "x"}}""")]
    [InlineData("""{"ok": false, "fault": {"reason": "NameMismatch", "explanation": "\udc00"}}""")]
    [InlineData("""{"ok": false, "\ud800": 1, "fault": {"explanation": "x"}}""")]
    [InlineData("""{"ok": false, "ok": true, "ok": {}}""")]
    [InlineData("""{"ok": false, "fault": [[[]]], "tls": 7, "server": {}}""")]
    [InlineData("""{"ok": false, "fault": {"reason": "IssuerUnknown, None", "alert": 1e9, "explanation": 5}}""")]
    public void Odd_reports_are_told(string text)
    {
        File.WriteAllText(_file, text);
        Assert.True(IsTold(CliRun.Of("explain", _file)));
        Assert.DoesNotContain("IssuerUnknown", CliRun.Of("explain", _file).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"thimbleProfile": 1, "name": "\ud800", "profile": {}}""")]
    [InlineData("""{"thimbleProfile": 1, "\udc00": "x", "name": "x", "profile": {}}""")]
    [InlineData("""{"\ud800": 1}""")]
    [InlineData("""{"thimbleProfile": 1, "thimbleProfile": 2, "name": "x", "profile": {}}""")]
    [InlineData("""{"thimbleProfile": 99999999999, "name": "x", "profile": {}}""")]
    public void Odd_profiles_are_told(string text)
    {
        File.WriteAllText(_file, text);
        Assert.DoesNotContain('\n', Assert.Throws<ProfileFileException>(() => ProfileFile.Read(_file)).Message);
    }

    [Fact]
    public void Deep_nesting_has_an_end()
    {
        string deep = string.Concat(Enumerable.Repeat("{\"ok\":", 200_000));
        File.WriteAllText(_file, deep);
        CliRun run = CliRun.Of("explain", _file);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is no JSON", run.Error, StringComparison.Ordinal);
        Assert.Throws<ProfileFileException>(() => ProfileFile.Read(_file));
    }

    [Fact]
    public void A_file_without_an_end_is_not_read_to_it()
    {
        if (OperatingSystem.IsLinux())
        {
            Assert.Contains("is longer than", CliRun.Of("explain", "/dev/zero").Error, StringComparison.Ordinal);
            Assert.Contains("is longer than", CliRun.Of("plan", "--profile", "/dev/zero").Error, StringComparison.Ordinal);
            Assert.Contains("is longer than", Assert.Throws<UsageException>(() => DefaultsFile.Read("/dev/zero")).Message, StringComparison.Ordinal);
        }
    }

    private static bool IsTold(CliRun run) => run.ExitCode is 0 or 1 && !run.Error.Contains("   at ", StringComparison.Ordinal) && run.Error.TrimEnd().Split('\n').Length == 1 && !run.Output.Contains('\u001b', StringComparison.Ordinal);

    private static byte[] Changed(Random random, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int at = random.Next(bytes.Length);
            bytes[at] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => (byte)"{}[]\",:\\u\u001b0"[random.Next(11)],
                _ => (byte)(bytes[at] ^ (1 << random.Next(8))),
            };
        }

        return bytes[..(random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length)];
    }
}
