using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Thimble.Tests.Cli;
using Xunit;

namespace Thimble.Tool.Tests.Explain;

public sealed class ExplainCommandTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("IssuerUnknown", "IssuerUnknown (fault 105)", "thimble probe HOST:PORT")]
    [InlineData("105", "IssuerUnknown (fault 105)", "--cafile")]
    [InlineData("handshake_failure", "handshake_failure (alert 40)", "ECDHE_ECDSA suites fail at a server with an RSA certificate")]
    [InlineData("HandshakeFailure", "handshake_failure (alert 40)", "client certificate")]
    [InlineData("0x87", "NotAuthorized (mqtt 135)", "policy")]
    public void A_word_is_explained(string word, string heading, string part)
    {
        var run = CliRun.Of("explain", word);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith(heading, run.Output, StringComparison.Ordinal);
        Assert.Contains(part, string.Join(' ', run.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.DoesNotContain(run.Output.Split('\n'), line => line.Length > 100 || line.TrimEnd('\r') != line.TrimEnd('\r', ' '));
    }

    [Fact]
    public void A_number_of_two_meanings_has_both_unless_its_kind_is_told()
    {
        Assert.Equal(["PathTooLong", "unrecognized_name"], Names("112"));
        Assert.Equal(["PathTooLong"], Names("fault", "112"));
        Assert.Equal(["unrecognized_name"], Names("alert", "112"));
        Assert.Equal(["NotAuthorized"], Names("mqtt", "135"));

        static string[] Names(params string[] what) =>
            [.. CliRun.Of(["explain", .. what, "--json"]).Json.GetProperty("articles").EnumerateArray().Select(article => article.GetProperty("name").GetString()!)];
    }

    [Theory]
    [InlineData("isuer", "There is no code, alert or file 'isuer'. docs/faults.md lists all of them.")]
    [InlineData("Issuer", "Did you mean IssuerUnknown, IssuerEmpty, StatusIssuerUnknown?")]
    [InlineData("99999", "There is no code, alert or file '99999'.")]
    public void A_word_that_means_nothing_is_told_with_what_resembles_it(string word, string part)
    {
        var run = CliRun.Of("explain", word);
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains(part, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_kind_that_is_none_is_a_usage_error()
    {
        var run = CliRun.Of("explain", "alarm", "40");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("'alarm' is none of fault, alert and mqtt", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saved_report_is_explained_with_its_own_words_and_its_own_server()
    {
        File.WriteAllText(_file, CliRun.Of("connect", "127.0.0.1:1", "--cafile", _file, "--json").Output);
        var before = CliRun.Of("explain", _file);
        Assert.Equal(0, before.ExitCode);
        File.WriteAllText(_file, """{"ok": false, "tls": {"server": "broker.example:8883"}, "fault": {"reason": "NameMismatch", "alert": 42, "explanation": "It is for 'a', and you asked for 'b'."}}""");
        var run = CliRun.Of("explain", _file);
        Assert.StartsWith("It is for 'a', and you asked for 'b'.", run.Output, StringComparison.Ordinal);
        Assert.Contains("NameMismatch (fault 107)", run.Output, StringComparison.Ordinal);
        Assert.Contains("thimble probe broker.example:8883", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_alert_in_a_report_is_what_is_explained()
    {
        File.WriteAllText(_file, """{"ok": false, "fault": {"reason": "AlertReceived", "alert": 48, "explanation": "x"}}""");
        Assert.Contains("unknown_ca (alert 48)", CliRun.Of("explain", _file).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_in_a_report_that_could_run_commands_is_not_put_into_one()
    {
        File.WriteAllText(_file, """{"ok": false, "tls": {"server": "a:1; rm -rf x"}, "fault": {"reason": "NameMismatch", "explanation": "\u001b[2Jx"}}""");
        var run = CliRun.Of("explain", _file);
        Assert.DoesNotContain("rm -rf", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
        Assert.Contains("thimble probe HOST:PORT", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "is no JSON")]
    [InlineData("[1]", "no report of thimble")]
    [InlineData("""{"ok": 1}""", "no report of thimble")]
    [InlineData("", "is no JSON")]
    public void A_file_that_is_no_report_is_told_in_a_sentence(string content, string part)
    {
        File.WriteAllText(_file, content);
        var run = CliRun.Of("explain", _file);
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains(part, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"ok": true}""", "All went well")]
    [InlineData("""{"ok": false, "fault": {"reason": "ConnectionRefused", "explanation": "Nobody listens."}}""", "Nobody listens.")]
    [InlineData("""{"ok": false, "fault": {"reason": 7, "alert": "x"}}""", "The report tells no fault.")]
    public void A_report_without_a_known_fault_is_told_as_it_is(string content, string part)
    {
        File.WriteAllText(_file, content);
        var run = CliRun.Of("explain", _file);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(part, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_the_same_words()
    {
        JsonElement article = CliRun.Of("explain", "TruncatedByPeer", "--json").Json.GetProperty("articles")[0];
        Assert.Equal(("fault", 229), (article.GetProperty("kind").GetString(), article.GetProperty("code").GetInt32()));
        Assert.All(["causes", "nextSteps"], list => Assert.NotEqual(0, article.GetProperty(list).GetArrayLength()));
    }
}
