using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Thimble.Cli;
using Thimble.Cli.Explain;
using Thimble.Memory;
using Xunit;

namespace Thimble.Tool.Tests.Explain;

public sealed class FaultArticleTests
{
    private static IEnumerable<Subject> All => [.. Subject.Faults, .. Subject.AllAlerts, .. Subject.MqttReasons];

    [Fact]
    public void Every_fault_alert_and_reason_has_a_meaning_causes_and_next_steps()
    {
        Assert.Equal(Enum.GetValues<FaultReason>().Length, Subject.Faults.Count());
        Assert.True(Subject.AllAlerts.Count() >= 30);
        foreach (Subject subject in All)
        {
            Assert.True(subject.Meaning.Length > 10 && subject.Meaning.EndsWith('.'), subject.Name);
            Assert.True(subject.Article.Causes.Count > 0 && subject.Article.NextSteps.Count > 0, subject.Name);
            Assert.All(subject.Article.Causes, cause => Assert.Matches("^[A-Z].*[.]$", cause));
            Assert.Equal(subject.Article.NextSteps.Count, subject.Article.NextSteps.Distinct().Count());
        }
    }

    /// <summary>Who follows an advice must not be told that it cannot be understood.</summary>
    [Fact]
    public void Every_command_that_is_advised_can_be_understood()
    {
        using var file = new StringWriter();
        var misunderstood = new List<string>();
        foreach (string step in All.SelectMany(subject => subject.Article.NextSteps).Distinct().Where(step => step.StartsWith("thimble ", StringComparison.Ordinal)))
        {
            string[] words = [.. step.Split(' ').Skip(1).Select(word => word switch
            {
                "HOST:PORT" => "broker.example:8883",
                "HOST" => "broker.example",
                "PORT" => "8883",
                "TOPIC" => "a/b",
                _ => word,
            })];
            if (words[0] is "pub" or "sub")
            {
                continue; // these say themselves what they do not understand, and only by connecting
            }

            ParseResult result = CommandLine.Commands(Terminal.To(file, file)).Parse(words);
            misunderstood.AddRange(result.Errors.Select(error => $"{step}: {error.Message}"));
        }

        Assert.Empty(misunderstood);
    }

    [Fact]
    public void An_exception_has_the_article_of_its_fault_or_of_its_alert()
    {
        var explanation = new FaultExplanation("a", "b");
        var unknown = new TlsFaultException(new Fault { Reason = FaultReason.IssuerUnknown }, explanation);
        var alert = new TlsFaultException(new Fault { Reason = FaultReason.AlertReceived, Alert = 48, Actual = 48 }, explanation);
        Assert.Equal(FaultArticle.Of(FaultReason.IssuerUnknown).Causes, unknown.Article.Causes);
        Assert.Equal(FaultArticle.OfAlert(48).Causes, alert.Article.Causes);
        Assert.Throws<ArgumentOutOfRangeException>(() => FaultArticle.Of((FaultReason)9999));
    }

    [Fact]
    public void Meanings_name_what_they_refer_to_by_its_last_name() =>
        Assert.DoesNotContain(All, subject => Regex.IsMatch(subject.Meaning, "[<>]|[A-Z]:Thimble"));
}
